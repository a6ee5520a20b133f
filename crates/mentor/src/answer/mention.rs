//! The files that a question names: a path, with a line where there is one, as people and error messages write them. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// Files of one question that are read because it names them.
const MOST: usize = 3;
/// Words of one question that may name files: a log or a trace names them at its beginning.
const WORDS: usize = 200;
/// Lines around the one that is named.
const AROUND: u32 = 30;
/// Lines of a file that is named as a whole.
const WHOLE: u32 = 150;

/// A file that a question names, and the lines that are worth reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) path: String,
    pub(crate) lines: RangeInclusive<u32>,
}

/// The files that a text names, in its order, each once; only those that are there, by their path or its end.
pub(crate) fn mentions<'a>(text: &str, paths: impl Iterator<Item = &'a str>) -> Vec<Mention> {
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || "\"'`()[]{}<>,;".contains(letter))
        .filter(|word| !word.is_empty())
        .collect();
    let mut found: Vec<Mention> = Vec::new();
    let candidates: Vec<(usize, &str)> = words
        .iter()
        .enumerate()
        .map(|(at, word)| (at, trimmed(word)))
        .filter(|(_, word)| may_name(word.split(':').next().unwrap_or_default()))
        .take(WORDS)
        .collect();
    let names: BTreeSet<&str> =
        candidates.iter().map(|(_, word)| last(word.split(':').next().unwrap_or_default())).collect();
    // Whoever names a path names its last part: one look at each path, however many words there are.
    let mut near: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in paths.filter(|path| names.contains(last(path))) {
        near.entry(last(path)).or_default().push(path);
    }
    for (at, word) in candidates {
        let mut parts = word.split(':');
        let name = parts.next().unwrap_or_default();
        let Some(path) = near.get(last(name)).and_then(|paths| there(name, paths)) else { continue };
        // `a.rs:10:5`, `a.rs#L10`, or as Python says it: File "a.py", line 10.
        let said = parts.next().or_else(|| {
            let line = words.get(at + 1)?.eq_ignore_ascii_case("line");
            words.get(at + 2).filter(|_| line).copied()
        });
        let line = said.and_then(|line| line.split('-').next()?.parse::<u32>().ok()).filter(|line| *line > 0);
        let lines = match line {
            Some(line) => line.saturating_sub(AROUND).max(1)..=line.saturating_add(AROUND),
            None => 1..=WHOLE,
        };
        if found.iter().all(|known| known.path != path) {
            found.push(Mention { path: path.to_owned(), lines });
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// A word without what stands around a path.
fn trimmed(word: &str) -> &str {
    word.trim_matches(|letter: char| matches!(letter, '.' | ':' | '?' | '!')).trim_start_matches("./")
}

/// Whether it has the form of a path or a file.
fn may_name(word: &str) -> bool {
    word.len() >= 3 && word.contains(['.', '/'])
}

/// The last part of a path.
fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The path itself, or the only one that ends with it.
fn there<'a>(name: &str, paths: &[&'a str]) -> Option<&'a str> {
    let mut paths = paths.iter().copied();
    if let Some(path) = paths.clone().find(|path| *path == name) {
        return Some(path);
    }
    let ends = |path: &&str| path.strip_suffix(name).is_some_and(|before| before.ends_with('/'));
    // An absolute path of another machine ends with one of ours.
    let absolute = |path: &&str| name.strip_suffix(*path).is_some_and(|before| before.ends_with('/'));
    let path = paths.find(|path| ends(path) || absolute(path))?;
    paths.all(|path| !ends(&path) && !absolute(&path)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATHS: [&str; 4] = ["src/retry.rs", "src/client/mod.rs", "src/server/mod.rs", "app/main.py"];

    fn found(text: &str) -> Vec<(String, u32)> {
        let all = mentions(text, PATHS.iter().copied());
        all.into_iter().map(|mention| (mention.path, *mention.lines.start())).collect()
    }

    #[test]
    fn files_are_found_as_people_and_errors_name_them() {
        let one = |path: &str, line| vec![(path.to_owned(), line)];
        assert_eq!(found("What does `src/retry.rs` do?"), one("src/retry.rs", 1));
        assert_eq!(found("Why does retry.rs fail."), one("src/retry.rs", 1));
        assert_eq!(found("panicked at src/retry.rs:100:5:\nboom"), one("src/retry.rs", 70));
        assert_eq!(found("  File \"/srv/x/app/main.py\", line 41, in f"), one("app/main.py", 11));
        assert_eq!(found("see (./src/retry.rs:12-20)"), one("src/retry.rs", 1));
    }

    #[test]
    fn a_long_log_is_looked_at_from_its_beginning() {
        let log = |before: usize| format!("{}src/retry.rs", "a.b ".repeat(before));
        assert_eq!(found(&log(WORDS - 1)).len(), 1);
        assert!(found(&log(WORDS)).is_empty());
        // Each path is read once, however many words may name it.
        let read = std::cell::Cell::new(0);
        let counted = PATHS.iter().copied().inspect(|_| read.set(read.get() + 1));
        assert!(mentions(&"a.b ".repeat(8_000), counted).is_empty());
        assert_eq!(read.get(), PATHS.len());
    }

    #[test]
    fn what_may_be_several_files_or_none_is_not_guessed() {
        assert!(found("mod.rs and e.g. this. 1.5 or a/b").is_empty());
        assert!(found("").is_empty());
    }
}
