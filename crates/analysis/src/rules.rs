//! Every rule as its readers see it: what it looks for, how sure and how severe it is, and what to do.
//!
//! It is read from the data that the analysers read, so that nothing is described that does not run; and only when
//! somebody asks, because an analysis needs none of it.

pub(crate) mod data;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::{Confidence, FindingKind, RuleInfo, Severity};
use crate::{infra, inventory, syntax, table, templates};

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rule {
    /// Stable id, as findings and suppressions name it.
    pub id: String,
    /// What kind of finding it makes.
    pub kind: FindingKind,
    /// How severe a sighting is at most: without a sign that a value comes from outside, it is less. See
    /// `from_request` too.
    pub severity: Severity,
    /// How severe it is where a request is known to reach it, if that is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_request: Option<Severity>,
    /// How sure a sighting is at most.
    pub confidence: Confidence,
    /// The languages or the kinds of file that it reads; empty where it reads every text.
    pub reads: Vec<String>,
    /// What it is, and what to do about it.
    #[serde(flatten)]
    pub info: RuleInfo,
    /// A text in which it sees something.
    pub fires: Option<String>,
    /// A text like it in which it does not.
    pub silent: Option<String>,
}

/// All rules, by id. Known vulnerabilities have none: each is described by its own record.
pub fn all() -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let of_others = infra::RULE_FILES.iter().chain(templates::RULE_FILES).copied();
    for text in syntax::rule_files().chain(of_others) {
        // Data that cannot be read would give none; tests of both parts make sure that it can.
        let written = table::read::<Written>(text).unwrap_or_default();
        rules.extend(written.rule.into_iter().map(Entry::rule));
    }
    let mut infos = inventory::secret_rules();
    let secrets = table::read::<WrittenSecrets>(inventory::SECRET_RULES).unwrap_or_default();
    rules.extend(secrets.rule.into_iter().filter_map(|secret| {
        let id = format!("secret.{}", secret.id);
        let info = infos.remove(&id)?;
        Some(secret.rule(id, info))
    }));
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules
}

#[derive(Debug, Default, Deserialize)]
struct Written {
    rule: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    id: String,
    kind: FindingKind,
    severity: Severity,
    #[serde(default)]
    from_request: Option<Severity>,
    confidence: Confidence,
    #[serde(default)]
    languages: Vec<String>,
    #[serde(default)]
    files: Vec<String>,
    title: String,
    why: String,
    fix: String,
    #[serde(default)]
    cwe: Vec<u32>,
    #[serde(default)]
    links: Vec<String>,
    fires: Vec<Example>,
    silent: Vec<Example>,
}

/// A text for a rule's test. One whose parts are repeated a hundred times shows nothing to a reader.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Example {
    Text(String),
    Of { text: String },
    Repeated {},
}

impl Example {
    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Of { text } => Some(text),
            Self::Repeated {} => None,
        }
    }
}

impl Entry {
    fn rule(self) -> Rule {
        Rule {
            id: self.id,
            kind: self.kind,
            severity: self.severity,
            from_request: self.from_request.filter(|severity| *severity > self.severity),
            confidence: self.confidence,
            reads: if self.languages.is_empty() { self.files } else { self.languages },
            info: RuleInfo {
                title: self.title,
                why: self.why,
                fix: self.fix,
                cwe: self.cwe,
                links: self.links,
            },
            fires: self.fires.into_iter().find_map(Example::text),
            silent: self.silent.into_iter().find_map(Example::text),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
struct WrittenSecrets {
    rule: Vec<Secret>,
}

/// Samples are kept in pieces, so that nobody's scanner takes them for real.
#[derive(Debug, Deserialize)]
struct Secret {
    id: String,
    severity: Option<Severity>,
    confidence: Option<Confidence>,
    fires: Vec<Vec<String>>,
    silent: Vec<Vec<String>>,
}

impl Secret {
    fn rule(self, id: String, info: RuleInfo) -> Rule {
        let first = |samples: Vec<Vec<String>>| samples.into_iter().next().map(|pieces| pieces.concat());
        Rule {
            id,
            kind: FindingKind::Secret,
            severity: self.severity.unwrap_or(inventory::SECRET_SEVERITY),
            from_request: None,
            confidence: self.confidence.unwrap_or(Confidence::High),
            reads: Vec::new(),
            info,
            fires: first(self.fires),
            silent: first(self.silent),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_that_runs_is_described_once_and_whole() {
        let rules = all();
        let ids: BTreeSet<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids.len(), rules.len(), "an id stands for one rule");
        let known = [syntax::rules(), infra::rules(), templates::rules(), inventory::secret_rules()];
        let run: BTreeSet<&str> = known.iter().flat_map(|some| some.keys().map(String::as_str)).collect();
        assert_eq!(ids, run);
        for rule in &rules {
            let known = known.iter().find_map(|some| some.get(&rule.id));
            assert_eq!(Some(&rule.info), known, "{}", rule.id);
            let RuleInfo { title, why, fix, .. } = &rule.info;
            assert!(![title, why, fix].iter().any(|text| text.is_empty()), "{}", rule.id);
            assert_eq!(rule.reads.is_empty(), rule.kind == FindingKind::Secret, "{}", rule.id);
        }
        let reached = |id: &str| {
            let rule = rules.iter().find(|rule| rule.id == id);
            rule.map(|rule| (rule.severity, rule.from_request))
        };
        assert_eq!(reached("js.eval"), Some((Severity::High, Some(Severity::Critical))));
        assert_eq!(reached("ruby.code-from-request"), Some((Severity::Critical, None)), "it is no more");
        assert_eq!(reached("docker.root-service").and_then(|(_, reached)| reached), None);
        let shape = |rule: &&Rule| rule.fires.is_none();
        let without: Vec<&str> = rules.iter().filter(shape).map(|rule| rule.id.as_str()).collect();
        assert!(without.iter().all(|id| id.starts_with("any.")), "only rules about size: {without:?}");
    }
}
