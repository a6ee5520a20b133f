//! For those who run the server: does it live, can it work, what is it doing.

use std::time::Duration;

use api::{ComponentState, SystemComponent};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use outbound::Condition;

use crate::extract::CurrentSession;
use crate::problem::Problem;
use crate::state::AppState;

/// The process answers. Says nothing about what it depends on, so that a supervisor does not kill a server whose
/// database rests.
pub(crate) async fn livez() -> &'static str {
    "ok\n"
}

/// Whether it can do its work now: the database answers and it is not stopping. What nodes share is told beside it: where
/// Redis does not answer, each does by itself what they would do together.
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
    let shared = match app.bus.is_connected() {
        None => "off",
        Some(connected) => state(connected),
    };
    let body = serde_json::json!({
        "ready": ready, "database": state(database), "shared": shared, "stopping": stopping,
    });
    (status, Json(body)).into_response()
}

/// Its parts and what it depends on, for its operator.
pub(crate) async fn system(app: &AppState) -> api::SystemHealth {
    let database = match app.db.ping().await {
        Ok(()) => component("database", ComponentState::Ok, "It answers.".to_owned()),
        Err(error) => {
            let detail = "It does not answer: nothing can be read or changed.".to_owned();
            let last_error = Some(crate::problem::chain(&error));
            SystemComponent { last_error, ..component("database", ComponentState::Failing, detail) }
        }
    };
    let ready = database.state == ComponentState::Ok && !app.stop.is_cancelled();
    let mut components = vec![database, queue(app).await, nodes(app)];
    components.extend(app.outbound.states().into_iter().map(dependency));
    api::SystemHealth {
        ready,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: app.started_at.into(),
        components,
    }
}

fn component(name: &str, state: ComponentState, detail: String) -> SystemComponent {
    SystemComponent {
        name: name.to_owned(),
        state,
        detail,
        since: None,
        last_error: None,
        last_error_at: None,
    }
}

async fn queue(app: &AppState) -> SystemComponent {
    match app.jobs.counts().await {
        Ok(counts) if counts.dead > 0 => {
            let detail = format!("{} jobs were given up and wait for a decision.", counts.dead);
            component("queue", ComponentState::Attention, detail)
        }
        Ok(counts) => {
            let detail = format!("{} jobs run, {} wait.", counts.running, counts.ready);
            component("queue", ComponentState::Ok, detail)
        }
        Err(error) => {
            let last_error = Some(crate::problem::chain(&error));
            let detail = "It cannot be read.".to_owned();
            SystemComponent { last_error, ..component("queue", ComponentState::Failing, detail) }
        }
    }
}

fn nodes(app: &AppState) -> SystemComponent {
    let (state, detail) = match app.bus.is_connected() {
        None => (ComponentState::Off, "No Redis is configured: limits and caches are this process's own."),
        Some(true) => {
            (ComponentState::Ok, "Limits and caches are shared, and nodes tell each other what is new.")
        }
        Some(false) => (
            ComponentState::Failing,
            "Redis does not answer: limits and caches are this process's own meanwhile.",
        ),
    };
    component("nodes", state, detail.to_owned())
}

fn dependency(state: outbound::DependencyState) -> SystemComponent {
    let (how, detail) = match state.condition {
        Condition::Working => {
            (ComponentState::Ok, format!("{} of {} calls failed lately.", state.failures, state.calls))
        }
        Condition::Probing => {
            (ComponentState::Attention, "A few calls pass, to see whether it works again.".to_owned())
        }
        Condition::Resting => {
            (ComponentState::Failing, "It failed too often and is left in peace.".to_owned())
        }
    };
    SystemComponent {
        since: Some(state.since.into()),
        last_error: state.last_error,
        last_error_at: state.last_error_at.map(Into::into),
        ..component(&state.name, how, detail)
    }
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
