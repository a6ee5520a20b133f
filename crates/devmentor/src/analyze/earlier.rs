//! The report that a result is held against: a former one in a file, or one of an earlier commit made now.

use analysis::report::Report;
use repos::{Failure as Refusal, FailureCode};

use super::Run;
use super::progress::Progress;
use super::refusal::refused;
use crate::cli::Analyze;
use crate::exit::Failure;
use crate::reports;

/// What is compared with.
pub(super) enum Earlier {
    /// Nothing.
    Nothing,
    /// A former report.
    Report(Box<Report>),
    /// A commit that is yet to be analysed.
    Commit(String),
}

impl Earlier {
    /// What the options name. A mistake shows here, before the analysis begins.
    pub(super) async fn of(args: &Analyze, run: &Run<'_>, branch: Option<&str>) -> Result<Self, Failure> {
        if let Some(file) = &args.baseline {
            return Ok(Self::Report(Box::new(reports::read(file)?)));
        }
        let Some(revision) = &args.since else { return Ok(Self::Nothing) };
        let base = run.supervisor.since(run.checkout.path(), &[], branch, revision).await;
        Ok(Self::Commit(base.map_err(not_there)?.commit))
    }

    /// Its report, beside that of the newer commit.
    pub(super) async fn report(
        self,
        newer: &Report,
        run: &Run<'_>,
        quiet: bool,
    ) -> Result<Option<Report>, Failure> {
        Ok(match self {
            Self::Nothing => None,
            Self::Report(report) => Some(*report),
            Self::Commit(commit) if commit == newer.commit.id => Some(newer.clone()),
            Self::Commit(commit) => {
                Some(run.report(None, Some(&commit), &Progress::new(quiet, "Before: ")).await?)
            }
        })
    }
}

/// A commit that is not there has other reasons than a branch that is not.
fn not_there(refusal: Refusal) -> Failure {
    let missing = refusal.code == FailureCode::NoSuchBranch;
    let failure = refused(refusal);
    if missing {
        failure.hint(
            "name a branch, a tag or a commit of this clone; one that was fetched with little history gets the rest \
             by `git fetch --unshallow`, in a pipeline by a fetch depth of 0",
        )
    } else {
        failure
    }
}
