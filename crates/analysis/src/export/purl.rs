//! Package URLs.
/// The package URL of a package version; `None` for an ecosystem without a type.
pub fn purl(_ecosystem: &str, _name: &str, _version: Option<&str>) -> Option<String> { None }
