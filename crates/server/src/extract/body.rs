//! axum's extractors with our problems as their rejections.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// A JSON body, in and out. What goes out this way answers a change and is never stored by browsers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(body_problem(&rejection)),
        }
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let mut response = axum::Json(self.0).into_response();
        let no_store = axum::http::HeaderValue::from_static("no-store");
        response.headers_mut().insert(axum::http::header::CACHE_CONTROL, no_store);
        response
    }
}

fn body_problem(rejection: &JsonRejection) -> Problem {
    match rejection {
        JsonRejection::JsonDataError(_) => {
            let what = rejection.body_text();
            let detail = "The body is JSON, but not what this operation takes. See the OpenAPI document.";
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "A field needs a change", detail)
                .with_error("", tidy(&what))
        }
        JsonRejection::JsonSyntaxError(_) => {
            Problem::malformed("The body is not valid JSON.").because(rejection)
        }
        JsonRejection::MissingJsonContentType(_) => {
            let detail = "Send the body as `Content-Type: application/json`.";
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", "Not JSON", detail)
        }
        _ if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Problem::malformed("The body could not be read.").because(rejection),
    }
}

/// The body is over the limit.
pub(crate) fn too_large() -> Problem {
    let detail = "The body is larger than this server takes.";
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "Too large", detail)
}

/// The part of a rejection that helps: after the last framework prefix, bounded.
fn tidy(text: &str) -> String {
    let text = text.rsplit_once("target type: ").map_or(text, |(_, rest)| rest);
    text.chars().take(300).collect()
}

/// Parameters of the query string.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(query_problem(&rejection)),
        }
    }
}

fn query_problem(rejection: &QueryRejection) -> Problem {
    let text = rejection.body_text();
    let what = text.rsplit_once("query string: ").map_or(text.as_str(), |(_, rest)| rest);
    Problem::malformed("A parameter of the address is unknown or not as it should be.")
        .with_error("query", what.chars().take(300).collect::<String>())
}

/// Parameters of the path. One that is not well-formed names nothing that exists.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(_)) => Err(Problem::not_found()),
            Err(rejection) => Err(Problem::internal(rejection)),
        }
    }
}
