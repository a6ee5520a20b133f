//! What hosts send by themselves.

use base::Secret;
use base::id::{HostId, RepoId, WorkspaceId};
use events::Event;
use hosts::Kind;
use hosts::hook::{self, Header, What};
use jobs::{JobContext, JobError, NewJob};
use serde::Deserialize;
use std::time::Duration;
use storage::Tx;

use super::{RepoError, Repos, checked_path, place};
use crate::git::is_branch_name;
use crate::model::{AnalysisState, Host, Remote, RemoteState};
use crate::source::Source;
use crate::store::hosts as store;
use crate::store::{analyses, repositories};

/// The job that analyses a repository once more, because it was pushed to while its analysis ran.
pub(in crate::context) const FOLLOW: &str = "repo.follow";

/// How long after a push a running analysis is looked at again.
const SOON: Duration = Duration::from_secs(15);

/// How often: with the waits between them, for longer than any analysis takes.
const FOLLOWED: u32 = 12;

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It was taken in, now or before.
    Taken,
    /// It is nobody's whom this server knows. Whether there is such a connection is not told.
    Refused,
}

#[derive(Deserialize)]
struct Follow {
    repo: RepoId,
}

impl Repos {
    /// Takes in what somebody sent to the address of a host's hook. It is believed only when it is signed with that
    /// connection's secret.
    pub async fn receive(
        &self,
        kind: Kind,
        host: Option<HostId>,
        header: Header<'_>,
        body: &[u8],
    ) -> Result<Received, RepoError> {
        let held = match host {
            Some(host) => store::held_for_hook(&self.db, kind, host).await?,
            None => None,
        };
        // Without a connection the signature is checked too, against a secret that nobody has.
        let secret = match &held {
            Some(held) => {
                let place = place(held.workspace, "hook_secret", held.host);
                self.hosting.keyring.open(&place, &held.hook_secret).ok()
            }
            None => None,
        };
        let nobodys = Secret::new(hex::encode(self.ids.new_token()));
        let verified = hook::verify(kind, header, body, secret.as_ref().unwrap_or(&nobodys));
        let (true, Some(_), Some(held)) = (verified, secret, held) else { return Ok(Received::Refused) };
        let (Some(id), Some(delivery)) = (hook::delivery(kind, header), hook::read(kind, header, body))
        else {
            // Signed, and yet nothing that this program understands: there is nothing to do, and no use in another try.
            tracing::info!(host = %held.host, "a delivery could not be understood");
            return Ok(Received::Taken);
        };
        let now = self.clock.now();
        // Disconnected a moment ago: nothing of it is of interest any more.
        let Some(host) = store::by_id(&self.db, held.workspace, held.host).await? else {
            return Ok(Received::Refused);
        };
        let mut tx = self.db.begin().await?;
        if store::take_delivery(&mut tx, held.host, &id, now).await?
            && let Some((remote_id, path)) = delivery.repo
        {
            let remotes = store::of_delivery(&mut tx, held.workspace, held.host, &remote_id, &path).await?;
            for remote in remotes {
                let remote =
                    self.follow_default(&mut tx, held.workspace, remote, delivery.default_branch.as_deref());
                let remote = remote.await?;
                self.take_in(&mut tx, held.workspace, &host, remote, &delivery.what, &path).await?;
            }
        }
        tx.commit().await?;
        Ok(Received::Taken)
    }

    /// Takes another default branch over from what a delivery says: pushes to the old one no longer count, and what is
    /// analysed is another branch now, unless one was chosen.
    async fn follow_default(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        mut remote: Remote,
        told: Option<&str>,
    ) -> Result<Remote, RepoError> {
        let Some(branch) = told.filter(|branch| is_branch_name(branch)) else { return Ok(remote) };
        let before = remote.default_branch.replace(branch.to_owned());
        if before.as_deref() != Some(branch) {
            store::set_default_branch(tx, workspace, remote.repo, branch).await?;
            self.tell_host(tx, workspace, None, remote.host);
        }
        if before.is_some_and(|before| before != branch) {
            self.pushed(tx, workspace, &remote, branch).await?;
        }
        Ok(remote)
    }

    async fn take_in(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        host: &Host,
        mut remote: Remote,
        what: &What,
        path: &str,
    ) -> Result<(), RepoError> {
        let now = self.clock.now();
        match what {
            What::Pushed { branch } => return self.pushed(tx, workspace, &remote, branch).await,
            What::Renamed => {
                // The body is signed, but whose words are in it is the host's business.
                let address = host.endpoint.clone_address(path);
                let (Ok(()), Ok(source)) = (checked_path(path), Source::parse(&address)) else {
                    tracing::info!(host = %host.id, "a repository was renamed to what is no path of one");
                    return Ok(());
                };
                // It is copied from there from now on; the token goes to no other address than the path's.
                repositories::set_source(tx, workspace, remote.repo, &source).await?;
                path.clone_into(&mut remote.path);
                remote.become_what(RemoteState::Renamed, now);
            }
            What::Deleted => remote.become_what(RemoteState::Gone, now),
            What::MadePrivate => remote.become_what(RemoteState::Hidden, now),
            What::MadePublic => remote.become_what(RemoteState::There, now),
            What::Nothing => return Ok(()),
        }
        store::set_remote(tx, workspace, &remote).await?;
        self.tell_host(tx, workspace, None, remote.host);
        Ok(())
    }

    /// Asks for an analysis as part of `tx`, where the branch is the one that is analysed.
    async fn pushed(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        remote: &Remote,
        branch: &str,
    ) -> Result<(), RepoError> {
        let Some(repo) = repositories::by_id_in(tx, workspace, remote.repo).await? else { return Ok(()) };
        let analysed = repo.branch.as_deref().or(remote.default_branch.as_deref());
        if analysed.is_some_and(|analysed| analysed != branch) {
            return Ok(());
        }
        if self.queue(tx, workspace, repo.id, repo.created_by, false).await?.is_none()
            && let Some(active) = analyses::active(tx, workspace, repo.id).await?
            && active.state == AnalysisState::Running
        {
            // It may have copied the repository already.
            let job = NewJob::new(FOLLOW, serde_json::json!({ "repo": repo.id })).workspace(workspace);
            let job =
                job.run_at(self.clock.now().plus(SOON)).max_attempts(FOLLOWED).dedupe(repo.id.to_string());
            self.jobs.enqueue(tx, job).await?;
        }
        self.events.emit(tx, Self::channel(workspace), None, Event::RepoUpdated { repo: repo.id });
        Ok(())
    }

    /// Analyses a repository once more as soon as its running analysis is over.
    pub(in crate::context) async fn follow(&self, context: &JobContext) -> Result<(), JobError> {
        let Follow { repo } = context.payload()?;
        let workspace = context.workspace().ok_or_else(|| JobError::fail("the job names no workspace"))?;
        let found = repositories::by_id(&self.db, workspace, repo).await.map_err(JobError::retry)?;
        let Some(repo) = found else { return Ok(()) };
        let mut tx = self.db.begin().await.map_err(JobError::retry)?;
        let queued = self.queue(&mut tx, workspace, repo.id, repo.created_by, false).await;
        if queued.map_err(JobError::retry)?.is_none() {
            return Err(JobError::retry("the analysis that was overtaken still runs"));
        }
        context.complete(&mut tx).await?;
        tx.commit().await.map_err(JobError::retry)
    }
}
