//! Every failure, in one shape (RFC 9457).
//!
//! Handlers and extractors return a [`Problem`]; the outermost layer turns it into the document, because only there
//! the request's id is known, and logs it once. What caused it stays in the log.

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::id::RequestId;

use crate::routes::roles::{permission_to_api, role_to_api};

/// The code for a change of which nobody knows whether it was made.
pub(crate) const OUTCOME_UNKNOWN: &str = "outcome_unknown";

/// A failed request. Cheap to clone, because it travels as a response extension.
#[derive(Debug, Clone)]
pub struct Problem(Arc<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    status: StatusCode,
    code: Cow<'static, str>,
    title: &'static str,
    detail: Cow<'static, str>,
    retry_after: Option<u32>,
    errors: Vec<api::FieldError>,
    grantors: Vec<api::Grantor>,
    permission: Option<base::Permission>,
    cause: Option<String>,
}

impl Problem {
    /// A problem of that kind. `title` is the same for every occurrence of `code`; `detail` says what happened this
    /// time and what to do next.
    pub(crate) fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        title: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Arc::new(Parts {
            status,
            code: code.into(),
            title,
            detail: detail.into(),
            retry_after: None,
            errors: Vec::new(),
            grantors: Vec::new(),
            permission: None,
            cause: None,
        }))
    }

    /// It is not there, or the caller may not know that it is: both answer alike.
    pub(crate) fn not_found() -> Self {
        let detail = "There is nothing at this address, or it is not shared with you.";
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found", detail)
    }

    /// Nobody is signed in.
    pub(crate) fn signed_out() -> Self {
        let detail = "Sign in and try again: the session is missing or has ended.";
        Self::new(StatusCode::UNAUTHORIZED, "signed_out", "Not signed in", detail)
    }

    /// The access token is too old. Browsers refresh it and ask again.
    pub(crate) fn access_expired() -> Self {
        let detail =
            "The access token has expired. Get another one at `auth/refresh` and send the request again.";
        Self::new(StatusCode::UNAUTHORIZED, "access_expired", "Refresh needed", detail)
    }

    /// Too many tries.
    pub(crate) fn too_many(wait: transient::RetryAfter) -> Self {
        let seconds = wait.seconds();
        let detail = format!("Too many tries. Wait {seconds} seconds and try again.");
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_tries", "Too many tries", detail)
            .retry_after(seconds)
    }

    /// The person, or the token that acts for them, may not do that. Whoever could change it is named.
    pub(crate) fn permission_needed(
        actor: &base::Actor,
        permission: base::Permission,
        grantors: Vec<identity::members::Member>,
    ) -> Self {
        let (words, role) = (permission.words(), permission.role().as_str());
        if actor.role >= permission.role() {
            let detail =
                format!("This token may not {words}: make one with the scope `{}`.", permission.as_str());
            return Self::new(StatusCode::FORBIDDEN, "scope_needed", "Not allowed with this token", detail)
                .permission(permission);
        }
        let names: Vec<_> = grantors.iter().map(|one| one.user.name.as_str()).collect();
        let who = if names.is_empty() { "its owner".to_owned() } else { names.join(" or ") };
        let detail = format!("To {words} takes the role {role} in this workspace. Ask {who} for it.");
        let problem = Self::new(StatusCode::FORBIDDEN, "role_needed", "Not allowed", detail);
        problem.permission(permission).edit(|parts| {
            parts.grantors = grantors
                .into_iter()
                .map(|one| api::Grantor { name: one.user.name, role: role_to_api(one.role) })
                .collect();
        })
    }

    /// A program with a token wants what only a person does.
    pub(crate) fn session_needed() -> Self {
        let detail = "An API token cannot do this: it acts in its workspace only. Sign in to do it yourself.";
        Self::new(StatusCode::FORBIDDEN, "session_needed", "Not allowed with a token", detail)
    }

    /// A role is above that of whoever changes it.
    pub(crate) fn above() -> Self {
        let detail = "Nobody can give or take a role above their own. An owner of the workspace can.";
        Self::new(StatusCode::FORBIDDEN, "role_above", "Not allowed", detail)
    }

    /// A token for programs does not work.
    pub(crate) fn token_refused() -> Self {
        let detail = "This token was revoked, has expired, or never was one. Make another one under Settings, API tokens.";
        Self::new(StatusCode::UNAUTHORIZED, "token_refused", "Token does not work", detail)
    }

    fn permission(self, permission: base::Permission) -> Self {
        self.edit(|parts| parts.permission = Some(permission))
    }

    /// The caller asked too often.
    pub(crate) fn rate_limited(wait: transient::RetryAfter) -> Self {
        let seconds = wait.seconds();
        let detail = format!("This was asked too often. It works again in {seconds} s.");
        Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", "Too many requests", detail)
            .retry_after(seconds)
    }

    /// The request came from somewhere it should not.
    pub(crate) fn foreign_origin() -> Self {
        let detail = "The request came from another site. Open DevMentor at its own address and try again.";
        Self::new(StatusCode::FORBIDDEN, "foreign_origin", "Not allowed from here", detail)
    }

    /// The request is not well-formed.
    pub(crate) fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", "Not understood", detail)
    }

    /// Well-formed, but fields do not say something that can be done.
    pub(crate) fn invalid(field: &str, message: impl Display) -> Self {
        let detail = format!("One field needs a change: {message}.");
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "A field needs a change", detail)
            .with_error(field, message)
    }

    /// Somebody else was faster.
    pub(crate) fn changed() -> Self {
        let detail =
            "Somebody changed this since you saw it. Read it again and repeat your change if it still holds.";
        Self::new(StatusCode::CONFLICT, "changed", "Changed by somebody else", detail)
    }

    /// The state of the thing does not allow it now.
    pub(crate) fn conflict(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, code, "Not possible now", detail)
    }

    /// The change was made or not, and the server cannot tell. `why` says how that came about.
    pub(crate) fn outcome_unknown(why: &str) -> Self {
        let detail = format!(
            "{why}; whether the change was made is not known. Look, and if it was not, send it again with a new \
             `Idempotency-Key`."
        );
        Self::conflict(OUTCOME_UNKNOWN, detail)
    }

    /// Too much is going on; waiting helps.
    pub(crate) fn busy(seconds: u32) -> Self {
        let detail = "The server has more to do than it can. Try again in a moment.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Busy", detail).retry_after(seconds)
    }

    /// Something that should not happen.
    pub(crate) fn internal(cause: impl Display) -> Self {
        let detail = "Something failed on the server and was recorded. Trying again may help; if not, quote the request id.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something failed", detail).because(cause)
    }

    /// The same with one more field to change.
    pub(crate) fn with_error(self, field: &str, message: impl Display) -> Self {
        self.edit(|parts| {
            parts.errors.push(api::FieldError { field: field.to_owned(), message: message.to_string() });
        })
    }

    /// The same with the seconds to wait.
    pub(crate) fn retry_after(self, seconds: u32) -> Self {
        self.edit(|parts| parts.retry_after = Some(seconds))
    }

    /// The same with what the log should say about its cause. It never reaches the client.
    pub(crate) fn because(self, cause: impl Display) -> Self {
        self.edit(|parts| parts.cause = Some(cause.to_string()))
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    fn edit(mut self, change: impl FnOnce(&mut Parts)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// Writes it to the log: what is the server's fault as an error, the rest for those who look closer.
    pub(crate) fn log(&self) {
        let Parts { status, code, detail, cause, .. } = &*self.0;
        let cause = cause.as_deref().unwrap_or_default();
        if status.is_server_error() {
            tracing::error!(status = status.as_u16(), %code, cause, "{detail}");
        } else {
            tracing::debug!(status = status.as_u16(), %code, cause, "{detail}");
        }
    }

    /// The document.
    pub(crate) fn document(&self, request: RequestId) -> api::Problem {
        let parts = &*self.0;
        api::Problem {
            r#type: format!("/problems/{}", parts.code),
            title: parts.title.to_owned(),
            status: parts.status.as_u16(),
            detail: parts.detail.to_string(),
            code: parts.code.to_string(),
            request_id: request.to_string(),
            retry_after: parts.retry_after,
            errors: parts.errors.clone(),
            grantors: parts.grantors.clone(),
            permission: parts.permission.map(permission_to_api),
        }
    }
}

impl IntoResponse for Problem {
    /// The status and headers. The body follows in the outermost layer.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status() == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<storage::Error> for Problem {
    fn from(error: storage::Error) -> Self {
        use storage::Error;
        match &error {
            Error::Unavailable(_) => {
                let detail = "The database does not answer. Nothing was changed; try again in a moment.";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "storage_unavailable", "Resting", detail).retry_after(2)
            }
            Error::ReadOnly(_) => {
                let detail = "The server cannot write: its disk is full or read-only. Reading still works; tell who runs it.";
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "storage_full", "Cannot write", detail)
            }
            Error::Changed => Self::changed(),
            Error::OutcomeUnknown(_) => {
                Self::outcome_unknown("The connection to the database broke at the last moment")
            }
            Error::Conflict(_) | Error::Corrupt(_) | Error::Aborted | Error::Open(_) | Error::Refused(_) => {
                Self::internal("storage")
            }
        }
        .because(chain(&error))
    }
}

/// An error with everything underneath it, on one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text.push_str(": ");
        text.push_str(&error.to_string());
        next = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_is_logged_and_never_told() {
        let problem = Problem::internal("disk sector 12 of /dev/secret");
        let document = problem.document(base::Ids::counted().new_id());
        assert_eq!(document.code, "internal");
        assert!(!serde_json::to_string(&document).unwrap().contains("secret"));
    }

    #[test]
    fn storage_failures_say_whether_waiting_helps() {
        let problem = Problem::from(storage::Error::Changed);
        assert_eq!((problem.status(), problem.code()), (StatusCode::CONFLICT, "changed"));
        let problem = Problem::from(storage::Error::Aborted);
        assert_eq!((problem.status(), problem.code()), (StatusCode::INTERNAL_SERVER_ERROR, "internal"));
    }
}
