//! Templates that write values into a page as they are.
//!
//! No syntax of a template is read: what is looked for is one expression in the marks of its language, found by what
//! stands in front of it, and only in files whose names say that they are templates.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::finding::RawFinding;
use crate::pattern::Pattern;
use crate::report::{Confidence, FindingKind, RuleInfo, Severity};
use crate::rules::data::{info, or_nothing, read};
use crate::source::SourceFile;

/// Longer lines are what tools write.
const LONGEST_LINE: usize = 2_000;

/// Places of one file that are looked at.
const MAX_PLACES: usize = 200;

/// The rules.
pub(crate) const RULE_FILES: &[&str] = &[table!("rules/templates")];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    id: String,
    kind: FindingKind,
    severity: Severity,
    from_request: Severity,
    confidence: Confidence,
    title: String,
    message: String,
    why: String,
    fix: String,
    /// Names of the files of all forms.
    files: Vec<String>,
    cwe: Vec<u32>,
    links: Vec<String>,
    /// What a name looks like that says that it is markup, or no text.
    markup: Pattern,
    form: Vec<Form>,
    #[cfg_attr(not(test), expect(dead_code, reason = "samples for the test"))]
    fires: Vec<Example>,
    #[cfg_attr(not(test), expect(dead_code, reason = "samples for the test"))]
    silent: Vec<Example>,
}

/// How one language of templates writes a value as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    files: Vec<String>,
    literals: Vec<String>,
    pattern: Pattern,
    /// What a value of a request looks like.
    request: Option<Pattern>,
    /// What a line must not have.
    not_within: Option<Pattern>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "samples for the test"))]
struct Example {
    file: String,
    text: String,
}

static RULES: LazyLock<(Vec<Rule>, Option<String>)> =
    LazyLock::new(|| or_nothing(read(RULE_FILES, |rule: &Rule| &rule.id)));

/// The descriptions of the rules, by id.
pub(crate) fn rules() -> BTreeMap<String, RuleInfo> {
    let told = |rule: &Rule| info([&rule.title, &rule.why, &rule.fix], &rule.cwe, &rule.links);
    RULES.0.iter().map(|rule| (rule.id.clone(), told(rule))).collect()
}

/// What a template writes as it is: each value of a request, and of the others one for all of them.
pub(crate) fn examine(file: &SourceFile<'_>) -> Vec<RawFinding> {
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    if !is_page(name) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for rule in RULES.0.iter().filter(|rule| is_named(&rule.files, name)) {
        let forms: Vec<&Form> = rule.form.iter().filter(|form| is_named(&form.files, name)).collect();
        let has = |form: &&Form| {
            let mut literals = form.literals.iter();
            literals.any(|literal| memchr::memmem::find(file.bytes, literal.as_bytes()).is_some())
        };
        let forms: Vec<&Form> = forms.into_iter().filter(has).collect();
        if forms.is_empty() {
            continue;
        }
        let text = String::from_utf8_lossy(file.bytes);
        found.extend(told(rule, places(rule, &forms, &text)));
    }
    found
}

/// Whether a template makes a page: not a plain text, a mail's text or a program.
fn is_page(name: &str) -> bool {
    const OTHERS: [&str; 9] = ["txt", "text", "md", "json", "yml", "yaml", "csv", "js", "xml"];
    let mut parts = name.rsplit('.').skip(1);
    !parts.any(|part| OTHERS.contains(&part))
}

/// Whether a name ends as one of the patterns, each of which begins with a `*`.
fn is_named(files: &[String], name: &str) -> bool {
    files.iter().any(|file| name.ends_with(file.trim_start_matches('*')))
}

/// A value that is written as it is.
struct Place<'t> {
    line: u32,
    value: &'t str,
    of_request: bool,
}

fn places<'t>(rule: &Rule, forms: &[&Form], text: &'t str) -> Vec<Place<'t>> {
    let mut found = Vec::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        if line.len() > LONGEST_LINE {
            continue;
        }
        for form in forms {
            let known = form.literals.iter().any(|literal| line.contains(literal.as_str()));
            if !known || form.not_within.as_ref().is_some_and(|other| other.is_match(line)) {
                continue;
            }
            let values = form.pattern.captures_iter(line).filter_map(|found| found.get(1));
            for value in values.map(|value| value.as_str()) {
                let of_request = form.request.as_ref().is_some_and(|request| request.is_match(value));
                let data = || is_data(value) && !rule.markup.is_match(value);
                if of_request || data() {
                    found.push(Place { line: number, value, of_request });
                }
            }
            if found.len() >= MAX_PLACES {
                return found;
            }
        }
    }
    found
}

