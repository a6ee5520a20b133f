//! What is done at a host in the background: looking a repository up, and making and removing hooks.

use base::Timestamp;
use base::id::{HostId, RepoId, WorkspaceId};
use hosts::{CodeHost, HostError, NewHook, Standing};
use jobs::{JobContext, JobError, NewJob};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use storage::Tx;

use super::{RepoError, Repos, place};
use crate::model::{Host, Remote, RemoteState};
use crate::store::hosts as store;

/// The job that looks a repository up on its host and asks to be told of pushes.
pub(in crate::context) const ATTACH: &str = "repo.attach";

/// The job that takes the hook of one repository away.
pub(in crate::context) const UNHOOK: &str = "repo.unhook";

/// The job that takes the hooks of a host away that was disconnected, and then its token.
pub(in crate::context) const LEAVE: &str = "host.leave";

/// How often a host is asked in the background: with the waits between them for most of a day, which a host may be down
/// or want to be left in peace.
pub(super) const ASKED: u32 = 30;

/// A host that says when it wants to be asked again is asked no sooner and no later than this.
const PAUSE: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_hours(1);

/// How long a delivery is remembered. Hosts offer to send them again for a few days.
const DELIVERIES_KEPT: Duration = Duration::from_hours(30 * 24);

#[derive(Deserialize)]
struct Attach {
    repo: RepoId,
}

#[derive(Deserialize)]
struct Unhook {
    host: HostId,
    path: String,
    hook: String,
}

#[derive(Deserialize)]
pub(in crate::context) struct Leave {
    host: HostId,
}

impl Repos {
    /// Looks a repository up on its host, and asks to be told of pushes where the host can reach this server.
    pub(in crate::context) async fn attach(&self, context: &JobContext) -> Result<(), JobError> {
        let Attach { repo } = context.payload()?;
        let workspace = context.workspace().ok_or_else(|| JobError::fail("the job names no workspace"))?;
        let remote = store::remote(&self.db, workspace, repo).await.map_err(JobError::retry)?;
        // Without it (the repository or its host was taken away) there is nothing to do.
        let Some(mut remote) = remote else { return Ok(()) };
        let Some((host, asked)) = self.host(workspace, remote.host).await.map_err(refused)? else {
            return Ok(());
        };
        let found = asked.repo(&remote.path).await;
        self.note_host(workspace, host.id, found.as_ref().err()).await.map_err(JobError::retry)?;
        let now = self.clock.now();
        match found {
            Ok(found) => {
                remote.remote_id = Some(found.id);
                remote.default_branch = found.default_branch;
                remote.become_what(RemoteState::There, now);
                self.hook(workspace, &host, &asked, &mut remote).await?;
            }
            Err(HostError::NotFound) => remote.become_what(RemoteState::Hidden, now),
            Err(error) if passes(&error) => return Err(later(&error, now)),
            Err(error) if remote.hook.is_none() && self.takes_hooks() => {
                remote.hook_detail = Some(format!("The host was asked for no hook: {error}."));
            }
            Err(_) => return Ok(()),
        }
        let mut tx = self.db.begin().await.map_err(JobError::retry)?;
        store::set_remote(&mut tx, workspace, &remote).await.map_err(JobError::retry)?;
        self.tell_host(&mut tx, workspace, None, host.id);
        context.complete(&mut tx).await?;
        tx.commit().await.map_err(JobError::retry)
    }

    async fn hook(
        &self,
        workspace: WorkspaceId,
        host: &Host,
        asked: &Arc<dyn CodeHost>,
        remote: &mut Remote,
    ) -> Result<(), JobError> {
        let Some(public) = &self.hosting.public_url else { return Ok(()) };
        if remote.hook.is_some() {
            return Ok(());
        }
        let held = store::held(&self.db, workspace, host.id).await.map_err(JobError::retry)?;
        let Some(held) = held else { return Ok(()) };
        let place = place(workspace, "hook_secret", host.id);
        let secret = self.hosting.keyring.open(&place, &held.hook_secret).map_err(JobError::fail)?;
        let address = format!("{public}/hooks/{}/{}", host.endpoint.kind(), host.id);
        match asked.create_hook(&remote.path, &NewHook { address, secret }).await {
            Ok(hook) => (remote.hook, remote.hook_detail) = (Some(hook), None),
            // Everything works without it; only pushes are not noticed.
            Err(error) if !passes(&error) => {
                remote.hook_detail = Some(match error {
                    HostError::NotFound | HostError::Forbidden(_) => {
                        "The token may not make hooks here: pushes are not noticed.".to_owned()
                    }
                    HostError::Declined(why) => format!("The host made no hook: {why}."),
                    error => format!("The host made no hook: {error}."),
                });
            }
            Err(error) => return Err(later(&error, self.clock.now())),
        }
        Ok(())
    }

