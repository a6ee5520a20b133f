//! The code rules: data in `data/rules`, read once, and found again by what they look at.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde::Deserialize;

use super::sources::{DataError, Sources};
use crate::pattern::Pattern;
use crate::report::{Confidence, FindingKind, RuleInfo, Severity};
use crate::rules::data::{info, read};

/// The language families: each has rules and lists.
const FAMILIES: [&str; 10] =
    ["C", "C#", "Go", "Java", "JavaScript", "Kotlin", "PHP", "Python", "Ruby", "Rust"];

/// The data about one language family, file by file. A repository has few languages, and an analysis of one changed file
/// asks for one of them.
const OF_ONE: &[(&str, &str)] = &[
    ("C", table!("rules/c")),
    ("C#", table!("rules/csharp")),
    ("Go", table!("rules/go")),
    ("Go", table!("rules/go-more")),
    ("Java", table!("rules/java")),
    ("JavaScript", table!("rules/javascript")),
    ("JavaScript", table!("rules/javascript-injection")),
    ("JavaScript", table!("rules/javascript-protection")),
    ("Kotlin", table!("rules/kotlin")),
    ("PHP", table!("rules/php")),
    ("Python", table!("rules/python")),
    ("Python", table!("rules/python-injection")),
    ("Python", table!("rules/python-protection")),
    ("Ruby", table!("rules/ruby")),
    ("Rust", table!("rules/rust")),
    ("Rust", table!("rules/rust-more")),
];

/// The data about several.
const OF_SEVERAL: [&str; 2] = [table!("rules/accounts"), table!("rules/common")];

const SOURCES: &str = table!("rules/sources");

/// One rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub id: String,
    /// Language families.
    pub languages: Vec<String>,
    pub kind: FindingKind,
    pub severity: Severity,
    pub confidence: Confidence,
    pub title: String,
    /// What is said of one sighting; `{callee}`, `{function}` and `{value}` are filled in.
    pub message: String,
    pub why: String,
    pub fix: String,
    /// The severity at most where a value is not fixed, but nothing shows that it comes from outside.
    #[serde(default = "without_source")]
    pub without_source: Severity,
    /// The severity where the value is known to come from a request: then there is no doubt either.
    #[serde(default)]
    pub from_request: Option<Severity>,
    /// The rules that say less about the same place.
    #[serde(default)]
    pub instead_of: Vec<String>,
    /// From how many sightings of low severity in one file on they are told as one.
    #[serde(default)]
    pub together: Option<usize>,
    /// How many lines apart its sightings are at most to be about one thing: then the worst of them is told.
    #[serde(default)]
    pub spread: Option<u32>,
    #[serde(default)]
    pub cwe: Vec<u32>,
    #[serde(default)]
    pub links: Vec<String>,
    /// What it looks at; one match is enough.
    #[serde(rename = "match")]
    pub matches: Vec<Match>,
    /// Texts in which it must see something, and texts in which it must not: used by the tests.
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are there for readers and tests"))]
    pub fires: Examples,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are there for readers and tests"))]
    pub silent: Examples,
}

fn without_source() -> Severity {
    Severity::Low
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
    /// In every language of the rule.
    Text(String),
    /// A text with a part that is repeated, for rules about size; in one language where one is named.
    Repeated {
        language: Option<String>,
        before: String,
        #[serde(default)]
        repeat: String,
        #[serde(default)]
        times: usize,
        #[serde(default)]
        after: String,
    },
}

