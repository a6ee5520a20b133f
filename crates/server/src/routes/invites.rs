//! Invitations to a workspace: sending them, and following one.

use api::{InviteLink, SendInvite};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::id::InviteId;
use base::{Clock, Timestamp};
use identity::invites::{Invite, InviteError, Sent};
use identity::{Identity, Token};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Caller, Json, Path, Permitted, SignedIn, may};
use crate::layers::idempotency::ShownOnce;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::roles::{role_from, role_to_api};
use crate::routes::session::workspace_to_api;
use crate::routes::workspaces::membership_to_api;
use crate::state::AppState;

/// What holders of a link reach.
pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(check_invite)).routes(routes!(accept_invite))
}

/// What is in a workspace.
pub(crate) fn inside() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(invites, send_invite))
        .routes(routes!(revoke_invite))
        .routes(routes!(resend_invite))
}

/// Which invitation.
#[derive(serde::Deserialize)]
struct InvitePath {
    id: InviteId,
}

/// The invitations that wait, and those that ran out, the newest first.
#[utoipa::path(
    get,
    path = "/invites",
    tag = "people",
    responses((status = 200, description = "Invitations", body = api::Answer<Vec<api::Invite>>))
)]
async fn invites(
    State(identity): State<Identity>,
    State(clock): State<Clock>,
    admin: Permitted<may::MembersManage>,
) -> Result<Reply<api::Answer<Vec<api::Invite>>>, Problem> {
    let now = clock.now();
    let all = identity.invites(admin.actor()).await?;
    let data = all.into_iter().map(|one| invite_to_api(one, now)).collect();
    Ok(Reply(api::Answer { meta: api::Meta::live(now), data }))
}

/// Invites somebody by mail, or by the link of the answer where this server sends none. It works once, for a week.
#[utoipa::path(
    post,
    path = "/invites",
    tag = "people",
    request_body = api::SendInvite,
    responses((status = 201, description = "Invited", body = api::InviteSent))
)]
async fn send_invite(
    State(app): State<AppState>,
    admin: Permitted<may::MembersManage>,
    Caller(client): Caller,
    Json(body): Json<SendInvite>,
) -> Result<Response, Problem> {
    let (origin, role) = (app.config.origin(), role_from(body.role));
    let sent = app.identity.invite(admin.actor(), &body.email, role, &origin, &client).await;
    Ok(sent_to_api(&app, sent.map_err(invite_problem)?))
}

/// Takes an invitation back: its link stops working.
#[utoipa::path(
    delete,
    path = "/invites/{id}",
    tag = "people",
    responses((status = 204, description = "Taken back"))
)]
async fn revoke_invite(
    State(identity): State<Identity>,
    admin: Permitted<may::MembersManage>,
    Path(path): Path<InvitePath>,
    Caller(client): Caller,
) -> Result<StatusCode, Problem> {
    identity.revoke_invite(admin.actor(), path.id, &client).await.map_err(invite_problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends an invitation again, with another link that works for another week.
#[utoipa::path(
    post,
    path = "/invites/{id}/resend",
    tag = "people",
    responses((status = 201, description = "Sent again", body = api::InviteSent))
)]
async fn resend_invite(
    State(app): State<AppState>,
    admin: Permitted<may::MembersManage>,
    Path(path): Path<InvitePath>,
    Caller(client): Caller,
) -> Result<Response, Problem> {
    let origin = app.config.origin();
    let sent = app.identity.resend_invite(admin.actor(), path.id, &origin, &client).await;
    Ok(sent_to_api(&app, sent.map_err(invite_problem)?))
}

/// What the link of an invitation leads to.
#[utoipa::path(
    post,
    path = "/invites/check",
    tag = "people",
    request_body = api::InviteLink,
    responses((status = 200, description = "The invitation", body = api::Invitation))
)]
async fn check_invite(
    State(identity): State<Identity>,
    Caller(client): Caller,
    Json(body): Json<InviteLink>,
) -> Result<Json<api::Invitation>, Problem> {
    let link = Token::parse(&body.token).ok_or_else(invite_refused)?;
    let invitation = identity.invitation(&link, &client).await.map_err(invite_problem)?;
    Ok(Json(api::Invitation {
        workspace: workspace_to_api(invitation.workspace),
        role: role_to_api(invitation.role),
        invited_by: invitation.invited_by,
        email: invitation.email,
        expires_at: invitation.expires_at.into(),
    }))
}

/// Joins the workspace of an invitation as whoever is signed in, once.
#[utoipa::path(
    post,
    path = "/invites/accept",
    tag = "people",
    request_body = api::InviteLink,
    responses((status = 201, description = "Joined", body = api::OwnWorkspace))
)]
async fn accept_invite(
    State(identity): State<Identity>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
    Json(body): Json<InviteLink>,
) -> Result<(StatusCode, Json<api::OwnWorkspace>), Problem> {
    let link = Token::parse(&body.token).ok_or_else(invite_refused)?;
    let joined = identity.accept_invite(&session, &link, &client).await.map_err(invite_problem)?;
    Ok((StatusCode::CREATED, Json(membership_to_api(joined))))
}

fn invite_problem(error: InviteError) -> Problem {
    match error {
        InviteError::Email => Problem::invalid("/email", error),
        InviteError::Above => Problem::above(),
        InviteError::Member => {
            Problem::conflict("member", "This person is in the workspace already. Nothing was changed.")
        }
        InviteError::NotFound => Problem::not_found(),
        InviteError::Refused => invite_refused(),
        InviteError::TooMany(wait) => Problem::too_many(wait),
        InviteError::Storage(error) => error.into(),
    }
}

pub(super) fn invite_refused() -> Problem {
    let detail =
        "This invitation was used or taken back, or has expired. Ask who invited you for another one.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invite_refused", "Invitation does not work", detail)
}

/// The answer to having invited somebody. A link in it is not kept to be told again.
fn sent_to_api(app: &AppState, sent: Sent) -> Response {
    let link = sent.link.map(|link| format!("{}/invite#{}", app.config.origin(), link.expose()));
    let body = api::InviteSent { invite: invite_to_api(sent.invite, app.clock.now()), link };
    let mut response = (StatusCode::CREATED, Json(body)).into_response();
    response.extensions_mut().insert(ShownOnce);
    response
}

fn invite_to_api(invite: Invite, now: Timestamp) -> api::Invite {
    api::Invite {
        id: invite.id,
        email: invite.email,
        role: role_to_api(invite.role),
        invited_by: invite.invited_by,
        created_at: invite.created_at.into(),
        expires_at: invite.expires_at.into(),
        expired: invite.expires_at <= now,
    }
}
