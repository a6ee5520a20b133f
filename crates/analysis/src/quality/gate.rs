//! The gate that a repository sets for itself, in `devmentor.toml` at its root:
//!
//! ```toml
//! [gate]
//! fail_on = "high"   # from this severity on, findings outside tests and examples fail a pipeline
//! ```
//!
//! Whoever runs the analysis has the last word; the report only says what the repository wishes.

use serde::Deserialize;
use toml::Spanned;

use crate::report::{Gate, Severity, SkipReason, Span};
use crate::source::SourceFile;

/// The file that may hold a gate.
pub const FILE: &str = "devmentor.toml";

#[derive(Debug, Deserialize)]
struct Written {
    gate: Option<Wish>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    fail_on: Spanned<Severity>,
}

/// The gate of a file that sets one. A wish that is misspelt makes the file malformed: a gate that silently stands open
/// is worse than none.
pub fn examine(file: &SourceFile<'_>) -> Result<Option<Gate>, SkipReason> {
    if file.path != FILE {
        return Ok(None);
    }
    let text = std::str::from_utf8(file.bytes).map_err(|_| SkipReason::Malformed)?;
    let written: Written = toml::from_str(text).map_err(|_| SkipReason::Malformed)?;
    Ok(written.gate.map(|wish| {
        let before = text.get(..wish.fail_on.span().start).unwrap_or_default();
        let line = u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX - 1) + 1;
        Gate { fail_on: wish.fail_on.into_inner(), by: Span::lines(FILE, line, line) }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(path: &str, text: &str) -> Result<Option<Gate>, SkipReason> {
        examine(&SourceFile { path, executable: false, bytes: text.as_bytes() })
    }

    #[test]
    fn a_repository_says_from_which_severity_on_it_fails() {
        let text = "[[suppress]]\nrule = \"a\"\n\n[gate]\nfail_on = \"high\"\n";
        let wanted = Gate { fail_on: Severity::High, by: Span::lines(FILE, 5, 5) };
        assert_eq!(gate("devmentor.toml", text), Ok(Some(wanted)));
        assert_eq!(gate("sub/devmentor.toml", text), Ok(None), "only at the root");
        assert_eq!(gate("devmentor.toml", "[other]\n"), Ok(None));
        for wrong in ["[gate]\nfail_on = \"awful\"\n", "[gate]\nfail_no = \"high\"\n", "[gate]\n", "[gate"] {
            assert_eq!(gate("devmentor.toml", wrong), Err(SkipReason::Malformed), "{wrong}");
        }
    }
}
