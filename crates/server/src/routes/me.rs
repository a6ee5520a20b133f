//! One's own account.

mod avatar;
mod second_factor;

use api::{ChangePassword, DeleteMe, UpdateMe};
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::id::SessionId;
use base::{Clock, Secret};
use identity::account::{Account, AccountError};
use identity::audit::{Entry, Outcome};
use identity::session::Means;
use identity::{Identity, SessionInfo};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Caller, Json, Path, SignedIn};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::auth::{busy_problem, password_refused, signed_out};
use crate::routes::roles::role_to_api;
use crate::routes::session::{person_to_api, workspace_to_api};
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(me, update_me, delete_me))
        .routes(routes!(export_me))
        .routes(routes!(change_password))
        .routes(routes!(my_sessions))
        .routes(routes!(revoke_my_session))
        .merge(avatar::router())
        .merge(second_factor::router())
}

/// The account of whoever is signed in.
#[utoipa::path(
    get,
    path = "/me",
    tag = "me",
    responses((status = 200, description = "The account", body = api::Answer<api::Me>))
)]
async fn me(
    State(identity): State<Identity>,
    State(clock): State<Clock>,
    SignedIn(session): SignedIn,
) -> Result<Reply<api::Answer<api::Me>>, Problem> {
    let account = identity.account(session.user.id).await?.ok_or_else(Problem::signed_out)?;
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data: account_to_api(account) }))
}

/// Changes the name.
#[utoipa::path(
    patch,
    path = "/me",
    tag = "me",
    request_body = api::UpdateMe,
    responses((status = 200, description = "Changed", body = api::Me))
)]
async fn update_me(
    State(identity): State<Identity>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
    Json(body): Json<UpdateMe>,
) -> Result<Json<api::Me>, Problem> {
    let account =
        identity.rename(session.user.id, &body.name, body.version, &client).await.map_err(account_problem)?;
    Ok(Json(account_to_api(account)))
}

/// Deletes the account, its sessions, and the workspaces that nobody else is in with all they hold.
#[utoipa::path(
    delete,
    path = "/me",
    tag = "me",
    request_body = api::DeleteMe,
    responses((status = 204, description = "Deleted"))
)]
async fn delete_me(
    State(app): State<AppState>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
    Json(body): Json<DeleteMe>,
) -> Result<Response, Problem> {
    let password = body.password.map(Secret::new);
    app.identity.delete_account(&session, password.as_ref(), &client).await.map_err(account_problem)?;
    signed_out(&app.config, StatusCode::NO_CONTENT)
}

/// Everything that is kept about the person as an account, to take along.
#[utoipa::path(
    get,
    path = "/me/export",
    tag = "me",
    responses((status = 200, description = "The data, as a file", body = api::MyData))
)]
async fn export_me(
    State(app): State<AppState>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
) -> Result<Response, Problem> {
    let export = app.identity.export(session.user.id, &client).await.map_err(account_problem)?;
    let of = |membership: identity::Membership| api::MyWorkspace {
        workspace: workspace_to_api(membership.workspace),
        role: role_to_api(membership.role),
    };
    let data = api::MyData {
        exported_at: app.clock.now().into(),
        account: account_to_api(export.account),
        workspaces: export.memberships.into_iter().map(of).collect(),
        sessions: export.sessions.into_iter().map(|one| session_info_to_api(one, Some(session.id))).collect(),
        acts: export.acts.into_iter().map(act_to_api).collect(),
    };
    let file = HeaderValue::from_static("attachment; filename=\"devmentor-account.json\"");
    Ok(([(header::CONTENT_DISPOSITION, file)], Json(data)).into_response())
}

