//! Several repositories as if they were one: what an analysis costs where there are very many files. The commits
//! are joined, each in a folder of its own, so that no file is there only to be counted.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::{Contestant, report};
use crate::shell::{self, say};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The repositories.
    #[arg(required = true)]
    repositories: Vec<PathBuf>,
    /// How often it runs.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

pub(super) fn run(args: &Args, scratch: &Path) -> Result<()> {
    ensure!(args.rounds > 0, "at least one round");
    let joined = scratch.join("joined").to_string_lossy().into_owned();
    let files = join(&args.repositories, &joined)?;
    say(&format!("{files} files of {} repositories", args.repositories.len()));
    let mut contestants = [
        Contestant::ours("devmentor analyze", &joined),
        Contestant::new("git archive", &["git", "-C", &joined, "archive", "--format=tar", "HEAD"]),
    ];
    for _ in 0..args.rounds {
        for contestant in &mut contestants {
            contestant.once(scratch)?;
        }
    }
    report(&contestants);
    Ok(())
}

/// Makes the repository; says how many files its one commit has.
fn join(repositories: &[PathBuf], path: &str) -> Result<usize> {
    shell::output(shell::command("git", &["init", "--quiet", "--bare", path]))?;
    let git = |args: &[&str]| {
        let mut command = shell::command("git", &["-C", path, "-c", "gc.auto=0"]);
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Bench");
            command.env(format!("GIT_{who}_EMAIL"), "bench@example.org");
        }
        command.args(args);
        shell::output(command)
    };
    for (number, repository) in repositories.iter().enumerate() {
        let repository = repository.canonicalize().context("there is no such repository")?;
        let address = format!("file://{}", repository.display());
        git(&["fetch", "--quiet", "--depth", "1", &address, &format!("HEAD:refs/heads/r{number}")])?;
        git(&["read-tree", "-i", &format!("--prefix=r{number}/"), &format!("refs/heads/r{number}")])?;
    }
    let tree = git(&["write-tree"])?;
    let commit = git(&["commit-tree", tree.trim(), "-m", "Join"])?;
    git(&["update-ref", "refs/heads/joined", commit.trim()])?;
    git(&["symbolic-ref", "HEAD", "refs/heads/joined"])?;
    Ok(git(&["ls-files"])?.lines().count())
}
