//! GitHub Actions: what workflows and actions use. A tag of one or two numbers moves, so only three numbers are a
//! version; beside a commit the comment names it, as the tools that pin write it.

use super::{Malformed, ManifestFacts, Read, Requirement, docker};
use crate::inventory::tree::{self, Node, Value};
use crate::report::Scope;

/// Deeper values hold no steps.
const DEPTH: usize = 12;

/// Whether the path is that of a workflow or of an action.
pub(super) fn is_name(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let yaml = matches!(name.rsplit('.').next(), Some("yml" | "yaml"));
    yaml && (folder.ends_with(".github/workflows") || matches!(name, "action.yml" | "action.yaml"))
}

/// Reads a workflow or an action.
pub(super) fn workflow(path: &str, text: &str) -> Read {
    let of_workflow = path.contains(".github/workflows/");
    let empty = ManifestFacts {
        ecosystem: "GitHub Actions".into(),
        format: if of_workflow { "workflow" } else { "action" }.to_owned(),
        ..ManifestFacts::default()
    };
    // One that was commented out asks for nothing.
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(empty);
    }
    let root = tree::yaml(text).filter(Node::is_map).ok_or(Malformed)?;
    let lines: Vec<&str> = text.lines().collect();
    let mut facts = empty;
    let mut todo: Vec<(&Node, usize)> =
        ["jobs", "runs"].iter().filter_map(|key| root.get(key)).map(|node| (node, 0)).collect();
    while let Some((node, depth)) = todo.pop() {
        for (key, value) in node.entries() {
            if key == "uses"
                && let Some(used) = value.text()
            {
                let comment = lines.get(value.line as usize - 1).and_then(|line| line.split_once(" #"));
                facts.requirements.extend(used_by(used, comment.map(|(_, comment)| comment), value.line));
            }
        }
        if depth < DEPTH {
            let entries =
                node.entries().iter().filter(|(key, _)| key != "with" && key != "env").map(|(_, node)| node);
            let inner = entries.chain(node.items());
            todo.extend(
                inner
                    .filter(|node| matches!(node.value, Value::List(_) | Value::Map(_)))
                    .map(|node| (node, depth + 1)),
            );
        }
    }
    facts.requirements.sort_by(|a, b| (a.line, &a.name).cmp(&(b.line, &b.name)));
    Ok(facts)
}

fn used_by(used: &str, comment: Option<&str>, line: u32) -> Option<Requirement> {
    if let Some(image) = used.strip_prefix("docker://") {
        let mut requirement = docker::image(image, line)?;
        requirement.ecosystem = Some("Docker".into());
        requirement.scope = Scope::Build;
        return Some(requirement);
    }
    let (action, reference) = used.split_once('@')?;
    let mut parts = action.split('/');
    let (owner, repository) = (parts.next()?, parts.next()?);
    if owner.is_empty() || owner.starts_with('.') || repository.is_empty() {
        return None;
    }
    let mut requirement = Requirement::new(format!("{owner}/{repository}"), Scope::Build, line);
    requirement.requirement = Some(reference.to_owned());
    let is_commit = reference.len() >= 40 && reference.bytes().all(|byte| byte.is_ascii_hexdigit());
    let named = if is_commit {
        comment.and_then(|comment| comment.split([' ', ',', '=', '@']).find(|word| is_version(word)))
    } else {
        Some(reference).filter(|reference| is_version(reference))
    };
    requirement.version = named.map(str::to_owned);
    Some(requirement)
}

/// Three numbers, with or without a `v`.
fn is_version(text: &str) -> bool {
    semver::Version::parse(text.strip_prefix('v').unwrap_or(text)).is_ok()
}
