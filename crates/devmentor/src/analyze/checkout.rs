//! The repository on this machine: the named folder, or a bare copy of the named address.

use std::path::{Path, PathBuf};

use repos::Source;
use tokio_util::sync::CancellationToken;

use super::progress::Progress;
use crate::config::Config;
use crate::exit::Failure;

/// A repository that can be read.
pub(super) struct Checkout {
    path: PathBuf,
}

impl Checkout {
    /// Its folder.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The branch to analyse in it.
    pub(super) fn branch<'a>(&self, wanted: Option<&'a str>) -> Option<&'a str> {
        wanted
    }
}

/// Makes the source readable.
pub(super) async fn obtain(
    _config: &Config,
    source: &Source,
    _branch: Option<&str>,
    _cancel: &CancellationToken,
    progress: &Progress,
) -> Result<Checkout, Failure> {
    match source {
        Source::Local(path) => {
            progress.say("Open");
            Ok(Checkout { path: std::path::absolute(path)? })
        }
        Source::Git(_) => Err(Failure::failed("addresses cannot be copied yet")),
    }
}
