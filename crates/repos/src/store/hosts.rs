//! `repo_host`, `repo_remote` and `repo_delivery`.

use base::Timestamp;
use base::id::{HostId, RepoId, UserId, WorkspaceId};
use hosts::{Endpoint, Kind};
use secrets::{KeyId, Sealed};
use storage::{Db, Error, SqlBuilder, Tx};

use super::unknown;
use crate::model::{Host, HostState, Remote, RemoteState};

/// The secrets of a host, sealed.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) workspace: WorkspaceId,
    pub(crate) host: HostId,
    pub(crate) token: Sealed,
    pub(crate) hook_secret: Sealed,
}

#[derive(sqlx::FromRow)]
struct HostRow {
    #[sqlx(try_from = "String")]
    id: HostId,
    kind: String,
    address: String,
    login: String,
    name: Option<String>,
    avatar: Option<String>,
    scopes: Option<String>,
    state: String,
    detail: Option<String>,
    #[sqlx(try_from = "i64")]
    checked_at: Timestamp,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    #[sqlx(try_from = "String")]
    created_by: UserId,
    version: i64,
}

impl HostRow {
    fn host(self) -> Result<Host, Error> {
        let kind = Kind::parse(&self.kind).ok_or_else(|| unknown("kind of host", &self.kind))?;
        Ok(Host {
            id: self.id,
            endpoint: Endpoint::parse(kind, Some(&self.address)).map_err(Error::corrupt)?,
            login: self.login,
            name: self.name,
            avatar: self.avatar,
            scopes: self.scopes.as_deref().map(serde_json::from_str).transpose().map_err(Error::corrupt)?,
            state: HostState::parse(&self.state).ok_or_else(|| unknown("state", &self.state))?,
            detail: self.detail,
            checked_at: self.checked_at,
            created_at: self.created_at,
            created_by: self.created_by,
            version: self.version,
        })
    }
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    #[sqlx(try_from = "String")]
    workspace_id: WorkspaceId,
    #[sqlx(try_from = "String")]
    id: HostId,
    token: Vec<u8>,
    hook_secret: Vec<u8>,
}

impl From<HeldRow> for Held {
    fn from(row: HeldRow) -> Self {
        Self {
            workspace: row.workspace_id,
            host: row.id,
            token: row.token.into(),
            hook_secret: row.hook_secret.into(),
        }
    }
}

#[derive(sqlx::FromRow)]
struct RemoteRow {
    #[sqlx(try_from = "String")]
    repo_id: RepoId,
    #[sqlx(try_from = "String")]
    host_id: HostId,
    path: String,
    remote_id: Option<String>,
    default_branch: Option<String>,
    hook_id: Option<String>,
    hook_detail: Option<String>,
    state: String,
    #[sqlx(try_from = "i64")]
    state_at: Timestamp,
}

impl RemoteRow {
    fn remote(self) -> Result<Remote, Error> {
        Ok(Remote {
            repo: self.repo_id,
            host: self.host_id,
            path: self.path,
            remote_id: self.remote_id,
            default_branch: self.default_branch,
            hook: self.hook_id,
            hook_detail: self.hook_detail,
            state: RemoteState::parse(&self.state).ok_or_else(|| unknown("state", &self.state))?,
            state_at: self.state_at,
        })
    }
}

fn select(rest: &'static str) -> SqlBuilder {
    let mut select = SqlBuilder::new(
        "SELECT id, kind, address, login, name, avatar, scopes, state, detail, checked_at, created_at, created_by,
         version FROM repo_host ",
    );
    select.push(rest);
    select
}

fn select_remote(rest: &'static str) -> SqlBuilder {
    let mut select = SqlBuilder::new(
        "SELECT repo_id, host_id, path, remote_id, default_branch, hook_id, hook_detail, state, state_at
         FROM repo_remote ",
    );
    select.push(rest);
    select
}

