//! Who is signed in; signing in with a one-time link, and out.

use api::RedeemLink;
use axum::extract::State;
use axum::response::Response;
use base::{Actor, Clock, Permission};
use identity::{Identity, Membership, RedeemError, SignOut, Token};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::config::Config;
use crate::extract::{Caller, Json, Query, SignedIn};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::auth::hand_over::hand_over;
use crate::routes::auth::{grant_problem, signed_out};
use crate::routes::roles::role_to_api;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(redeem_link, session, end_session))
}

/// Exchanges a one-time link for a session.
#[utoipa::path(
    post,
    path = "/session",
    tag = "session",
    request_body = api::RedeemLink,
    responses((status = 201, description = "Signed in; the cookies are set, or the tokens are in the answer", body = api::Session))
)]
async fn redeem_link(
    State(app): State<AppState>,
    Caller(client): Caller,
    Json(body): Json<RedeemLink>,
) -> Result<Response, Problem> {
    let link = Token::parse(&body.token).ok_or_else(link_refused)?;
    let granted = app.identity.redeem_link(&link, &client).await.map_err(redeem_problem)?;
    hand_over(&app, granted, body.hand_over).await
}

/// Which workspace.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SessionQuery {
    /// The name in addresses of the workspace to act in; without it, the first of the person's.
    workspace: Option<String>,
}

/// Who is signed in, and what they may do in a workspace.
#[utoipa::path(
    get,
    path = "/session",
    tag = "session",
    params(SessionQuery),
    responses((status = 200, description = "The session", body = api::Answer<api::Session>))
)]
async fn session(
    State(app): State<AppState>,
    State(identity): State<Identity>,
    State(clock): State<Clock>,
    SignedIn(session): SignedIn,
    Query(query): Query<SessionQuery>,
) -> Result<Reply<api::Answer<api::Session>>, Problem> {
    let mut memberships = identity.memberships(session.user.id).await?;
    if let Some(wanted) = &query.workspace {
        memberships.retain(|one| one.workspace.slug == *wanted);
        if memberships.is_empty() {
            return Err(Problem::not_found());
        }
    }
    let data = session_to_api(session, memberships, &app.config)?;
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Signs out.
#[utoipa::path(
    delete,
    path = "/session",
    tag = "session",
    responses((status = 204, description = "Signed out"))
)]
async fn end_session(
    State(app): State<AppState>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
) -> Result<Response, Problem> {
    app.identity.sign_out(&session, SignOut::This, &client).await?;
    signed_out(&app.config, axum::http::StatusCode::NO_CONTENT)
}

pub(crate) fn redeem_problem(error: RedeemError) -> Problem {
    match error {
        RedeemError::Invalid => link_refused(),
        RedeemError::TooMany(wait) => Problem::too_many(wait),
        RedeemError::Grant(error) => grant_problem(error),
    }
}

pub(crate) fn link_refused() -> Problem {
    let detail =
        "This link was used or has expired. Restart the server, or run `devmentor link`, for a fresh one.";
    Problem::new(axum::http::StatusCode::UNAUTHORIZED, "link_refused", "Link does not work", detail)
}

/// A person without a workspace may do nothing here: they count as signed out.
pub(crate) fn session_to_api(
    session: identity::Session,
    memberships: Vec<Membership>,
    config: &Config,
) -> Result<api::Session, Problem> {
    let membership = memberships.into_iter().next().ok_or_else(Problem::signed_out)?;
    Ok(api::Session {
        can: can(
            &Actor::new(session.user.id, membership.workspace.id, membership.role),
            session.user.operator,
            config,
        ),
        user: person_to_api(session.user),
        role: role_to_api(membership.role),
        workspace: workspace_to_api(membership.workspace),
        expires_at: session.expires_at.into(),
        token: None,
        access_expires_at: None,
        refresh_token: None,
    })
}

pub(crate) fn person_to_api(user: identity::User) -> api::Person {
    let avatar = user.avatar.map(|tag| format!("/api/v1/people/{}/avatar?v={tag}", user.id));
    api::Person { id: user.id, handle: user.handle, name: user.name, avatar }
}

pub(crate) fn workspace_to_api(workspace: identity::Workspace) -> api::Workspace {
    api::Workspace { id: workspace.id, slug: workspace.slug, name: workspace.name }
}

fn can(actor: &Actor, operator: bool, config: &Config) -> api::SessionCan {
    let connects = actor.may(Permission::RepoConnect);
    api::SessionCan {
        connect_repo: connects,
        analyze: actor.may(Permission::RepoAnalyze),
        triage: actor.may(Permission::FindingTriage),
        write_tasks: actor.may(Permission::TaskWrite),
        manage_advisories: actor.may(Permission::WorkspaceManage),
        browse_local_paths: connects && !config.allowed_roots.is_empty(),
        manage_members: actor.may(Permission::MembersManage),
        manage_workspace: actor.may(Permission::WorkspaceManage),
        delete_workspace: actor.may(Permission::WorkspaceDelete),
        create_tokens: actor.may(Permission::TokenOwn),
        read_audit: actor.may(Permission::AuditRead),
        operate: operator,
    }
}
