//! Every file: its length, its name, and what may not be written into it.

use super::{Problem, Tree, has_ending};

/// Lines at which a source file is asked to become two.
const LONGEST: usize = 600;
/// Endings of files that people write by hand.
const SOURCES: &[&str] = &["rs", "ts", "tsx", "mjs", "js", "css"];
/// Files that a program writes.
const GENERATED: &[&str] =
    &["packages/client/src/schema.ts", "Cargo.lock", "package-lock.json", "openapi/devmentor.json"];
/// Folders of one machine. Written in two parts so that this file passes its own check.
const MACHINE_FOLDERS: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/."), concat!("/ro", "ot/.cargo")];

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    tree.iter().flat_map(|(path, text)| judge(path, text)).collect()
}

fn judge(path: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let lines = text.lines().count();
    if SOURCES.iter().any(|ending| has_ending(path, ending)) && !GENERATED.contains(&path) && lines > LONGEST
    {
        problems.push(Problem::new(
            path,
            format!("{lines} lines, more than {LONGEST}: split it by what changes together"),
        ));
    }
    if path.ends_with("/mod.rs") {
        problems.push(Problem::new(path, "write `name.rs` beside the folder `name/`"));
    }
    if is_fixture(path) {
        return problems;
    }
    for (at, line) in text.lines().enumerate() {
        for folder in MACHINE_FOLDERS.iter().filter(|folder| line.contains(*folder)) {
            problems.push(Problem::at(path, at + 1, format!("a path of somebody's machine: {folder}")));
        }
    }
    problems.extend(registries(path, text));
    problems
}

/// Files that stand for somebody else's repository in a test.
fn is_fixture(path: &str) -> bool {
    path.contains("/fixtures/") || path.contains("/tests/data/")
}

/// A lock file names its packages and their hashes, not a server: whoever builds chooses the mirror.
fn registries(path: &str, text: &str) -> Vec<Problem> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let wrong: fn(&str) -> bool = match name {
        "package-lock.json" => |line| line.contains("\"resolved\": \"http"),
        "Cargo.lock" => |line| {
            line.starts_with("source = ")
                && line != "source = \"registry+https://github.com/rust-lang/crates.io-index\""
        },
        ".npmrc" => |line| line.contains("registry=") || line.contains("_auth"),
        _ => return Vec::new(),
    };
    let hits = text.lines().enumerate().filter(|(_, line)| wrong(line));
    hits.map(|(at, _)| Problem::at(path, at + 1, "names a package server")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(path: &str, text: &str) -> Vec<String> {
        judge(path, text).into_iter().map(|problem| problem.text).collect()
    }

    #[test]
    fn long_files_and_mod_files_are_named() {
        assert_eq!(texts("crates/a/src/b.rs", &"x\n".repeat(LONGEST)), [""; 0]);
        assert_eq!(texts("crates/a/src/b.rs", &"x\n".repeat(LONGEST + 1)).len(), 1);
        assert_eq!(texts("packages/client/src/schema.ts", &"x\n".repeat(LONGEST + 1)), [""; 0]);
        assert_eq!(texts("crates/a/src/b/mod.rs", "").len(), 1);
    }

    #[test]
    fn machines_and_package_servers_stay_out() {
        assert_eq!(texts("docs/a.md", &format!("see {}main", MACHINE_FOLDERS[0])).len(), 1);
        assert_eq!(texts("crates/a/tests/fixtures/a.md", MACHINE_FOLDERS[0]), [""; 0]);
        assert_eq!(texts("package-lock.json", "  \"resolved\": \"https://example.org/a.tgz\",").len(), 1);
        assert_eq!(texts("Cargo.lock", "source = \"registry+https://example.org/index\"").len(), 1);
        assert_eq!(
            texts("Cargo.lock", "source = \"registry+https://github.com/rust-lang/crates.io-index\""),
            [""; 0]
        );
    }
}
