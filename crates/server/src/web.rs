//! The web app, embedded in the binary.
//!
//! Files with a hash in their name never change and are kept for a year. Every other address that a person may
//! type gives the page, with a nonce made for this one answer; so the page is never kept.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::Problem;
use crate::reply;
use crate::state::AppState;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// First parts of paths that belong to programs: they never get the page.
const FOR_PROGRAMS: [&str; 6] = ["api", "v1", "mcp", "metrics", "livez", "readyz"];
/// The page, and the one for those who come for the first time, with its words already in it.
const PAGE: &str = "index.html";
const LANDING: &str = "landing.html";
/// Stands in the page where the nonce belongs.
const NONCE: &str = "%NONCE%";

/// Answers every path that no route has.
pub(crate) async fn fallback(
    State(app): State<AppState>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path().trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    if FOR_PROGRAMS.contains(&first) {
        return Problem::not_found().into_response();
    }
    if !matches!(method, Method::GET | Method::HEAD) {
        return method_not_allowed().await.into_response();
    }
    let hidden = path.split('/').any(|part| part.starts_with('.'));
    let is_page = matches!(path, PAGE | LANDING);
    if !is_page
        && !hidden
        && let Some(file) = Dist::get(path)
    {
        return asset(path, file);
    }
    // A missing file must not look like a script that is in fact a page. The pages of a workspace end with what people
    // call their files.
    let last = path.rsplit('/').next().unwrap_or_default();
    if !is_page && !path.starts_with("w/") && last.contains('.') {
        return Problem::not_found().into_response();
    }
    page(&app, path.is_empty() && !brings_session(&app, &headers))
}

/// Whether the browser has been let in before: whoever it is will not stay on the landing page.
fn brings_session(app: &AppState, headers: &HeaderMap) -> bool {
    let name = format!("{}=", app.config.cookie_name());
    let mut cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.any(|all| all.split(';').any(|one| one.trim_start().starts_with(&name)))
}

/// Answers a method that a path does not have.
pub(crate) async fn method_not_allowed() -> Problem {
    let detail = "This address exists, but not for this method. See the OpenAPI document.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Not for this method", detail)
}

fn asset(path: &str, file: EmbeddedFile) -> Response {
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let mut response = reply::tagged(&tag, "application/octet-stream", file.data.into_owned());
    let headers = response.headers_mut();
    headers.remove(header::VARY);
    if let Ok(mime) = HeaderValue::from_str(file.metadata.mimetype()) {
        headers.insert(header::CONTENT_TYPE, mime);
    }
    let keep =
        if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "public, no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Some(policy) = policy_of(path) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    response
}

/// The policy of a file that has one. The service worker lives under its own, not under that of the page: it may fetch
/// the files of the app, which it keeps.
fn policy_of(path: &str) -> Option<&'static str> {
    (path == "sw.js").then_some("default-src 'none'; connect-src 'self'")
}

fn page(app: &AppState, landing: bool) -> Response {
    let drawn = landing.then(|| Dist::get(LANDING)).flatten();
    let Some(file) = drawn.or_else(|| Dist::get(PAGE)) else {
        let text = "The web app is not part of this build.\n\nRun `cargo xtask run`, which builds it and the server together.\n";
        return (StatusCode::SERVICE_UNAVAILABLE, text).into_response();
    };
    let nonce = hex::encode(&app.ids.new_token()[..16]);
    render(&String::from_utf8_lossy(&file.data), &nonce)
}

/// The page with its nonce, and the policy that goes with it.
fn render(html: &str, nonce: &str) -> Response {
    let mut response = html.replace(NONCE, nonce).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&policy(nonce)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// What the page may do: run and load what this server gives, nothing inline but styles with the nonce.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; \
         base-uri 'none'; form-action 'self'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    #[test]
    fn the_worker_alone_has_a_policy_of_its_own() {
        assert_eq!(policy_of("sw.js"), Some("default-src 'none'; connect-src 'self'"));
        assert_eq!(
            policy_of("assets/sw.js"),
            None,
            "what is said for everything that is not the page applies"
        );
    }

    #[tokio::test]
    async fn the_page_carries_the_nonce_that_its_policy_names() {
        let response = render("<style nonce=\"%NONCE%\"></style>", "0123abcd");
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        assert!(policy.contains("style-src 'self' 'nonce-0123abcd';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        let body = to_bytes(response.into_body(), 1_000).await.unwrap();
        assert_eq!(body, "<style nonce=\"0123abcd\"></style>");
    }
}
