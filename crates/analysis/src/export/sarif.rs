//! SARIF 2.1.0.
use serde_json::Value;
use crate::report::Report;
/// The findings as a SARIF 2.1.0 log.
pub fn sarif(_report: &Report) -> Value { Value::Null }
