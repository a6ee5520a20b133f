//! The live channels.

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base::id::UserId;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Permitted, Query, SignedIn, may};
use crate::live::{Connection, socket, sse};
use crate::problem::Problem;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(live)).routes(routes!(live_sse))
}

/// Where to go on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct LiveQuery {
    /// The value of `id` of the last event seen, for clients that cannot send `Last-Event-ID`.
    last_event_id: Option<String>,
}

/// Events as they happen, over a WebSocket with the subprotocol `devmentor.v1`.
#[utoipa::path(
    get,
    path = "/live",
    tag = "live",
    responses((status = 101, description = "The WebSocket; frames are `ClientFrame` and `ServerFrame`"))
)]
async fn live(
    State(app): State<AppState>,
    reader: Permitted<may::WorkspaceRead>,
    SignedIn(session): SignedIn,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|rejection| {
        let detail = "This address speaks WebSocket. For server-sent events use `live/sse`.";
        Problem::new(StatusCode::UPGRADE_REQUIRED, "upgrade_required", "WebSocket only", detail)
            .because(rejection)
    })?;
    let connection = connect(&app, session.user.id)?;
    Ok(socket::accept(app, *reader.actor(), session.id, connection, upgrade))
}

/// The same frames as server-sent events, for networks that do not let a WebSocket through. Subscribes to every channel.
#[utoipa::path(
    get,
    path = "/live/sse",
    tag = "live",
    params(LiveQuery),
    responses((status = 200, description = "`ServerFrame` as data of each event", content_type = "text/event-stream", body = String))
)]
async fn live_sse(
    State(app): State<AppState>,
    reader: Permitted<may::WorkspaceRead>,
    SignedIn(session): SignedIn,
    Query(query): Query<LiveQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let connection = connect(&app, session.user.id)?;
    let header = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let last = header.or(query.last_event_id.as_deref()).map(str::to_owned);
    sse::stream(app, *reader.actor(), session.id, connection, last.as_deref()).await
}

fn connect(app: &AppState, user: UserId) -> Result<Connection, Problem> {
    app.connections.open(user, app.config.live_connections).ok_or_else(|| {
        let detail = "Too many windows listen at once. Close some and try again.";
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_connections", "Too many connections", detail)
            .retry_after(5)
    })
}
