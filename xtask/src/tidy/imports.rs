//! Which crate may import which: the table of ARCHITECTURE.md.

use cargo_metadata::{DependencyKind, Metadata};

use super::Problem;

/// Below everything: ids, time, the words all others speak.
const BASE: &[&str] = &["base"];
/// What calls other machines.
const LINKED: &[&str] = &["base", "outbound"];
/// What events and jobs may import.
const RECORDS: &[&str] = &["base", "storage"];
/// What a context may import.
const CONTEXT: &[&str] = &["base", "storage", "secrets", "outbound", "transient", "events", "jobs"];
/// A context that analyses.
const REPOS: &[&str] = &[
    "base",
    "storage",
    "secrets",
    "outbound",
    "transient",
    "hosts",
    "events",
    "jobs",
    "analysis",
    "retrieval",
];
/// The crate that joins contexts.
const MENTOR: &[&str] = &[
    "base",
    "storage",
    "secrets",
    "outbound",
    "transient",
    "hosts",
    "events",
    "jobs",
    "analysis",
    "identity",
    "repos",
    "projects",
    "retrieval",
    "memory",
    "llm",
    "models",
    "chat",
];
/// The edge.
const SERVER: &[&str] = &[
    "base",
    "storage",
    "secrets",
    "outbound",
    "transient",
    "hosts",
    "events",
    "jobs",
    "analysis",
    "identity",
    "repos",
    "projects",
    "retrieval",
    "memory",
    "llm",
    "models",
    "chat",
    "mentor",
    "api",
];
/// The binary sees everything.
const BINARY: &[&str] = &[
    "base",
    "storage",
    "secrets",
    "outbound",
    "transient",
    "hosts",
    "events",
    "jobs",
    "analysis",
    "identity",
    "repos",
    "projects",
    "retrieval",
    "memory",
    "llm",
    "models",
    "chat",
    "mentor",
    "api",
    "server",
];
/// The tests see everything, and wire it as the binary does.
const TESTS: &[&str] = &[
    "base",
    "storage",
    "secrets",
    "outbound",
    "transient",
    "hosts",
    "events",
    "jobs",
    "analysis",
    "identity",
    "repos",
    "projects",
    "retrieval",
    "memory",
    "llm",
    "models",
    "chat",
    "mentor",
    "api",
    "server",
    "devmentor",
];

/// Crate, and what it may import of ours.
const TABLE: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("storage", BASE),
    ("secrets", BASE),
    ("analysis", BASE),
    ("retrieval", BASE),
    ("api", BASE),
    ("outbound", BASE),
    ("llm", LINKED),
    ("hosts", &["base", "outbound"]),
    ("transient", LINKED),
    ("events", RECORDS),
    ("jobs", RECORDS),
    ("identity", CONTEXT),
    ("projects", CONTEXT),
    ("memory", &["base", "storage", "events", "retrieval"]),
    ("models", &["base", "storage", "secrets", "outbound", "llm"]),
    ("chat", RECORDS),
    ("repos", REPOS),
    ("mentor", MENTOR),
    ("server", SERVER),
    ("devmentor", BINARY),
    ("test-support", TESTS),
    ("fuzz", &["analysis", "repos"]),
    ("xtask", &[]),
];

/// Crates beside each other that meet in a test: the redactor is held to the rules it is given.
const TESTED_WITH: &[(&str, &str)] = &[("llm", "analysis")];

/// Libraries of others, and who may name them in a manifest.
const RESERVED: &[(&str, &[&str])] = &[
    ("axum", &["server"]),
    ("redis", &["transient"]),
    ("reqwest", &["outbound", "test-support"]),
    ("utoipa-axum", &["server"]),
    (
        "sqlx",
        &["storage", "chat", "events", "jobs", "identity", "memory", "models", "projects", "repos", "server"],
    ),
    ("gix", &["repos"]),
    ("tantivy", &["retrieval"]),
    ("tokenizers", &["retrieval"]),
    ("tree-sitter", &["analysis"]),
    ("clap", &["devmentor", "xtask"]),
    ("figment", &["devmentor"]),
];

/// Libraries that a pure crate does not have at hand.
const IMPURE: &[&str] = &["tokio", "tokio-util", "reqwest", "sqlx", "axum", "gix", "rustix"];
/// The crates that do no I/O.
const PURE: &[&str] = &["base", "analysis", "api"];

/// One dependency that a manifest names.
struct Import<'a> {
    from: &'a str,
    to: &'a str,
    ours: bool,
    dev: bool,
}

pub(super) fn check(metadata: &Metadata) -> Vec<Problem> {
    let members: Vec<&str> =
        metadata.workspace_packages().iter().map(|package| package.name.as_str()).collect();
    let packages = metadata.workspace_packages();
    let imports = packages.iter().flat_map(|package| {
        package.dependencies.iter().map(|dependency| Import {
            from: package.name.as_str(),
            to: dependency.name.as_str(),
            ours: members.contains(&dependency.name.as_str()),
            dev: dependency.kind == DependencyKind::Development,
        })
    });
    let mut problems: Vec<Problem> = imports.filter_map(|import| judge(&import)).collect();
    for member in &members {
        if !TABLE.iter().any(|(name, _)| name == member) {
            problems.push(Problem::new(
                *member,
                "is not in the import table: say in xtask/src/tidy/imports.rs what it may import",
            ));
        }
    }
    problems
}

fn judge(import: &Import<'_>) -> Option<Problem> {
    let Import { from, to, ours, dev } = *import;
    let place = format!("{from}/Cargo.toml");
    if ours {
        let (_, allowed) = TABLE.iter().find(|(name, _)| *name == from)?;
        let tested = to == "test-support" || to == from || TESTED_WITH.contains(&(from, to));
        let fits = allowed.contains(&to) || (dev && tested);
        return (!fits).then(|| Problem::new(place, format!("`{from}` may not import `{to}`")));
    }
    if PURE.contains(&from) && IMPURE.contains(&to) && !dev {
        return Some(Problem::new(place, format!("`{from}` does no I/O, so it has no use for `{to}`")));
    }
    let (_, owners) = RESERVED.iter().find(|(name, _)| *name == to)?;
    (!dev && !owners.contains(&from))
        .then(|| Problem::new(place, format!("`{to}` belongs to {}, not to `{from}`", owners.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(from: &str, to: &str, ours: bool, dev: bool) -> Option<String> {
        judge(&Import { from, to, ours, dev }).map(|problem| problem.text)
    }

    #[test]
    fn contexts_do_not_import_each_other() {
        assert_eq!(verdict("identity", "repos", true, false).unwrap(), "`identity` may not import `repos`");
        assert_eq!(verdict("mentor", "api", true, false).unwrap(), "`mentor` may not import `api`");
        assert_eq!(verdict("mentor", "repos", true, false), None);
        assert_eq!(verdict("repos", "test-support", true, true), None);
    }

    #[test]
    fn the_edge_and_the_engines_stay_where_they_are() {
        assert!(verdict("mentor", "axum", false, false).is_some());
        assert!(verdict("devmentor", "sqlx", false, false).is_some());
        assert!(verdict("analysis", "tokio", false, false).is_some());
        assert_eq!(verdict("server", "axum", false, false), None);
        assert_eq!(verdict("analysis", "serde", false, false), None);
    }

    #[test]
    fn every_layer_only_reaches_down() {
        // A table with a circle in it would be of no use.
        for (name, allowed) in TABLE {
            for below in *allowed {
                let (_, reach) = TABLE.iter().find(|(other, _)| other == below).unwrap();
                assert!(!reach.contains(name), "{name} and {below} reach each other");
            }
        }
    }
}
