//! Regular expressions that are compiled when they are first used: most runs use few of those that the rules have, and
//! compiling takes far longer than reading.
//!
//! `\w`, `\d`, `\s` and `\b` mean what they mean in ASCII, as the names and signs that rules look for do: each of them
//! takes a machine of up to a thousand states otherwise, and most of the time of compiling. Letters beyond ASCII are told
//! apart from small to capital by `(?i)` in a [`Pattern`] alone.
//!
//! They are data of this crate. One that is no regular expression matches nothing; tests see it as soon as it is read.

use std::sync::OnceLock;

use regex::bytes::{RegexSet, RegexSetBuilder};
use regex::{CaptureMatches, Match, Regex};
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
        let text = ascii(text);
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

/// Regular expressions of which any may match. They are of ASCII as a whole: any other letter is a few bytes, each of which
/// `.` and `[^...]` take, and their machines are a fraction of the size. So whether one matches is the same, with these
/// exceptions:
///
/// - one that counts letters (`^.{3}$`) counts bytes;
/// - `[^...]` between fixed ends takes a part of a letter, and several have to be let in where one letter may stand;
/// - `(?i)` tells small letters from capitals beyond ASCII;
/// - a class with a letter beyond ASCII (`[ä-ü]`) is none: the whole set is refused in tests, and matches nothing elsewhere.
#[derive(Debug)]
pub(crate) struct PatternSet {
    texts: Vec<String>,
    compiled: OnceLock<RegexSet>,
}

impl PatternSet {
    /// A set; an error only where tests run.
    pub(crate) fn new(texts: impl IntoIterator<Item = String>) -> Result<Self, regex::Error> {
        let texts: Vec<String> = texts.into_iter().map(ascii).collect();
        if cfg!(test) {
            set(&texts)?;
        }
        Ok(Self { texts, compiled: OnceLock::new() })
    }

    /// Whether any of them matches somewhere in the text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        !self.texts.is_empty()
            && self
                .compiled
                .get_or_init(|| set(&self.texts).unwrap_or_else(|_| RegexSet::empty()))
                .is_match(text.as_bytes())
    }
}

fn set(texts: &[String]) -> Result<RegexSet, regex::Error> {
    RegexSetBuilder::new(texts).unicode(false).build()
}

/// The pattern with its classes of letters, digits and blanks, and the bounds of words, written out for ASCII.
fn ascii(pattern: String) -> String {
    if !pattern.contains('\\') {
        return pattern;
    }
    let mut text = String::with_capacity(pattern.len() * 2);
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('w') => text.push_str("[0-9A-Za-z_]"),
            Some('d') => text.push_str("[0-9]"),
            // A plain blank would be passed over in a pattern with comments.
            Some('s') => text.push_str(r"[\t-\r\x20]"),
            Some('W') => text.push_str("[^0-9A-Za-z_]"),
            Some('D') => text.push_str("[^0-9]"),
            Some('S') => text.push_str(r"[^\t-\r\x20]"),
            Some('b') => text.push_str(r"(?-u:\b)"),
            other => text.extend(std::iter::once('\\').chain(other)),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_ascii_wherever_they_stand() {
        for (pattern, matching, others) in [
            (r"^[\w-]+$", "a_-9", "ä"),
            (r"^\d\D$", "1a", "٣a"),
            (r"^\S\s$", "x\t", "x\u{a0}"),
            (r"^[^\s.]$", "\u{a0}", " "),
            (r"^\\w$", r"\w", "w"),
            (r"(?x) ^ [\s] $ # \b", " ", "b"),
            (r"\beval\b", "x eval(", "xeval("),
            (r"^\W\.$", "ä.", "a."),
        ] {
            let pattern = Pattern::new(pattern.to_owned()).unwrap();
            assert!(pattern.is_match(matching) && !pattern.is_match(others), "{pattern:?}");
        }
        assert!(Pattern::new("\\".to_owned()).is_err(), "the end of a pattern stays as it is");
    }

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
    fn a_set_takes_other_letters_byte_by_byte() {
        let matches = |pattern: &str, text: &str| {
            let set = PatternSet::new([pattern.to_owned()]).unwrap();
            (set.is_match(text), Pattern::new(pattern.to_owned()).unwrap().is_match(text))
        };
        assert_eq!(matches("^a.*ä[^b]*$", "a:ä:ö"), (true, true));
        assert_eq!(matches("^.$", "ä"), (false, true));
        assert_eq!(matches("^[^b]$", "ä"), (false, true));
        assert_eq!(matches("(?i)^ä$", "Ä"), (false, true));
        assert!(PatternSet::new(["[ä]".to_owned()]).is_err(), "a class of them is refused");
    }

    #[test]
    fn tests_see_what_is_no_regular_expression() {
        assert!(Pattern::new("(".to_owned()).is_err() && PatternSet::new(["(".to_owned()]).is_err());
        assert!(serde_json::from_str::<Pattern>(r#""[""#).is_err());
        assert!(serde_json::from_str::<Pattern>(r#""[a]""#).is_ok());
    }
}
