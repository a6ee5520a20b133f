//! The SQL of models; that of the books is in [`books`].

pub(crate) mod books;

use base::Timestamp;
use base::id::{ProviderId, UserId, WorkspaceId};
use llm::Limit;
use secrets::{KeyId, Sealed};
use storage::{Db, Error, SqlBuilder, Tx};

use crate::model::{Allowance, Kind, Provider, Route, Settings, State, address};

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

const PROVIDERS: &str = "SELECT id, kind, name, address, api_key, enabled, state, detail, checked_at, created_at, \
                         created_by, version FROM model_provider ";

#[derive(sqlx::FromRow)]
struct ProviderRow {
    #[sqlx(try_from = "String")]
    id: ProviderId,
    kind: String,
    name: String,
    address: String,
    api_key: Option<Vec<u8>>,
    enabled: bool,
    state: String,
    detail: Option<String>,
    checked_at: Option<i64>,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    #[sqlx(try_from = "String")]
    created_by: UserId,
    version: i64,
}

/// A provider with its key as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) provider: Provider,
    pub(crate) key: Option<Sealed>,
}

impl ProviderRow {
    fn held(self) -> Result<Held, Error> {
        let unknown = |what: &str, word: &str| Error::corrupt(format_args!("the {what} `{word}`"));
        let provider = Provider {
            id: self.id,
            kind: Kind::parse(&self.kind).ok_or_else(|| unknown("kind of provider", &self.kind))?,
            name: self.name,
            address: address(&self.address).map_err(Error::corrupt)?,
            has_key: self.api_key.is_some(),
            enabled: self.enabled,
            state: State::parse(&self.state).ok_or_else(|| unknown("state", &self.state))?,
            detail: self.detail,
            checked_at: self.checked_at.map(Timestamp::from_micros),
            created_at: self.created_at,
            created_by: self.created_by,
            version: self.version,
        };
        Ok(Held { provider, key: self.api_key.map(Into::into) })
    }
}

/// The providers of a workspace, the oldest first.
pub(crate) async fn providers(db: &Db, workspace: WorkspaceId) -> Result<Vec<Held>, Error> {
    let mut find = SqlBuilder::new(PROVIDERS);
    find.push("WHERE workspace_id = ").bind(workspace).push(" ORDER BY id");
    db.query(find).all::<ProviderRow>().await?.into_iter().map(ProviderRow::held).collect()
}

pub(crate) async fn provider(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ProviderId,
) -> Result<Option<Held>, Error> {
    let mut find = SqlBuilder::new(PROVIDERS);
    find.push("WHERE workspace_id = ").bind(workspace).push(" AND id = ").bind(id);
    tx.query(find).optional::<ProviderRow>().await?.map(ProviderRow::held).transpose()
}

fn key_name(sealed: &Sealed) -> String {
    sealed.key().map(|key| key.to_string()).unwrap_or_default()
}

/// Keeps a provider; `false` when the name is taken.
pub(crate) async fn insert(tx: &mut Tx, workspace: WorkspaceId, held: &Held) -> Result<bool, Error> {
    let Held { provider, key } = held;
    let added = tx
        .query(
            "INSERT INTO model_provider (id, workspace_id, kind, name, address, api_key, sealed_key, enabled, state,
                 created_at, created_by, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
        )
        .bind(provider.id)
        .bind(workspace)
        .bind(provider.kind.as_str())
        .bind(provider.name.as_str())
        .bind(provider.address.as_str())
        .bind(key.as_ref().map(Sealed::as_bytes))
        .bind(key.as_ref().map(key_name))
        .bind(provider.enabled)
        .bind(provider.state.as_str())
        .bind(provider.created_at)
        .bind(provider.created_by)
        .bind(provider.version)
        .execute()
        .await?;
    Ok(added == 1)
}

/// Whether another provider of the workspace has that name.
pub(crate) async fn name_taken(
    tx: &mut Tx,
    workspace: WorkspaceId,
    name: &str,
    but: ProviderId,
) -> Result<bool, Error> {
    let found = tx
        .query("SELECT id FROM model_provider WHERE workspace_id = $1 AND name = $2 AND id <> $3")
        .bind(workspace)
        .bind(name)
        .bind(but)
        .optional::<(String,)>()
        .await?;
    Ok(found.is_some())
}

/// Stores the provider if it is still at `version`; [`Error::Changed`] otherwise. Its key stays as it is: what it is sealed
/// under may be changed at the same moment.
pub(crate) async fn replace(
    tx: &mut Tx,
    workspace: WorkspaceId,
    provider: &Provider,
    version: i64,
) -> Result<(), Error> {
    tx.query(
        "UPDATE model_provider SET name = $4, address = $5, enabled = $6, state = $7, detail = $8, checked_at = $9,
             version = $10
         WHERE workspace_id = $1 AND id = $2 AND version = $3",
    )
    .bind(workspace)
    .bind(provider.id)
    .bind(version)
    .bind(provider.name.as_str())
    .bind(provider.address.as_str())
    .bind(provider.enabled)
    .bind(provider.state.as_str())
    .bind(provider.detail.as_deref())
    .bind(provider.checked_at)
    .bind(provider.version)
    .swap()
    .await
}

