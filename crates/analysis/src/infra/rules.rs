//! The rules about infrastructure files: data in `data/rules/infra-*.toml`, read once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::kind::Kind;
use crate::pattern::Pattern;
use crate::report::{Confidence, FindingKind, RuleInfo, Severity};
use crate::rules::data::{info, or_nothing, read};

/// The data, file by file.
pub(crate) const FILES: &[&str] = &[
    table!("rules/infra-actions"),
    table!("rules/infra-compose"),
    table!("rules/infra-docker"),
    table!("rules/infra-gitlab"),
    table!("rules/infra-kubernetes"),
];

/// One rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub id: String,
    /// The kinds of file it is about.
    pub files: Vec<Kind>,
    /// The level it looks at: each thing of that level on its own.
    pub on: String,
    pub kind: FindingKind,
    pub severity: Severity,
    pub confidence: Confidence,
    pub title: String,
    /// What is said of one sighting; `{name}` is the thing, `{value}` what was matched, `{count}` how many there are.
    pub message: String,
    pub why: String,
    pub fix: String,
    #[serde(default)]
    pub cwe: Vec<u32>,
    #[serde(default)]
    pub links: Vec<String>,
    /// All sightings in a file are one finding, at the first of them.
    #[serde(default)]
    pub together: bool,
    /// What other files can say that makes it none.
    pub unless: Option<Unless>,
    /// What it looks at; one match is enough.
    #[serde(rename = "match")]
    pub matches: Vec<Match>,
    /// Texts in which it must see something, and texts in which it must not: used by the tests.
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are there for readers and tests"))]
    pub fires: Examples,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are there for readers and tests"))]
    pub silent: Examples,
}

/// What other files say of a sighting that makes it none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Unless {
    /// The action is that of the repository's own organisation.
    Own,
    /// Kustomize sets the image's version. Of the images that the repository itself publishes one is told, as a note.
    Set,
    /// The file that is copied is in the repository, and holds no credential.
    Harmless,
    /// Whatever runs the image names another user than root.
    Limited,
}

/// Passed over where no test reads them.
#[cfg(test)]
pub(super) type Examples = Vec<Example>;
#[cfg(not(test))]
pub(super) type Examples = serde::de::IgnoredAny;

/// A text for a rule's test.
#[cfg(test)]
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Example {
    /// In the first kind of file of the rule.
    Text(String),
    /// In a kind of file that is named.
    Of { file: Kind, text: String },
}

/// What must hold of a thing: every condition.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Match {
    pub all: Vec<Condition>,
}

/// A condition on the values at a path.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Condition {
    /// See [`super::subject::Subject::values`].
    pub path: String,
    /// There is no value.
    pub absent: bool,
    /// A value is one of these, in any case.
    pub is: Vec<String>,
    /// A value looks like this.
    pub text: Option<Pattern>,
    /// The same value does not look like this.
    pub not: Option<Pattern>,
    /// No value at all looks like this.
    pub none: Option<Pattern>,
}

/// All rules, by id.
#[derive(Debug, Default)]
pub(super) struct RuleSet {
    pub rules: Vec<Rule>,
}

impl RuleSet {
    /// The rule with that id.
    pub(super) fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.binary_search_by(|rule| rule.id.as_str().cmp(id)).ok().and_then(|at| self.rules.get(at))
    }

    /// The rules about a kind of file.
    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |rule| rule.files.contains(&kind))
    }
}

static RULES: LazyLock<(RuleSet, Option<String>)> =
    LazyLock::new(|| or_nothing(read(FILES, |rule: &Rule| &rule.id).map(|rules| RuleSet { rules })));

/// The rules. Data that cannot be read would give none; a test makes sure that it can.
pub(super) fn set() -> &'static RuleSet {
    &RULES.0
}

/// Why the data cannot be read, if it cannot.
#[cfg(test)]
pub(super) fn error() -> Option<String> {
    RULES.1.clone()
}

/// The descriptions of all rules, by id.
pub(super) fn infos() -> BTreeMap<String, RuleInfo> {
    let told = |rule: &Rule| info([&rule.title, &rule.why, &rule.fix], &rule.cwe, &rule.links);
    set().rules.iter().map(|rule| (rule.id.clone(), told(rule))).collect()
}