/// What a rule looks at, and what must hold there.
#[expect(clippy::struct_excessive_bools, reason = "each is a line of the data file")]
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Match {
    /// A call of one of these: a whole path, or `*.name` for a method of anything.
    pub call: Vec<String>,
    /// An assignment to a member, in the same spelling; `*` for one to anything, also a plain name.
    pub assign: Vec<String>,
    /// A pair with one of these keys.
    pub pair: Vec<String>,
    /// The handler of an exception that swallows it.
    pub swallowed: bool,
    /// A default value that every call shares.
    pub shared_default: bool,
    /// A function that exceeds one of these.
    pub function: Option<Limits>,
    /// What the path before the method's name must look like.
    pub receiver: Option<Pattern>,
    /// What must hold of the arguments: all of them.
    pub args: Vec<Test>,
    /// What must hold of the value of the pair or the assignment, of one side of the comparison, or of what the method
    /// is called on or one of its arguments.
    pub value: Option<Test>,
    /// What the path of one side of a comparison for equality must look like.
    pub compared: Option<Pattern>,
    /// Only inside the body of a loop that runs once for each of many things.
    pub in_loop: bool,
    /// Only where it uses what a turn of the loop around it is about.
    pub of_the_turn: bool,
    /// Not in a turn that is the last one, nor of what outlives the turn on purpose.
    pub unless_kept: bool,
    /// Not where the name it is given to is only told apart from others of its kind.
    pub unless_compared: bool,
    /// No more than a hint: low, and with low confidence.
    pub hint: bool,
    /// No more than a hint where a condition around it, or the name of the function it is in, looks like this.
    pub hint_under: Option<Pattern>,
    /// No more than a hint where a condition around it looks like this.
    pub hint_if: Option<Pattern>,
    /// No more than a hint but in functions that are called so.
    pub hint_outside: Option<Pattern>,
    /// No more than a hint where what the function is handed over with, or a decorator of it, looks like this.
    pub hint_behind: Option<Pattern>,
    /// The severity, where it is another than the rule says; but for what is known to come from a request.
    pub severity: Option<Severity>,
    /// Only inside an asynchronous function.
    pub in_async: bool,
    /// What a name around it must look like: the function it is in, or the variable it is given to.
    pub around: Option<Pattern>,
    /// What the address it is reached by must look like, or the name of the function where none is nearer.
    pub reached: Option<Pattern>,
    /// What the variable, member or key it is given to must look like.
    pub given: Option<Pattern>,
    /// What the variable, member or key it is given to must not look like.
    pub not_given: Option<Pattern>,
    /// What the name of the function it is in must look like.
    pub within: Option<Pattern>,
    /// What the name of the function it is in must not look like.
    pub not_within: Option<Pattern>,
    /// What no condition around it may look like: then somebody chose it.
    pub unless: Option<Pattern>,
    /// What no condition may look like under which the function is left before: then the value was checked.
    pub unless_left: Option<Pattern>,
    /// What no statement may look like that was run before, whatever the conditions.
    pub unless_after: Option<Pattern>,
    /// Only right under a node of this kind.
    pub under: Option<String>,
    /// Only in files whose text contains one of these.
    pub in_file: Vec<String>,
    /// Only in files whose text contains none of these.
    pub not_in_file: Vec<String>,
    /// Only in files whose code, without comments and texts, contains none of these.
    pub not_in_code: Vec<String>,
    /// What no call around it may be of, in the same statement: then it is no more than a number for that.
    pub not_inside: Option<Pattern>,
    /// What the source text of the whole expression must look like.
    pub source: Option<Pattern>,
    /// What the source text of the whole expression must not look like.
    pub not_source: Option<Pattern>,
}

/// Limits of a function.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub lines: Option<u32>,
    /// Only where the cognitive complexity is above this too: a long list of plain steps is no burden.
    pub and_cognitive: Option<u32>,
    pub parameters: Option<u32>,
    pub nesting: Option<u32>,
    pub cognitive: Option<u32>,
}

/// A condition on a value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Test {
    /// The position of the argument.
    pub at: Option<usize>,
    /// The name of the argument; with `at`, either of them.
    pub name: Option<String>,
    /// What it must be.
    #[serde(default)]
    pub is: Vec<Is>,
    /// What its fixed text must look like.
    #[serde(default)]
    pub text: Option<Pattern>,
    /// What its fixed text must not look like.
    #[serde(default)]
    pub not_text: Option<Pattern>,
    /// What the path it is reached by must look like.
    #[serde(default)]
    pub path: Option<Pattern>,
    /// What its source text must look like.
    #[serde(default)]
    pub source: Option<Pattern>,
    /// What its source text must not look like, comments aside.
    #[serde(default)]
    pub not_source: Option<Pattern>,
    /// What the paths must not all look like by which its parts of a request are reached.
    #[serde(default)]
    pub not_only: Option<Pattern>,
    /// The value is an address, and only what stands before its query is looked at: the rest leads nowhere else.
    #[serde(default)]
    pub address: bool,
    /// The value is the argument at this position of the call that made what the method is called on.
    #[serde(default)]
    pub maker: bool,
    /// The value is what the method is called on.
    #[serde(default)]
    pub object: bool,
}

impl Test {
    /// Whether text of unknown origin is enough for it.
    pub(super) fn is_speculative(&self) -> bool {
        self.is.iter().any(|is| matches!(is, Is::Built | Is::Dynamic))
    }

    /// Whether it is about a value that may come from outside.
    pub(super) fn is_about_flow(&self) -> bool {
        let about = |is: &Is| matches!(is, Is::Built | Is::Dynamic | Is::Request | Is::Typed);
        self.is.iter().any(about)
    }

    /// Whether only text of a request is enough for it.
    pub(super) fn asks_for_request(&self) -> bool {
        self.is.as_slice() == [Is::Request]
    }
}

/// What a value can be asked to be: any of those listed is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Is {
    /// Fixed in the text.
    Literal,
    /// Text put together at run time.
    Built,
    /// Not fixed.
    Dynamic,
    /// From a request.
    Request,
    /// Typed at a prompt or piped in.
    Typed,
    /// From a generator whose next number can be worked out.
    Predictable,
    /// A truth value that is true.
    True,
    /// A truth value that is false.
    False,
    /// Not given.
    Absent,
    /// Given.
    Present,
}

