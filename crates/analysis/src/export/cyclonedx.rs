//! CycloneDX 1.6.
use serde_json::Value;
use crate::report::Report;
/// The dependencies as a CycloneDX 1.6 bill of materials.
pub fn cyclonedx(_report: &Report) -> Value { Value::Null }
