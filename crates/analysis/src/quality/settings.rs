//! What a repository says about its own analysis: `devmentor.toml` at its root, of which
//! `.devmentor/suppressions.toml` holds the suppressions alone. Each is read once, and counts as a whole: half of what
//! its author wrote is not what they meant.

use serde::Deserialize;

use super::gate;
use super::suppressions::{self, Suppression};
use crate::report::{Gate, SkipReason};
use crate::source::SourceFile;

/// The file that may hold all of it.
pub const FILE: &str = "devmentor.toml";

/// The file that may hold suppressions only.
const SUPPRESSIONS: &str = ".devmentor/suppressions.toml";

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The findings that are not to be acted on.
    pub suppressions: Vec<Suppression>,
    /// The gate.
    pub gate: Option<Gate>,
    /// Whether the history is to be searched for credentials.
    pub past_secrets: bool,
}

#[derive(Debug, Deserialize)]
struct Written {
    #[serde(default)]
    suppress: Vec<suppressions::Entry>,
    gate: Option<gate::Wish>,
    history: Option<History>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct History {
    #[serde(default)]
    secrets: bool,
}

/// What a file of settings says; `None` for all other files.
///
/// # Errors
/// [`SkipReason::Malformed`] when any part of it is not what it should be.
pub fn examine(file: &SourceFile<'_>) -> Option<Result<Settings, SkipReason>> {
    let read = || {
        let text = std::str::from_utf8(file.bytes).ok()?;
        let written: Written = toml::from_str(text).ok()?;
        let suppressions = suppressions::of_file(written.suppress, text)?;
        Some(if file.path == FILE {
            Settings {
                suppressions,
                gate: written.gate.map(|wish| wish.gate(text)),
                past_secrets: written.history.is_some_and(|wish| wish.secrets),
            }
        } else {
            Settings { suppressions, ..Settings::default() }
        })
    };
    matches!(file.path, FILE | SUPPRESSIONS).then(|| read().ok_or(SkipReason::Malformed))
}

/// The line of a place in a text, from 1.
pub(super) fn line_of(text: &str, at: usize) -> u32 {
    let before = text.get(..at).unwrap_or_default();
    u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX - 1) + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Severity, Span};

    fn settings(path: &str, text: &str) -> Option<Result<Settings, SkipReason>> {
        examine(&SourceFile { path, executable: false, bytes: text.as_bytes() })
    }

    const ENTRY: &str = "[[suppress]]\nrule = \"a\"\npath = \"**\"\nreason = \"r\"\nkind = \"not_used\"\n";

    #[test]
    fn a_repository_says_from_which_severity_on_it_fails() {
        let gate = |text: &str| settings(FILE, text).map(|read| read.map(|settings| settings.gate));
        let wanted = Gate { fail_on: Severity::High, by: Span::lines(FILE, 8, 8) };
        let text = format!("{ENTRY}\n[gate]\nfail_on = \"high\"\n");
        assert_eq!(gate(&text), Some(Ok(Some(wanted))));
        assert_eq!(gate("[other]\n"), Some(Ok(None)));
        for wrong in ["[gate]\nfail_on = \"awful\"\n", "[gate]\nfail_no = \"high\"\n", "[gate]\n", "[gate"] {
            assert_eq!(gate(wrong), Some(Err(SkipReason::Malformed)), "{wrong}");
        }
    }

    #[test]
    fn a_repository_wishes_for_a_search_of_its_history() {
        let wish = |text: &str| settings(FILE, text).map(|read| read.map(|settings| settings.past_secrets));
        assert_eq!(wish("[history]\nsecrets = true\n"), Some(Ok(true)));
        assert_eq!(wish("[gate]\nfail_on = \"high\"\n"), Some(Ok(false)));
        assert_eq!(wish("[history]\nsecret = true\n"), Some(Err(SkipReason::Malformed)));
    }

    #[test]
    fn a_file_counts_as_a_whole_and_only_in_its_place() {
        let both = format!("{ENTRY}[history]\nsecrets = true\n");
        let read = settings(FILE, &both).expect("it is one").expect("it is well formed");
        assert_eq!((read.suppressions.len(), read.past_secrets), (1, true));
        let alone = settings(SUPPRESSIONS, &both).expect("it is one").expect("it is well formed");
        assert_eq!((alone.suppressions.len(), alone.past_secrets), (1, false));
        assert_eq!(settings("sub/devmentor.toml", &both), None);
        let misspelt = format!("{ENTRY}[gate]\nfail_no = \"high\"\n");
        assert_eq!(settings(FILE, &misspelt), Some(Err(SkipReason::Malformed)));
    }
}
