//! Connecting repositories, looking at them before, and taking them away.

use std::collections::HashMap;

use base::Actor;
use base::id::RepoId;
use events::Event;

use super::name::{free_name, free_slug, tidy};
use super::{RepoError, Repos};
use crate::failure::{Failure, FailureCode};
use crate::git;
use crate::model::{FindingTally, Repo, RepoOverview};
use crate::source::Source;
use crate::store::{analyses, hosts, repositories};

/// How often a connection is tried when others take the name that was free a moment ago.
const TRIES: u32 = 5;

/// A connected repository, and whether it is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    /// The repository.
    pub repo: Repo,
    /// `false` when this source was connected before.
    pub fresh: bool,
}

/// What was found at a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeResult {
    /// The source in its one spelling.
    pub source: Source,
    /// The name it would get.
    pub name: String,
    /// The branch that would be analysed.
    pub branch: Option<String>,
    /// Its newest commit.
    pub commit: Option<String>,
    /// Files in that commit; `None` before a repository of another machine was fetched.
    pub files: Option<u64>,
    /// Bytes in those files; likewise.
    pub bytes: Option<u64>,
    /// What will limit the analysis.
    pub notes: Vec<String>,
    /// The branches; `None` where they were not listed.
    pub branches: Option<Vec<String>>,
    /// The connected repository with this source and branch.
    pub connected: Option<Repo>,
}

impl ProbeResult {
    /// One line: "Git repository, branch main, 5,389 files, 60 MB".
    pub fn description(&self) -> String {
        let mut line = "Git repository".to_owned();
        if let Some(branch) = &self.branch {
            line.push_str(", branch ");
            line.push_str(branch);
        }
        if let (Some(files), Some(bytes)) = (self.files, self.bytes) {
            let noun = if files == 1 { "file" } else { "files" };
            for part in [", ", &grouped(files), " ", noun, ", ", &size(bytes)] {
                line.push_str(part);
            }
        }
        line
    }
}

/// Thousands with commas.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Bytes in decimal units, as disks and downloads are measured.
fn size(bytes: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    if bytes < 1_000 {
        return format!("{bytes} bytes");
    }
    let mut value = bytes as f64 / 1_000.0;
    let mut unit = 0;
    while value >= 999.5 && unit < units.len() - 1 {
        value /= 1_000.0;
        unit += 1;
    }
    if value < 9.95 { format!("{value:.1} {}", units[unit]) } else { format!("{value:.0} {}", units[unit]) }
}

/// What is to be connected, and under which name: the one a person gave, or one made from `base`.
struct Wanted<'a> {
    given: Option<String>,
    base: String,
    source: Source,
    branch: Option<&'a str>,
}

impl Repos {
    /// Looks at a source without connecting it.
    pub async fn probe(
        &self,
        actor: &Actor,
        source: &str,
        branch: Option<&str>,
    ) -> Result<ProbeResult, RepoError> {
        let branch = checked_branch(branch)?;
        let source = self.canonical(self.understood(source).await?)?;
        let connected = repositories::by_source(&self.db, actor.workspace, &source, branch).await?;
        let taken = repositories::taken(&self.db, actor.workspace).await?;
        let name = |origin: Option<&str>| {
            let base = origin.map_or_else(|| Self::suggested_name(&source), str::to_owned);
            free_name(&base, &source, branch, &taken)
        };
        let probe = match &source {
            Source::Local(path) => {
                let probe =
                    self.config.supervisor.probe(&self.permitted(path)?, self.lenders(), branch).await?;
                ProbeResult {
                    name: name(probe.origin.as_deref()),
                    branch: probe.branch,
                    commit: Some(probe.commit),
                    files: Some(probe.files),
                    bytes: Some(probe.bytes),
                    notes: probe.notes,
                    branches: None,
                    connected,
                    source,
                }
            }
            Source::Git(address) => {
                let remote = self.config.fetcher.list(address, branch).await?;
                ProbeResult {
                    name: name(None),
                    branch: remote.branch,
                    commit: Some(remote.commit),
                    files: None,
                    bytes: None,
                    notes: Vec::new(),
                    branches: Some(remote.branches),
                    connected,
                    source,
                }
            }
        };
        Ok(probe)
    }

