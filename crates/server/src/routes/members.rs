//! Who is in a workspace, and who asks for more.

use api::{AnswerRequest, RequestAccess, SetRole};
use axum::extract::State;
use axum::http::StatusCode;
use base::id::{AccessRequestId, UserId};
use base::{Actor, Clock, Permission, Role};
use identity::Identity;
use identity::members::{Member, MemberError};
use identity::requests::{AccessRequest, RequestError};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Caller, Json, Path, Permitted, SignedIn, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::roles::{ROLES, permission_from, permission_to_api, role_from, role_to_api};
use crate::routes::session::person_to_api;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(members))
        .routes(routes!(set_role, remove_member))
        .routes(routes!(leave_workspace))
        .routes(routes!(request_access, access_requests))
        .routes(routes!(answer_request))
}

/// Which person.
#[derive(serde::Deserialize)]
struct MemberPath {
    id: UserId,
}

/// Which request.
#[derive(serde::Deserialize)]
struct RequestPath {
    id: AccessRequestId,
}

/// Everybody in the workspace: the highest role first, then by handle.
#[utoipa::path(
    get,
    path = "/members",
    tag = "people",
    responses((status = 200, description = "Members", body = api::Answer<Vec<api::Member>>))
)]
async fn members(
    State(identity): State<Identity>,
    State(clock): State<Clock>,
    reader: Permitted<may::WorkspaceRead>,
) -> Result<Reply<api::Answer<Vec<api::Member>>>, Problem> {
    let all = identity.members(reader.actor()).await?;
    let owners = all.iter().filter(|one| one.role == Role::Owner).count();
    let data = all.into_iter().map(|one| member_to_api(one, reader.actor(), owners)).collect();
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Gives somebody another role; it counts with their next request.
#[utoipa::path(
    put,
    path = "/members/{id}",
    tag = "people",
    request_body = api::SetRole,
    responses((status = 200, description = "Changed", body = api::Member))
)]
async fn set_role(
    State(identity): State<Identity>,
    admin: Permitted<may::MembersManage>,
    Path(path): Path<MemberPath>,
    Caller(client): Caller,
    Json(body): Json<SetRole>,
) -> Result<Json<api::Member>, Problem> {
    let actor = admin.actor();
    let changed = identity.set_role(actor, path.id, role_from(body.role), &client).await;
    let owners = identity.members(actor).await?.iter().filter(|one| one.role == Role::Owner).count();
    Ok(Json(member_to_api(changed.map_err(member_problem)?, actor, owners)))
}

/// Takes somebody out of the workspace. Their live channels end within a second, and their tokens for it.
#[utoipa::path(
    delete,
    path = "/members/{id}",
    tag = "people",
    responses((status = 204, description = "Taken out"))
)]
async fn remove_member(
    State(identity): State<Identity>,
    admin: Permitted<may::MembersManage>,
    Path(path): Path<MemberPath>,
    Caller(client): Caller,
) -> Result<StatusCode, Problem> {
    identity.remove_member(admin.actor(), path.id, &client).await.map_err(member_problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leaves the workspace. Whoever is in no other one then has an empty one of their own. No token does it for them.
#[utoipa::path(
    delete,
    path = "/membership",
    tag = "people",
    responses((status = 204, description = "Left"))
)]
async fn leave_workspace(
    State(identity): State<Identity>,
    member: Permitted<may::WorkspaceRead>,
    _signed_in: SignedIn,
    Caller(client): Caller,
) -> Result<StatusCode, Problem> {
    let actor = member.actor();
    identity.remove_member(actor, actor.user, &client).await.map_err(member_problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks those who can grant it for a permission. One that waits is replaced. No token does it for somebody.
#[utoipa::path(
    post,
    path = "/access-requests",
    tag = "people",
    request_body = api::RequestAccess,
    responses((status = 201, description = "Asked", body = api::AccessRequest))
)]
async fn request_access(
    State(identity): State<Identity>,
    member: Permitted<may::WorkspaceRead>,
    _signed_in: SignedIn,
    Caller(client): Caller,
    Json(body): Json<RequestAccess>,
) -> Result<(StatusCode, Json<api::AccessRequest>), Problem> {
    let permission = permission_from(body.permission);
    let asked = identity.request_access(member.actor(), permission, &body.note, &client).await;
    Ok((StatusCode::CREATED, Json(request_to_api(asked.map_err(request_problem)?))))
}

/// What people ask for, the oldest first.
#[utoipa::path(
    get,
    path = "/access-requests",
    tag = "people",
    responses((status = 200, description = "Requests that wait", body = api::Answer<Vec<api::AccessRequest>>))
)]
async fn access_requests(
    State(identity): State<Identity>,
    State(clock): State<Clock>,
    admin: Permitted<may::MembersManage>,
) -> Result<Reply<api::Answer<Vec<api::AccessRequest>>>, Problem> {
    let all = identity.access_requests(admin.actor()).await?;
    let data = all.into_iter().map(request_to_api).collect();
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Grants what somebody asks for, with the least role that permits it, or declines.
#[utoipa::path(
    put,
    path = "/access-requests/{id}",
    tag = "people",
    request_body = api::AnswerRequest,
    responses((status = 204, description = "Answered"))
)]
async fn answer_request(
    State(identity): State<Identity>,
    admin: Permitted<may::MembersManage>,
    Path(path): Path<RequestPath>,
    Caller(client): Caller,
    Json(body): Json<AnswerRequest>,
) -> Result<StatusCode, Problem> {
    let answered = identity.answer_request(admin.actor(), path.id, body.granted, &client).await;
    answered.map_err(request_problem)?;
    Ok(StatusCode::NO_CONTENT)
}

fn member_problem(error: MemberError) -> Problem {
    match error {
        MemberError::NotFound => Problem::not_found(),
        MemberError::Above => Problem::above(),
        MemberError::LastOwner => {
            let detail =
                "A workspace keeps an owner. Make somebody else owner first, or delete the workspace.";
            Problem::conflict("last_owner", detail)
        }
        MemberError::Storage(error) => error.into(),
    }
}

fn request_problem(error: RequestError) -> Problem {
    match error {
        RequestError::Permitted => {
            Problem::conflict("permitted", "Your role permits this already. Open the page again.")
        }
        RequestError::Note => Problem::invalid("/note", error),
        RequestError::NotFound => Problem::not_found(),
        RequestError::Member(error) => member_problem(error),
        RequestError::Storage(error) => error.into(),
    }
}

/// The member as the actor sees them, in a workspace with that many owners.
fn member_to_api(member: Member, actor: &Actor, owners: usize) -> api::Member {
    let own = member.user.id == actor.user;
    let keeps = member.role == Role::Owner && owners < 2;
    let manages = actor.may(Permission::MembersManage) && member.role <= actor.role;
    let roles = ROLES.into_iter().filter(|role| manages && !keeps && *role <= actor.role);
    api::Member {
        can: api::MemberCan {
            roles: roles.filter(|role| *role != member.role).map(role_to_api).collect(),
            remove: (own || manages) && !keeps,
        },
        person: person_to_api(member.user),
        role: role_to_api(member.role),
        own,
        since: member.since.into(),
    }
}

fn request_to_api(request: AccessRequest) -> api::AccessRequest {
    api::AccessRequest {
        id: request.id,
        person: person_to_api(request.user),
        permission: permission_to_api(request.permission),
        words: request.permission.words().to_owned(),
        role: role_to_api(request.permission.role()),
        note: request.note,
        created_at: request.created_at.into(),
    }
}
