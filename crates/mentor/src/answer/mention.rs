//! The files that a question names: a path, with a line where there is one, as people and error messages write them. Pure.

use std::ops::RangeInclusive;

/// Files of one question that are read because it names them.
const MOST: usize = 3;
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
pub(crate) fn mentions<'a>(text: &str, paths: impl Iterator<Item = &'a str> + Clone) -> Vec<Mention> {
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || "\"'`()[]{}<>,;".contains(letter))
        .filter(|word| !word.is_empty())
        .collect();
    let mut found: Vec<Mention> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let word = word
            .trim_matches(|letter: char| matches!(letter, '.' | ':' | '?' | '!'))
            .trim_start_matches("./");
        let mut parts = word.split(':');
        let name = parts.next().unwrap_or_default();
        if name.len() < 3 || !name.contains(['.', '/']) {
            continue;
        }
        let Some(path) = there(name, paths.clone()) else { continue };
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

/// The path itself, or the only one that ends with it.
fn there<'a>(name: &str, paths: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    if let Some(path) = paths.clone().find(|path| *path == name) {
        return Some(path);
    }
    let ends = |path: &&str| path.strip_suffix(name).is_some_and(|before| before.ends_with('/'));
    // An absolute path of another machine ends with one of ours.
    let absolute = |path: &&str| name.strip_suffix(*path).is_some_and(|before| before.ends_with('/'));
    let mut all = paths.filter(|path| ends(path) || absolute(path));
    all.next().filter(|_| all.next().is_none())
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
    fn what_may_be_several_files_or_none_is_not_guessed() {
        assert!(found("mod.rs and e.g. this. 1.5 or a/b").is_empty());
        assert!(found("").is_empty());
    }
}
