//! placeholder
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
pub struct Problem;
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (StatusCode::SERVICE_UNAVAILABLE, Json(serde_json::Value::Null)).into_response()
    }
}
