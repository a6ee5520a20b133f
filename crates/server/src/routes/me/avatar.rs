//! The picture of a person.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use base::id::UserId;
use identity::Identity;
use identity::avatar::AvatarError;
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::account_to_api;
use crate::extract::{Caller, Json, Path, SignedIn, Upload};
use crate::problem::Problem;
use crate::reply;
use crate::state::AppState;

/// Another picture has another address, so that a browser need not ask for a day.
const KEPT: HeaderValue = HeaderValue::from_static("private, max-age=86400");

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(set_avatar, remove_avatar)).routes(routes!(avatar))
}

/// Whose picture.
#[derive(Debug, Deserialize)]
struct PersonPath {
    id: UserId,
}

/// Shows another picture of oneself: a JPEG, PNG or WebP file of at most 1 MiB. The middle square of it is kept.
#[utoipa::path(
    put,
    path = "/me/avatar",
    tag = "me",
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses((status = 200, description = "Shown", body = api::Me))
)]
async fn set_avatar(
    State(identity): State<Identity>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
    Upload(file): Upload,
) -> Result<Json<api::Me>, Problem> {
    let account = identity.set_avatar(session.user.id, file, &client).await.map_err(avatar_problem)?;
    Ok(Json(account_to_api(account)))
}

/// Takes one's picture away.
#[utoipa::path(
    delete,
    path = "/me/avatar",
    tag = "me",
    responses((status = 200, description = "Gone", body = api::Me))
)]
async fn remove_avatar(
    State(identity): State<Identity>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
) -> Result<Json<api::Me>, Problem> {
    let account = identity.remove_avatar(session.user.id, &client).await.map_err(avatar_problem)?;
    Ok(Json(account_to_api(account)))
}

/// The picture of somebody who is in a workspace with the reader.
#[utoipa::path(
    get,
    path = "/people/{id}/avatar",
    tag = "me",
    params(("id" = String, Path, description = "Whose", format = "uuid")),
    responses((status = 200, description = "The picture: a JPEG or PNG file", body = Vec<u8>, content_type = "image/jpeg"))
)]
async fn avatar(
    State(identity): State<Identity>,
    SignedIn(session): SignedIn,
    Path(path): Path<PersonPath>,
) -> Result<Response, Problem> {
    let picture = identity.avatar(path.id, session.user.id).await?.ok_or_else(Problem::not_found)?;
    let media_type = if picture.media_type == "image/png" { "image/png" } else { "image/jpeg" };
    let mut response = reply::tagged(&reply::tag(&picture.bytes), media_type, picture.bytes);
    response.headers_mut().insert(header::CACHE_CONTROL, KEPT);
    Ok(response)
}

fn avatar_problem(error: AvatarError) -> Problem {
    match error {
        AvatarError::Format | AvatarError::Unreadable | AvatarError::Large => Problem::invalid("", error),
        AvatarError::Gone => Problem::signed_out(),
        AvatarError::TooMany(wait) => Problem::too_many(wait),
        AvatarError::Storage(error) => error.into(),
    }
}
