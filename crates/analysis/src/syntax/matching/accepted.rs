//! Marks by which other checkers are told that a place was looked at.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

/// Longest text in which a comment for another checker is looked for.
const MAX_NEAR: usize = 2_000;

/// Most pragmas before a place that are read, and most nodes above it that are climbed.
const MAX_PRAGMAS: usize = 100;
const MAX_ABOVE: usize = 200;

/// Security checks of the .NET analyser, and the weaknesses that each is about.
const DOTNET: &[(&str, &[u32])] = &[
    ("CA3001", &[89]),
    ("CA3002", &[79]),
    ("CA3003", &[22]),
    ("CA3006", &[78]),
    ("CA3007", &[601]),
    ("CA3075", &[611]),
    ("CA3076", &[611]),
    ("CA3077", &[611]),
    ("CA5350", &[327, 328]),
    ("CA5351", &[327, 328]),
    ("CA5358", &[327]),
    ("CA5359", &[295]),
    ("CA5360", &[502]),
    ("CA5366", &[611]),
    ("CA5369", &[611]),
    ("CA5370", &[611]),
    ("CA5371", &[611]),
    ("CA5372", &[611]),
    ("CA5382", &[614]),
    ("CA5383", &[614]),
    ("CA5394", &[338]),
    ("CA5396", &[1004]),
];

/// What a comment for another checker says, on the line or right above it, to have the place left alone, or the pragma
/// that switches a check for one of these weaknesses off there; and the line of it.
pub(super) fn accepted(node: Node<'_>, src: &str, weaknesses: &[u32]) -> Option<(String, u32)> {
    static MARKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"#\s?nosec\b|//\s?#?nosec\b|nolint:\s?[\w,\s]*gosec|noqa:\s?S\d|\bNOSONAR\b|\bnosemgrep\b|(?:es|ox)lint-disable.*(?:security/|no-unsanitized/|(?:no-danger|no-eval|no-implied-eval)\b.* -- \w)|biome-ignore lint/security.*: \w|rubocop:\s?disable.*Security/|brakeman:\s?ignore",
        )
        .ok()
    });
    let start = src.get(..node.start_byte()).unwrap_or_default();
    let above = start.rmatch_indices('\n').nth(1).map_or(0, |(at, _)| at + 1);
    let below = src.get(node.start_byte()..).and_then(|rest| rest.find('\n'));
    let end = below.map_or(src.len(), |length| node.start_byte() + length);
    let near = src.get(above..end).filter(|near| near.len() < MAX_NEAR).unwrap_or_default();
    let mark =
        MARKS.as_ref().and_then(|marks| marks.find(near)).map(|mark| (mark.as_str(), above + mark.start()));
    let (mark, at) = mark.or_else(|| switched_off(node, start, weaknesses))?;
    Some((named(mark), line_at(src, at)))
}

/// A mark as it is told: on one line, without the sign that begins its comment.
fn named(mark: &str) -> String {
    let words: Vec<&str> = mark.trim_start_matches(['/', '#', ' ']).split_whitespace().collect();
    let pragma = mark.starts_with("#pragma");
    format!("{}{}", if pragma { "#" } else { "" }, words.join(" "))
}

fn line_at(src: &str, at: usize) -> u32 {
    let before = src.get(..at).unwrap_or_default().matches('\n').count();
    u32::try_from(before).unwrap_or(u32::MAX - 1) + 1
}

/// The pragma before a place that switches a check for one of the weaknesses off, where no later one switches it on.
fn switched_off<'s>(node: Node<'_>, before: &'s str, weaknesses: &[u32]) -> Option<(&'s str, usize)> {
    let is_about = |code: &str| {
        DOTNET.iter().any(|(known, about)| *known == code && about.iter().any(|it| weaknesses.contains(it)))
    };
    let mut restored: HashSet<&str> = HashSet::new();
    let mut root = None;
    for (at, _) in before.rmatch_indices("#pragma").take(MAX_PRAGMAS) {
        let line = before.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let line = line.split("//").next().unwrap_or_default();
        let mut words =
            line.split(|sign: char| sign.is_whitespace() || sign == ',').filter(|it| !it.is_empty());
        if (words.next(), words.next()) != (Some("#pragma"), Some("warning")) {
            continue;
        }
        let action = words.next();
        let codes: Vec<&str> = words.collect();
        let named: Vec<&str> = codes.iter().copied().filter(|code| is_about(code)).collect();
        let all = codes.is_empty() && action == Some("restore");
        if (named.is_empty() && !all)
            || !root.get_or_insert_with(|| self::root(node)).is_some_and(|it| is_pragma(it, at))
        {
            continue;
        }
        match action {
            Some("restore") if all => return None,
            Some("restore") => restored.extend(named),
            Some("disable") if named.iter().any(|code| !restored.contains(code)) => {
                return Some((line.trim_end(), at));
            }
            _ => {}
        }
    }
    None
}

/// The root of the tree, where it is not too far above.
fn root(node: Node<'_>) -> Option<Node<'_>> {
    let mut above = std::iter::successors(Some(node), Node::parent).take(MAX_ABOVE);
    above.find(|one| one.parent().is_none())
}

/// Whether the grammar of the file takes the text there for a pragma of C#, and not for a comment or a string.
fn is_pragma(root: Node<'_>, at: usize) -> bool {
    let found = root.descendant_for_byte_range(at, at + 1);
    std::iter::successors(found, Node::parent).take(3).any(|one| one.kind() == "preproc_pragma")
}
