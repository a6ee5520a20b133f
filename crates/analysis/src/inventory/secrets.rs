//! Credentials in files, by known formats and by what they are assigned to.
//!
//! A literal that every match must have nearby is searched first, for all rules at once; patterns run only on the
//! lines it is found in, and on long lines only around it. What was found is never quoted: the finding names the
//! format and the line, and keeps a hash as its anchor.

mod across;
mod context;
mod keys;
mod looks;
mod mask;

pub(crate) use across::{Place as PlaceOfSecrets, SecretsAcross};
pub(super) use keys::certified_for_samples;
pub(super) use looks::{is_of_pipeline, is_place_of_samples, is_sample_key};
pub use mask::{credentials, masked};

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use regex::{Captures, Match};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::finding::RawFinding;
use crate::pattern::Pattern;
use crate::report::{Confidence, FindingKind, RuleInfo, Severity};
use crate::table;

/// Longer lines are looked at around a literal only.
const LONG_LINE: usize = 2_000;
/// How many bytes around a literal, on a long line.
const AROUND: usize = 400;
/// Findings of one file; more would be noise.
const MOST_FINDINGS: usize = 100;
/// Pattern runs for one file: what bounds the time on content that is made of literals.
const MOST_RUNS: usize = 20_000;

/// The rules.
pub(crate) const DATA: &str = table!("inventory/secrets");
/// How severe a secret is whose rule says nothing else.
pub(crate) const USUAL: Severity = Severity::High;

#[expect(clippy::struct_excessive_bools, reason = "each is a line of the data file")]
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleData {
    id: String,
    name: String,
    owner: String,
    severity: Option<Severity>,
    confidence: Option<Confidence>,
    literals: Vec<String>,
    pattern: String,
    #[serde(default)]
    entropy: f64,
    #[serde(default)]
    whole: bool,
    #[serde(default)]
    words: bool,
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    body: bool,
    #[serde(default)]
    shown: bool,
    #[serde(default)]
    certain_with: Vec<String>,
    #[serde(default)]
    public_with: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "samples for the test"))]
    fires: Vec<Vec<String>>,
    #[cfg_attr(not(test), expect(dead_code, reason = "samples for the test"))]
    silent: Vec<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct File {
    placeholders: Vec<String>,
    rule: Vec<RuleData>,
}

struct Rules {
    data: Vec<(RuleData, Pattern)>,
    literals: AhoCorasick,
    /// The rule of each literal.
    of_literal: Vec<usize>,
    placeholders: AhoCorasick,
}

#[expect(clippy::expect_used, reason = "the data is part of the program, and a test reads it")]
static RULES: LazyLock<Rules> =
    LazyLock::new(|| read(DATA).expect("data/inventory/secrets.toml is well formed"));

fn read(text: &str) -> Result<Rules, String> {
    let file: File = table::read(text).map_err(|error| error.to_string())?;
    let search = |words: &[String]| {
        AhoCorasickBuilder::new().ascii_case_insensitive(true).build(words).map_err(|error| error.to_string())
    };
    let mut literals = Vec::new();
    let mut of_literal = Vec::new();
    let mut data = Vec::new();
    for (at, rule) in file.rule.into_iter().enumerate() {
        literals.extend(rule.literals.iter().cloned());
        of_literal.resize(literals.len(), at);
        let pattern = Pattern::new(rule.pattern.clone()).map_err(|error| format!("{}: {error}", rule.id))?;
        data.push((rule, pattern));
    }
    Ok(Rules { data, literals: search(&literals)?, of_literal, placeholders: search(&file.placeholders)? })
}

/// What each secret rule looks for and what to do about it, by id.
pub fn rules() -> BTreeMap<String, RuleInfo> {
    let info = |rule: &RuleData| RuleInfo {
        title: format!("Take {} out of the repository", rule.name),
        why: "Whoever can read the repository, or any copy of its history, can use it.".to_owned(),
        fix: format!(
            "Revoke it at {} first: deleting the line leaves it in the history. Then read the new one from the \
             environment or a secret store.",
            rule.owner
        ),
        cwe: vec![798],
        links: vec!["https://cwe.mitre.org/data/definitions/798.html".to_owned()],
    };
    RULES.data.iter().map(|(rule, _)| (format!("secret.{}", rule.id), info(rule))).collect()
}

/// What a file's place says of the credentials in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Nothing.
    Usual,
    /// It is a file of a pipeline, which starts what nobody else reaches: a key in it, and what is known only by the name
    /// it is assigned to, are less likely to be real. What it deploys with is real.
    OfPipelines,
    /// What is known only by the name it is assigned to is less likely to be real, and so is what often stands in
    /// documentation and tests.
    OfSamples,
    /// It is a test, an example or documentation: whatever is found is less likely to be real.
    OfTests,
}

