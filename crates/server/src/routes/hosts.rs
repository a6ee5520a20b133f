//! Code hosts: connected accounts, and choosing from their repositories.

use api::{ConnectHost, HostKind, ImportRepositories, ReconnectHost};
use axum::extract::State;
use axum::http::StatusCode;
use base::id::HostId;
use base::{Actor, Clock, Permission, Secret};
use hosts::{HostError, Kind, Visibility};
use identity::Identity;
use repos::model::{Host, HostOverview, HostState, LinkedRepo, Offered, RemoteState};
use repos::{OfferFilter, Repos, Wanted};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Caller, Json, Path, Permitted, Query, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::audit::{acts, note};
use crate::routes::repos::{repo_ref, repos_problem};
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(hosts, connect_host))
        .routes(routes!(disconnect_host))
        .routes(routes!(reconnect_host))
        .routes(routes!(check_host))
        .routes(routes!(offered_repositories))
        .routes(routes!(import_repositories))
}

/// Which connection.
#[derive(Debug, Deserialize)]
struct HostPath {
    id: HostId,
}

/// Which repositories of a host.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct OfferedQuery {
    /// Only those with this text in their path or description.
    q: Option<String>,
    /// Only those of this owner: the first part of the path.
    org: Option<String>,
    /// Where to go on: `next` of the page before.
    cursor: Option<String>,
}

/// The connected accounts on code hosts, the oldest first.
#[utoipa::path(
    get,
    path = "/hosts",
    tag = "hosts",
    responses((status = 200, description = "Connections", body = api::Listing<api::Host>))
)]
async fn hosts(
    State(repos): State<Repos>,
    State(clock): State<Clock>,
    reader: Permitted<may::RepoRead>,
) -> Result<Reply<api::Listing<api::Host>>, Problem> {
    let all = repos.hosts(reader.actor()).await.map_err(repos_problem)?;
    let actor = reader.actor();
    Ok(Reply(api::Listing {
        meta: api::Meta::live(clock.now()),
        total: all.len() as u64,
        items: all.into_iter().map(|host| host_to_api(&repos, host, actor)).collect(),
        next: None,
    }))
}

/// Connects an account by a token. The host is asked whose it is; the same account again gets the new token.
#[utoipa::path(
    post,
    path = "/hosts",
    tag = "hosts",
    request_body = api::ConnectHost,
    responses((status = 201, description = "Connected", body = api::Host))
)]
async fn connect_host(
    State(repos): State<Repos>,
    State(identity): State<Identity>,
    admin: Permitted<may::HostManage>,
    Caller(client): Caller,
    Json(body): Json<ConnectHost>,
) -> Result<(StatusCode, Json<api::Host>), Problem> {
    let (kind, token) = (kind_from_api(body.kind), Secret::new(body.token));
    let host = repos.connect_host(admin.actor(), kind, body.address.as_deref(), &token).await;
    let host = one(&repos, &admin, host.map_err(repos_problem)?).await?;
    note(&identity, admin.actor(), &client, acts::HOST_CONNECTED, &host.login).await?;
    Ok((StatusCode::CREATED, Json(host)))
}

/// Gives a connection another token of the same account.
#[utoipa::path(
    put,
    path = "/hosts/{id}/token",
    tag = "hosts",
    request_body = api::ReconnectHost,
    responses((status = 200, description = "Connected again", body = api::Host))
)]
async fn reconnect_host(
    State(repos): State<Repos>,
    State(identity): State<Identity>,
    admin: Permitted<may::HostManage>,
    Caller(client): Caller,
    Path(path): Path<HostPath>,
    Json(body): Json<ReconnectHost>,
) -> Result<Json<api::Host>, Problem> {
    let host = repos.reconnect_host(admin.actor(), path.id, &Secret::new(body.token)).await;
    let host = one(&repos, &admin, host.map_err(repos_problem)?).await?;
    note(&identity, admin.actor(), &client, acts::HOST_RECONNECTED, &host.login).await?;
    Ok(Json(host))
}

/// Asks a host whether its token still works.
#[utoipa::path(
    post,
    path = "/hosts/{id}/check",
    tag = "hosts",
    responses((status = 200, description = "The connection as it is now", body = api::Host))
)]
async fn check_host(
    State(repos): State<Repos>,
    admin: Permitted<may::HostManage>,
    Path(path): Path<HostPath>,
) -> Result<Json<api::Host>, Problem> {
    let host = repos.check_host(admin.actor(), path.id).await.map_err(repos_problem)?;
    Ok(Json(one(&repos, &admin, host).await?))
}

