//! The part of the OSV schema that is read. Unknown fields are ignored, missing ones have a neutral value.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A vulnerability or notice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OsvRecord {
    /// Its id.
    pub id: String,
    /// When it last changed, RFC 3339.
    pub modified: String,
    /// When it was withdrawn; such a record never counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<String>,
    /// Ids of the same vulnerability elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// One line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// Severity of the whole record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub severity: Vec<OsvSeverity>,
    /// The packages and versions it covers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub affected: Vec<OsvAffected>,
    /// Where to read more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<OsvReference>,
    /// What the database adds; its shape is the database's own.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub database_specific: Value,
}

/// A severity in some scoring system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OsvSeverity {
    /// `CVSS_V2`, `CVSS_V3`, `CVSS_V4` or another.
    #[serde(rename = "type")]
    pub kind: String,
    /// The vector.
    pub score: String,
}

/// Versions of one package.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OsvAffected {
    /// The package.
    pub package: OsvPackage,
    /// Severity for this package.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub severity: Vec<OsvSeverity>,
    /// Ranges of versions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ranges: Vec<OsvRange>,
    /// Versions named one by one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
    /// What the database adds for this package.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub database_specific: Value,
    /// What the ecosystem adds for this package.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub ecosystem_specific: Value,
}

/// A package.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OsvPackage {
    /// The ecosystem, perhaps with a suffix after `:`.
    pub ecosystem: String,
    /// The name.
    pub name: String,
}

/// A range of versions, as events on a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OsvRange {
    /// `SEMVER`, `ECOSYSTEM` or `GIT`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The events, in any order.
    pub events: Vec<OsvEvent>,
}

/// One event; exactly one field is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OsvEvent {
    /// Affected from here on; `0` means from the beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introduced: Option<String>,
    /// No longer affected from here on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed: Option<String>,
    /// Affected up to here, inclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_affected: Option<String>,
    /// Nothing is said about this version and later ones; `*` means no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
}

/// A link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OsvReference {
    /// `ADVISORY`, `FIX`, `WEB`, ...
    #[serde(rename = "type")]
    pub kind: String,
    /// The address.
    pub url: String,
}
