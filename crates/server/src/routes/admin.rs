//! Running this server: what only its operator sees.

use axum::extract::State;
use base::Clock;
use identity::Identity;
use identity::mail::Held;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Caller, Operator};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(outbox))
}

/// The messages that were not handed to a mail server. They hold what signs people in, so reading them is noted.
#[utoipa::path(
    get,
    path = "/admin/outbox",
    tag = "admin",
    responses((status = 200, description = "The outbox", body = api::Answer<api::Outbox>))
)]
async fn outbox(
    State(identity): State<Identity>,
    State(clock): State<Clock>,
    Operator(session): Operator,
    Caller(client): Caller,
) -> Result<Reply<api::Answer<api::Outbox>>, Problem> {
    let held = identity.outbox(session.user.id, &client).await?;
    let mails = held.into_iter().map(held_to_api).collect();
    let data = api::Outbox { sends_mail: identity.sends_mail(), mails };
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

fn held_to_api(held: Held) -> api::HeldMail {
    api::HeldMail {
        id: held.id,
        recipient: held.recipient,
        subject: held.letter.subject,
        body: held.letter.body,
        error: held.error,
        created_at: held.created_at.into(),
    }
}
