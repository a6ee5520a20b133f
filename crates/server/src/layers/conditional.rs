//! What the browser has already is not sent again.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

/// Answers 304 when the tag of the answer is among those the request already has.
pub(crate) async fn conditional(request: Request, next: Next) -> Response {
    let known: Vec<HeaderValue> = request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = next.run(request).await;
    if is_read && response.status() == StatusCode::OK && matches(&known, response.headers().get(header::ETAG))
    {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

fn matches(known: &[HeaderValue], tag: Option<&HeaderValue>) -> bool {
    let Some(tag) = tag.and_then(|tag| tag.to_str().ok()) else { return false };
    known
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|one| one.trim() == "*" || opaque(one.trim()) == opaque(tag))
}

/// The tag without the mark that says it is weak: reads compare weakly (RFC 9110, 8.8.3.2).
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_compared_weakly() {
        let tag = HeaderValue::from_static("W/\"ab\"");
        let known = |line| [HeaderValue::from_static(line)];
        assert!(matches(&known("\"x\", \"ab\""), Some(&tag)));
        assert!(matches(&known("W/\"ab\""), Some(&tag)));
        assert!(matches(&known("*"), Some(&tag)));
        assert!(!matches(&known("\"abc\""), Some(&tag)));
        assert!(!matches(&known("*"), None));
    }
}
