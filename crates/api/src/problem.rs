//! Every failure, in one shape.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What went wrong and what to do next (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Identifies the kind of problem; a relative reference that ends in `code`.
    #[schema(example = "/problems/not_found")]
    pub r#type: String,
    /// The kind of problem in a few words, the same for every occurrence.
    #[schema(example = "Not found")]
    pub title: String,
    /// The HTTP status.
    #[schema(example = 404)]
    pub status: u16,
    /// What happened this time and what to do next, in one or two sentences.
    pub detail: String,
    /// Stable code to branch on.
    #[schema(example = "not_found")]
    pub code: String,
    /// Names this request in the server's log.
    pub request_id: String,
    /// Seconds to wait before trying again, where waiting helps.
    pub retry_after: Option<u32>,
    /// What is wrong with single fields of the request; may be empty.
    pub errors: Vec<FieldError>,
    /// People who can grant what was missing; may be empty.
    pub grantors: Vec<Grantor>,
    /// The permission that was missing, where one was: what `access-requests` takes.
    pub permission: Option<crate::Permission>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// Where: a JSON pointer into the body, or the name of a parameter.
    #[schema(example = "/title")]
    pub field: String,
    /// What is expected.
    pub message: String,
}

/// Somebody who can grant a permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Grantor {
    /// The name to show.
    pub name: String,
    /// Their role in the workspace.
    pub role: crate::Role,
}