    /// Connects a source. The same source and branch twice give the same repository.
    pub async fn connect(
        &self,
        actor: &Actor,
        source: &str,
        branch: Option<&str>,
        name: Option<&str>,
    ) -> Result<Connected, RepoError> {
        let branch = checked_branch(branch)?;
        let source = self.canonical(self.understood(source).await?)?;
        if let Some(repo) = repositories::by_source(&self.db, actor.workspace, &source, branch).await? {
            return Ok(Connected { repo, fresh: false });
        }
        // A folder is looked at now, while the person who named it is there; another machine when it is fetched.
        let origin = match &source {
            Source::Local(path) => {
                let path = self.permitted(path)?;
                self.config.supervisor.resolve(&path, self.lenders(), branch).await?.origin
            }
            Source::Git(_) => None,
        };
        let wanted = Wanted {
            given: name.map(tidy).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()),
            base: origin.unwrap_or_else(|| Self::suggested_name(&source)),
            source,
            branch,
        };
        for _ in 0..TRIES {
            if let Some(connected) = self.try_connect(actor, &wanted).await? {
                return Ok(connected);
            }
        }
        Err(RepoError::Changed)
    }

    /// `None` when somebody took the same slug a moment ago.
    async fn try_connect(&self, actor: &Actor, wanted: &Wanted<'_>) -> Result<Option<Connected>, RepoError> {
        let Wanted { given, base, source, branch } = wanted;
        let mut tx = self.db.begin().await?;
        let taken = repositories::taken_in(&mut tx, actor.workspace).await?;
        let name = given.clone().unwrap_or_else(|| free_name(base, source, *branch, &taken));
        let repo = Repo {
            id: self.ids.new_id(),
            slug: free_slug(&name, &taken),
            name,
            source: source.clone(),
            branch: branch.map(str::to_owned),
            secrets_in_history: false,
            created_at: self.clock.now(),
            created_by: actor.user,
            version: 1,
        };
        if !repositories::insert(&mut tx, actor.workspace, &repo).await? {
            let same = repositories::by_source_in(&mut tx, actor.workspace, source, *branch).await?;
            return Ok(same.map(|repo| Connected { repo, fresh: false }));
        }
        let event = Event::RepoConnected { repo: repo.id, name: repo.name.clone(), slug: repo.slug.clone() };
        self.events.emit(&mut tx, Self::channel(actor.workspace), Some(actor.user), event);
        tx.commit().await?;
        Ok(Some(Connected { repo, fresh: true }))
    }

    /// Takes a repository away, with all that was found out about it. What is running for it is stopped.
    pub async fn remove(&self, actor: &Actor, repo: RepoId) -> Result<(), RepoError> {
        let mut tx = self.db.begin().await?;
        if let Some(active) = analyses::active(&mut tx, actor.workspace, repo).await?
            && let Some(job) = active.job
        {
            self.jobs.cancel(&mut tx, job).await?;
        }
        if !repositories::remove(&mut tx, actor.workspace, repo, self.clock.now()).await? {
            return Err(RepoError::NotFound);
        }
        self.unlink(&mut tx, actor.workspace, repo).await?;
        repositories::forget(&mut tx, actor.workspace, repo).await?;
        self.events.emit(
            &mut tx,
            Self::channel(actor.workspace),
            Some(actor.user),
            Event::RepoRemoved { repo },
        );
        tx.commit().await?;
        self.delete_copy(repo).await;
        self.forget_kept(self.slot(actor.workspace, repo)).await;
        Ok(())
    }

    /// Takes everything of a workspace away that nobody is in any more; a try that broke off is gone on with by the
    /// next. Hooks and tokens go in the background, as when a host is disconnected.
    pub async fn erase(&self, owner: &Actor) -> Result<(), RepoError> {
        let gone = |outcome| match outcome {
            // The try before this one, or somebody else, may have got as far.
            Err(RepoError::NotFound) => Ok(()),
            outcome => outcome,
        };
        // The hosts first: what is known of their hooks then stays until those are taken away.
        for host in hosts::all(&self.db, owner.workspace).await? {
            gone(self.disconnect_host(owner, host.id).await)?;
        }
        for repo in repositories::all(&self.db, owner.workspace).await? {
            gone(self.remove(owner, repo.id).await)?;
        }
        let mut tx = self.db.begin().await?;
        repositories::erase(&mut tx, owner.workspace).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The workspace's repositories with their newest runs, by slug.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<RepoOverview>, RepoError> {
        let repos = repositories::all(&self.db, actor.workspace).await?;
        let newest = analyses::newest(&self.db, actor.workspace, None).await?;
        let tallies = self.tallies(actor, None).await?;
        Ok(repos.into_iter().map(|repo| overview(repo, &newest, &tallies)).collect())
    }

    /// One repository with its newest runs.
    pub async fn repo(&self, actor: &Actor, repo: RepoId) -> Result<Option<RepoOverview>, RepoError> {
        let Some(repo) = repositories::by_id(&self.db, actor.workspace, repo).await? else { return Ok(None) };
        self.with_newest(actor, repo).await.map(Some)
    }

    /// One repository by its name in addresses.
    pub async fn repo_by_slug(&self, actor: &Actor, slug: &str) -> Result<Option<RepoOverview>, RepoError> {
        let Some(repo) = repositories::by_slug(&self.db, actor.workspace, slug).await? else {
            return Ok(None);
        };
        self.with_newest(actor, repo).await.map(Some)
    }

    async fn with_newest(&self, actor: &Actor, repo: Repo) -> Result<RepoOverview, RepoError> {
        let newest = analyses::newest(&self.db, actor.workspace, Some(repo.id)).await?;
        let tallies = self.tallies(actor, Some(repo.id)).await?;
        Ok(overview(repo, &newest, &tallies))
    }

    /// Local folders by their real path, if they are open to users.
    fn canonical(&self, source: Source) -> Result<Source, Failure> {
        match source {
            sample if sample.is_sample() => Ok(sample),
            Source::Local(path) => self.permitted(&path).map(Source::Local),
            Source::Git(address) => Ok(Source::Git(address)),
        }
    }
}