/// What looks like a credential, by line.
pub(super) fn find(text: &str, place: Place) -> Vec<RawFinding> {
    let rules = &*RULES;
    let mut lines = Lines::new(text);
    let mut done: HashSet<(usize, usize)> = HashSet::new();
    let mut found: HashMap<(u32, String), RawFinding> = HashMap::new();
    let mut runs = 0;
    let about = About::of(text, place);
    for hit in rules.literals.find_overlapping_iter(text) {
        let at = rules.of_literal[hit.pattern().as_usize()];
        let (rule, pattern) = &rules.data[at];
        let (line, start, end) = lines.around(hit.start(), hit.end());
        if !done.insert((at, start)) {
            continue;
        }
        runs += 1;
        if runs > MOST_RUNS || found.len() >= MOST_FINDINGS {
            break;
        }
        for captures in pattern.captures_iter(&text[start..end]) {
            let (Some(all), Some(secret)) = (captures.get(0), credential(&captures)) else { continue };
            let judged = if rule.whole { all.as_str() } else { secret.as_str() };
            let secret = secret.as_str();
            let body = rule.body.then(|| keys::body(secret, &text[start + all.end()..])).flatten();
            let doubtful = is_placeholder(rules, judged)
                || looks::is_word_for_secret(secret)
                || entropy(secret) < rule.entropy
                || (rule.words && looks::is_made_of_words(secret))
                || rule.without.iter().any(|word| secret.to_ascii_lowercase().contains(word.as_str()))
                || rule.body && body.is_none();
            if doubtful {
                continue;
            }
            let near = text[start..end].to_ascii_lowercase();
            let sample = body.as_ref().is_some_and(|body| body.odd)
                || rule.public_with.iter().any(|word| near.contains(word.as_str()))
                || about.makes_a_sample(rule, start, start + all.start(), secret);
            let certain =
                rule.certain_with.iter().any(|word| around(text, start, end).contains(word.as_str()));
            let anchor = hash(body.as_ref().map_or(secret, |body| &body.own));
            let new = finding(rule, line, &anchor, sample, certain);
            // A secret that two rules see is the more certain one's.
            let known = found.entry((line, anchor)).or_insert_with(|| new.clone());
            if (new.confidence, new.severity) > (known.confidence, known.severity) {
                *known = new;
            }
        }
    }
    let mut found: Vec<RawFinding> = found.into_values().collect();
    found.sort_by(|a, b| (a.start, &a.rule, &a.anchor).cmp(&(b.start, &b.rule, &b.anchor)));
    found
}

/// Findings of one rule in one file that are told apart; of more there is one, with how many they are.
const TOLD_APART: usize = 5;

/// The findings of one file as they are told.
pub(crate) fn together(found: &[RawFinding]) -> Vec<RawFinding> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for one in found {
        *counts.entry(&one.rule).or_default() += 1;
    }
    let mut told: HashSet<&str> = HashSet::new();
    let mut list = Vec::new();
    for one in found {
        let count = counts.get(one.rule.as_str()).copied().unwrap_or(1);
        let first = told.insert(&one.rule);
        if count <= TOLD_APART {
            list.push(one.clone());
        } else if first {
            // The worst of them speaks for all.
            let worst = found.iter().filter(|other| other.rule == one.rule);
            let worst =
                worst.max_by_key(|other| (other.severity, other.confidence, std::cmp::Reverse(other.start)));
            let message = format!("{}, one of {count} in this file", one.message);
            list.extend(worst.map(|worst| RawFinding { message, ..worst.clone() }));
        }
    }
    list
}

/// Where a text that is about to be shown has what looks like a credential, placeholders as well.
pub(crate) fn places(text: &str) -> Vec<Range<usize>> {
    let rules = &*RULES;
    let hits = rules.literals.find_overlapping_iter(text);
    let known: BTreeSet<usize> = hits.map(|hit| rules.of_literal[hit.pattern().as_usize()]).collect();
    let captures = known.into_iter().flat_map(|at| rules.data[at].1.captures_iter(text));
    let secrets = captures.filter_map(|captures| credential(&captures));
    secrets.map(|secret| secret.range()).collect()
}

/// The credential in a match: its first group that is there, else all of it.
fn credential<'t>(captures: &Captures<'t>) -> Option<Match<'t>> {
    captures.iter().skip(1).flatten().next().or_else(|| captures.get(0))
}

/// What is known of a file before any of its credentials is looked at.
struct About<'a> {
    text: &'a str,
    place: Place,
    /// It describes an interface, or records calls of one.
    description: bool,
    /// It has certificates, which are those of a sample.
    certified: bool,
}

