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
    /// What a name looks like that says that what visitors wrote was made markup of.
    made: Pattern,
    /// What a name looks like that says that visitors write what it stands for.
    visitors: Pattern,
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
    /// What a value looks like that is data, where that is not any plain name.
    data: Option<Pattern>,
    /// What shows that values of the file are escaped.
    #[serde(default)]
    not_in_text: Vec<String>,
    /// A folder below which everything is escaped.
    not_below: Option<String>,
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
        let forms: Vec<&Form> = rule.form.iter().filter(|form| is_for(form, file.path)).collect();
        let holds = |part: &String| memchr::memmem::find(file.bytes, part.as_bytes()).is_some();
        let has = |form: &&Form| form.literals.iter().any(holds) && !form.not_in_text.iter().any(holds);
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

/// Whether a form is one of templates with this path.
fn is_for(form: &Form, path: &str) -> bool {
    let within = |folder: &String| path.starts_with(folder.as_str()) || path.contains(&format!("/{folder}"));
    is_named(&form.files, path) && !form.not_below.as_ref().is_some_and(within)
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
    /// Whether visitors write it, by its name.
    of_visitors: bool,
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
                let of_visitors = rule.visitors.is_match(value) && !rule.made.is_match(value);
                let data = || match &form.data {
                    Some(data) => data.is_match(value),
                    None => is_data(value) && (of_visitors || !rule.markup.is_match(value)),
                };
                if of_request || data() {
                    found.push(Place { line: number, value, of_request, of_visitors });
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
    let (asked, rest): (Vec<_>, Vec<_>) = places.into_iter().partition(|place| place.of_request);
    let (written, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(|place| place.of_visitors);
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
    // Each of them stays the same one, whichever value is the first.
    let first = |places: &[Place<'_>], severity, anchor: &str, who: &str| {
        let more = match places.len() {
            0 | 1 => who.to_owned(),
            all => format!("{who}, one of {all} values in this file"),
        };
        places.first().map(|place| said(place, severity, rule.confidence, &more, anchor))
    };
    let by_name = "; visitors write it, by its name";
    let written = first(&written, rule.from_request, "written by visitors", by_name);
    let others = first(&others, rule.severity, "others", "");
    asked.chain(written).chain(others).collect()
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
        let found = seen("a/b.erb", "<%= raw item.name %>\n<%= raw params[:q] %>\n<%= raw item.nick %>\n");
        let told: Vec<_> = found.iter().map(|one| (one.severity, one.start, one.message.as_str())).collect();
        let asked = "`params[:q]` is written into the page as it is; it comes from a request";
        let other = "`item.name` is written into the page as it is, one of 2 values in this file";
        assert_eq!(told, [(Severity::Medium, 2, asked), (Severity::Low, 1, other)]);
    }

    #[test]
    fn a_value_above_makes_no_other_finding_of_the_rest_and_a_row_is_no_request() {
        let rest = "{!! $item->name !!}\n";
        let more = format!("{{!! $request->employee !!}}\n{rest}");
        let [before, after] = [seen("a.blade.php", rest), seen("a.blade.php", &more)];
        assert_eq!((before.len(), after.len()), (1, 1));
        assert_eq!(before[0].anchor, after[0].anchor);
        assert_eq!((after[0].severity, after[0].start), (Severity::Low, 1));
    }

    #[test]
    fn what_visitors_write_by_its_name_weighs_as_much_as_a_request() {
        let text = "{{ comment[0]|safe }}\n{{ reply.body|safe }}\n{{ snippet|safe }}\n{{ post.body|safe }}\n{{ comment.rendered_text|safe }}\n";
        let found = seen("a.html", text);
        let told: Vec<_> = found.iter().map(|one| (one.severity, one.start, one.message.as_str())).collect();
        let written = "`comment[0]` is written into the page as it is; visitors write it, by its name, one of 2 values in this file";
        let other = "`snippet` is written into the page as it is, one of 2 values in this file";
        assert_eq!(told, [(Severity::Medium, 1, written), (Severity::Low, 3, other)]);
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        let started = std::time::Instant::now();
        let long = "<%= raw ".repeat(200) + "\n";
        assert_eq!(seen("a.erb", &long.repeat(2_000)), []);
        assert!(started.elapsed().as_secs() < 20);
    }
}
