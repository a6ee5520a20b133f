//! The repository on this machine: the named folder, or a bare copy of the named address.

use std::path::{Path, PathBuf};

use analysis::finding::fingerprint;
use analysis::pipeline::{Phase, Progress as Step};
use repos::Source;
use tokio_util::sync::CancellationToken;

use super::progress::Progress;
use super::refusal::refused;
use crate::Context;
use crate::config::Config;
use crate::exit::Failure;
use crate::wiring::fetcher;

/// The folder of the copies made for the command line; they are kept, so that the next analysis fetches little.
pub(crate) fn copies(config: &Config) -> PathBuf {
    config.data_dir.join("copies")
}

/// The name of the folder of one copy. Each branch has its own: a copy's `HEAD` is what is analysed.
pub(crate) fn copy_name(address: &str, branch: &str) -> String {
    fingerprint(&[address, branch])
}

/// Whether a folder with that name may be a copy.
pub(crate) fn is_name_of_copy(name: &str) -> bool {
    let hex = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    name.len() == copy_name("", "").len() && name.bytes().all(hex)
}

/// A repository that can be read.
pub(super) struct Checkout {
    path: PathBuf,
    /// A copy has one branch only, and its `HEAD` is that branch.
    copy: bool,
}

impl Checkout {
    /// Its folder.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The branch to analyse in it.
    pub(super) fn branch<'a>(&self, wanted: Option<&'a str>) -> Option<&'a str> {
        wanted.filter(|_| !self.copy)
    }
}

/// Makes the source readable.
pub(super) async fn obtain(
    context: &Context,
    config: &Config,
    source: &Source,
    branch: Option<&str>,
    cancel: &CancellationToken,
    progress: &Progress,
) -> Result<Checkout, Failure> {
    let address = match source {
        Source::Local(path) => return Ok(Checkout { path: std::path::absolute(path)?, copy: false }),
        Source::Git(address) => address,
    };
    let folder = copies(config).join(copy_name(&address.to_string(), branch.unwrap_or("")));
    std::fs::create_dir_all(folder.parent().unwrap_or(&folder))?;
    let show = |done: u64, total: Option<u64>, unit: &str| {
        let unit = unit.to_owned();
        progress.show(&Step { phase: Phase::Fetch, finished: false, done, total, unit, facts: Vec::new() });
    };
    fetcher(config, &context.environment)
        .fetch(address, branch, &folder, cancel, show)
        .await
        .map_err(refused)?;
    Ok(Checkout { path: folder, copy: true })
}
