//! Connected repositories and how to choose one.

use base::id::RepoId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Analysis, FindingCounts, Summary, Time};

/// A connected repository.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Repo {
    /// Identifies it.
    #[schema(value_type = String, format = "uuid")]
    pub id: RepoId,
    /// Its name in addresses.
    pub slug: String,
    /// The name to show.
    pub name: String,
    /// Where it comes from.
    pub source: RepoSource,
    /// The branch to analyse; `null`: the repository's own default.
    pub branch: Option<String>,
    /// Whether people of this workspace have its history searched for credentials. A repository may also ask for it in
    /// its own files.
    pub secrets_in_history: bool,
    /// Whether the operator of this server has every history searched, whatever is chosen here.
    pub secrets_in_every_history: bool,
    /// When it was connected.
    pub created_at: Time,
    /// The newest finished analysis; `null` when there is none.
    pub latest: Option<Summary>,
    /// Its open findings as people left them; `null` while it has no report.
    pub findings: Option<FindingCounts>,
    /// Its open insights: those that were dismissed do not count.
    pub open_insights: u64,
    /// The run that is going on; `null` when there is none.
    pub running: Option<Analysis>,
    /// The newest run, when it failed; the last good report stays.
    pub last_failure: Option<Analysis>,
    /// Counts edits.
    pub version: i64,
    /// What the caller may do with it.
    pub can: RepoCan,
}

/// What the caller may do with a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RepoCan {
    /// Start an analysis.
    pub analyze: bool,
    /// Remove it.
    pub remove: bool,
    /// Change how it is analysed.
    pub configure: bool,
}

/// How far a repository has moved on since its newest analysis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Behind {
    /// Where it stands.
    pub state: BehindState,
    /// The branch's newest commit; `null` where nobody asked.
    pub head: Option<String>,
    /// The branch that would be analysed now; `null` where nobody asked, or where no branch is checked out.
    pub branch: Option<String>,
    /// Commits that the analysed one does not follow, at most 1,000; `null` where they could not be counted.
    pub commits: Option<u32>,
    /// Whether there are more.
    pub more: bool,
}

/// How a report stands to its repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BehindState {
    /// The newest commit was analysed.
    Current,
    /// The branch has newer commits.
    Behind,
    /// The branch was set back, or an older commit is checked out: the analysed commit follows it.
    Older,
    /// The branch no longer follows the analysed commit: its history was rewritten.
    Rewritten,
    /// Another branch was analysed than would be now, or another commit where no branch is checked out.
    OtherBranch,
    /// A repository of another machine, which is asked only when it is analysed.
    NotAsked,
}

/// A repository, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RepoRef {
    /// Identifies it.
    #[schema(value_type = String, format = "uuid")]
    pub id: RepoId,
    /// Its name in addresses.
    pub slug: String,
    /// The name to show.
    pub name: String,
}

/// Where a repository comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RepoSource {
    /// What kind of place.
    pub kind: SourceKind,
    /// The folder, or the address without any credential.
    pub location: String,
}

/// Kinds of places repositories come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A folder on the server's machine.
    Local,
    /// A Git address over https or ssh.
    Git,
    /// The sample that comes with the program.
    Sample,
}

/// A repository to connect.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectRepo {
    /// A folder on the server's machine, a Git address over https or ssh, or `sample:` for the sample that comes with
    /// the program.
    pub source: String,
    /// The branch to analyse, when it is not the default one.
    pub branch: Option<String>,
    /// The name to show, when it is not the last part of the source.
    pub name: Option<String>,
    /// Whether to search its history for credentials too. One that was connected before keeps what it has without it.
    pub secrets_in_history: Option<bool>,
}

/// What to change about how a repository is analysed, from the next analysis on. What is left out, or
/// `null`, stays.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateRepo {
    /// The version that was seen; a newer one on the server answers 409.
    pub version: i64,
    /// The branch to analyse: its name without `refs/heads/`. Empty, and only that, for the repository's own default;
    /// `null` leaves what there is.
    pub branch: Option<String>,
    /// Whether its history is searched for credentials.
    pub secrets_in_history: Option<bool>,
}

/// A source to look at before connecting it.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProbeSource {
    /// A folder on the server's machine, or a Git address over https or ssh.
    pub source: String,
    /// The branch, when it is not the default one.
    pub branch: Option<String>,
}

/// What was found at a source. A source that cannot be used answers with a problem instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Probe {
    /// The source in its canonical form.
    pub source: RepoSource,
    /// The name it would get.
    pub name: String,
    /// The branch that would be analysed.
    pub branch: Option<String>,
    /// Its branches, by name; `null` where they were not listed.
    pub branches: Option<Vec<String>>,
    /// Its newest commit.
    pub commit: Option<String>,
    /// Files in that commit; `null` before a remote repository was fetched.
    pub files: Option<u64>,
    /// Bytes in those files; `null` before a remote repository was fetched.
    pub bytes: Option<u64>,
    /// One line: "Git repository, branch main, 5,389 files, 60 MB".
    pub description: String,
    /// What will limit the analysis, one sentence each, such as a shallow history.
    pub notes: Vec<String>,
    /// The connected repository with this source; `null` when it is new.
    pub connected: Option<crate::RepoRef>,
}

/// Folders that complete a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LocalPathList {
    /// The folder that was listed.
    pub folder: String,
    /// The folders in it that go on as the prefix does, by name; at most 200.
    pub entries: Vec<LocalPath>,
    /// Whether there are more.
    pub more: bool,
}

/// A folder on the server's machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LocalPath {
    /// The whole path.
    pub path: String,
    /// Its last part.
    pub name: String,
    /// Whether it is a Git repository.
    pub repository: bool,
}