/// Gives a provider another key, or none.
pub(crate) async fn set_key(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ProviderId,
    key: Option<&Sealed>,
) -> Result<(), Error> {
    tx.query("UPDATE model_provider SET api_key = $3, sealed_key = $4 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(id)
        .bind(key.map(Sealed::as_bytes))
        .bind(key.map(key_name))
        .execute()
        .await?;
    Ok(())
}

/// Notes what a check found, if the provider is still what was checked. That is no change of it.
pub(crate) async fn note_check(
    tx: &mut Tx,
    workspace: WorkspaceId,
    provider: &Provider,
) -> Result<(), Error> {
    tx.query(
        "UPDATE model_provider SET state = $4, detail = $5, checked_at = $6
         WHERE workspace_id = $1 AND id = $2 AND version = $3",
    )
    .bind(workspace)
    .bind(provider.id)
    .bind(provider.version)
    .bind(provider.state.as_str())
    .bind(provider.detail.as_deref())
    .bind(provider.checked_at)
    .execute()
    .await?;
    Ok(())
}

pub(crate) async fn delete(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ProviderId,
    version: i64,
) -> Result<(), Error> {
    tx.query("DELETE FROM model_provider WHERE workspace_id = $1 AND id = $2 AND version = $3")
        .bind(workspace)
        .bind(id)
        .bind(version)
        .swap()
        .await
}

#[derive(sqlx::FromRow)]
struct SettingsRow {
    routes: String,
    nobody: bool,
    workspace_tokens: Option<i64>,
    workspace_micros: Option<i64>,
    person_tokens: Option<i64>,
    person_micros: Option<i64>,
    version: i64,
}

impl SettingsRow {
    fn settings(self) -> Result<Settings, Error> {
        let number = |value: Option<i64>| value.map(count);
        let routes: Vec<Route> = serde_json::from_str(&self.routes).map_err(Error::corrupt)?;
        Ok(Settings {
            routes: (self.nobody || !routes.is_empty()).then_some(routes),
            allowance: Allowance {
                workspace: Limit {
                    tokens: number(self.workspace_tokens),
                    micros: number(self.workspace_micros),
                },
                person: Limit { tokens: number(self.person_tokens), micros: number(self.person_micros) },
            },
            version: self.version,
        })
    }
}

const SETTINGS: &str = "SELECT routes, nobody, workspace_tokens, workspace_micros, person_tokens, person_micros, \
                        version FROM model_settings WHERE workspace_id = $1";

/// What the workspace decided; nothing before it did.
pub(crate) async fn settings(db: &Db, workspace: WorkspaceId) -> Result<Settings, Error> {
    let row = db.query(SETTINGS).bind(workspace).optional::<SettingsRow>().await?;
    row.map_or_else(|| Ok(Settings::default()), SettingsRow::settings)
}

pub(crate) async fn settings_in(tx: &mut Tx, workspace: WorkspaceId) -> Result<Settings, Error> {
    let row = tx.query(SETTINGS).bind(workspace).optional::<SettingsRow>().await?;
    row.map_or_else(|| Ok(Settings::default()), SettingsRow::settings)
}

/// Stores what the workspace decided, if that is still at `version`; [`Error::Changed`] otherwise.
pub(crate) async fn decide(
    tx: &mut Tx,
    workspace: WorkspaceId,
    settings: &Settings,
    version: i64,
) -> Result<(), Error> {
    let number = |value: Option<u64>| value.map(number);
    let Allowance { workspace: all, person } = settings.allowance;
    // The first decision makes the row at version 0, so that two first ones cannot both win.
    tx.query("INSERT INTO model_settings (workspace_id, routes, version) VALUES ($1, '[]', 0) ON CONFLICT DO NOTHING")
        .bind(workspace)
        .execute()
        .await?;
    tx.query(
        "UPDATE model_settings SET routes = $3, workspace_tokens = $4, workspace_micros = $5, person_tokens = $6,
             person_micros = $7, version = $8, nobody = $9
         WHERE workspace_id = $1 AND version = $2",
    )
    .bind(workspace)
    .bind(version)
    .bind(serde_json::to_string(settings.routes.as_deref().unwrap_or_default()).map_err(Error::corrupt)?)
    .bind(number(all.tokens))
    .bind(number(all.micros))
    .bind(number(person.tokens))
    .bind(number(person.micros))
    .bind(settings.version)
    .bind(settings.routes.as_ref().is_some_and(Vec::is_empty))
    .swap()
    .await
}

/// Deletes everything of a workspace.
pub(crate) async fn erase(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Error> {
    tx.query("DELETE FROM model_provider WHERE workspace_id = $1").bind(workspace).execute().await?;
    tx.query("DELETE FROM model_settings WHERE workspace_id = $1").bind(workspace).execute().await?;
    tx.query("DELETE FROM model_spend WHERE workspace_id = $1").bind(workspace).execute().await?;
    Ok(())
}

/// A key as it is kept, and where.
pub(crate) struct Kept {
    pub(crate) workspace: WorkspaceId,
    pub(crate) id: ProviderId,
    pub(crate) key: Sealed,
}

/// Keys that are sealed under another one than `current`, in the order of ids.
pub(crate) async fn sealed_otherwise(
    db: &Db,
    current: KeyId,
    after: Option<ProviderId>,
    limit: u32,
) -> Result<Vec<Kept>, Error> {
    let rows = db
        .query(
            "SELECT workspace_id, id, api_key FROM model_provider
             WHERE sealed_key IS NOT NULL AND api_key IS NOT NULL AND sealed_key <> $1 AND id > $2 ORDER BY id LIMIT $3",
        )
        .bind(current.to_string())
        .bind(after.map(|id| id.to_string()).unwrap_or_default())
        .bind(limit)
        .all::<(String, String, Vec<u8>)>()
        .await?;
    rows.into_iter()
        .map(|(workspace, id, key)| {
            Ok(Kept {
                workspace: workspace.parse().map_err(Error::corrupt)?,
                id: id.parse().map_err(Error::corrupt)?,
                key: key.into(),
            })
        })
        .collect()
}

/// Puts `new` in the place of a key, if that is still what it was.
pub(crate) async fn reseal(tx: &mut Tx, old: &Kept, new: &Sealed) -> Result<bool, Error> {
    let done = tx
        .query(
            "UPDATE model_provider SET api_key = $4, sealed_key = $5
             WHERE workspace_id = $1 AND id = $2 AND api_key = $3",
        )
        .bind(old.workspace)
        .bind(old.id)
        .bind(old.key.as_bytes())
        .bind(new.as_bytes())
        .bind(key_name(new))
        .execute()
        .await?;
    Ok(done == 1)
}

/// The names of the keys that something is sealed under.
pub(crate) async fn keys_in_use(db: &Db) -> Result<Vec<String>, Error> {
    let rows = db
        .query(
            "SELECT DISTINCT sealed_key FROM model_provider WHERE sealed_key IS NOT NULL ORDER BY sealed_key",
        )
        .all::<(String,)>()
        .await?;
    Ok(rows.into_iter().map(|(key,)| key).collect())
}

#[cfg(test)]
mod tests {
    use base::{Clock, Ids};
    use storage::testing::each_engine;

    use super::*;

    #[tokio::test]
    async fn another_name_does_not_bring_back_the_key_that_was_sealed_anew_meanwhile() {
        each_engine(|test| async move {
            let db = test.open().await;
            let ids = Ids::random(Clock::system());
            let (workspace, now) = (ids.new_id(), Timestamp::from_seconds(1));
            let provider = Provider {
                id: ids.new_id(),
                kind: Kind::OpenAi,
                name: "house".into(),
                address: address("https://x.example/").unwrap(),
                has_key: true,
                enabled: true,
                state: State::Untested,
                detail: None,
                checked_at: None,
                created_at: now,
                created_by: ids.new_id(),
                version: 1,
            };
            let sealed = |text: &str| Sealed::from(text.as_bytes().to_vec());
            let mut tx = db.begin().await.unwrap();
            let held = Held { provider, key: Some(sealed("old")) };
            assert!(insert(&mut tx, workspace, &held).await.unwrap());
            tx.commit().await.unwrap();

            let mut tx = db.begin().await.unwrap();
            let read = super::provider(&mut tx, workspace, held.provider.id).await.unwrap().unwrap();
            let old = Kept { workspace, id: held.provider.id, key: sealed("old") };
            assert!(reseal(&mut tx, &old, &sealed("new")).await.unwrap());
            let renamed = Provider { name: "home".into(), version: 2, ..read.provider };
            replace(&mut tx, workspace, &renamed, 1).await.unwrap();
            let kept = super::provider(&mut tx, workspace, held.provider.id).await.unwrap().unwrap();
            assert_eq!((kept.provider.name.as_str(), kept.key.unwrap().as_bytes()), ("home", &b"new"[..]));
            set_key(&mut tx, workspace, held.provider.id, None).await.unwrap();
            let kept = super::provider(&mut tx, workspace, held.provider.id).await.unwrap().unwrap();
            assert!(kept.key.is_none() && !kept.provider.has_key);
            tx.commit().await.unwrap();
        })
        .await;
    }
}