fn scopes(host: &Host) -> Result<Option<String>, Error> {
    host.scopes.as_ref().map(serde_json::to_string).transpose().map_err(Error::corrupt)
}

fn key_name(sealed: &Sealed) -> String {
    sealed.key().map(|key| key.to_string()).unwrap_or_default()
}

/// Adds a host; `false` when the account is connected already.
pub(crate) async fn insert(tx: &mut Tx, held: &Held, host: &Host) -> Result<bool, Error> {
    let added = tx
        .query(
            "INSERT INTO repo_host (id, workspace_id, kind, address, login, name, avatar, scopes, token, hook_secret,
                 sealed_key, state, detail, checked_at, created_at, created_by, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1)
             ON CONFLICT DO NOTHING",
        )
        .bind(host.id)
        .bind(held.workspace)
        .bind(host.endpoint.kind().as_str())
        .bind(host.endpoint.address())
        .bind(host.login.as_str())
        .bind(host.name.as_deref())
        .bind(host.avatar.as_deref())
        .bind(scopes(host)?)
        .bind(held.token.as_bytes())
        .bind(held.hook_secret.as_bytes())
        .bind(key_name(&held.token))
        .bind(host.state.as_str())
        .bind(host.detail.as_deref())
        .bind(host.checked_at)
        .bind(host.created_at)
        .bind(host.created_by)
        .execute()
        .await?;
    Ok(added == 1)
}

/// Every connected host of the workspace, the oldest first.
pub(crate) async fn all(db: &Db, workspace: WorkspaceId) -> Result<Vec<Host>, Error> {
    let query = db.query(select("WHERE workspace_id = $1 AND left_at IS NULL ORDER BY created_at, id"));
    query.bind(workspace).all::<HostRow>().await?.into_iter().map(HostRow::host).collect()
}

/// One connected host.
pub(crate) async fn by_id(db: &Db, workspace: WorkspaceId, id: HostId) -> Result<Option<Host>, Error> {
    let query = db.query(select("WHERE workspace_id = $1 AND id = $2 AND left_at IS NULL"));
    query.bind(workspace).bind(id).optional::<HostRow>().await?.map(HostRow::host).transpose()
}

/// The host of an account.
pub(crate) async fn by_account(
    db: &Db,
    workspace: WorkspaceId,
    endpoint: &Endpoint,
    login: &str,
) -> Result<Option<Host>, Error> {
    let query = db.query(select(
        "WHERE workspace_id = $1 AND kind = $2 AND address = $3 AND login = $4 AND left_at IS NULL",
    ));
    let query = query.bind(workspace).bind(endpoint.kind().as_str()).bind(endpoint.address()).bind(login);
    query.optional::<HostRow>().await?.map(HostRow::host).transpose()
}

/// A host that was left and still has something to be taken away, or any other.
pub(crate) async fn even_left(db: &Db, workspace: WorkspaceId, id: HostId) -> Result<Option<Host>, Error> {
    let query = db.query(select("WHERE workspace_id = $1 AND id = $2"));
    query.bind(workspace).bind(id).optional::<HostRow>().await?.map(HostRow::host).transpose()
}

/// The sealed secrets of a host, of one that was left too.
pub(crate) async fn held(db: &Db, workspace: WorkspaceId, id: HostId) -> Result<Option<Held>, Error> {
    let query = db.query(
        "SELECT workspace_id, id, token, hook_secret FROM repo_host WHERE workspace_id = $1 AND id = $2",
    );
    Ok(query.bind(workspace).bind(id).optional::<HeldRow>().await?.map(Held::from))
}

/// The sealed secrets of a host whose workspace is not known: for what a host sends, which names nothing but the id and
/// is believed only when it was signed with that secret.
pub(crate) async fn held_for_hook(db: &Db, kind: Kind, id: HostId) -> Result<Option<Held>, Error> {
    let query = db.query(
        "SELECT workspace_id, id, token, hook_secret FROM repo_host
         WHERE id = $1 AND kind = $2 AND left_at IS NULL",
    );
    Ok(query.bind(id).bind(kind.as_str()).optional::<HeldRow>().await?.map(Held::from))
}