impl<'a> About<'a> {
    fn of(text: &'a str, place: Place) -> Self {
        let description = context::is_description(text);
        Self { text, place, description, certified: certified_for_samples(text) == Some(true) }
    }

    /// Whether a credential that begins at `at`, in the line or the part of one that begins at `start`, is less likely to
    /// be real.
    fn makes_a_sample(&self, rule: &RuleData, start: usize, at: usize, secret: &str) -> bool {
        let before = &self.text[start..at];
        if self.place == Place::OfTests || looks::names_a_sample(before) {
            return true;
        }
        let guessed = rule.confidence.is_some_and(|stated| stated < Confidence::High);
        let key = rule.body && (self.certified || self.place == Place::OfPipelines);
        key || (guessed && self.place == Place::OfPipelines)
            || ((guessed || rule.shown)
                && (self.place == Place::OfSamples
                    || self.description
                    || context::is_in_comment(before)
                    || context::is_below_example(&self.text[..at])
                    || context::expires(secret)))
    }
}

/// The part of a line that is looked at, with the two lines before and behind it.
fn around(text: &str, start: usize, end: usize) -> &str {
    /// Lines that are longer say nothing of their neighbours.
    const NEAR: usize = 400;
    let bytes = text.as_bytes();
    let mut first = start.saturating_sub(NEAR);
    let mut last = (end + NEAR).min(text.len());
    first = memchr::memrchr_iter(b'\n', &bytes[first..start]).nth(2).map_or(first, |at| first + at);
    last = memchr::memchr_iter(b'\n', &bytes[end..last]).nth(2).map_or(last, |at| end + at);
    while !text.is_char_boundary(first) {
        first += 1;
    }
    while !text.is_char_boundary(last) {
        last -= 1;
    }
    &text[first..last]
}

fn finding(rule: &RuleData, line: u32, anchor: &str, sample: bool, certain: bool) -> RawFinding {
    let stated = rule.confidence.unwrap_or(Confidence::High);
    let severity = rule.severity.unwrap_or(USUAL);
    let (confidence, severity) = match (sample, certain) {
        (true, _) => (Confidence::Low, severity.min(Severity::Low)),
        (false, true) => (Confidence::High, severity.max(Severity::High)),
        (false, false) => (stated, severity),
    };
    RawFinding {
        rule: format!("secret.{}", rule.id),
        kind: FindingKind::Secret,
        severity,
        confidence,
        message: format!("Looks like {}", rule.name),
        start: line,
        end: line,
        symbol: None,
        anchor: anchor.to_owned(),
    }
}

fn is_placeholder(rules: &Rules, secret: &str) -> bool {
    let different: HashSet<char> = secret.chars().collect();
    different.len() < 5 && secret.len() >= 8 || rules.placeholders.is_match(secret)
}

/// Shannon entropy, in bits for each character.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let total = text.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / total;
            -share * share.log2()
        })
        .sum()
}

