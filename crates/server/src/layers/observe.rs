//! Request ids, access logs, metrics, and the body of problems.

use std::time::Instant;

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::id::RequestId;
use tracing::Instrument;

use crate::problem::Problem;
use crate::routes::{in_its_words, is_gateway};
use crate::state::AppState;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id, runs it, and writes down how it went.
///
/// An id from outside is not taken over: it could be made to look like another request's in the log.
pub(crate) async fn observe(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let id: RequestId = app.ids.new_id();
    // For answers that tell of a problem after they have begun.
    request.extensions_mut().insert(id);
    let method = request.method().clone();
    // The path without its query: queries carry what people search for.
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let api = is_api(&path);
    let span = tracing::info_span!("request", request_id = %id, %method, path);
    let started = Instant::now();

    let mut response = next.run(request).instrument(span.clone()).await;

    let _entered = span.enter();
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        problem.log();
        response = with_document(response, &problem.document(id), &method, is_gateway(&path));
    }
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let elapsed = started.elapsed();
    let status = response.status().as_u16();
    let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    let shown = route.as_deref().unwrap_or("unmatched");
    if api {
        tracing::info!(status, micros, route = shown, "answered");
    } else {
        // The files of the page come by the dozen, and machines ask every few seconds whether the server lives:
        // they would drown everything else.
        tracing::debug!(status, micros, route = shown, "answered");
    }
    record(&method, route, status, elapsed.as_secs_f64());
    response
}

/// Whether somebody asks for data or wants something done, rather than for a file of the page or a sign of life.
fn is_api(path: &str) -> bool {
    path.starts_with("/api/") || is_gateway(path)
}

/// Tells of the problem, to programs that speak OpenAI's interface in its words.
fn with_document(response: Response, problem: &api::Problem, method: &Method, is_gateway: bool) -> Response {
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    let mut response = if method == Method::HEAD {
        parts.status.into_response()
    } else if is_gateway {
        in_its_words(problem)
    } else {
        Json(problem).into_response()
    };
    if !is_gateway {
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    *response.status_mut() = parts.status;
    response.headers_mut().extend(parts.headers);
    response
}

fn record(method: &Method, route: Option<String>, status: u16, seconds: f64) {
    // Unknown methods and paths must not make new series: there is no end to them.
    let method = if is_usual(method) { method.as_str().to_owned() } else { "other".to_owned() };
    let route = route.unwrap_or_else(|| "unmatched".to_owned());
    metrics::histogram!("http_request_seconds", "method" => method, "route" => route, "status" => status.to_string())
        .record(seconds);
}

fn is_usual(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS]
        .contains(method)
}
