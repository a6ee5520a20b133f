//! `repo_repository`.

use base::Timestamp;
use base::id::{RepoId, UserId, WorkspaceId};
use storage::{Db, Error, Sql, SqlBuilder, Tx};

use crate::model::Repo;
use crate::source::Source;

/// Ids of one statement: well below the number of values either engine takes.
const CHUNK: usize = 500;

/// Reads [`RepoRow`]s; `rest` says which, and in what order.
fn select(rest: &'static str) -> SqlBuilder {
    let mut select = SqlBuilder::new(
        "SELECT id, name, slug, source_kind, source, branch, secrets_in_history, created_at, created_by, version
         FROM repo_repository ",
    );
    select.push(rest);
    select
}

#[derive(sqlx::FromRow)]
struct RepoRow {
    #[sqlx(try_from = "String")]
    id: RepoId,
    name: String,
    slug: String,
    source_kind: String,
    source: String,
    branch: Option<String>,
    secrets_in_history: bool,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    #[sqlx(try_from = "String")]
    created_by: UserId,
    version: i64,
}

impl RepoRow {
    fn repo(self) -> Result<Repo, Error> {
        let source = match self.source_kind.as_str() {
            // Not parsed: a folder may have a name that typed text would not be taken for.
            "local" => Source::Local(self.source.into()),
            _ => Source::parse(&self.source).map_err(Error::corrupt)?,
        };
        Ok(Repo {
            id: self.id,
            name: self.name,
            slug: self.slug,
            source,
            branch: self.branch,
            secrets_in_history: self.secrets_in_history,
            created_at: self.created_at,
            created_by: self.created_by,
            version: self.version,
        })
    }
}

/// Adds the repository; `false` when its slug or its source is taken.
pub(crate) async fn insert(tx: &mut Tx, workspace: WorkspaceId, repo: &Repo) -> Result<bool, Error> {
    let added = tx
        .query(
            "INSERT INTO repo_repository
                 (id, workspace_id, name, slug, source_kind, source, branch, secrets_in_history, created_at,
                  created_by, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
             ON CONFLICT DO NOTHING",
        )
        .bind(repo.id)
        .bind(workspace)
        .bind(repo.name.as_str())
        .bind(repo.slug.as_str())
        .bind(repo.source.kind())
        .bind(repo.source.to_string())
        .bind(repo.branch.as_deref())
        .bind(repo.secrets_in_history)
        .bind(repo.created_at)
        .bind(repo.created_by)
        .execute()
        .await?;
    Ok(added == 1)
}

const BY_SOURCE: &str =
    "WHERE workspace_id = $1 AND source = $2 AND COALESCE(branch, '') = $3 AND removed_at IS NULL";

/// The repository with that source and branch.
pub(crate) async fn by_source(
    db: &Db,
    workspace: WorkspaceId,
    source: &Source,
    branch: Option<&str>,
) -> Result<Option<Repo>, Error> {
    let query =
        db.query(select(BY_SOURCE)).bind(workspace).bind(source.to_string()).bind(branch.unwrap_or_default());
    query.optional::<RepoRow>().await?.map(RepoRow::repo).transpose()
}

/// The same as part of a transaction.
pub(crate) async fn by_source_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    source: &Source,
    branch: Option<&str>,
) -> Result<Option<Repo>, Error> {
    let query =
        tx.query(select(BY_SOURCE)).bind(workspace).bind(source.to_string()).bind(branch.unwrap_or_default());
    query.optional::<RepoRow>().await?.map(RepoRow::repo).transpose()
}

/// One repository.
pub(crate) async fn by_id(db: &Db, workspace: WorkspaceId, id: RepoId) -> Result<Option<Repo>, Error> {
    db.query(select("WHERE workspace_id = $1 AND id = $2 AND removed_at IS NULL"))
        .bind(workspace)
        .bind(id)
        .optional::<RepoRow>()
        .await?
        .map(RepoRow::repo)
        .transpose()
}

/// The same as part of a transaction.
pub(crate) async fn by_id_in(tx: &mut Tx, workspace: WorkspaceId, id: RepoId) -> Result<Option<Repo>, Error> {
    tx.query(select("WHERE workspace_id = $1 AND id = $2 AND removed_at IS NULL"))
        .bind(workspace)
        .bind(id)
        .optional::<RepoRow>()
        .await?
        .map(RepoRow::repo)
        .transpose()
}

/// Keeps other transactions from judging the findings of a repository until this one is over. To be taken before any of
/// its findings is written.
pub(crate) async fn lock(tx: &mut Tx, workspace: WorkspaceId, id: RepoId) -> Result<(), Error> {
    tx.query(Sql::per_engine(
        "SELECT id FROM repo_repository WHERE workspace_id = $1 AND id = $2",
        "SELECT id FROM repo_repository WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE",
    ))
    .bind(workspace)
    .bind(id)
    .optional::<(String,)>()
    .await?;
    Ok(())
}

/// Whether people want a repository analysed in another way than it was read here. One that was taken away is not.
pub(crate) async fn is_changed(tx: &mut Tx, workspace: WorkspaceId, read: &Repo) -> Result<bool, Error> {
    let now = tx
        .query(select("WHERE workspace_id = $1 AND id = $2 AND removed_at IS NULL"))
        .bind(workspace)
        .bind(read.id)
        .optional::<RepoRow>()
        .await?;
    Ok(now
        .is_some_and(|now| (&now.branch, now.secrets_in_history) != (&read.branch, read.secrets_in_history)))
}

