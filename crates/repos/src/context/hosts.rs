//! Code hosts: connecting an account, choosing from its repositories, and taking them over.

mod attach;
mod keys;
mod receive;

use std::collections::HashMap;

use base::id::{HostId, RepoId, WorkspaceId};
use base::{Actor, Secret};
use events::Event;
use hosts::{Account, CodeHost, Endpoint, HostError, Kind, Standing};
use jobs::NewJob;
use outbound::Outbound;
use secrets::{Keyring, OpenError, Place};
use std::sync::Arc;
use storage::Tx;

use super::connect::checked_branch;
use super::{Connected, RepoError, Repos};
use crate::fetch::{Credential, Fetcher};
use crate::model::{
    Host, HostOverview, HostState, LinkedRepo, Offered, OfferedPage, Remote, RemoteState, Repo,
};
use crate::source::{Address, Source};
use crate::store::hosts::{self as store, Held};
use crate::store::repositories;

use attach::ASKED;
pub(super) use attach::{ATTACH, LEAVE, UNHOOK};
pub use keys::{KeysError, Resealed, keys_in_use, reseal};
pub(super) use receive::FOLLOW;
pub use receive::Received;

/// Repositories that are taken over at once.
pub const IMPORTED_AT_ONCE: usize = 200;

/// Pages of a host that are looked through for one page of matches.
const LOOKED_THROUGH: u32 = 5;

/// What the connections to code hosts are made with.
#[derive(Debug, Clone)]
pub struct Hosting {
    /// Calls to other machines.
    pub outbound: Outbound,
    /// Seals the tokens.
    pub keyring: Keyring,
    /// Where hosts reach this server, without a slash at the end; `None` where they cannot: then no hooks are made.
    pub public_url: Option<String>,
}

/// A repository that is to be taken over from a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its path on the host.
    pub path: String,
    /// The branch to analyse; `None`: its default one.
    pub branch: Option<String>,
}

/// Which repositories of a host are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfferFilter {
    /// Text of the path or the description, in any case.
    pub text: Option<String>,
    /// The owner: the first part of the path.
    pub org: Option<String>,
    /// The host's page to begin with, from 1.
    pub page: Option<u32>,
}

/// Where a secret of a host belongs.
pub(super) fn place(workspace: WorkspaceId, column: &'static str, host: HostId) -> Place {
    Place::new(workspace, "repo_host", column, host)
}

impl Repos {
    /// The connected hosts, the oldest first, each with its repositories.
    pub async fn hosts(&self, actor: &Actor) -> Result<Vec<HostOverview>, RepoError> {
        let hosts = store::all(&self.db, actor.workspace).await?;
        let repos = repositories::all(&self.db, actor.workspace).await?;
        let mut repos: HashMap<RepoId, Repo> = repos.into_iter().map(|repo| (repo.id, repo)).collect();
        let mut linked: HashMap<HostId, Vec<LinkedRepo>> = HashMap::new();
        for remote in store::remotes(&self.db, actor.workspace).await? {
            if let Some(repo) = repos.remove(&remote.repo) {
                linked.entry(remote.host).or_default().push(LinkedRepo { repo, remote });
            }
        }
        let overview = |host: Host| HostOverview { repos: linked.remove(&host.id).unwrap_or_default(), host };
        Ok(hosts.into_iter().map(overview).collect())
    }

    /// Whether hosts can tell this server of pushes.
    pub fn takes_hooks(&self) -> bool {
        self.hosting.public_url.is_some()
    }

    /// Connects an account with a token, which the host is asked about first. The same account again gets the new
    /// token.
    pub async fn connect_host(
        &self,
        actor: &Actor,
        kind: Kind,
        address: Option<&str>,
        token: &Secret,
    ) -> Result<Host, RepoError> {
        let endpoint = Endpoint::parse(kind, address)
            .map_err(|error| RepoError::Unsuitable { field: "/address", detail: error.to_string() })?;
        let token = checked_token(token)?;
        let asked = hosts::open(&self.hosting.outbound, &endpoint, token.clone(), Standing::New);
        let account = asked.account().await.map_err(token_problem)?;
        if let Some(known) = store::by_account(&self.db, actor.workspace, &endpoint, &account.login).await? {
            return self.set_token(actor, known, account, &token).await;
        }
        let host = self.new_host(actor, endpoint, account);
        let held = Held {
            workspace: actor.workspace,
            host: host.id,
            token: self.seal(actor.workspace, "token", host.id, &token)?,
            hook_secret: self.seal(actor.workspace, "hook_secret", host.id, &self.hook_secret())?,
        };
        let mut tx = self.db.begin().await?;
        if !store::insert(&mut tx, &held, &host).await? {
            // Somebody connected the same account a moment ago.
            return Err(RepoError::Changed);
        }
        self.tell_host(&mut tx, actor.workspace, Some(actor), host.id);
        tx.commit().await?;
        Ok(host)
    }

