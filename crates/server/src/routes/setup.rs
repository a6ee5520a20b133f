//! Setting up a new server: its operator gets a name, an address and a password.

use api::SetUp;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Clock, Secret};
use identity::account::SetUpError;
use identity::{Session, Token};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Caller, CurrentSession, Json};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::auth::hand_over::answer;
use crate::routes::me::account_problem;
use crate::routes::session::{link_refused, person_to_api, redeem_problem, session_to_api};
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(setup_state, set_up))
}

/// Whether somebody has to set this server up.
#[utoipa::path(
    get,
    path = "/setup",
    tag = "auth",
    responses((status = 200, description = "What is there to do", body = api::Answer<api::SetupState>))
)]
async fn setup_state(
    State(app): State<AppState>,
    State(clock): State<Clock>,
) -> Result<Reply<api::Answer<api::SetupState>>, Problem> {
    let data = api::SetupState {
        needed: !app.identity.is_set_up().await?,
        password_optional: app.config.is_local(),
    };
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Gives the operator's account its name, address and password, once. Whoever came by the printed link is signed in;
/// whoever is not sends its code, and is then.
#[utoipa::path(
    post,
    path = "/setup",
    tag = "auth",
    request_body = api::SetUp,
    responses((status = 201, description = "Set up, and signed in", body = api::Session))
)]
async fn set_up(
    State(app): State<AppState>,
    Extension(CurrentSession(session)): Extension<CurrentSession>,
    Caller(client): Caller,
    Json(body): Json<SetUp>,
) -> Result<Response, Problem> {
    let password = body.password.map(Secret::new);
    let (headers, session, mut told) = match (session, &body.code) {
        (Some(session), _) => {
            let memberships = app.identity.memberships(session.user.id).await?;
            let told = session_to_api(session.clone(), memberships, &app.config)?;
            (axum::http::HeaderMap::new(), session, told)
        }
        (None, Some(code)) => {
            let link = Token::parse(code).ok_or_else(link_refused)?;
            let checked = app.identity.check_set_up(
                &link,
                &body.name,
                body.email.as_deref(),
                password.as_ref(),
                !app.config.is_local(),
                &client,
            );
            checked.await.map_err(set_up_problem)?;
            let granted = app.identity.redeem_link(&link, &client).await.map_err(redeem_problem)?;
            let session: Session = granted.session.clone();
            let (headers, told) = answer(&app, granted, body.hand_over).await?;
            (headers, session, told)
        }
        (None, None) => return Err(Problem::signed_out()),
    };
    let account = app
        .identity
        .set_up(
            &session,
            &body.name,
            body.email.as_deref(),
            password.as_ref(),
            !app.config.is_local(),
            &client,
        )
        .await;
    match account {
        Ok(account) => {
            told.user = person_to_api(account.user);
            Ok((StatusCode::CREATED, headers, Json(told)).into_response())
        }
        // Somebody else was faster since the form was looked at. The link is used up: the session that it made is handed
        // over all the same, so that the form can be sent again.
        Err(error) => Ok((headers, account_problem(error)).into_response()),
    }
}

fn set_up_problem(error: SetUpError) -> Problem {
    match error {
        SetUpError::Link(error) => redeem_problem(error),
        SetUpError::Form(error) => account_problem(error),
    }
}