/// One repository by its name in addresses.
pub(crate) async fn by_slug(db: &Db, workspace: WorkspaceId, slug: &str) -> Result<Option<Repo>, Error> {
    db.query(select("WHERE workspace_id = $1 AND slug = $2 AND removed_at IS NULL"))
        .bind(workspace)
        .bind(slug)
        .optional::<RepoRow>()
        .await?
        .map(RepoRow::repo)
        .transpose()
}

/// Every repository of the workspace, by slug.
pub(crate) async fn all(db: &Db, workspace: WorkspaceId) -> Result<Vec<Repo>, Error> {
    let rows = db
        .query(select("WHERE workspace_id = $1 AND removed_at IS NULL"))
        .bind(workspace)
        .all::<RepoRow>()
        .await?;
    let mut repos = rows.into_iter().map(RepoRow::repo).collect::<Result<Vec<_>, _>>()?;
    // The engines do not agree where a dash comes in the alphabet.
    repos.sort_by(|a, b| (&a.slug, a.id).cmp(&(&b.slug, b.id)));
    Ok(repos)
}

/// What a connected repository keeps others from being called.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Taken {
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) source: String,
}

const TAKEN: &str =
    "SELECT name, slug, source FROM repo_repository WHERE workspace_id = $1 AND removed_at IS NULL
    ORDER BY id";

/// The names and slugs that are taken, by age.
pub(crate) async fn taken(db: &Db, workspace: WorkspaceId) -> Result<Vec<Taken>, Error> {
    db.query(TAKEN).bind(workspace).all().await
}

/// The same as part of a transaction.
pub(crate) async fn taken_in(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Taken>, Error> {
    tx.query(TAKEN).bind(workspace).all().await
}

/// Which of these are connected, in any workspace: for whoever keeps house, and nothing but their ids.
pub(crate) async fn connected(db: &Db, repos: &[RepoId]) -> Result<Vec<RepoId>, Error> {
    let mut found = Vec::new();
    for chunk in repos.chunks(CHUNK) {
        let mut find = SqlBuilder::new("SELECT id FROM repo_repository WHERE removed_at IS NULL AND id IN (");
        find.bind_all(chunk.iter().copied()).push(") ORDER BY id");
        for (id,) in db.query(find).all::<(String,)>().await? {
            found.push(super::id(id)?);
        }
    }
    Ok(found)
}

/// Stores how a repository is analysed, if it still has that version and no other one has its source and branch;
/// [`Error::Changed`] otherwise.
pub(crate) async fn set(tx: &mut Tx, workspace: WorkspaceId, repo: &Repo) -> Result<(), Error> {
    tx.query(
        "UPDATE repo_repository SET branch = $4, secrets_in_history = $5, version = version + 1
         WHERE workspace_id = $1 AND id = $2 AND version = $3 AND removed_at IS NULL",
    )
    .bind(workspace)
    .bind(repo.id)
    .bind(repo.version)
    .bind(repo.branch.as_deref())
    .bind(repo.secrets_in_history)
    .swap()
    .await
}

/// Notes that a repository is now found elsewhere, unless another one has that source and its branch already.
pub(crate) async fn set_source(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: RepoId,
    source: &Source,
) -> Result<(), Error> {
    tx.query(
        "UPDATE repo_repository SET source = $3, version = version + 1
         WHERE workspace_id = $1 AND id = $2 AND removed_at IS NULL AND NOT EXISTS
             (SELECT 1 FROM repo_repository other
              WHERE other.workspace_id = $1 AND other.source = $3 AND other.removed_at IS NULL
                AND COALESCE(other.branch, '') = COALESCE(repo_repository.branch, ''))",
    )
    .bind(workspace)
    .bind(id)
    .bind(source.to_string())
    .execute()
    .await?;
    Ok(())
}

/// Takes a repository away; `false` when it was not there.
pub(crate) async fn remove(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: RepoId,
    now: Timestamp,
) -> Result<bool, Error> {
    let removed = tx
        .query(
            "UPDATE repo_repository SET removed_at = $3, version = version + 1
             WHERE workspace_id = $1 AND id = $2 AND removed_at IS NULL",
        )
        .bind(workspace)
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(removed == 1)
}

/// Deletes all that was found out about a repository.
pub(crate) async fn forget(tx: &mut Tx, workspace: WorkspaceId, id: RepoId) -> Result<(), Error> {
    for statement in [
        "DELETE FROM repo_report WHERE analysis_id IN
             (SELECT id FROM repo_analysis WHERE workspace_id = $1 AND repo_id = $2)",
        "DELETE FROM repo_suppressed WHERE suppression_id IN
             (SELECT id FROM repo_suppression WHERE workspace_id = $1 AND repo_id = $2)",
        "DELETE FROM repo_suppression WHERE workspace_id = $1 AND repo_id = $2",
        "DELETE FROM repo_baseline WHERE workspace_id = $1 AND repo_id = $2",
        "DELETE FROM repo_verdict WHERE workspace_id = $1 AND repo_id = $2",
        "DELETE FROM repo_finding WHERE workspace_id = $1 AND repo_id = $2",
        "DELETE FROM repo_insight WHERE workspace_id = $1 AND repo_id = $2",
        "DELETE FROM repo_analysis WHERE workspace_id = $1 AND repo_id = $2",
    ] {
        tx.query(statement).bind(workspace).bind(id).execute().await?;
    }
    Ok(())
}

/// Deletes the settings of a workspace, and what the rows of repositories that were taken away still tell of them.
pub(crate) async fn erase(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Error> {
    for statement in [
        "DELETE FROM repo_setting WHERE workspace_id = $1",
        "UPDATE repo_repository SET name = '', slug = '', source = '', branch = NULL
         WHERE workspace_id = $1 AND removed_at IS NOT NULL",
    ] {
        tx.query(statement).bind(workspace).execute().await?;
    }
    Ok(())
}
