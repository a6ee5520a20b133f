//! One's own tokens for programs.

use api::CreateToken;
use axum::extract::State;
use axum::http::StatusCode;
use base::id::TokenId;
use base::{Clock, Permission, Timestamp};
use identity::Identity;
use identity::api_tokens::{ApiToken, NewApiToken, TokenError};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Caller, Json, Path, SignedIn, refuse};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::roles::{permission_from, permission_to_api};
use crate::routes::session::workspace_to_api;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(my_tokens, create_token)).routes(routes!(revoke_token))
}

/// One's own tokens, the newest first.
#[utoipa::path(
    get,
    path = "/me/tokens",
    tag = "me",
    responses((status = 200, description = "Tokens", body = api::Answer<Vec<api::ApiToken>>))
)]
async fn my_tokens(
    State(identity): State<Identity>,
    State(clock): State<Clock>,
    SignedIn(session): SignedIn,
) -> Result<Reply<api::Answer<Vec<api::ApiToken>>>, Problem> {
    let now = clock.now();
    let all = identity.tokens(session.user.id).await?;
    let data = all.into_iter().map(|one| token_to_api(one, now)).collect();
    Ok(Reply(api::Answer { meta: api::Meta::live(now), data }))
}

/// Makes a token that acts for oneself in one workspace. Its text is in this answer and nowhere else.
#[utoipa::path(
    post,
    path = "/me/tokens",
    tag = "me",
    request_body = api::CreateToken,
    responses((status = 201, description = "Made", body = api::TokenCreated))
)]
async fn create_token(
    State(app): State<AppState>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
    Json(body): Json<CreateToken>,
) -> Result<(StatusCode, Json<api::TokenCreated>), Problem> {
    let actor = app.identity.actor(session.user.id, &body.workspace).await?;
    let actor =
        actor.ok_or_else(|| Problem::invalid("/workspace", "you are in no workspace of that name"))?;
    if !actor.may(Permission::TokenOwn) {
        return Err(refuse(&app, &actor, Permission::TokenOwn, &client).await?);
    }
    let new = NewApiToken {
        name: body.name,
        scopes: body.scopes.into_iter().map(permission_from).collect(),
        days: body.days,
    };
    let (token, secret) = app.identity.create_token(&actor, new, &client).await.map_err(token_problem)?;
    let token = token_to_api(token, app.clock.now());
    Ok((StatusCode::CREATED, Json(api::TokenCreated { token, secret: secret.expose().to_owned() })))
}

/// Revokes one of one's own tokens; it stops working with the next request.
#[utoipa::path(
    delete,
    path = "/me/tokens/{id}",
    tag = "me",
    responses((status = 204, description = "Revoked"))
)]
async fn revoke_token(
    State(identity): State<Identity>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
    Path(id): Path<TokenId>,
) -> Result<StatusCode, Problem> {
    let revoked = identity.revoke_token(session.user.id, id, &client).await?;
    if revoked { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

fn token_problem(error: TokenError) -> Problem {
    match error {
        TokenError::Name => Problem::invalid("/name", error),
        TokenError::NoScope | TokenError::Beyond(_) => Problem::invalid("/scopes", error),
        TokenError::Days => Problem::invalid("/days", error),
        TokenError::Many => {
            Problem::conflict("many_tokens", "You have many tokens already. Revoke those that nothing uses.")
        }
        TokenError::Storage(error) => error.into(),
    }
}

fn token_to_api(token: ApiToken, now: Timestamp) -> api::ApiToken {
    api::ApiToken {
        id: token.id,
        name: token.name,
        workspace: workspace_to_api(token.workspace),
        scopes: token.scopes.iter().map(permission_to_api).collect(),
        hint: token.hint,
        created_at: token.created_at.into(),
        expires_at: token.expires_at.into(),
        expired: token.expires_at <= now,
        used_at: token.used_at.map(Into::into),
        used_from: token.used_from,
    }
}