    /// The host gave no answer for as long as it is asked: whoever wonders why pushes are not noticed is told so.
    pub(in crate::context) async fn unattached(
        &self,
        tx: &mut Tx,
        job: &jobs::Job,
    ) -> Result<(), storage::Error> {
        let (Ok(Attach { repo }), Some(workspace)) = (job.payload::<Attach>(), job.workspace) else {
            return Ok(());
        };
        let detail = "The host gave no answer for most of a day: pushes are not noticed. Give the connection its token again \
                      to have the host asked once more.";
        if let Some(host) = store::not_hooked(tx, workspace, repo, detail).await? {
            self.tell_host(tx, workspace, None, host);
        }
        Ok(())
    }

    /// Has a repository looked up on its host, and a hook asked for where there is none.
    pub(super) async fn look_up(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        repo: RepoId,
    ) -> Result<(), storage::Error> {
        let job = NewJob::new(ATTACH, serde_json::json!({ "repo": repo })).workspace(workspace);
        self.jobs.enqueue(tx, job.dedupe(repo.to_string()).max_attempts(ASKED)).await?;
        Ok(())
    }

    /// Has every repository of a host looked up again, because a new token may reach more; where hooks sign with a secret
    /// that was replaced, others are made in their place.
    pub(super) async fn ask_again(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        host: HostId,
        replaced: bool,
    ) -> Result<(), storage::Error> {
        for mut remote in store::linked(tx, workspace, host).await? {
            if replaced && remote.hook.is_some() {
                self.take_away(tx, workspace, &remote).await?;
                remote.hook = None;
                store::set_remote(tx, workspace, &remote).await?;
            }
            self.look_up(tx, workspace, remote.repo).await?;
        }
        Ok(())
    }

    /// Has a hook taken away at its host.
    async fn take_away(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        remote: &Remote,
    ) -> Result<(), storage::Error> {
        let Remote { host, path, hook: Some(hook), .. } = remote else { return Ok(()) };
        let payload = serde_json::json!({ "host": host, "path": path, "hook": hook });
        self.jobs.enqueue(tx, NewJob::new(UNHOOK, payload).workspace(workspace).max_attempts(ASKED)).await?;
        Ok(())
    }

