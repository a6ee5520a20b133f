//! For those who run the server: does it live, can it work, what is it doing.

use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

use crate::extract::CurrentSession;
use crate::problem::Problem;
use crate::state::AppState;

/// The process answers. Says nothing about what it depends on, so that a supervisor does not kill a server whose
/// database rests.
pub(crate) async fn livez() -> &'static str {
    "ok\n"
}

/// Whether it can do its work now: the database answers and it is not stopping.
pub(crate) async fn readyz(State(app): State<AppState>) -> Response {
    let stopping = app.stop.is_cancelled();
    let database = match app.db.ping().await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(error = crate::problem::chain(&error), "not ready: the database does not answer");
            false
        }
    };
    let ready = database && !stopping;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let state = |ok: bool| if ok { "ok" } else { "failing" };
    let body = serde_json::json!({ "ready": ready, "database": state(database), "stopping": stopping });
    (status, Json(body)).into_response()
}

/// What it is doing, in the text format of Prometheus. On a server that others can reach it is only for those who
/// are signed in.
pub(crate) async fn metrics(
    State(app): State<AppState>,
    Extension(CurrentSession(session)): Extension<CurrentSession>,
) -> Result<Response, Problem> {
    let Some(handle) = &app.metrics else { return Err(Problem::not_found()) };
    if !app.config.is_local() && session.is_none() {
        return Err(Problem::signed_out());
    }
    // Asked for when somebody looks, so that the numbers are those of this moment.
    let counts = app.jobs.counts().await?;
    for (state, count) in [("ready", counts.ready), ("running", counts.running), ("dead", counts.dead)] {
        metrics::gauge!("jobs", "state" => state).set(count as f64);
    }
    handle.run_upkeep();
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    Ok((kind, handle.render()).into_response())
}

/// How often what was measured is folded together.
const UPKEEP: Duration = Duration::from_secs(5);

/// Folds together what was measured, again and again: until somebody does, every single value is kept, and on most
/// servers nobody reads `/metrics`.
pub(crate) async fn keep_up(handle: &PrometheusHandle) {
    let mut ticks = tokio::time::interval(UPKEEP);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        handle.run_upkeep();
    }
}

/// The recorder behind `/metrics`. The wiring installs it once for the process.
pub fn recorder() -> Result<PrometheusRecorder, BuildError> {
    let builder =
        PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)?;
    Ok(builder.build_recorder())
}

/// Upper bounds in seconds: fine where the objectives are (5 to 250 ms), coarse above.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