/// Stores another token and what is known of its account.
pub(crate) async fn set_token(tx: &mut Tx, held: &Held, host: &Host) -> Result<(), Error> {
    tx.query(
        "UPDATE repo_host SET name = $4, avatar = $5, scopes = $6, token = $7, hook_secret = $8, sealed_key = $9,
             state = $10, detail = $11, checked_at = $12, version = version + 1
         WHERE workspace_id = $1 AND id = $2 AND version = $3 AND left_at IS NULL",
    )
    .bind(held.workspace)
    .bind(host.id)
    .bind(host.version)
    .bind(host.name.as_deref())
    .bind(host.avatar.as_deref())
    .bind(scopes(host)?)
    .bind(held.token.as_bytes())
    .bind(held.hook_secret.as_bytes())
    .bind(key_name(&held.token))
    .bind(host.state.as_str())
    .bind(host.detail.as_deref())
    .bind(host.checked_at)
    .swap()
    .await
}

/// Notes how a host did; whether that is another state than before.
pub(crate) async fn set_state(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HostId,
    state: HostState,
    detail: Option<&str>,
    now: Timestamp,
) -> Result<bool, Error> {
    let changed = tx
        .query(
            "UPDATE repo_host SET state = $3, detail = $4, checked_at = $5, version = version + 1
             WHERE workspace_id = $1 AND id = $2 AND left_at IS NULL AND state <> $3",
        )
        .bind(workspace)
        .bind(id)
        .bind(state.as_str())
        .bind(detail)
        .bind(now)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Disconnects a host; `false` when it was not there. Its secrets stay until [`forget`].
pub(crate) async fn leave(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HostId,
    now: Timestamp,
) -> Result<bool, Error> {
    let left = tx
        .query(
            "UPDATE repo_host SET left_at = $3, version = version + 1
             WHERE workspace_id = $1 AND id = $2 AND left_at IS NULL",
        )
        .bind(workspace)
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(left == 1)
}

/// Deletes all that is left of a host that was disconnected.
pub(crate) async fn forget(tx: &mut Tx, workspace: WorkspaceId, id: HostId) -> Result<(), Error> {
    for statement in [
        "DELETE FROM repo_remote WHERE workspace_id = $1 AND host_id = $2",
        "DELETE FROM repo_delivery WHERE host_id IN
             (SELECT id FROM repo_host WHERE workspace_id = $1 AND id = $2)",
        "DELETE FROM repo_host WHERE workspace_id = $1 AND id = $2 AND left_at IS NOT NULL",
    ] {
        tx.query(statement).bind(workspace).bind(id).execute().await?;
    }
    Ok(())
}

/// Notes which host a repository came through.
pub(crate) async fn link(tx: &mut Tx, workspace: WorkspaceId, remote: &Remote) -> Result<(), Error> {
    tx.query(
        "INSERT INTO repo_remote (repo_id, workspace_id, host_id, path, state, state_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (repo_id) DO UPDATE SET host_id = excluded.host_id, path = excluded.path,
             remote_id = NULL, default_branch = NULL, hook_id = NULL, hook_detail = NULL, state = excluded.state,
             state_at = excluded.state_at
         WHERE repo_remote.host_id <> excluded.host_id OR repo_remote.path <> excluded.path",
    )
    .bind(remote.repo)
    .bind(workspace)
    .bind(remote.host)
    .bind(remote.path.as_str())
    .bind(remote.state.as_str())
    .bind(remote.state_at)
    .execute()
    .await?;
    Ok(())
}

/// What a repository is on its host, while that is connected.
pub(crate) async fn remote(db: &Db, workspace: WorkspaceId, repo: RepoId) -> Result<Option<Remote>, Error> {
    let query = db.query(select_remote(
        "WHERE workspace_id = $1 AND repo_id = $2
           AND host_id IN (SELECT id FROM repo_host WHERE workspace_id = $1 AND left_at IS NULL)",
    ));
    query.bind(workspace).bind(repo).optional::<RemoteRow>().await?.map(RemoteRow::remote).transpose()
}

/// The same of every repository, by host and path.
pub(crate) async fn remotes(db: &Db, workspace: WorkspaceId) -> Result<Vec<Remote>, Error> {
    let query = db.query(select_remote("WHERE workspace_id = $1 ORDER BY host_id, repo_id"));
    let rows = query.bind(workspace).all::<RemoteRow>().await?;
    let mut remotes = rows.into_iter().map(RemoteRow::remote).collect::<Result<Vec<_>, _>>()?;
    // The engines do not agree where a dash comes in the alphabet.
    remotes.sort_by(|a, b| (a.host, &a.path, a.repo).cmp(&(b.host, &b.path, b.repo)));
    Ok(remotes)
}

/// The repositories of a host, connected or left, that have a hook there.
pub(crate) async fn hooked(db: &Db, workspace: WorkspaceId, host: HostId) -> Result<Vec<Remote>, Error> {
    let query = db.query(select_remote(
        "WHERE workspace_id = $1 AND host_id = $2 AND hook_id IS NOT NULL ORDER BY repo_id",
    ));
    query.bind(workspace).bind(host).all::<RemoteRow>().await?.into_iter().map(RemoteRow::remote).collect()
}

/// The repositories that came through a host.
pub(crate) async fn linked(tx: &mut Tx, workspace: WorkspaceId, host: HostId) -> Result<Vec<Remote>, Error> {
    let query = tx.query(select_remote("WHERE workspace_id = $1 AND host_id = $2 ORDER BY repo_id"));
    let rows = query.bind(workspace).bind(host).all::<RemoteRow>().await?;
    rows.into_iter().map(RemoteRow::remote).collect()
}

/// Notes why a repository has no hook, unless it has one; the host that it came through where that was noted.
pub(crate) async fn not_hooked(
    tx: &mut Tx,
    workspace: WorkspaceId,
    repo: RepoId,
    detail: &str,
) -> Result<Option<HostId>, Error> {
    let query = tx.query(
        "UPDATE repo_remote SET hook_detail = $3 WHERE workspace_id = $1 AND repo_id = $2 AND hook_id IS NULL
         RETURNING host_id",
    );
    let row = query.bind(workspace).bind(repo).bind(detail).optional::<(String,)>().await?;
    row.map(|(host,)| super::id(host)).transpose()
}

/// The repositories that a delivery is about: by their id on the host, or by path where that was not asked yet.
pub(crate) async fn of_delivery(
    tx: &mut Tx,
    workspace: WorkspaceId,
    host: HostId,
    remote_id: &str,
    path: &str,
) -> Result<Vec<Remote>, Error> {
    let query = tx.query(select_remote(
        "WHERE workspace_id = $1 AND host_id = $2 AND (remote_id = $3 OR (remote_id IS NULL AND path = $4))
         ORDER BY repo_id",
    ));
    let query = query.bind(workspace).bind(host).bind(remote_id).bind(path);
    query.all::<RemoteRow>().await?.into_iter().map(RemoteRow::remote).collect()
}

/// Notes what was learned of a repository on its host.
pub(crate) async fn set_remote(tx: &mut Tx, workspace: WorkspaceId, remote: &Remote) -> Result<(), Error> {
    tx.query(
        "UPDATE repo_remote SET path = $4, remote_id = $5, default_branch = $6, hook_id = $7, hook_detail = $8,
             state = $9, state_at = $10
         WHERE workspace_id = $1 AND repo_id = $2 AND host_id = $3",
    )
    .bind(workspace)
    .bind(remote.repo)
    .bind(remote.host)
    .bind(remote.path.as_str())
    .bind(remote.remote_id.as_deref())
    .bind(remote.default_branch.as_deref())
    .bind(remote.hook.as_deref())
    .bind(remote.hook_detail.as_deref())
    .bind(remote.state.as_str())
    .bind(remote.state_at)
    .execute()
    .await?;
    Ok(())
}

/// Notes another default branch of a repository on its host; whether there was something to note.
pub(crate) async fn set_default_branch(
    tx: &mut Tx,
    workspace: WorkspaceId,
    repo: RepoId,
    branch: &str,
) -> Result<bool, Error> {
    let query = tx.query(
        "UPDATE repo_remote SET default_branch = $3
         WHERE workspace_id = $1 AND repo_id = $2 AND (default_branch IS NULL OR default_branch <> $3)",
    );
    Ok(query.bind(workspace).bind(repo).bind(branch).execute().await? == 1)
}

/// Forgets what a repository is on its host, and gives what it was. Of a host that was left nothing is forgotten: its
/// hooks are still to be taken away, and then [`forget`] forgets all of it.
pub(crate) async fn unlink(
    tx: &mut Tx,
    workspace: WorkspaceId,
    repo: RepoId,
) -> Result<Option<Remote>, Error> {
    let query = tx.query(
        "DELETE FROM repo_remote WHERE workspace_id = $1 AND repo_id = $2
           AND host_id IN (SELECT id FROM repo_host WHERE workspace_id = $1 AND left_at IS NULL)
         RETURNING repo_id, host_id, path, remote_id, default_branch, hook_id, hook_detail, state, state_at",
    );
    query.bind(workspace).bind(repo).optional::<RemoteRow>().await?.map(RemoteRow::remote).transpose()
}

/// Takes a delivery in; `false` when it was taken in before.
pub(crate) async fn take_delivery(
    tx: &mut Tx,
    host: HostId,
    delivery: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let added = tx
        .query(
            "INSERT INTO repo_delivery (host_id, delivery, received_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(host)
        .bind(delivery)
        .bind(now)
        .execute()
        .await?;
    Ok(added == 1)
}

/// Forgets deliveries from before that time.
pub(crate) async fn trim_deliveries(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.query("DELETE FROM repo_delivery WHERE received_at < $1").bind(before).execute().await
}

/// Hosts of any workspace whose secrets are not sealed under that key, after an id: for whoever changes keys.
pub(crate) async fn sealed_otherwise(
    db: &Db,
    key: KeyId,
    after: Option<HostId>,
    limit: u32,
) -> Result<Vec<Held>, Error> {
    let query = db.query(
        "SELECT workspace_id, id, token, hook_secret FROM repo_host WHERE sealed_key <> $1 AND id > $2
         ORDER BY id LIMIT $3",
    );
    let after = after.map(String::from).unwrap_or_default();
    let rows = query.bind(key.to_string()).bind(after).bind(limit).all::<HeldRow>().await?;
    Ok(rows.into_iter().map(Held::from).collect())
}

/// Stores the same secrets under another key, unless somebody stored others in the meantime.
pub(crate) async fn reseal(tx: &mut Tx, old: &Held, new: &Held) -> Result<bool, Error> {
    let changed = tx
        .query(
            "UPDATE repo_host SET token = $3, hook_secret = $4, sealed_key = $5
             WHERE workspace_id = $1 AND id = $2 AND token = $6 AND hook_secret = $7",
        )
        .bind(old.workspace)
        .bind(old.host)
        .bind(new.token.as_bytes())
        .bind(new.hook_secret.as_bytes())
        .bind(key_name(&new.token))
        .bind(old.token.as_bytes())
        .bind(old.hook_secret.as_bytes())
        .execute()
        .await?;
    Ok(changed == 1)
}

/// The names of the keys that something is sealed under, sorted.
pub(crate) async fn keys_in_use(db: &Db) -> Result<Vec<String>, Error> {
    let rows = db.query("SELECT DISTINCT sealed_key FROM repo_host ORDER BY sealed_key").all::<(String,)>();
    Ok(rows.await?.into_iter().map(|(key,)| key).collect())
}
