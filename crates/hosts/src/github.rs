//! GitHub: <https://docs.github.com/en/rest>, and webhooks as described there.

use base::Timestamp;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::json;

use crate::access::{Access, below};
use crate::model::{Account, Listing, NewHook, RemoteRepo, Visibility, instant, some};
use crate::{CodeHost, HostError};

/// Repositories of one page: the most that it gives.
const PAGE: &str = "100";

pub(crate) struct GitHub(pub(crate) Access);

#[derive(Deserialize)]
struct User {
    login: String,
    name: Option<String>,
    avatar_url: Option<String>,
}

#[derive(Deserialize)]
struct Repo {
    id: u64,
    full_name: String,
    description: Option<String>,
    private: bool,
    visibility: Option<String>,
    language: Option<String>,
    #[serde(default, deserialize_with = "instant")]
    pushed_at: Option<Timestamp>,
    size: Option<u64>,
    default_branch: Option<String>,
    #[serde(default)]
    archived: bool,
}

#[derive(Deserialize)]
struct Hook {
    id: u64,
}

impl From<Repo> for RemoteRepo {
    fn from(repo: Repo) -> Self {
        let visibility = match (repo.visibility.as_deref(), repo.private) {
            (Some("internal"), _) => Visibility::Internal,
            (_, true) => Visibility::Private,
            (_, false) => Visibility::Public,
        };
        Self {
            id: repo.id.to_string(),
            path: repo.full_name,
            description: some(repo.description),
            visibility,
            language: some(repo.language),
            pushed_at: repo.pushed_at,
            size_kib: repo.size,
            default_branch: some(repo.default_branch),
            archived: repo.archived,
        }
    }
}

impl CodeHost for GitHub {
    fn account(&self) -> BoxFuture<'_, Result<Account, HostError>> {
        Box::pin(async move {
            let answer = self.0.get(&["user"], &[]).await?;
            let user: User = answer.json()?;
            // Tokens of the finer kind have no scopes, and GitHub says nothing of what they may do.
            let scopes = answer.header("x-oauth-scopes").map(|line| {
                line.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
            });
            Ok(Account { login: user.login, name: some(user.name), avatar: some(user.avatar_url), scopes })
        })
    }

    fn list(&self, page: u32) -> BoxFuture<'_, Result<Listing, HostError>> {
        Box::pin(async move {
            let number = page.to_string();
            let query =
                [("sort", "pushed"), ("direction", "desc"), ("per_page", PAGE), ("page", number.as_str())];
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
                "name": "web",
                "active": true,
                "events": ["push", "repository"],
                "config": {
                    "url": hook.address,
                    "content_type": "json",
                    "insecure_ssl": "0",
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
