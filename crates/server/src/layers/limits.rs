//! How many requests at once, and how long one may take.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use tokio::sync::Semaphore;

use crate::problem::Problem;
use crate::state::AppState;

/// Deliveries of hooks that are taken in at once: with the largest body of each, 64 MiB.
pub(crate) const HOOKS_AT_ONCE: usize = 8;

/// How long one may take. GitHub, the most patient host, waits as long for an answer.
const HOOK_TIME: Duration = Duration::from_secs(10);

/// Turns requests away at once when too many are being worked on, and gives up those that take too long.
///
/// Turning away is cheap and quick on purpose: a queue would only make everybody wait until nobody does any more.
/// A live channel counts only until it is open.
pub(crate) async fn limits(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let Ok(_permit) = app.permits.try_acquire() else {
        metrics::counter!("http_requests_shed_total").increment(1);
        return Problem::busy(1).into_response();
    };
    let timeout =
        if is_long(&request) { app.config.long_request_timeout } else { app.config.request_timeout };
    match tokio::time::timeout(timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => timed_out(timeout).into_response(),
    }
}

/// The same for what hosts send to hooks, which has permits of its own: strangers may send to them, and so that they fill
/// neither the memory nor the places of everybody else, few may do so at once, and none for long. A host that is turned
/// away shows that, or sends it again.
pub(crate) async fn hook_limits(
    State(permits): State<Arc<Semaphore>>,
    request: Request,
    next: Next,
) -> Response {
    let Ok(_permit) = permits.try_acquire() else {
        metrics::counter!("http_requests_shed_total").increment(1);
        return Problem::busy(1).into_response();
    };
    match tokio::time::timeout(HOOK_TIME, next.run(request)).await {
        Ok(response) => response,
        Err(_) => timed_out(HOOK_TIME).into_response(),
    }
}

/// Requests that do in one go what takes minutes.
fn is_long(request: &Request) -> bool {
    request.uri().path().ends_with("/advisories/import")
}

fn timed_out(after: Duration) -> Problem {
    let detail = format!(
        "This took longer than {} seconds and was given up. Ask for less, or try again later.",
        after.as_secs()
    );
    Problem::new(StatusCode::GATEWAY_TIMEOUT, "timeout", "Took too long", detail).retry_after(5)
}
