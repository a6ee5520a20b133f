//! Connected repositories: reading them safely, analysing them, and keeping what was found.
//!
//! Untrusted input ends here. A repository is copied only from vetted addresses ([`source`], [`net`], [`fetch`]),
//! read by object id without running anything it contains ([`git`]), and analysed in a limited child process
//! ([`child`]); what is found is kept with a history of its own.
//!
//! This crate deliberately knows no HTTP server, no terminal, no language model and no tasks.
//!
//! Reading order: [`source`], [`net`], [`fetch`] (getting it), [`git`], [`limits`] (reading it), [`child`] (in a
//! process of its own), [`kept`] (for the next time), [`advisories`], [`model`] (what is known),
//! [`sample`] (the repository that comes with the program), [`Repos`] (the use cases); inside, `store` holds
//! the SQL.

pub mod advisories;
pub mod child;
mod context;
pub mod failure;
pub mod fetch;
pub mod git;
pub mod kept;
pub mod limits;
pub mod model;
pub mod net;
pub mod sample;
pub mod source;
mod store;

pub use context::{
    ANALYZE, Config, Connected, Hosting, IMPORTED_AT_ONCE, KeysError, OfferFilter, Parts, ProbeResult,
    Received, RepoError, Repos, Requested, Resealed, SearchCode, SuppressionPreview, Wanted, keys_in_use,
    reseal,
};
pub use failure::{Failure, FailureCode};
pub use limits::Limits;
pub use model::{
    AdvisoryMode, AdvisorySource, AdvisoryStatus, Analysis, AnalysisState, Baseline, CheckResult, Finding,
    FindingFilter, FindingPage, FindingStand, FindingState, FinishedPhase, Host, HostOverview, HostState,
    Insight, InsightState, LinkedRepo, NewSuppression, Offered, OfferedPage, Remote, RemoteState, Repo,
    RepoChange, RepoOverview, Summary, Suppression, SuppressionKind, SuppressionTarget,
};
pub use source::Source;