/// Disconnects an account. Its repositories stay, with what is known of them; its hooks are taken away at the host where it
/// still takes the token, and then its token is deleted.
#[utoipa::path(
    delete,
    path = "/hosts/{id}",
    tag = "hosts",
    responses((status = 204, description = "Disconnected"))
)]
async fn disconnect_host(
    State(repos): State<Repos>,
    State(identity): State<Identity>,
    admin: Permitted<may::HostManage>,
    Caller(client): Caller,
    Path(path): Path<HostPath>,
) -> Result<StatusCode, Problem> {
    let all = repos.hosts(admin.actor()).await.map_err(repos_problem)?;
    let account = all.into_iter().find(|one| one.host.id == path.id).map(|one| one.host.login);
    repos.disconnect_host(admin.actor(), path.id).await.map_err(repos_problem)?;
    note(&identity, admin.actor(), &client, acts::HOST_DISCONNECTED, &account.unwrap_or_default()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The repositories that a host offers to the connected account, those with the newest push first.
#[utoipa::path(
    get,
    path = "/hosts/{id}/repos",
    tag = "hosts",
    params(OfferedQuery),
    responses((status = 200, description = "Repositories", body = api::OfferedRepositories))
)]
async fn offered_repositories(
    State(repos): State<Repos>,
    State(clock): State<Clock>,
    member: Permitted<may::RepoConnect>,
    Path(path): Path<HostPath>,
    Query(query): Query<OfferedQuery>,
) -> Result<Reply<api::OfferedRepositories>, Problem> {
    let page = query.cursor.map(|cursor| cursor.parse()).transpose();
    let page = page.map_err(|_| Problem::malformed("`cursor` is not the `next` of a page of this list."))?;
    let filter = OfferFilter { text: query.q, org: query.org, page };
    let found = repos.offered(member.actor(), path.id, &filter).await;
    let found = found.map_err(|error| offered_problem(error, &clock))?;
    Ok(Reply(api::OfferedRepositories {
        meta: api::Meta::live(clock.now()),
        items: found.items.into_iter().map(offered_to_api).collect(),
        next: found.next.map(|page| page.to_string()),
    }))
}

/// Takes repositories over from a host and starts the analysis of each. What is connected already stays as it is, so that
/// the same request again does no harm.
#[utoipa::path(
    post,
    path = "/hosts/{id}/import",
    tag = "hosts",
    request_body = api::ImportRepositories,
    responses((status = 200, description = "Taken over", body = api::ImportedRepositories))
)]
async fn import_repositories(
    State(repos): State<Repos>,
    State(identity): State<Identity>,
    member: Permitted<may::RepoConnect>,
    Caller(client): Caller,
    Path(path): Path<HostPath>,
    Json(body): Json<ImportRepositories>,
) -> Result<Json<api::ImportedRepositories>, Problem> {
    let wanted: Vec<Wanted> =
        body.repositories.into_iter().map(|one| Wanted { path: one.path, branch: one.branch }).collect();
    let imported = repos.import(member.actor(), path.id, &wanted).await.map_err(repos_problem)?;
    for connected in imported.iter().filter(|connected| connected.fresh) {
        note(&identity, member.actor(), &client, acts::REPO_CONNECTED, &connected.repo.name).await?;
    }
    let items = wanted.into_iter().zip(imported).map(|(wanted, connected)| api::ImportedRepository {
        path: wanted.path,
        repo: repo_ref(&connected.repo),
        fresh: connected.fresh,
    });
    Ok(Json(api::ImportedRepositories { items: items.collect() }))
}

/// A connection as the list shows it.
async fn one(repos: &Repos, admin: &Permitted<may::HostManage>, host: Host) -> Result<api::Host, Problem> {
    let all = repos.hosts(admin.actor()).await.map_err(repos_problem)?;
    let linked = all.into_iter().find(|one| one.host.id == host.id).map(|one| one.repos).unwrap_or_default();
    Ok(host_to_api(repos, HostOverview { host, repos: linked }, admin.actor()))
}

fn kind_from_api(kind: HostKind) -> Kind {
    match kind {
        HostKind::Github => Kind::GitHub,
        HostKind::Gitlab => Kind::GitLab,
        HostKind::Gitea => Kind::Gitea,
    }
}