    /// Replaces the token of a connection. It has to be one of the same account.
    pub async fn reconnect_host(&self, actor: &Actor, id: HostId, token: &Secret) -> Result<Host, RepoError> {
        let host = store::by_id(&self.db, actor.workspace, id).await?.ok_or(RepoError::NotFound)?;
        let token = checked_token(token)?;
        let asked = hosts::open(&self.hosting.outbound, &host.endpoint, token.clone(), Standing::Kept);
        let account = asked.account().await.map_err(token_problem)?;
        if account.login != host.login {
            let detail = format!(
                "the token is {}'s, but this connection is {}'s: connect the other account by itself",
                account.login, host.login
            );
            return Err(RepoError::Unsuitable { field: "/token", detail });
        }
        self.set_token(actor, host, account, &token).await
    }

    async fn set_token(
        &self,
        actor: &Actor,
        host: Host,
        account: Account,
        token: &Secret,
    ) -> Result<Host, RepoError> {
        let old = store::held(&self.db, actor.workspace, host.id).await?.ok_or(RepoError::NotFound)?;
        // The host signs with the secret that it was given; it is sealed anew beside the token, under the same key. One
        // that no key opens any more is replaced, and hooks are then made again.
        let secret =
            self.hosting.keyring.open(&place(actor.workspace, "hook_secret", host.id), &old.hook_secret).ok();
        let replaced = secret.is_none();
        let held = Held {
            token: self.seal(actor.workspace, "token", host.id, token)?,
            hook_secret: self.seal(
                actor.workspace,
                "hook_secret",
                host.id,
                &secret.unwrap_or_else(|| self.hook_secret()),
            )?,
            ..old
        };
        let fresh = Host {
            created_at: host.created_at,
            created_by: host.created_by,
            id: host.id,
            version: host.version,
            ..self.new_host(actor, host.endpoint, account)
        };
        let mut tx = self.db.begin().await?;
        store::set_token(&mut tx, &held, &fresh).await?;
        self.ask_again(&mut tx, actor.workspace, fresh.id, replaced).await?;
        self.tell_host(&mut tx, actor.workspace, Some(actor), fresh.id);
        tx.commit().await?;
        Ok(Host { version: fresh.version + 1, ..fresh })
    }

    fn new_host(&self, actor: &Actor, endpoint: Endpoint, account: Account) -> Host {
        let now = self.clock.now();
        Host {
            id: self.ids.new_id(),
            endpoint,
            login: account.login,
            name: account.name,
            avatar: account.avatar,
            scopes: account.scopes,
            state: HostState::Working,
            detail: None,
            checked_at: now,
            created_at: now,
            created_by: actor.user,
            version: 1,
        }
    }

    /// Disconnects a host. Its repositories stay with all that is known of them; its hooks are taken away in the
    /// background, and then the token is deleted.
    pub async fn disconnect_host(&self, actor: &Actor, id: HostId) -> Result<(), RepoError> {
        let mut tx = self.db.begin().await?;
        if !store::leave(&mut tx, actor.workspace, id, self.clock.now()).await? {
            return Err(RepoError::NotFound);
        }
        let job = NewJob::new(LEAVE, serde_json::json!({ "host": id })).workspace(actor.workspace);
        self.jobs.enqueue(&mut tx, job.max_attempts(ASKED)).await?;
        self.tell_host(&mut tx, actor.workspace, Some(actor), id);
        tx.commit().await?;
        Ok(())
    }

    /// Asks a host whether the token still works.
    pub async fn check_host(&self, actor: &Actor, id: HostId) -> Result<Host, RepoError> {
        let (host, asked) = self.host(actor.workspace, id).await?.ok_or(RepoError::NotFound)?;
        let outcome = asked.account().await;
        self.note_host(actor.workspace, host.id, outcome.as_ref().err()).await?;
        store::by_id(&self.db, actor.workspace, id).await?.ok_or(RepoError::NotFound)
    }