fn overview(
    repo: Repo,
    newest: &[crate::model::Analysis],
    (findings, insights): &(HashMap<RepoId, FindingTally>, HashMap<RepoId, u64>),
) -> RepoOverview {
    use crate::model::AnalysisState::{Done, Failed, Queued, Running};
    let mut own = newest.iter().filter(|analysis| analysis.repo == repo.id);
    let last = own.clone().next();
    RepoOverview {
        latest: own.find(|analysis| analysis.state == Done).cloned(),
        running: last.filter(|analysis| matches!(analysis.state, Queued | Running)).cloned(),
        last_failure: last.filter(|analysis| analysis.state == Failed).cloned(),
        findings: findings.get(&repo.id).copied().unwrap_or_default(),
        open_insights: insights.get(&repo.id).copied().unwrap_or_default(),
        repo,
    }
}

/// The name of a branch in its one spelling: without `refs/heads/`. An empty one is none.
pub(super) fn checked_branch(branch: Option<&str>) -> Result<Option<&str>, Failure> {
    let branch = branch.map(str::trim).map(|branch| branch.strip_prefix("refs/heads/").unwrap_or(branch));
    match branch.filter(|branch| !branch.is_empty()) {
        Some(branch) if !git::is_branch_name(branch) => Err(Failure::new(
            FailureCode::NoSuchBranch,
            format!("`{}` cannot be the name of a branch.", branch.escape_debug()),
        )),
        branch => Ok(branch),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        let shown: Vec<String> = [1, 999, 1_000, 60_400_000, 999_600_000, 5_200_000_000].map(size).to_vec();
        assert_eq!(shown, ["1 bytes", "999 bytes", "1.0 kB", "60 MB", "1.0 GB", "5.2 GB"]);
        assert_eq!(grouped(1_234_567), "1,234,567");
    }

    #[test]
    fn a_branch_has_one_spelling() {
        let spelled = ["main", " refs/heads/main ", "", "  "].map(|name| checked_branch(Some(name)).unwrap());
        assert_eq!(spelled, [Some("main"), Some("main"), None, None]);
    }
}
