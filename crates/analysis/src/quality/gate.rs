//! The gate that a repository sets for itself, in the section `[gate]` of its settings ([`super::settings`]):
//!
//! ```toml
//! [gate]
//! fail_on = "high"   # from this severity on, findings outside tests and examples fail a pipeline
//! ```
//!
//! Whoever runs the analysis has the last word; the report only says what the repository wishes.

use serde::Deserialize;
use toml::Spanned;

use super::settings::{FILE, line_of};
use crate::report::{Gate, Severity, Span};

/// The section. A wish that is misspelt makes the file malformed: a gate that silently stands open is worse than none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    fail_on: Spanned<Severity>,
}

impl Wish {
    /// The gate that the text sets.
    pub(super) fn gate(self, text: &str) -> Gate {
        let line = line_of(text, self.fail_on.span().start);
        Gate { fail_on: self.fail_on.into_inner(), by: Span::lines(FILE, line, line) }
    }
}
