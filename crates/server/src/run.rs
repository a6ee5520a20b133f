//! Putting the server together, running it, and stopping it without losing a request.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::layers::{conditional, guard, headers, limits, observe, rate, session};
use crate::problem::Problem;
use crate::routes;
use crate::state::{App, AppState};
use crate::{health, openapi, web};

/// The whole server as a service, for tests and for embedding. It does not stop by itself; see [`serve`].
pub fn router(app: App) -> Router {
    assemble(app, CancellationToken::new(), TaskTracker::new())
}

/// Serves until `stop` fires: then no new connection is taken, requests that are being worked on are finished, live
/// channels are closed with 1012 (on `tracker`, which the caller waits for), and what is still not done after
/// [`crate::Config::stop_timeout`] is given up.
pub async fn serve(
    listener: TcpListener,
    app: App,
    stop: CancellationToken,
    tracker: TaskTracker,
) -> io::Result<()> {
    let patience = app.config.stop_timeout;
    // Dropped where serving ends without a stop, so that nobody waits for the task for ever.
    let serving = stop.child_token();
    let _guard = serving.clone().drop_guard();
    if let Some(handle) = app.metrics.clone() {
        tracker.spawn(async move { serving.run_until_cancelled(health::keep_up(&handle)).await });
    }
    let router = assemble(app, stop.clone(), tracker).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
    let given_up = async {
        stop.cancelled().await;
        tokio::time::sleep(patience).await;
    };
    tokio::select! {
        result = server.into_future() => result,
        () = given_up => {
            tracing::warn!("requests were still being worked on and were given up");
            Ok(())
        }
    }
}

fn assemble(app: App, stop: CancellationToken, tracker: TaskTracker) -> Router {
    let document = openapi::as_served();
    let app = AppState::new(app, stop, tracker, document);

    // Who asks, and whether not too often.
    let known = |routes: Router<AppState>| {
        routes
            .layer(from_fn_with_state(app.clone(), rate::rate))
            .layer(from_fn_with_state(app.clone(), session::read_session))
    };
    let api = known(routes::api(&app)).layer(from_fn_with_state(app.clone(), limits::limits));
    // Not turned away with the others: a server that has too much to do is the one to look at.
    let for_operators = known(Router::new().route("/metrics", get(health::metrics)))
        .route("/.well-known/jwks.json", get(routes::jwks))
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz));

    let hooks_at_once = Arc::new(Semaphore::new(limits::HOOKS_AT_ONCE));
    let hooks = routes::hooks().layer(from_fn_with_state(hooks_at_once, limits::hook_limits));

    let gateway = routes::gateway(&app, known);

    Router::new()
        .merge(api)
        .merge(gateway)
        .merge(hooks)
        .merge(for_operators)
        .fallback(web::fallback)
        .method_not_allowed_fallback(web::method_not_allowed)
        .layer(DefaultBodyLimit::max(app.config.body_limit))
        .layer(from_fn(conditional::conditional))
        .layer(from_fn_with_state(app.clone(), guard::guard))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), headers::headers))
        .layer(from_fn_with_state(app.clone(), observe::observe))
        .with_state(app)
}

#[expect(clippy::needless_pass_by_value, reason = "the signature is the layer's")]
fn panicked(panic: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    let what = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Problem::internal(format_args!("a handler panicked: {what}")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use tower::ServiceExt;

    #[tokio::test]
    async fn a_panic_becomes_a_problem_that_tells_nothing() {
        async fn broken() -> &'static str {
            panic!("the secret is 42")
        }
        let router: Router = Router::new().route("/", get(broken)).layer(CatchPanicLayer::custom(panicked));
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let problem = response.extensions().get::<Problem>().unwrap();
        assert_eq!(problem.code(), "internal");
    }
}
