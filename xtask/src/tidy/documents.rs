//! Documents: what the product promises is written down, with where it stands.

use super::{Problem, Tree};

/// Where every capability has its line.
const CAPABILITIES: &str = "docs/capabilities.md";

/// Area, and how many capabilities it has: `WEB-1` to `WEB-3`, and so on.
const AREAS: &[(&str, u32)] = &[
    ("WEB", 3),
    ("AUTH", 7),
    ("EDGE", 7),
    ("REPO", 10),
    ("LLM", 6),
    ("CHAT", 6),
    ("MEM", 5),
    ("PAT", 4),
    ("PROJ", 8),
    ("LEARN", 8),
    ("LIVE", 3),
    ("DAY", 3),
    ("IDE", 2),
    ("CLI", 1),
    ("MCP", 1),
    ("OPS", 7),
];

/// Documents without which a newcomer is lost.
const NEEDED: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "LICENSE",
    "deny.toml",
    CAPABILITIES,
];

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems: Vec<Problem> = NEEDED
        .iter()
        .filter(|path| !tree.contains_key(**path))
        .map(|path| Problem::new(*path, "is missing"))
        .collect();
    if let Some(text) = tree.get(CAPABILITIES) {
        problems.extend(
            missing(text).into_iter().map(|id| Problem::new(CAPABILITIES, format!("{id} has no line"))),
        );
    }
    problems
}

/// Capabilities that the text does not name.
fn missing(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').collect();
    let all =
        AREAS.iter().flat_map(|(area, count)| (1..=*count).map(move |number| format!("{area}-{number}")));
    all.filter(|id| !words.contains(&id.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_number_does_not_stand_for_a_shorter_one() {
        let all: Vec<String> = missing("");
        assert_eq!(all.len(), 81);
        let without_one = all.iter().filter(|id| *id != "REPO-1").cloned().collect::<Vec<_>>().join(" | ");
        assert_eq!(missing(&without_one), ["REPO-1"]);
    }
}