    /// Takes the hook of one repository away.
    pub(in crate::context) async fn unhook(&self, context: &JobContext) -> Result<(), JobError> {
        let Unhook { host, path, hook } = context.payload()?;
        let workspace = context.workspace().ok_or_else(|| JobError::fail("the job names no workspace"))?;
        let Some(asked) = self.even_left(workspace, host).await.map_err(refused)? else { return Ok(()) };
        match asked.delete_hook(&path, &hook).await {
            Err(error) if passes(&error) && !context.is_last_attempt() => {
                Err(later(&error, self.clock.now()))
            }
            Err(error) => {
                tracing::info!(%error, %host, "a hook stays at its host");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Takes the hooks of a host away that was disconnected, and then everything that is known of it.
    pub(in crate::context) async fn leave(&self, context: &JobContext) -> Result<(), JobError> {
        let Leave { host } = context.payload()?;
        let workspace = context.workspace().ok_or_else(|| JobError::fail("the job names no workspace"))?;
        // A token that no key opens takes nothing away; it is deleted all the same.
        if let Ok(Some(asked)) = self.even_left(workspace, host).await {
            for remote in store::hooked(&self.db, workspace, host).await.map_err(JobError::retry)? {
                let Some(hook) = &remote.hook else { continue };
                match asked.delete_hook(&remote.path, hook).await {
                    Err(error) if passes(&error) && !context.is_last_attempt() => {
                        return Err(later(&error, self.clock.now()));
                    }
                    Err(error) => tracing::info!(%error, %host, "a hook stays at its host"),
                    Ok(()) => {}
                }
            }
        }
        let mut tx = self.db.begin().await.map_err(JobError::retry)?;
        store::forget(&mut tx, workspace, host).await.map_err(JobError::retry)?;
        context.complete(&mut tx).await?;
        tx.commit().await.map_err(JobError::retry)
    }

    /// The job ended without having been done; the token must not stay for that.
    pub(in crate::context) async fn left(&self, tx: &mut Tx, job: &jobs::Job) -> Result<(), storage::Error> {
        let (Ok(Leave { host }), Some(workspace)) = (job.payload::<Leave>(), job.workspace) else {
            return Ok(());
        };
        store::forget(tx, workspace, host).await
    }

    /// Has the hook of a repository taken away that is about to be forgotten. Where the host was disconnected a moment
    /// ago, what is known of the repository there stays until its hooks were taken away.
    pub(in crate::context) async fn unlink(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        repo: RepoId,
    ) -> Result<(), storage::Error> {
        match store::unlink(tx, workspace, repo).await? {
            Some(remote) => self.take_away(tx, workspace, &remote).await,
            None => Ok(()),
        }
    }

    async fn even_left(
        &self,
        workspace: WorkspaceId,
        id: HostId,
    ) -> Result<Option<Arc<dyn CodeHost>>, RepoError> {
        let Some(host) = store::even_left(&self.db, workspace, id).await? else { return Ok(None) };
        let token = self.token(workspace, id).await?;
        Ok(Some(hosts::open(&self.hosting.outbound, &host.endpoint, token, Standing::Kept)))
    }

    /// Asks a host about a repository again, because copying it failed in a way that may be the token's fault.
    pub(in crate::context) async fn doubt(
        &self,
        workspace: WorkspaceId,
        repo: RepoId,
    ) -> Result<(), RepoError> {
        let Some(mut remote) = store::remote(&self.db, workspace, repo).await? else { return Ok(()) };
        let Some((host, asked)) = self.host(workspace, remote.host).await? else { return Ok(()) };
        // The account first: a host answers for a private repository as if it were not there.
        let account = asked.account().await;
        self.note_host(workspace, host.id, account.as_ref().err()).await?;
        if account.is_err() {
            return Ok(());
        }
        if let Err(HostError::NotFound) = asked.repo(&remote.path).await
            && remote.state == RemoteState::There
        {
            remote.become_what(RemoteState::Hidden, self.clock.now());
            let mut tx = self.db.begin().await?;
            store::set_remote(&mut tx, workspace, &remote).await?;
            self.tell_host(&mut tx, workspace, None, host.id);
            tx.commit().await?;
        }
        Ok(())
    }

    /// Notes which branch is the default one: a copy of it was made, whatever the host was asked before.
    pub(in crate::context) async fn note_default(
        &self,
        workspace: WorkspaceId,
        repo: RepoId,
        branch: &str,
    ) -> Result<(), storage::Error> {
        let Some(remote) = store::remote(&self.db, workspace, repo).await? else { return Ok(()) };
        if remote.default_branch.as_deref() == Some(branch) {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        if store::set_default_branch(&mut tx, workspace, repo, branch).await? {
            self.tell_host(&mut tx, workspace, None, remote.host);
        }
        tx.commit().await
    }

    /// Forgets deliveries that no host sends again; how many.
    pub async fn trim_deliveries(&self) -> Result<u64, RepoError> {
        let mut tx = self.db.begin().await?;
        let gone = store::trim_deliveries(&mut tx, self.clock.now().minus(DELIVERIES_KEPT)).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

impl Remote {
    pub(super) fn become_what(&mut self, state: RemoteState, now: Timestamp) {
        if self.state != state {
            (self.state, self.state_at) = (state, now);
        }
    }
}

/// Whether the same may succeed later without anybody doing anything.
fn passes(error: &HostError) -> bool {
    matches!(error, HostError::RateLimited { .. } | HostError::Unavailable { .. })
}

/// Another try: when the host says, where it does.
fn later(error: &HostError, now: Timestamp) -> JobError {
    let pause = match error {
        HostError::RateLimited { until } => until.map(|until| until.since(now)),
        HostError::Unavailable { after, .. } => *after,
        _ => None,
    };
    match pause {
        Some(pause) => JobError::retry_after(pause.clamp(*PAUSE.start(), *PAUSE.end()), error),
        None => JobError::retry(error),
    }
}

fn refused(error: RepoError) -> JobError {
    match error {
        error @ RepoError::Storage(_) => JobError::retry(error),
        error => JobError::fail(error),
    }
}
