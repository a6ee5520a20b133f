//! placeholder

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::problem::Problem;

pub(crate) fn router() -> OpenApiRouter {
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
async fn live() -> Problem {
    Problem
}

/// The same frames as server-sent events, for networks that break WebSockets. Subscribes to every channel.
#[utoipa::path(
    get,
    path = "/live/sse",
    tag = "live",
    params(LiveQuery),
    responses((status = 200, description = "`ServerFrame` as data of each event", content_type = "text/event-stream", body = String))
)]
async fn live_sse() -> Problem {
    Problem
}