    /// Repositories that a host offers: those of one of its pages that match, or, where none does, of the next ones up
    /// to a bound.
    pub async fn offered(
        &self,
        actor: &Actor,
        id: HostId,
        filter: &OfferFilter,
    ) -> Result<OfferedPage, RepoError> {
        let (host, asked) = self.host(actor.workspace, id).await?.ok_or(RepoError::NotFound)?;
        let mut page = filter.page.unwrap_or(1).max(1);
        let mut found = Vec::new();
        let mut next = None;
        for _ in 0..LOOKED_THROUGH {
            let listing = asked.list(page).await;
            self.note_host(actor.workspace, host.id, listing.as_ref().err()).await?;
            let listing = listing?;
            found.extend(listing.repos.into_iter().filter(|repo| filter.admits(repo)));
            next = listing.next;
            match next {
                Some(after) if found.is_empty() => page = after,
                _ => break,
            }
        }
        let connected = self.connected_of(actor.workspace).await?;
        let offered = |repo: hosts::RemoteRepo| {
            let source = Source::parse(&host.endpoint.clone_address(&repo.path)).ok();
            let connected = source.and_then(|source| connected.get(&source.to_string()).cloned());
            Offered { repo, connected }
        };
        Ok(OfferedPage { items: found.into_iter().map(offered).collect(), next })
    }

    /// The connected repositories by where they come from; of several branches the one that was connected first.
    async fn connected_of(&self, workspace: WorkspaceId) -> Result<HashMap<String, Repo>, RepoError> {
        let mut all = repositories::all(&self.db, workspace).await?;
        all.sort_by_key(|repo| std::cmp::Reverse(repo.id));
        Ok(all.into_iter().map(|repo| (repo.source.to_string(), repo)).collect())
    }

    /// Takes repositories over from a host and asks for the analysis of each; in the order in which they are named. One
    /// that is connected already stays as it is, apart from where its token comes from.
    pub async fn import(
        &self,
        actor: &Actor,
        id: HostId,
        wanted: &[Wanted],
    ) -> Result<Vec<Connected>, RepoError> {
        if wanted.is_empty() || wanted.len() > IMPORTED_AT_ONCE {
            let detail = format!("name 1 to {IMPORTED_AT_ONCE} repositories");
            return Err(RepoError::Unsuitable { field: "/repositories", detail });
        }
        let host = store::by_id(&self.db, actor.workspace, id).await?.ok_or(RepoError::NotFound)?;
        // All are looked at before the first is taken over.
        for one in wanted {
            checked_branch(one.branch.as_deref())?;
            checked_path(&one.path)?;
            Source::parse(&host.endpoint.clone_address(&one.path))?;
        }
        let mut imported = Vec::new();
        for one in wanted {
            let address = host.endpoint.clone_address(&one.path);
            let connected = self.connect(actor, &address, one.branch.as_deref(), None).await?;
            self.link(actor, &host, &connected.repo, &one.path).await?;
            self.analyze(actor, connected.repo.id, false).await?;
            imported.push(connected);
        }
        Ok(imported)
    }

    async fn link(&self, actor: &Actor, host: &Host, repo: &Repo, path: &str) -> Result<(), RepoError> {
        let remote = Remote {
            repo: repo.id,
            host: host.id,
            path: path.to_owned(),
            remote_id: None,
            default_branch: None,
            hook: None,
            hook_detail: None,
            state: RemoteState::There,
            state_at: self.clock.now(),
        };
        let mut tx = self.db.begin().await?;
        store::link(&mut tx, actor.workspace, &remote).await?;
        self.look_up(&mut tx, actor.workspace, repo.id).await?;
        self.tell_host(&mut tx, actor.workspace, Some(actor), host.id);
        tx.commit().await?;
        Ok(())
    }

    /// A connected host and the way to it; `None` when there is none.
    async fn host(
        &self,
        workspace: WorkspaceId,
        id: HostId,
    ) -> Result<Option<(Host, Arc<dyn CodeHost>)>, RepoError> {
        let Some(host) = store::by_id(&self.db, workspace, id).await? else { return Ok(None) };
        let token = self.token(workspace, id).await?;
        let asked = hosts::open(&self.hosting.outbound, &host.endpoint, token, Standing::Kept);
        Ok(Some((host, asked)))
    }

    /// The token of a host.
    async fn token(&self, workspace: WorkspaceId, id: HostId) -> Result<Secret, RepoError> {
        let held = store::held(&self.db, workspace, id).await?.ok_or(RepoError::NotFound)?;
        Ok(self.hosting.keyring.open(&place(workspace, "token", id), &held.token)?)
    }

    /// What copies a repository: with the token of the host that it came through, where it came through one.
    pub(super) async fn fetcher_for(
        &self,
        workspace: WorkspaceId,
        repo: RepoId,
        address: &Address,
    ) -> Result<Fetcher, RepoError> {
        let fetcher = self.config.fetcher.clone();
        let Some(remote) = store::remote(&self.db, workspace, repo).await? else { return Ok(fetcher) };
        let Some(host) = store::by_id(&self.db, workspace, remote.host).await? else { return Ok(fetcher) };
        // A token goes to its own host and to no other, whatever is written in the row of a repository.
        let own = Source::parse(&host.endpoint.clone_address(&remote.path));
        if own != Ok(Source::Git(address.clone())) {
            return Ok(fetcher);
        }
        let user = host.endpoint.kind().git_user(&host.login);
        let token = self.token(workspace, host.id).await?;
        Ok(fetcher.knowing(Credential { host: address.host().to_owned(), user, token }))
    }

