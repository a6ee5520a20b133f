//! Which calls and members bring text from a request or a prompt, clean it, pass it on, or put it together: data, by language.

use std::collections::HashSet;

use serde::Deserialize;

use super::value::Origin;
use crate::pattern::{Pattern, PatternSet};
use crate::table;

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
    /// What stands before a function that a framework calls for a request.
    #[serde(default)]
    handler: Vec<String>,
    /// The types of its parameters that are then text of the request.
    #[serde(default)]
    text: Vec<String>,
    /// What the default of a parameter looks like that something else fills then.
    #[serde(default)]
    supplied: Vec<String>,
    /// What gives text of the program's own, with what it is given in it.
    #[serde(default)]
    told: Vec<String>,
    /// What makes markup by its name: it is judged where it makes it.
    #[serde(default)]
    markup: Vec<String>,
    /// Members of a request that its receiver made up.
    #[serde(default)]
    own: Vec<String>,
    /// Elements of what the program is told about a request that its sender wrote.
    #[serde(default)]
    asked: Vec<String>,
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
    /// What of a check shows that it looks at how a name ends, or at how much there is, and at nothing else.
    partial: Vec<String>,
    /// Names of calls that give what they are called on or given, in another form.
    plain: Vec<String>,
    language: Vec<Lists>,
}

/// The lists of one language, ready for use.
#[derive(Debug)]
pub(super) struct Sources {
    request: PatternSet,
    parameter: PatternSet,
    typed: PatternSet,
    clean: PatternSet,
    escape: PatternSet,
    named: HashSet<String>,
    carry: PatternSet,
    check: Vec<Pattern>,
    partial: Vec<Pattern>,
    plain: HashSet<String>,
    handler: Vec<Pattern>,
    text: PatternSet,
    supplied: PatternSet,
    told: PatternSet,
    markup: PatternSet,
    own: PatternSet,
    asked: PatternSet,
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
    Form(#[from] serde_json::Error),
    #[error("{0}")]
    Regex(#[from] regex::Error),
    #[error("There are no lists of {0}.")]
    NoLists(String),
}

fn whole(patterns: &[String]) -> Result<PatternSet, regex::Error> {
    PatternSet::new(patterns.iter().map(|pattern| format!("^(?:{pattern})$")))
}

impl Sources {
    /// The lists of a language family.
    pub(super) fn read(text: &str, family: &str) -> Result<Self, DataError> {
        let file: File = table::read(text)?;
        let lists = file.language.into_iter().find(|lists| lists.family == family);
        let lists = lists.ok_or_else(|| DataError::NoLists(family.to_owned()))?;
        let patterns =
            |texts: Vec<String>| texts.into_iter().map(Pattern::new).collect::<Result<Vec<_>, _>>();
        Ok(Self {
            request: whole(&lists.request)?,
            parameter: PatternSet::new(lists.parameter.iter().map(|pattern| format!("(?:{pattern})$")))?,
            typed: whole(&lists.typed)?,
            clean: whole(&lists.clean)?,
            escape: whole(&lists.escape)?,
            named: lists.named.into_iter().collect(),
            carry: whole(&lists.carry)?,
            check: patterns(lists.check)?,
            partial: patterns(file.partial)?,
            plain: file.plain.into_iter().collect(),
            handler: patterns(lists.handler)?,
            text: whole(&lists.text)?,
            supplied: whole(&lists.supplied)?,
            told: whole(&lists.told)?,
            markup: whole(&lists.markup)?,
            own: whole(&lists.own)?,
            asked: whole(&lists.asked)?,
            format: whole(&lists.format)?,
            join: whole(&lists.join)?,
            predictable: whole(&lists.predictable)?,
            add: lists.add.into_iter().collect(),
            take: lists.take.into_iter().collect(),
            remove: lists.remove.into_iter().collect(),
        })
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
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let escapes = has(&["escape", "sanitiz", "sanitis", "purify"]) && !name.contains("unescape");
        // `get_safe_redirect_url`: one of those that are meant, or nothing.
        let chooses = has(&["safe", "valid", "allowed", "trusted"])
            && has(&["url", "uri", "path", "redirect", "host", "filename", "file_name", "link"])
            && !has(&["unsafe", "invalid", "disallowed", "untrusted", "unvalidated"]);
        escapes || chooses || self.clean.is_match(path)
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
        let whole = !self.is_partial(part);
        let lists = self.check.iter().filter(move |_| whole);
        let said = lists.flat_map(move |pattern| pattern.captures_iter(part));
        said.map(move |groups| groups.name("value").map_or(part, |value| value.as_str()))
    }

    /// Whether a part of a condition looks only at how a name ends, or at how much there is: everything else of the value is
    /// then still what its sender wrote.
    pub(super) fn is_partial(&self, part: &str) -> bool {
        self.partial.iter().any(|pattern| pattern.is_match(part))
    }

    /// Whether a framework calls a function for a request, by what stands before its parameters.
    pub(super) fn handles(&self, head: &str) -> bool {
        self.handler.iter().any(|pattern| pattern.is_match(head))
    }

    /// Whether a parameter of such a function is text of the request, by its type and its default.
    pub(super) fn is_text(&self, kind: &str, default: &str) -> bool {
        self.text.is_match(kind) && !self.supplied.is_match(default)
    }

    /// Whether a call gives text of the program's own, with what it is given in it.
    pub(super) fn tells(&self, path: &str) -> bool {
        self.told.is_match(path)
    }

    /// Whether a call makes markup, by its name.
    pub(super) fn makes_markup(&self, path: &str) -> bool {
        self.markup.is_match(path)
    }

    /// Whether an element is of the receiver's own making, by its text.
    pub(super) fn is_own(&self, element: &str) -> bool {
        self.own.is_match(element)
    }

    /// Whether an element is what the sender of a request wrote, by its text.
    pub(super) fn is_asked(&self, element: &str) -> bool {
        self.asked.is_match(element)
    }

    pub(super) fn carries(&self, path: &str) -> bool {
        self.carry.is_match(path)
    }

    /// Whether a call, by its path and its name, gives what it is called on or given, and leaves out nothing that matters:
    /// what replaces a part of it may clean it.
    pub(super) fn is_plain(&self, path: &str, name: &str) -> bool {
        let replaces = ["replace", "gsub", "Replace", "re.sub", "Clean", "realpath"];
        let changes = replaces.iter().any(|word| path.contains(word) || name.contains(word));
        !changes
            && (self.plain.contains(name) || self.carries(path) || self.joins(path) || self.formats(path))
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