fn hash(secret: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(secret.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Walks the lines forward along with the hits, so that the whole costs one pass.
struct Lines<'a> {
    text: &'a str,
    number: u32,
    start: usize,
    end: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let end = memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len());
        Self { text, number: 1, start: 0, end }
    }

    /// The line's number, and the part of it to look at. Hits come in the order of their ends.
    fn around(&mut self, from: usize, to: usize) -> (u32, usize, usize) {
        while from > self.end {
            self.start = self.end + 1;
            let rest = &self.text.as_bytes()[self.start..];
            self.end = self.start + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            self.number = self.number.saturating_add(1);
        }
        if self.end - self.start <= LONG_LINE {
            return (self.number, self.start, self.end);
        }
        let mut start = from.saturating_sub(AROUND).max(self.start);
        let mut end = (to + AROUND).min(self.end);
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        (self.number, start, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line of a key.
    const KEY: &str = "MIIEpAIBAAKCAQEAv2fYcTLiTzJbkYlOF06VU1m1P9UNb569ABDQk5fT6ixTinbh\n";

    #[test]
    fn every_rule_fires_on_its_samples_and_keeps_silent_on_the_others() {
        assert!(RULES.data.len() >= 30);
        for (rule, _) in &RULES.data {
            let id = format!("secret.{}", rule.id);
            assert!(!rule.fires.is_empty() && !rule.silent.is_empty(), "{id}");
            for sample in rule.fires.iter().map(|parts| parts.concat()) {
                let found = find(&format!("first\n{sample}\n"), Place::Usual);
                assert!(
                    found.iter().any(|finding| finding.rule == id && finding.start == 2),
                    "{id}: {sample}: {found:?}"
                );
                assert!(found.iter().all(|finding| !finding.message.contains(&sample)), "{id}");
            }
            for sample in rule.silent.iter().map(|parts| parts.concat()) {
                assert_eq!(find(&sample, Place::Usual), [], "{id}: {sample}");
            }
        }
    }

    #[test]
    fn of_a_password_for_mail_only_the_password_is_looked_at_whichever_way_it_is_written() {
        let found = |text: &str| find(text, Place::Usual);
        let (plain, apart) = (["vkqwdz", "rmytobxaid"].concat(), ["vkqw dzrm ", "ytob xaid"].concat());
        let anchor = |text: String| found(&text)[0].anchor.clone();
        assert_eq!(anchor(format!("MAIL_PASSWORD = '{plain}'")), hash(&plain));
        assert_eq!(anchor(format!("password: \"{apart}\"")), hash(&apart));
        assert_eq!(anchor(format!("pass: '{apart}'")), hash(&apart));
        let text = format!("password: \"{apart}\"");
        assert!(places(&text).iter().any(|place| text[place.clone()] == apart), "{:?}", places(&text));
    }

    #[test]
    fn every_rule_can_be_explained() {
        assert_eq!(rules().len(), RULES.data.len());
    }

    #[test]
    fn samples_in_tests_are_hints_only() {
        let token = ["glpat-", "aZ3kQ9wL2mX7vB5nR8tY"].concat();
        assert_eq!(find(&token, Place::Usual)[0].confidence, Confidence::High);
        assert_eq!(find(&token, Place::OfTests)[0].confidence, Confidence::Low);
    }

    #[test]
    fn a_folders_name_makes_a_hint_of_what_is_only_assigned() {
        let token = ["glpat-", "aZ3kQ9wL2mX7vB5nR8tY"].concat();
        assert_eq!(find(&token, Place::OfSamples)[0].confidence, Confidence::High);
        let assigned = ["db_password: \"", "aZ3kQ9wL2mX7vB5n", "\""].concat();
        let severity = |place| find(&assigned, place)[0].severity;
        assert_eq!((severity(Place::Usual), severity(Place::OfSamples)), (Severity::Medium, Severity::Low));
    }

    #[test]
    fn keys_of_a_kind_are_told_apart() {
        let anchor = |lines: &str| {
            let key = ["-----BEGIN RSA ", "PRIVATE KEY-----\n", lines, "-----END"].concat();
            find(&key, Place::Usual)[0].anchor.clone()
        };
        let other = KEY.replace("v2fY", "x3gZ");
        assert_ne!(anchor(KEY), anchor(&other));
        assert_eq!(anchor(KEY), anchor(KEY));
    }

    #[test]
    fn pipelines_deploy_with_real_credentials_and_have_keys_of_their_own() {
        let issued = ["AWS_ACCESS_KEY_ID: AKIA", "QX7MBN5RKTZ2WVYC"].concat();
        let assigned = ["db_password: \"", "aZ3kQ9wL2mX7vB5n", "\""].concat();
        let key = ["-----BEGIN RSA ", "PRIVATE KEY-----\n", &KEY.repeat(2), "-----END"].concat();
        let severity = |text: &str, place| find(text, place)[0].severity;
        assert_eq!(severity(&issued, Place::OfSamples), Severity::Low);
        assert_eq!(severity(&issued, Place::OfPipelines), Severity::Critical);
        assert_eq!(severity(&key, Place::Usual), Severity::Critical);
        for text in [&assigned, &key] {
            assert_eq!(severity(text, Place::OfPipelines), Severity::Low, "{text}");
        }
    }

    #[test]
    fn a_name_that_says_test_makes_a_hint_of_it_and_many_of_a_kind_are_one() {
        let token = |end: &str| ["glpat-", "aZ3kQ9wL2mX7vB5nR8t", end].concat();
        let named = format!("const TEST_FAKE_TOKEN: &str = \"{}\";", token("A"));
        assert_eq!(find(&named, Place::Usual)[0].confidence, Confidence::Low);
        let contest = format!("contest = \"{}\"", token("A"));
        assert_eq!(find(&contest, Place::Usual)[0].confidence, Confidence::High);
        let text: String = ('A'..='H').map(|end| token(&end.to_string()) + "\n").collect();
        let found = find(&text, Place::Usual);
        assert_eq!(found.len(), 8);
        let [one] = together(&found).try_into().expect("one");
        assert_eq!(
            (one.start, one.message.ends_with(", one of 8 in this file")),
            (1, true),
            "{}",
            one.message
        );
        assert_eq!(together(&found[..3]), found[..3]);
    }

    #[test]
    fn content_made_of_literals_takes_linear_time() {
        let started = std::time::Instant::now();
        let hostile = "token=\"secret://".repeat(400_000);
        assert_eq!(find(&hostile, Place::Usual), []);
        assert!(started.elapsed().as_secs() < 20);
    }
}