/// A rule and one of its matches, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    pub rule: usize,
    pub matching: usize,
}

/// The matches of one language family, by what they look at.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By the last segment of the path, so that most calls cost one look-up.
    pub calls: HashMap<String, Vec<Candidate>>,
    pub assigns: HashMap<String, Vec<Candidate>>,
    pub pairs: HashMap<String, Vec<Candidate>>,
    pub swallowed: Vec<Candidate>,
    pub shared_defaults: Vec<Candidate>,
    pub comparisons: Vec<Candidate>,
    pub functions: Vec<Candidate>,
}

/// The rules and lists of one language family.
#[derive(Debug)]
pub(super) struct RuleSet {
    pub rules: Vec<Rule>,
    pub index: Index,
    pub sources: Sources,
}

impl RuleSet {
    fn read(family: &str) -> Result<Self, DataError> {
        let own = OF_ONE.iter().filter(|(of, _)| *of == family).map(|(_, text)| *text);
        let files: Vec<&str> = OF_SEVERAL.into_iter().chain(own).collect();
        let mut rules = read(&files, |rule: &Rule| &rule.id)?;
        rules.retain(|rule| rule.languages.iter().any(|one| one == family));
        Ok(Self { index: index(&rules), rules, sources: Sources::read(SOURCES, family)? })
    }

    pub(super) fn get(&self, candidate: Candidate) -> Option<(&Rule, &Match)> {
        let rule = self.rules.get(candidate.rule)?;
        Some((rule, rule.matches.get(candidate.matching)?))
    }
}

fn index(rules: &[Rule]) -> Index {
    let mut index = Index::default();
    for (rule, spec) in rules.iter().enumerate() {
        for (matching, matched) in spec.matches.iter().enumerate() {
            let candidate = Candidate { rule, matching };
            let mut add = |map: fn(&mut Index) -> &mut HashMap<String, Vec<Candidate>>, paths: &[String]| {
                for path in paths {
                    let all = map(&mut index).entry(last_segment(path).to_owned()).or_default();
                    if all.last() != Some(&candidate) {
                        all.push(candidate);
                    }
                }
            };
            add(|index| &mut index.calls, &matched.call);
            add(|index| &mut index.assigns, &matched.assign);
            add(|index| &mut index.pairs, &matched.pair);
            if matched.swallowed {
                index.swallowed.push(candidate);
            }
            if matched.shared_default {
                index.shared_defaults.push(candidate);
            }
            if matched.compared.is_some() {
                index.comparisons.push(candidate);
            }
            if matched.function.is_some() {
                index.functions.push(candidate);
            }
        }
    }
    index
}

/// The part of a path after its last dot.
pub(super) fn last_segment(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Whether a path is one of those a match names.
pub(super) fn names(patterns: &[String], path: &str) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_prefix("*.") {
        // A method of something: `~local.run` and `a.b.run` are, a bare `run` is not.
        Some(method) => path.rsplit_once('.').is_some_and(|(_, last)| last == method),
        None => pattern == path || pattern == "*",
    })
}

static SETS: [OnceLock<Option<RuleSet>>; FAMILIES.len()] = [const { OnceLock::new() }; FAMILIES.len()];

/// The rules and lists of a language family. Data that cannot be read would give none; a test makes sure that it can.
pub(super) fn of(family: &str) -> Option<&'static RuleSet> {
    let at = FAMILIES.iter().position(|known| *known == family)?;
    SETS.get(at)?.get_or_init(|| RuleSet::read(family).ok()).as_ref()
}

/// The data, file by file.
pub(crate) fn files() -> impl Iterator<Item = &'static str> {
    OF_SEVERAL.into_iter().chain(OF_ONE.iter().map(|(_, text)| *text))
}

/// All rules, by id.
pub(super) fn all() -> serde_json::Result<Vec<Rule>> {
    read(&files().collect::<Vec<_>>(), |rule: &Rule| &rule.id)
}

/// The descriptions of all rules, by id.
pub(super) fn infos() -> BTreeMap<String, RuleInfo> {
    let told = |rule: &Rule| info([&rule.title, &rule.why, &rule.fix], &rule.cwe, &rule.links);
    all().unwrap_or_default().iter().map(|rule| (rule.id.clone(), told(rule))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::language::languages;

    #[test]
    fn every_language_has_the_rules_of_its_family_and_no_others() {
        let mut told = 0;
        for family in FAMILIES {
            let set = RuleSet::read(family).unwrap_or_else(|error| panic!("{family}: {error}"));
            told += set.rules.len();
        }
        let all = all().expect("the data of this crate");
        assert_eq!(told, all.iter().map(|rule| rule.languages.len()).sum::<usize>());
        let families: Vec<&str> = languages().iter().map(|language| language.family).collect();
        assert!(families.iter().all(|family| of(family).is_some()), "{families:?}");
    }
}
