//! Regular expressions that are compiled when they are first used: most runs use few of those that the rules have, and
//! compiling takes far longer than reading.
//!
//! They are data of this crate. One that is no regular expression matches nothing; tests see it as soon as it is read.

use std::sync::OnceLock;

use regex::{CaptureMatches, Match, Regex, RegexSet};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// A regular expression.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// A pattern; an error only where tests run.
    pub(crate) fn new(text: String) -> Result<Self, regex::Error> {
        if cfg!(test) {
            Regex::new(&text)?;
        }
        Ok(Self { text, compiled: OnceLock::new() })
    }

    fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(&self.text).ok()).as_ref()
    }

    /// Whether it matches somewhere in the text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    /// The first place where it matches.
    pub(crate) fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.regex()?.find(text)
    }

    /// The groups of every match.
    pub(crate) fn captures_iter<'p, 't>(
        &'p self,
        text: &'t str,
    ) -> std::iter::Flatten<std::option::IntoIter<CaptureMatches<'p, 't>>> {
        self.regex().map(|regex| regex.captures_iter(text)).into_iter().flatten()
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// Regular expressions of which any may match.
#[derive(Debug)]
pub(crate) struct PatternSet {
    texts: Vec<String>,
    compiled: OnceLock<RegexSet>,
}

impl PatternSet {
    /// A set; an error only where tests run.
    pub(crate) fn new(texts: impl IntoIterator<Item = String>) -> Result<Self, regex::Error> {
        let texts: Vec<String> = texts.into_iter().collect();
        if cfg!(test) {
            RegexSet::new(&texts)?;
        }
        Ok(Self { texts, compiled: OnceLock::new() })
    }

    /// Whether any of them matches somewhere in the text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        !self.texts.is_empty()
            && self.compiled.get_or_init(|| RegexSet::new(&self.texts).unwrap_or_default()).is_match(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_match_as_the_compiled_ones_do() {
        let pattern = Pattern::new("b(c)?".to_owned()).unwrap();
        assert!(pattern.is_match("abcb") && !pattern.is_match("acc"));
        assert_eq!(pattern.find("abcb").map(|found| found.range()), Some(1..3));
        let groups = pattern.captures_iter("abcb").map(|groups| groups.get(1).is_some());
        assert_eq!(groups.collect::<Vec<_>>(), [true, false]);
        let set = PatternSet::new(["^a$", "^b$"].map(str::to_owned)).unwrap();
        assert!(set.is_match("b") && !set.is_match("ab"));
        assert!(!PatternSet::new([]).unwrap().is_match(""));
    }

    #[test]
    fn tests_see_what_is_no_regular_expression() {
        assert!(Pattern::new("(".to_owned()).is_err() && PatternSet::new(["(".to_owned()]).is_err());
        assert!(serde_json::from_str::<Pattern>(r#""[""#).is_err());
        assert!(serde_json::from_str::<Pattern>(r#""[a]""#).is_ok());
    }
}
