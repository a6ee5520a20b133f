//! The whole analysis beside programs that do a part of it. All read the same files: a clone of the one commit,
//! without the history that only the analysis looks at and that is measured in a row of its own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::{Contestant, compare, report};
use crate::shell::{self, say};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The repository to measure with; by default this one.
    repository: Option<PathBuf>,
    /// How often each program runs.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

/// The languages of the analysis, as ast-grep and semgrep call them; semgrep has one parser for TypeScript and TSX.
/// One pattern in each makes them parse the same files once.
const LANGUAGES: [(&str, Option<&str>); 13] = [
    ("JavaScript", Some("javascript")),
    ("TypeScript", Some("typescript")),
    ("Tsx", None),
    ("Python", Some("python")),
    ("Rust", Some("rust")),
    ("Go", Some("go")),
    ("Java", Some("java")),
    ("C", Some("c")),
    ("Cpp", Some("cpp")),
    ("CSharp", Some("csharp")),
    ("Php", Some("php")),
    ("Ruby", Some("ruby")),
    ("Kotlin", Some("kotlin")),
];

/// The part of an analysis that programs for languages and lines do.
const LANGUAGES_ALONE: &str = "devmentor languages";

pub(super) fn run(args: &Args, scratch: &Path) -> Result<()> {
    ensure!(args.rounds > 0, "at least one round");
    let repository = args.repository.clone().unwrap_or_else(shell::root);
    let repository = repository.canonicalize().context("there is no such repository")?;
    let commit = scratch.join("commit").to_string_lossy().into_owned();
    let address = format!("file://{}", repository.display());
    shell::output(shell::command("git", &["clone", "--quiet", "--depth", "1", &address, &commit]))?;
    let mut contestants = contestants(&commit, &repository.to_string_lossy(), scratch)?;
    for _ in 0..args.rounds {
        for contestant in &mut contestants {
            contestant.once(scratch)?;
        }
    }
    report(&contestants);
    compare(&contestants, LANGUAGES_ALONE, &["tokei", "github-linguist", "git archive"]);
    Ok(())
}

fn contestants(commit: &str, repository: &str, scratch: &Path) -> Result<Vec<Contestant>> {
    let mut all = vec![
        Contestant::ours("devmentor analyze", commit),
        Contestant::ours("devmentor analyze, with the history", repository),
        Contestant::languages(LANGUAGES_ALONE, commit),
        // What reading every byte of the commit costs, with nothing done about it.
        Contestant::new("git archive", &["git", "-C", commit, "archive", "--format=tar", "HEAD"]),
    ];
    let rules = scratch.join("semgrep.yaml");
    fs::write(&rules, semgrep_rules())?;
    let (rules, patterns) = (rules.to_string_lossy(), ast_grep_rules());
    let semgrep = [
        "semgrep",
        "scan",
        "--config",
        &rules,
        "--metrics",
        "off",
        "--disable-version-check",
        "--quiet",
        "--json",
        commit,
    ];
    let rivals: [(&str, &[&str], &str); 6] = [
        ("ast-grep", &["ast-grep", "scan", "--inline-rules", &patterns, commit], "npm: @ast-grep/cli"),
        ("tokei", &["tokei", commit], "cargo install tokei"),
        ("github-linguist", &["github-linguist", commit], "apt-get install ruby-github-linguist"),
        ("lizard", &["lizard", commit], "pip install lizard"),
        ("detect-secrets", &["detect-secrets", "-C", commit, "scan"], "pip install detect-secrets"),
        ("semgrep", &semgrep, "pip install semgrep"),
    ];
    for (name, line, how) in rivals {
        if shell::exists(name) {
            all.push(Contestant::new(name, line));
        } else {
            say(&format!("{name} is not installed and is left out ({how})"));
        }
    }
    Ok(all)
}

/// One pattern in every language, one document each.
fn ast_grep_rules() -> String {
    let rule = |language: &str| {
        format!("id: call-{}\nlanguage: {language}\nrule:\n  pattern: eval($A)\n", language.to_lowercase())
    };
    LANGUAGES.iter().map(|(language, _)| rule(language)).collect::<Vec<_>>().join("---\n")
}

/// The same patterns.
fn semgrep_rules() -> String {
    let rule = |language: &str| {
        let pattern = if language == "php" { "eval($A);" } else { "eval($A)" };
        format!(
            "- id: call-{language}\n  languages: [{language}]\n  severity: INFO\n  message: call\n  pattern: {pattern}\n"
        )
    };
    let rules = LANGUAGES.iter().filter_map(|(_, language)| language.map(rule));
    rules.fold("rules:\n".to_owned(), |text, rule| text + &rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_pattern() {
        assert_eq!(ast_grep_rules().matches("pattern: eval").count(), LANGUAGES.len());
        assert_eq!(semgrep_rules().matches("pattern: eval").count(), LANGUAGES.len() - 1);
    }
}