/// Whether an expression is a plain name of data, perhaps a member of something: calls make markup mostly.
fn is_data(value: &str) -> bool {
    let signs = |sign: char| sign.is_alphanumeric() || "_.@$?!->[]:".contains(sign);
    let begins = value.starts_with(|sign: char| sign.is_alphabetic() || matches!(sign, '$' | '@' | '_'));
    begins && value.len() <= 100 && value.chars().all(signs)
}

/// A value as a part of a sentence.
fn shown(value: &str) -> String {
    const LONGEST: usize = 60;
    value.chars().filter(|sign| !sign.is_control() && *sign != '`').take(LONGEST).collect()
}

fn told(rule: &Rule, places: Vec<Place<'_>>) -> Vec<RawFinding> {
    let (asked, others): (Vec<_>, Vec<_>) = places.into_iter().partition(|place| place.of_request);
    let more = match others.len() {
        0 | 1 => String::new(),
        all => format!(", one of {all} values in this file"),
    };
    let said = |place: &Place<'_>, severity, confidence, more: &str, anchor: &str| RawFinding {
        rule: rule.id.clone(),
        kind: rule.kind,
        severity,
        confidence,
        message: rule.message.replace("{value}", &shown(place.value)) + more,
        start: place.line,
        end: place.line,
        symbol: None,
        anchor: anchor.to_owned(),
    };
    let asked = asked.iter().map(|place| {
        said(place, rule.from_request, Confidence::Medium, "; it comes from a request", place.value)
    });
    // It stays the same one, whichever value is the first.
    let others = others.first().map(|place| said(place, rule.severity, rule.confidence, &more, "others"));
    asked.chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(path: &str, text: &str) -> Vec<RawFinding> {
        examine(&SourceFile { path, executable: false, bytes: text.as_bytes() })
    }

    #[test]
    fn every_rule_fires_on_its_samples_and_keeps_silent_on_the_others() {
        assert_eq!(RULES.1, None);
        for rule in &RULES.0 {
            assert!(!rule.fires.is_empty() && !rule.silent.is_empty());
            for Example { file, text } in &rule.fires {
                assert!(seen(file, text).iter().any(|one| one.rule == rule.id), "{file}: {text}");
            }
            for Example { file, text } in &rule.silent {
                assert_eq!(seen(file, text), [], "{file}: {text}");
            }
            for form in &rule.form {
                assert!(form.files.iter().all(|file| rule.files.contains(file)));
            }
        }
    }

    #[test]
    fn what_a_request_says_weighs_more_and_the_others_are_one() {
        let found = seen("a/b.erb", "<%= raw user.name %>\n<%= raw params[:q] %>\n<%= raw user.nick %>\n");
        let told: Vec<_> = found.iter().map(|one| (one.severity, one.start, one.message.as_str())).collect();
        let asked = "`params[:q]` is written into the page as it is; it comes from a request";
        let other = "`user.name` is written into the page as it is, one of 2 values in this file";
        assert_eq!(told, [(Severity::Medium, 2, asked), (Severity::Low, 1, other)]);
    }

    #[test]
    fn a_value_above_makes_no_other_finding_of_the_rest_and_a_row_is_no_request() {
        let rest = "{!! $user->name !!}\n";
        let more = format!("{{!! $request->employee !!}}\n{rest}");
        let [before, after] = [seen("a.blade.php", rest), seen("a.blade.php", &more)];
        assert_eq!((before.len(), after.len()), (1, 1));
        assert_eq!(before[0].anchor, after[0].anchor);
        assert_eq!((after[0].severity, after[0].start), (Severity::Low, 1));
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        let started = std::time::Instant::now();
        let long = "<%= raw ".repeat(200) + "\n";
        assert_eq!(seen("a.erb", &long.repeat(2_000)), []);
        assert!(started.elapsed().as_secs() < 20);
    }
}