    /// Notes how a host did, and tells it where that is news. What a limit on questions says about a token is nothing.
    async fn note_host(
        &self,
        workspace: WorkspaceId,
        id: HostId,
        error: Option<&HostError>,
    ) -> Result<(), RepoError> {
        let (state, detail) = match error {
            None => (HostState::Working, None),
            Some(HostError::TokenRefused) => (HostState::TokenRefused, None),
            Some(HostError::Forbidden(why)) => (HostState::Forbidden, Some(why.clone())),
            Some(HostError::Refused(why)) => (HostState::Unreachable, Some(why.clone())),
            Some(HostError::Unavailable { detail, .. }) => (HostState::Unreachable, Some(detail.clone())),
            Some(
                HostError::Declined(_)
                | HostError::NotFound
                | HostError::RateLimited { .. }
                | HostError::Malformed,
            ) => return Ok(()),
        };
        let mut tx = self.db.begin().await?;
        if store::set_state(&mut tx, workspace, id, state, detail.as_deref(), self.clock.now()).await? {
            self.tell_host(&mut tx, workspace, None, id);
        }
        tx.commit().await?;
        Ok(())
    }

    fn tell_host(&self, tx: &mut Tx, workspace: WorkspaceId, by: Option<&Actor>, host: HostId) {
        let event = Event::HostUpdated { host };
        self.events.emit(tx, Self::channel(workspace), by.map(|actor| actor.user), event);
    }

    fn seal(
        &self,
        workspace: WorkspaceId,
        column: &'static str,
        host: HostId,
        secret: &Secret,
    ) -> Result<secrets::Sealed, RepoError> {
        Ok(self.hosting.keyring.seal(&place(workspace, column, host), secret)?)
    }

    fn hook_secret(&self) -> Secret {
        Secret::new(hex::encode(self.ids.new_token()))
    }
}

impl OfferFilter {
    fn admits(&self, repo: &hosts::RemoteRepo) -> bool {
        let owner = repo.path.split('/').next().unwrap_or_default();
        if self.org.as_ref().is_some_and(|org| !org.is_empty() && !org.eq_ignore_ascii_case(owner)) {
            return false;
        }
        let Some(text) = self.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) else {
            return true;
        };
        let text = text.to_lowercase();
        let told = repo.description.as_deref().unwrap_or_default();
        repo.path.to_lowercase().contains(&text) || told.to_lowercase().contains(&text)
    }
}

/// A token as it can be sent.
fn checked_token(token: &Secret) -> Result<Secret, RepoError> {
    let text = token.expose().trim();
    let plain = text.bytes().all(|it| it.is_ascii_graphic());
    if text.is_empty() || text.len() > 1_000 || !plain {
        let detail =
            "paste the token as the host shows it: letters, digits and signs without spaces".to_owned();
        return Err(RepoError::Unsuitable { field: "/token", detail });
    }
    Ok(Secret::new(text))
}

/// The path of a repository as hosts spell them. Anything else, such as a climb, could name something else in an address.
fn checked_path(path: &str) -> Result<(), RepoError> {
    let plain = |part: &str| {
        !matches!(part, "" | "." | "..")
            && !part.starts_with('-')
            && part.bytes().all(|it| it.is_ascii_alphanumeric() || b"._-+~".contains(&it))
    };
    if path.len() <= 500 && path.contains('/') && path.split('/').all(plain) {
        return Ok(());
    }
    let shown: String = path.chars().take(100).collect();
    let detail =
        format!("`{}` is no path of a repository; the list of the host has them", shown.escape_debug());
    Err(RepoError::Unsuitable { field: "/repositories", detail })
}

/// Why a token that was just typed does not do, told at the field where that is its fault.
fn token_problem(error: HostError) -> RepoError {
    match error {
        HostError::TokenRefused => RepoError::Unsuitable { field: "/token", detail: error.to_string() },
        HostError::Malformed | HostError::NotFound => RepoError::Unsuitable {
            field: "/address",
            detail: "there is no such host at this address; choose the kind that it is, and its start page"
                .to_owned(),
        },
        HostError::Refused(detail) => RepoError::Unsuitable { field: "/address", detail },
        error => RepoError::Host(error),
    }
}

impl From<OpenError> for RepoError {
    fn from(error: OpenError) -> Self {
        tracing::error!(%error, "a token cannot be opened");
        Self::Sealed(error)
    }
}
