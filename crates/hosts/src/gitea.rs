//! Gitea and Forgejo: <https://docs.gitea.com/api/next/>.

use base::Timestamp;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::json;

use crate::access::{Access, below};
use crate::model::{Account, Listing, NewHook, RemoteRepo, Visibility, instant, some};
use crate::{CodeHost, HostError};

/// Repositories of one page: the most that it gives unless its operator changed that.
const PAGE: &str = "50";

pub(crate) struct Gitea(pub(crate) Access);

#[derive(Deserialize)]
struct User {
    login: String,
    full_name: Option<String>,
    avatar_url: Option<String>,
}

#[derive(Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a member of the answer")]
struct Repo {
    id: u64,
    full_name: String,
    description: Option<String>,
    private: bool,
    #[serde(default)]
    internal: bool,
    language: Option<String>,
    #[serde(default, deserialize_with = "instant")]
    updated_at: Option<Timestamp>,
    size: Option<u64>,
    default_branch: Option<String>,
    #[serde(default)]
    archived: bool,
    #[serde(default)]
    empty: bool,
}

#[derive(Deserialize)]
struct Hook {
    id: u64,
}

impl From<Repo> for RemoteRepo {
    fn from(repo: Repo) -> Self {
        let visibility = match (repo.private, repo.internal) {
            (true, _) => Visibility::Private,
            (false, true) => Visibility::Internal,
            (false, false) => Visibility::Public,
        };
        Self {
            id: repo.id.to_string(),
            path: repo.full_name,
            description: some(repo.description),
            visibility,
            language: some(repo.language),
            pushed_at: repo.updated_at,
            size_kib: repo.size,
            default_branch: some(repo.default_branch).filter(|_| !repo.empty),
            archived: repo.archived,
        }
    }
}

impl CodeHost for Gitea {
    fn account(&self) -> BoxFuture<'_, Result<Account, HostError>> {
        Box::pin(async move {
            let user: User = self.0.get(&["user"], &[]).await?.json()?;
            let (name, avatar) = (some(user.full_name), some(user.avatar_url));
            Ok(Account { login: user.login, name, avatar, scopes: None })
        })
    }

    fn list(&self, page: u32) -> BoxFuture<'_, Result<Listing, HostError>> {
        Box::pin(async move {
            let number = page.to_string();
            let query = [("limit", PAGE), ("page", number.as_str())];
            let answer = self.0.get(&["user", "repos"], &query).await?;
            let repos: Vec<Repo> = answer.json()?;
            let next = answer.goes_on().then(|| page.saturating_add(1));
            Ok(Listing { repos: repos.into_iter().map(RemoteRepo::from).collect(), next })
        })
    }

    fn repo<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<RemoteRepo, HostError>> {
        Box::pin(async move { Ok(self.0.get(&below(path, &[]), &[]).await?.json::<Repo>()?.into()) })
    }

    fn create_hook<'a>(
        &'a self,
        path: &'a str,
        hook: &'a NewHook,
    ) -> BoxFuture<'a, Result<String, HostError>> {
        Box::pin(async move {
            let body = json!({
                "type": "gitea",
                "active": true,
                "events": ["push", "repository"],
                "config": {
                    "url": hook.address,
                    "content_type": "json",
                    "secret": hook.secret.expose(),
                },
            });
            let made: Hook = self.0.post(&below(path, &["hooks"]), &body).await?.json()?;
            Ok(made.id.to_string())
        })
    }

    fn delete_hook<'a>(&'a self, path: &'a str, hook: &'a str) -> BoxFuture<'a, Result<(), HostError>> {
        Box::pin(async move { self.0.delete(&below(path, &["hooks", hook])).await })
    }
}
