//! Which SQL no test ever executed.
//!
//! The compiler does not check SQL, so a statement that no test runs is one that may not even parse. In debug
//! builds `storage` appends every statement it executes to the file that `DEVMENTOR_SQL_LOG` names; here the
//! statements in the sources are held against that file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell::{self, say};
use crate::tidy::{self, Tree};

/// Words a statement begins with.
const BEGINNINGS: [&str; 5] = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];

/// A fresh log for one run of the tests.
pub(crate) fn fresh_log() -> Result<PathBuf> {
    let folder = shell::target().join("xtask");
    fs::create_dir_all(&folder).context("no folder below target/")?;
    let log = folder.join("statements.log");
    fs::write(&log, "").with_context(|| format!("cannot write {}", log.display()))?;
    Ok(log)
}

/// Every statement of the sources has to be in the log.
pub(crate) fn check(log: &Path) -> Result<()> {
    let executed = fs::read_to_string(log).with_context(|| format!("cannot read {}", log.display()))?;
    let executed: BTreeSet<&str> = executed.lines().collect();
    let written = written(&tidy::tree()?);
    let missing: Vec<&(String, String)> = written
        .iter()
        .filter(|(_, statement)| !executed.iter().any(|line| line.contains(statement.as_str())))
        .collect();
    for (place, statement) in &missing {
        say(&format!("{place}: no test executes: {statement}"));
    }
    if !missing.is_empty() {
        bail!("{} of {} statements were never executed", missing.len(), written.len());
    }
    say(&format!("{} statements, each executed by a test", written.len()));
    Ok(())
}

/// The statements of the sources, with their places, in the form of the log.
fn written(tree: &Tree) -> Vec<(String, String)> {
    let sources = tree.iter().filter(|(path, _)| path.starts_with("crates/") && path.contains("/src/"));
    let sources = sources.filter(|(path, _)| {
        tidy::has_ending(path, "rs") && !tidy::is_test(path) && !path.starts_with("crates/test-support/")
    });
    sources
        .flat_map(|(path, text)| {
            let code: Vec<&str> = tidy::code(text).map(|(_, line)| line).collect();
            let literals = literals(&code.join("\n"));
            literals.into_iter().map(move |(line, literal)| (format!("{path}:{line}"), normalised(&literal)))
        })
        .filter(|(_, literal)| BEGINNINGS.iter().any(|beginning| literal.starts_with(beginning)))
        .collect()
}

/// The form in which statements are compared: any run of white space is one blank.
fn normalised(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The string literals of a Rust source, each with its first line.
fn literals(source: &str) -> Vec<(usize, String)> {
    let chars: Vec<char> = source.chars().collect();
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    while let Some(&next) = chars.get(at) {
        match next {
            '\n' => {
                line += 1;
                at += 1;
            }
            '/' if chars.get(at + 1) == Some(&'/') => {
                at += chars[at..].iter().take_while(|c| **c != '\n').count();
            }
            // A quote as a character; anything else after a single quote is a lifetime or needs no care.
            '\'' if chars.get(at + 1) == Some(&'"') => at += 3,
            '\'' if chars.get(at + 1) == Some(&'\\') => at += 3,
            '"' => {
                let hashes = chars[..at].iter().rev().take_while(|c| **c == '#').count();
                let raw = at > hashes && chars[at - hashes - 1] == 'r';
                let (literal, end) =
                    if raw { raw_literal(&chars, at + 1, hashes) } else { literal(&chars, at + 1) };
                found.push((line, literal));
                line += chars[at..end.min(chars.len())].iter().filter(|c| **c == '\n').count();
                at = end;
            }
            _ => at += 1,
        }
    }
    found
}

/// The text of a literal that begins at `at`, and where the source goes on.
fn literal(chars: &[char], mut at: usize) -> (String, usize) {
    let mut text = String::new();
    while let Some(&next) = chars.get(at) {
        match next {
            '"' => return (text, at + 1),
            '\\' => {
                // Which character it stands for does not matter to a statement, except for a quote; a line that
                // is continued becomes white space, which is all the same.
                text.push(chars.get(at + 1).copied().filter(|c| *c == '"').unwrap_or(' '));
                at += 2;
            }
            other => {
                text.push(other);
                at += 1;
            }
        }
    }
    (text, at)
}

/// The same for a raw literal, which ends at a quote with as many hashes as it began with.
fn raw_literal(chars: &[char], start: usize, hashes: usize) -> (String, usize) {
    let ends =
        |at: usize| chars[at] == '"' && chars[at + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
    let end = (start..chars.len()).find(|at| ends(*at)).unwrap_or(chars.len());
    (chars[start..end].iter().collect(), end + 1 + hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_found_where_they_are() {
        let source = "let a = \"one\"; // \"no\"\nlet b = '\"'; let c = \"two \\\n   lines\";\nlet d = r#\"ra\"w\"#;\nlet e = \"\\\"q\";";
        let found = literals(source);
        let texts: Vec<(usize, String)> =
            found.into_iter().map(|(line, text)| (line, normalised(&text))).collect();
        let expected = [(1, "one"), (2, "two lines"), (4, "ra\"w"), (5, "\"q")];
        assert_eq!(texts, expected.map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn statements_of_tests_do_not_count() {
        let source =
            "fn a() { q(\"SELECT 1\n  FROM t\") }\n#[cfg(test)]\nmod tests { fn b() { q(\"SELECT 2\") } }";
        let tree = Tree::from([("crates/a/src/store.rs".to_owned(), source.to_owned())]);
        assert_eq!(written(&tree), [("crates/a/src/store.rs:1".to_owned(), "SELECT 1 FROM t".to_owned())]);
    }
}
