//! GitLab: <https://docs.gitlab.com/api/rest/>.

use base::Timestamp;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::json;

use crate::access::Access;
use crate::model::{Account, Listing, NewHook, RemoteRepo, Visibility, instant, some};
use crate::{CodeHost, HostError};

/// Repositories of one page: the most that it gives.
const PAGE: &str = "100";

pub(crate) struct GitLab(pub(crate) Access);

#[derive(Deserialize)]
struct User {
    username: String,
    name: Option<String>,
    avatar_url: Option<String>,
}

#[derive(Deserialize)]
struct Token {
    scopes: Vec<String>,
}

#[derive(Deserialize)]
struct Project {
    id: u64,
    path_with_namespace: String,
    description: Option<String>,
    visibility: Option<String>,
    #[serde(default, deserialize_with = "instant")]
    last_activity_at: Option<Timestamp>,
    default_branch: Option<String>,
    #[serde(default)]
    archived: bool,
    statistics: Option<Statistics>,
}

#[derive(Deserialize)]
struct Statistics {
    repository_size: Option<u64>,
}

#[derive(Deserialize)]
struct Hook {
    id: u64,
}

impl From<Project> for RemoteRepo {
    fn from(project: Project) -> Self {
        let visibility = match project.visibility.as_deref() {
            Some("public") => Visibility::Public,
            Some("internal") => Visibility::Internal,
            // What is not said is not assumed to be open.
            _ => Visibility::Private,
        };
        Self {
            id: project.id.to_string(),
            path: project.path_with_namespace,
            description: some(project.description),
            visibility,
            language: None,
            pushed_at: project.last_activity_at,
            size_kib: project.statistics.and_then(|it| it.repository_size).map(|bytes| bytes.div_ceil(1024)),
            default_branch: some(project.default_branch),
            archived: project.archived,
        }
    }
}

impl CodeHost for GitLab {
    fn account(&self) -> BoxFuture<'_, Result<Account, HostError>> {
        Box::pin(async move {
            let user: User = self.0.get(&["user"], &[]).await?.json()?;
            // Only personal tokens can say what they may do; tokens of projects and groups cannot.
            let told = self.0.get(&["personal_access_tokens", "self"], &[]).await;
            let scopes = told.and_then(|answer| answer.json::<Token>()).ok().map(|token| token.scopes);
            Ok(Account { login: user.username, name: some(user.name), avatar: some(user.avatar_url), scopes })
        })
    }

    fn list(&self, page: u32) -> BoxFuture<'_, Result<Listing, HostError>> {
        Box::pin(async move {
            let number = page.to_string();
            let query = [
                ("membership", "true"),
                ("statistics", "true"),
                ("order_by", "last_activity_at"),
                ("per_page", PAGE),
                ("page", number.as_str()),
            ];
            let answer = self.0.get(&["projects"], &query).await?;
            let projects: Vec<Project> = answer.json()?;
            let next = answer.header("x-next-page").and_then(|next| next.parse().ok());
            let next = next.or_else(|| answer.goes_on().then(|| page.saturating_add(1)));
            Ok(Listing { repos: projects.into_iter().map(RemoteRepo::from).collect(), next })
        })
    }

    fn repo<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<RemoteRepo, HostError>> {
        // The whole path is one part of the address, its slashes escaped.
        Box::pin(async move { Ok(self.0.get(&["projects", path], &[]).await?.json::<Project>()?.into()) })
    }

    fn create_hook<'a>(
        &'a self,
        path: &'a str,
        hook: &'a NewHook,
    ) -> BoxFuture<'a, Result<String, HostError>> {
        Box::pin(async move {
            let body = json!({
                "url": hook.address,
                "token": hook.secret.expose(),
                "push_events": true,
                "enable_ssl_verification": true,
            });
            let made: Hook = self.0.post(&["projects", path, "hooks"], &body).await?.json()?;
            Ok(made.id.to_string())
        })
    }

    fn delete_hook<'a>(&'a self, path: &'a str, hook: &'a str) -> BoxFuture<'a, Result<(), HostError>> {
        Box::pin(async move { self.0.delete(&["projects", path, "hooks", hook]).await })
    }
}
