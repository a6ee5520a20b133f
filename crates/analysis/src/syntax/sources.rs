//! Which calls and members bring text from a request or a prompt, clean it, pass it on, or put it together: data, by language.

use std::collections::HashSet;

use serde::Deserialize;

use super::value::Origin;
use crate::pattern::{Pattern, PatternSet};

/// The lists of one language, each of regular expressions over whole paths.
#[derive(Debug, Deserialize)]
struct Lists {
    family: String,
    /// What comes from the other side of a connection.
    request: Vec<String>,
    /// What stands before a parameter that a framework fills with text of the request.
    #[serde(default)]
    parameter: Vec<String>,
    /// What somebody types at the program's prompt, or pipes into it.
    #[serde(default)]
    typed: Vec<String>,
    /// Texts that stand for the request where a function is given one of them first.
    #[serde(default)]
    named: Vec<String>,
    /// What makes text harmless, or gives something that is not text.
    clean: Vec<String>,
    /// What of that does no more than to escape quotes.
    #[serde(default)]
    escape: Vec<String>,
    /// What gives back (parts of) what it was given.
    carry: Vec<String>,
    /// What of a condition says that a value is one of those that are meant.
    #[serde(default)]
    check: Vec<String>,
    /// Members of a request that its receiver made up.
    #[serde(default)]
    own: Vec<String>,
    /// What fills a template, given as first argument.
    format: Vec<String>,
    /// What gives text followed by the text it is given.
    #[serde(default)]
    join: Vec<String>,
    /// What gives numbers or text that can be worked out beforehand.
    #[serde(default)]
    predictable: Vec<String>,
    /// Names of methods that add to what they are called on: at its end, or under a key given first.
    #[serde(default)]
    add: Vec<String>,
    /// Names of methods that give what is under a key or at a place.
    #[serde(default)]
    take: Vec<String>,
    /// Names of methods that take the element at a place out.
    #[serde(default)]
    remove: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct File {
    language: Vec<Lists>,
}

/// The lists of one language, ready for use.
#[derive(Debug)]
pub(super) struct Sources {
    pub family: String,
    request: PatternSet,
    parameter: PatternSet,
    typed: PatternSet,
    clean: PatternSet,
    escape: PatternSet,
    named: HashSet<String>,
    carry: PatternSet,
    check: Vec<Pattern>,
    own: PatternSet,
    format: PatternSet,
    join: PatternSet,
    predictable: PatternSet,
    add: HashSet<String>,
    take: HashSet<String>,
    remove: HashSet<String>,
}

/// Why the data in this crate cannot be used; a test makes sure that this does not happen.
#[derive(Debug, thiserror::Error)]
pub(super) enum DataError {
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    #[error("{0}")]
    Regex(#[from] regex::Error),
}

fn whole(patterns: &[String]) -> Result<PatternSet, regex::Error> {
    PatternSet::new(patterns.iter().map(|pattern| format!("^(?:{pattern})$")))
}

impl Sources {
    pub(super) fn read(text: &str) -> Result<Vec<Self>, DataError> {
        let file: File = toml::from_str(text)?;
        let mut all = Vec::new();
        for lists in file.language {
            all.push(Self {
                request: whole(&lists.request)?,
                parameter: PatternSet::new(lists.parameter.iter().map(|pattern| format!("(?:{pattern})$")))?,
                typed: whole(&lists.typed)?,
                clean: whole(&lists.clean)?,
                escape: whole(&lists.escape)?,
                named: lists.named.into_iter().collect(),
                carry: whole(&lists.carry)?,
                check: lists.check.into_iter().map(Pattern::new).collect::<Result<_, _>>()?,
                own: whole(&lists.own)?,
                format: whole(&lists.format)?,
                join: whole(&lists.join)?,
                predictable: whole(&lists.predictable)?,
                add: lists.add.into_iter().collect(),
                take: lists.take.into_iter().collect(),
                remove: lists.remove.into_iter().collect(),
                family: lists.family,
            });
        }
        Ok(all)
    }

    pub(super) fn origin(&self, path: &str) -> Origin {
        if self.request.is_match(path) {
            Origin::Request
        } else if self.typed.is_match(path) {
            Origin::Typed
        } else if self.predictable.is_match(path) {
            Origin::Predictable
        } else {
            Origin::Here
        }
    }

    /// Whether a call makes text harmless: by the list, or because its name says so.
    pub(super) fn cleans(&self, path: &str) -> bool {
        let name = path.rsplit('.').next().unwrap_or(path).trim_start_matches(['~', '@']).to_lowercase();
        let escapes = ["escape", "sanitiz", "sanitis", "purify"].iter().any(|word| name.contains(word));
        (escapes && !name.contains("unescape")) || self.clean.is_match(path)
    }

    /// Whether what makes text harmless does so between quotes alone.
    pub(super) fn escapes(&self, path: &str) -> bool {
        self.escape.is_match(path)
    }

    /// Whether a text stands for the request.
    pub(super) fn is_request(&self, name: &str) -> bool {
        self.named.contains(name)
    }

    /// What a part of a condition says to be one of those values that are meant, as often as it says so: by the list, or
    /// by a name for it.
    pub(super) fn checked<'p>(&self, part: &'p str) -> impl Iterator<Item = &'p str> {
        let said = self.check.iter().flat_map(move |pattern| pattern.captures_iter(part));
        said.map(move |groups| groups.name("value").map_or(part, |value| value.as_str()))
    }

    /// Whether an element is of the receiver's own making, by its text.
    pub(super) fn is_own(&self, element: &str) -> bool {
        self.own.is_match(element)
    }

    pub(super) fn carries(&self, path: &str) -> bool {
        self.carry.is_match(path)
    }

    pub(super) fn formats(&self, path: &str) -> bool {
        self.format.is_match(path)
    }

    /// Whether text that ends right before a parameter says that it is filled with text of the request.
    pub(super) fn marks(&self, before: &str) -> bool {
        self.parameter.is_match(before)
    }

    pub(super) fn joins(&self, path: &str) -> bool {
        self.join.is_match(path)
    }

    pub(super) fn adds(&self, method: &str) -> bool {
        self.add.contains(method)
    }

    pub(super) fn takes(&self, method: &str) -> bool {
        self.take.contains(method)
    }

    pub(super) fn removes(&self, method: &str) -> bool {
        self.remove.contains(method)
    }
}
