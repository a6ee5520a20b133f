//! Every rule against the examples in its own data.

use std::collections::BTreeSet;

use super::syntax;
use crate::syntax::language::languages;
use crate::syntax::rules::{self, Example, Rule};

/// The texts of an example, with the languages they are for.
fn texts(rule: &Rule, example: &Example) -> Vec<(&'static str, String)> {
    let in_all = |text: &str, only: Option<&str>| {
        let of_rule = |family: &str| rule.languages.iter().any(|known| known == family);
        languages()
            .iter()
            .filter(|language| of_rule(language.family) && only.is_none_or(|only| only == language.family))
            // Markup inside code is not part of plain TypeScript.
            .filter(|language| !(language.name == "TypeScript" && text.contains("/>")))
            .map(|language| (language.name, text.to_owned()))
            .collect()
    };
    match example {
        Example::Text(text) => in_all(text, None),
        Example::Repeated { language, before, repeat, times, after } => {
            in_all(&format!("{before}{}{after}", repeat.repeat(*times)), language.as_deref())
        }
    }
}

fn all() -> Vec<Rule> {
    rules::all().expect("the data of this crate")
}

#[test]
fn the_data_can_be_read() {
    assert!(all().len() >= 120, "{} rules", all().len());
}

#[test]
fn ids_are_unique_and_named_after_their_language() {
    let mut seen = BTreeSet::new();
    for rule in &all() {
        assert!(seen.insert(rule.id.clone()), "{} twice", rule.id);
        let prefix = rule.id.split('.').next().expect("an id");
        let known = ["any", "c", "cs", "go", "java", "js", "kotlin", "php", "py", "ruby", "rust"];
        assert!(known.contains(&prefix), "{}", rule.id);
        assert!(!rule.why.is_empty() && !rule.fix.is_empty() && !rule.languages.is_empty(), "{}", rule.id);
    }
}

#[test]
fn rules_fire_on_their_examples() {
    let mut wrong = Vec::new();
    for rule in &all() {
        assert!(!rule.fires.is_empty(), "{} has no firing example", rule.id);
        for (language, text) in rule.fires.iter().flat_map(|example| texts(rule, example)) {
            let found = syntax(language, &text).findings;
            if !found.iter().any(|finding| finding.rule == rule.id) {
                wrong.push(format!(
                    "{} is silent in {language} on:\n{}",
                    rule.id,
                    text.get(..300).unwrap_or(&text)
                ));
            }
            for finding in found.iter().filter(|finding| finding.rule == rule.id) {
                assert!(!finding.message.contains('{'), "{}: {}", rule.id, finding.message);
                assert!(finding.start >= 1 && finding.end >= finding.start && !finding.anchor.is_empty());
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn rules_are_silent_on_their_counter_examples() {
    let mut wrong = Vec::new();
    for rule in &all() {
        assert!(!rule.silent.is_empty(), "{} has no silent example", rule.id);
        for (language, text) in rule.silent.iter().flat_map(|example| texts(rule, example)) {
            let found = syntax(language, &text).findings;
            if let Some(finding) = found.iter().find(|finding| finding.rule == rule.id) {
                wrong.push(format!("{} fires in {language}, line {}, on:\n{text}", rule.id, finding.start));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
