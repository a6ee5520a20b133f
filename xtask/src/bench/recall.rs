//! Recall: how much of what answers a question is found, among memories and in code.
//!
//! The work is done by examples beside what is measured; this says which, and builds them as they are shipped.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell;

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    of: Of,
}

#[derive(clap::Subcommand)]
enum Of {
    /// Files that fixes changed, looked for by the messages of their commits in the commit before.
    Code {
        /// Repositories to choose weights on.
        #[arg(long, required = true, num_args = 1.., value_name = "REPOSITORY")]
        tuning: Vec<PathBuf>,
        /// Repositories to judge by.
        #[arg(long, required = true, num_args = 1.., value_name = "REPOSITORY")]
        judging: Vec<PathBuf>,
    },
    /// Turns of conversations that answer questions about them.
    Memories {
        /// Conversations with questions and the turns that answer them, as docs/reports/recall.md says.
        file: PathBuf,
    },
    /// How long a search among made-up memories takes.
    Speed {
        /// How many memories.
        memories: u32,
    },
}

pub(super) fn run(args: &Args) -> Result<()> {
    match &args.of {
        Of::Code { tuning, judging } => {
            let mut words = absolute(tuning)?;
            words.push("--".to_owned());
            words.extend(absolute(judging)?);
            example("repos", &words)
        }
        Of::Memories { file } => example("retrieval", &["quality".to_owned(), named(file)?]),
        Of::Speed { memories } => example("retrieval", &["speed".to_owned(), memories.to_string()]),
    }
}

fn example(package: &str, words: &[String]) -> Result<()> {
    let mut line = vec!["run", "--release", "--quiet", "--package", package, "--example", "recall", "--"];
    line.extend(words.iter().map(String::as_str));
    shell::must(shell::cargo(&line))
}

fn absolute(paths: &[PathBuf]) -> Result<Vec<String>> {
    paths.iter().map(|path| named(path)).collect()
}

/// The examples run elsewhere.
fn named(path: &Path) -> Result<String> {
    let whole = fs::canonicalize(path).with_context(|| format!("{} is not there", path.display()))?;
    Ok(whole.to_string_lossy().into_owned())
}
