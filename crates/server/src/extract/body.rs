//! axum's extractors with our problems as their rejections.

use axum::body::{Body, Bytes};
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::problem::Problem;

/// A JSON body, in and out. What goes out this way answers a change and is never stored by browsers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let headers = Request::from_parts(parts.clone(), Body::empty());
        let bytes = Bytes::from_request(Request::from_parts(parts, body), state)
            .await
            .map_err(|rejection| body_problem(&rejection.into()))?;
        let request = headers.map(|_| Body::from(bytes.clone()));
        let axum::Json(value) =
            axum::Json::from_request(request, state).await.map_err(|rejection| body_problem(&rejection))?;
        // A list of its members in their order would be taken for the object too.
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            return Err(Problem::invalid("", "send a JSON object"));
        }
        match place_of_nul(&bytes) {
            None => Ok(Self(value)),
            Some(field) => Err(Problem::invalid(&field, "it must not contain the character NUL")),
        }
    }
}

/// Where a JSON document has the character NUL, which PostgreSQL cannot keep and no text needs: a JSON pointer.
fn place_of_nul(document: &[u8]) -> Option<String> {
    // In JSON it can only be written as this escape, which nearly no document has.
    const ESCAPED: &[u8] = br"\u0000";
    if !document.windows(ESCAPED.len()).any(|part| part == ESCAPED) {
        return None;
    }
    // The document was read before, so it can be read again, and its depth is bounded.
    place_in(&serde_json::from_slice(document).ok()?)
}

fn place_in(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| place_in(item).map(|place| format!("/{index}{place}"))),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| {
            // A name with it cannot be quoted back.
            if name.contains('\0') {
                return Some(String::new());
            }
            let place = place_in(value)?;
            Some(format!("/{}{place}", name.replace('~', "~0").replace('/', "~1")))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// A part of the address has the character NUL.
pub(crate) fn nul_in(place: &str) -> Problem {
    Problem::malformed("The address contains the character NUL, which nothing here is named with.")
        .with_error(place, "must not contain the character NUL")
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

/// A body that is a file.
pub(crate) struct Upload(pub(crate) Vec<u8>);

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Bytes::from_request(request, state).await {
            Ok(bytes) => Ok(Self(bytes.into())),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(too_large()),
            Err(rejection) => Err(Problem::malformed("The body could not be read.").because(rejection)),
        }
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
        // What stands for a per cent sign is `%25`, so this is never a part of something else.
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(nul_in("query"));
        }
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
        if let Ok(all) = RawPathParams::from_request_parts(parts, state).await
            && let Some((name, _)) = all.iter().find(|(_, value)| value.contains('\0'))
        {
            return Err(nul_in(name));
        }
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(_)) => Err(Problem::not_found()),
            Err(rejection) => Err(Problem::internal(rejection)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_is_found_where_it_is_and_not_where_it_is_only_spelled() {
        let place = |text: &str| place_of_nul(text.as_bytes());
        assert_eq!(place(r#"{"title":"a\u0000b"}"#).as_deref(), Some("/title"));
        assert_eq!(place(r#"{"a/b":["x",{"c":"\u0000"}]}"#).as_deref(), Some("/a~1b/1/c"));
        assert_eq!(place(r#"{"a\u0000":1}"#).as_deref(), Some(""));
        assert_eq!(place(r#"{"title":"a\\u0000b"}"#), None);
        assert_eq!(place(r#"{"title":"\u0001"}"#), None);
    }
}