fn host_to_api(repos: &Repos, overview: HostOverview, actor: &Actor) -> api::Host {
    let HostOverview { host, repos: linked } = overview;
    api::Host {
        id: host.id,
        kind: match host.endpoint.kind() {
            Kind::GitHub => HostKind::Github,
            Kind::GitLab => HostKind::Gitlab,
            Kind::Gitea => HostKind::Gitea,
        },
        address: host.endpoint.address().to_owned(),
        login: host.login,
        name: host.name,
        scopes: host.scopes,
        state: match host.state {
            HostState::Working => api::HostState::Working,
            HostState::TokenRefused => api::HostState::TokenRefused,
            HostState::Forbidden => api::HostState::Forbidden,
            HostState::Unreachable => api::HostState::Unreachable,
        },
        detail: host.detail,
        checked_at: host.checked_at.into(),
        created_at: host.created_at.into(),
        repositories: linked.into_iter().map(linked_to_api).collect(),
        hooks: repos.takes_hooks(),
        can: api::HostCan {
            manage: actor.may(Permission::HostManage),
            import: actor.may(Permission::RepoConnect),
        },
    }
}

fn linked_to_api(linked: LinkedRepo) -> api::HostRepository {
    let LinkedRepo { repo, remote } = linked;
    api::HostRepository {
        repo: repo_ref(&repo),
        path: remote.path,
        state: match remote.state {
            RemoteState::There => api::HostRepositoryState::There,
            RemoteState::Renamed => api::HostRepositoryState::Renamed,
            RemoteState::Gone => api::HostRepositoryState::Gone,
            RemoteState::Hidden => api::HostRepositoryState::Hidden,
        },
        state_at: remote.state_at.into(),
        hook: remote.hook.is_some(),
        hook_detail: remote.hook_detail,
    }
}

fn offered_to_api(offered: Offered) -> api::OfferedRepository {
    let Offered { repo, connected } = offered;
    api::OfferedRepository {
        path: repo.path,
        description: repo.description,
        visibility: match repo.visibility {
            Visibility::Public => api::RepositoryVisibility::Public,
            Visibility::Internal => api::RepositoryVisibility::Internal,
            Visibility::Private => api::RepositoryVisibility::Private,
        },
        language: repo.language,
        pushed_at: repo.pushed_at.map(Into::into),
        bytes: repo.size_kib.map(|kib| kib.saturating_mul(1024)),
        default_branch: repo.default_branch,
        archived: repo.archived,
        connected: connected.as_ref().map(repo_ref),
    }
}

/// A limit on questions is told with the time when it ends.
fn offered_problem(error: repos::RepoError, clock: &Clock) -> Problem {
    match error {
        repos::RepoError::Host(HostError::RateLimited { until: Some(until) }) => {
            let wait = until.since(clock.now()).as_secs().saturating_add(1);
            host_problem(HostError::RateLimited { until: None })
                .retry_after(u32::try_from(wait).unwrap_or(u32::MAX))
        }
        other => repos_problem(other),
    }
}

/// Why a host gave no answer that can be used.
pub(super) fn host_problem(error: HostError) -> Problem {
    let new = |status, code: &'static str, title, detail: String| Problem::new(status, code, title, detail);
    match error {
        HostError::TokenRefused => new(
            StatusCode::CONFLICT,
            "host_token_refused",
            "The host refuses the token",
            "The host no longer accepts the token: it has expired or was revoked. Connect the host again under Integrations.".into(),
        ),
        HostError::Forbidden(why) => new(
            StatusCode::CONFLICT,
            "host_forbidden",
            "The host does not allow it",
            format!("The host does not allow this with the connected token: {why}. Connect it with a token that may."),
        ),
        HostError::Declined(why) => new(
            StatusCode::CONFLICT,
            "host_declined",
            "The host declined",
            format!(
                "The host understood what was asked and declined it: {why}. Nothing was changed here; mend what it names on \
                 the host, then ask again."
            ),
        ),
        HostError::NotFound => Problem::not_found(),
        HostError::RateLimited { .. } => new(
            StatusCode::SERVICE_UNAVAILABLE,
            "host_rate_limited",
            "The host wants a pause",
            "The host answers no more questions for now. What was read stays; it goes on after the pause.".into(),
        ),
        HostError::Refused(detail) => {
            new(StatusCode::UNPROCESSABLE_ENTITY, "url_refused", "This source cannot be used", detail)
        }
        HostError::Unavailable { detail, after } => {
            let seconds = after.map_or(5, |after| u32::try_from(after.as_secs()).unwrap_or(u32::MAX).max(1));
            new(
                StatusCode::BAD_GATEWAY,
                "host_unavailable",
                "The host does not answer",
                format!("The host could not be asked: {detail}. Try again in a moment."),
            )
            .retry_after(seconds)
        }
        HostError::Malformed => new(
            StatusCode::BAD_GATEWAY,
            "host_malformed",
            "The host answers strangely",
            "The host answered with something that is not of its interface. Check its kind and address.".into(),
        ),
    }
}