/// Sets or changes the password; every other session ends.
#[utoipa::path(
    put,
    path = "/me/password",
    tag = "me",
    request_body = api::ChangePassword,
    responses((status = 204, description = "Changed"))
)]
async fn change_password(
    State(app): State<AppState>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
    Json(body): Json<ChangePassword>,
) -> Result<StatusCode, Problem> {
    let (present, fresh) = (body.current.map(Secret::new), Secret::new(body.password));
    let origin = app.config.origin();
    app.identity
        .change_password(&session, present.as_ref(), &fresh, &origin, &client)
        .await
        .map_err(account_problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The sessions of whoever is signed in, the last used first.
#[utoipa::path(
    get,
    path = "/me/sessions",
    tag = "me",
    responses((status = 200, description = "The sessions", body = api::Answer<Vec<api::AccountSession>>))
)]
async fn my_sessions(
    State(identity): State<Identity>,
    State(clock): State<Clock>,
    SignedIn(session): SignedIn,
) -> Result<Reply<api::Answer<Vec<api::AccountSession>>>, Problem> {
    let all = identity.sessions(session.user.id).await?;
    let data = all.into_iter().map(|one| session_info_to_api(one, Some(session.id))).collect();
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Ends one of one's own sessions; what it has open closes within a second.
#[utoipa::path(
    delete,
    path = "/me/sessions/{id}",
    tag = "me",
    responses((status = 204, description = "Ended"))
)]
async fn revoke_my_session(
    State(identity): State<Identity>,
    SignedIn(session): SignedIn,
    Caller(client): Caller,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, Problem> {
    let ended = identity.revoke(session.user.id, id, &client).await?;
    if ended { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

pub(crate) fn account_problem(error: AccountError) -> Problem {
    match error {
        AccountError::Gone => Problem::signed_out(),
        AccountError::Name => Problem::invalid("/name", error),
        AccountError::Email => Problem::invalid("/email", error),
        AccountError::PasswordNeeded => Problem::invalid("/password", error),
        AccountError::Wrong => Problem::invalid("/current", error),
        AccountError::SignInAgain => {
            Problem::new(StatusCode::FORBIDDEN, "sign_in_again", "Sign in again", sentence(&error))
        }
        AccountError::Password(refused) => password_refused(&refused),
        AccountError::SetUp => {
            Problem::conflict("set_up", "This account is set up already. Change it in its settings.")
        }
        AccountError::OnlyOwner(_) => Problem::conflict("only_owner", sentence(&error)),
        AccountError::Operator => Problem::conflict("operator", sentence(&error)),
        AccountError::TooMany(wait) => Problem::too_many(wait),
        AccountError::Busy(busy) => busy_problem(busy),
        AccountError::Storage(error) => error.into(),
    }
}

/// An error's text as a sentence.
fn sentence(error: &AccountError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

fn account_to_api(account: Account) -> api::Me {
    let has_address = account.user.email.is_some();
    api::Me {
        can: api::MeCan {
            set_up: account.user.operator && !has_address,
            change_password: has_address,
            delete: !account.user.operator,
        },
        email: account.user.email.clone(),
        user: person_to_api(account.user),
        password_at: account.password_at.map(Into::into),
        created_at: account.created_at.into(),
        version: account.version,
    }
}

pub(crate) fn session_info_to_api(info: SessionInfo, current: Option<SessionId>) -> api::AccountSession {
    api::AccountSession {
        current: current == Some(info.id),
        id: info.id,
        means: match info.means {
            Means::Link => api::SignInMeans::Link,
            Means::Password => api::SignInMeans::Password,
            Means::SignUp => api::SignInMeans::SignUp,
            Means::Reset => api::SignInMeans::Reset,
            Means::Device => api::SignInMeans::Device,
            Means::Provider => api::SignInMeans::Provider,
        },
        user_agent: info.agent,
        place: info.place,
        created_at: info.created_at.into(),
        used_at: info.used_at.into(),
        expires_at: info.expires_at.into(),
    }
}

fn act_to_api(entry: Entry) -> api::MyAct {
    api::MyAct {
        at: entry.at.into(),
        action: entry.action,
        object: entry.object,
        done: entry.outcome == Outcome::Done,
        place: entry.place,
        user_agent: entry.agent,
    }
}
