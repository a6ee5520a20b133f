//! Two reports beside each other: what came, what went, what stayed.
//!
//! A gate on new code is a comparison with an earlier report: only what was not there before counts. So everything
//! that could make old code look new is told apart: moved lines and renamed files, vulnerabilities of packages that
//! were not looked up before, findings in files that were not read this time, another version of the analyser.

mod dependencies;
mod findings;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::{
    AdvisoryState, Commit, Finding, GradePart, LanguageShare, Note, Quality, Report, Scope, Severity, counted,
};

/// The version of this schema. It rises when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// What changed from an older report to a newer one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// [`SCHEMA`] of the writer.
    pub schema: u32,
    /// The older report.
    pub old: Side,
    /// The newer report.
    pub new: Side,
    /// What limits the comparison.
    pub notes: Vec<Note>,
    /// What is to be looked at.
    pub findings: FindingChanges,
    /// The grade and its parts.
    pub quality: QualityChange,
    /// Packages whose versions in use are not the same, by ecosystem and name.
    pub dependencies: Vec<DependencyChange>,
    /// Languages whose share or lines of code are not the same, the largest now first.
    pub languages: Vec<LanguageChange>,
    /// Fingerprints of the credentials that the older report found in the history; `None` where it was not searched, and
    /// where the comparison was read from a document.
    #[serde(skip)]
    pub known_past: Option<BTreeSet<String>>,
}

/// Where a report comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// The analysed commit.
    pub commit: Commit,
    /// Version of the analyser.
    pub analyzer: String,
}

/// How the findings changed. Suppressed findings are in no list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindingChanges {
    /// Findings that were not there, or were suppressed; in the order of the newer report.
    pub new: Vec<Finding>,
    /// Of them, how many were there before and suppressed.
    pub reopened: u32,
    /// Findings that are no longer there; in the order of the older report.
    pub gone: Vec<Finding>,
    /// How many there were before and still are.
    pub still: u32,
    /// Of them, those whose file has another name now; by their new path.
    pub moved: Vec<Moved>,
    /// How many are still there, but suppressed now.
    pub suppressed: u32,
    /// How many are known to one side only because the other could not look: vulnerabilities of packages that were
    /// not looked up, and findings in files that could not be read this time.
    pub not_compared: u32,
}

impl Comparison {
    /// Whether nothing of what is compared is another than before.
    pub fn is_unchanged(&self) -> bool {
        let findings = &self.findings;
        let counts = [findings.reopened, findings.suppressed, findings.not_compared];
        findings.new.is_empty()
            && findings.gone.is_empty()
            && findings.moved.is_empty()
            && counts.iter().all(|count| *count == 0)
            && self.quality.old == self.quality.new
            && self.quality.parts.iter().all(|part| part.old_lost == part.new_lost && part.old == part.new)
            && self.dependencies.is_empty()
            && self.languages.is_empty()
    }
}

impl FindingChanges {
    /// The new findings at or above a severity, outside tests and examples: what a gate fails for.
    pub fn failing(&self, least: Severity) -> impl Iterator<Item = &Finding> {
        self.new.iter().filter(move |finding| finding.severity >= least && !finding.in_test)
    }
}

/// A finding that went along when its file was renamed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Moved {
    /// The file now.
    pub to: String,
    /// The file before.
    pub from: String,
    /// Fingerprint now.
    pub fingerprint: String,
}

/// The grades of both reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QualityChange {
    /// The older grade.
    pub old: Score,
    /// The newer grade.
    pub new: Score,
    /// The parts, in the order of the newer report.
    pub parts: Vec<PartChange>,
}

/// A grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Score {
    /// `A` to `E`; `None` when too little could be measured.
    pub grade: Option<char>,
    /// 0 to 100; `None` when too little could be measured.
    pub score: Option<u32>,
}

/// One part of the grade in both reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PartChange {
    /// Its code, as in [`GradePart`].
    pub part: String,
    /// Points lost before; `None` when it was not measured.
    pub old_lost: Option<f64>,
    /// Points lost now; `None` when it was not measured.
    pub new_lost: Option<f64>,
    /// What was measured before, or why it was not.
    pub old: Option<String>,
    /// What is measured now, or why it is not.
    pub new: Option<String>,
}

/// What happened to a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DependencyChangeKind {
    /// It was not in use before.
    Added,
    /// It is no longer in use.
    Removed,
    /// Its one version was replaced by a newer one.
    Raised,
    /// Its one version was replaced by an older one.
    Lowered,
    /// Its versions changed in another way.
    Changed,
}

/// A package whose versions in use are not the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DependencyChange {
    /// The ecosystem as OSV spells it.
    pub ecosystem: String,
    /// Name as the registry spells it.
    pub name: String,
    /// What happened.
    pub kind: DependencyChangeKind,
    /// The versions before, or the requirement where none is pinned; in order.
    pub old: Vec<String>,
    /// The versions now, or the requirement where none is pinned; in order.
    pub new: Vec<String>,
    /// Whether a manifest of the repository asks for it, now or, for what was removed, before.
    pub direct: bool,
    /// What it is needed for; the strongest use wins.
    pub scope: Scope,
}

/// A language whose share or lines are not the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LanguageChange {
    /// Name as GitHub Linguist spells it.
    pub name: String,
    /// Share before, 0 to 100.
    pub old_percent: f64,
    /// Share now.
    pub new_percent: f64,
    /// Lines of code before.
    pub old_code: u32,
    /// Lines of code now.
    pub new_code: u32,
}

/// The JSON Schema (draft 2020-12) of a [`Comparison`], for those who read it by program.
pub fn schema() -> serde_json::Value {
    schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Comparison>()
        .to_value()
}

/// Source files that each of two reports must have before their paths say whether they are of one repository, and how
/// many in a hundred of those of the smaller one both must have then.
const KNOWN_BY_FILES: usize = 5;
const SHARED_PERCENT: usize = 5;

/// How many source files two reports share by their paths, and how many the smaller one has; `None` where they share
/// enough to be of one repository, or have too few files to tell.
fn strangers(old: &Report, new: &Report) -> Option<(usize, usize)> {
    let paths: BTreeSet<&str> = old.files.iter().map(|file| file.path.as_str()).collect();
    let shared = new.files.iter().filter(|file| paths.contains(file.path.as_str())).count();
    let fewest = old.files.len().min(new.files.len());
    (fewest >= KNOWN_BY_FILES && shared * 100 < fewest * SHARED_PERCENT).then_some((shared, fewest))
}

/// Holds a newer report against an older one.
pub fn compare(old: &Report, new: &Report) -> Comparison {
    let unknown = not_looked_up(old, new);
    Comparison {
        schema: SCHEMA,
        old: side(old),
        new: side(new),
        notes: notes(old, new, &unknown),
        findings: findings::changes(old, new, &unknown),
        quality: quality(&old.quality, &new.quality),
        dependencies: dependencies::changes(&old.dependencies, &new.dependencies),
        languages: languages(&old.languages, &new.languages),
        known_past: old
            .past_secrets
            .as_ref()
            .map(|past| past.secrets.iter().map(|secret| secret.finding.fingerprint.clone()).collect()),
    }
}

fn side(report: &Report) -> Side {
    Side { commit: report.commit.clone(), analyzer: report.analyzer.clone() }
}

/// Whether a report knows the vulnerabilities of an ecosystem's packages.
fn looked_up(report: &Report, ecosystem: &str) -> bool {
    matches!(report.advisories.state, AdvisoryState::Checked { .. })
        && !report.advisories.uncovered.iter().any(|uncovered| uncovered == ecosystem)
}

/// The ecosystems in use of which one of the reports knows no vulnerabilities.
fn not_looked_up<'r>(old: &'r Report, new: &'r Report) -> BTreeSet<&'r str> {
    let in_use = old.dependencies.iter().chain(&new.dependencies).map(|it| it.ecosystem.as_str());
    in_use.filter(|ecosystem| !(looked_up(old, ecosystem) && looked_up(new, ecosystem))).collect()
}

fn notes(old: &Report, new: &Report, unknown: &BTreeSet<&str>) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |code: &str, text: String| notes.push(Note { code: code.to_owned(), text });
    if old.commit.id == new.commit.id {
        note("same_commit", "Both reports are of the same commit.".to_owned());
    }
    if let Some((shared, fewest)) = strangers(old, new) {
        note(
            "other_repository",
            format!(
                "These look like reports of two repositories: of {} in the smaller one, {shared} {} in the other one, \
                 too. What is called new or gone is then no change.",
                counted(fewest, "source file"),
                if shared == 1 { "is" } else { "are" }
            ),
        );
    }
    if let (Some(before), Some(after)) = (&old.commit.branch, &new.commit.branch)
        && before != after
    {
        note(
            "branch_changed",
            format!(
                "The reports are of two branches, `{before}` and `{after}`: what only one of them ever had counts as \
                 new or gone."
            ),
        );
    }
    if old.analyzer != new.analyzer {
        note(
            "other_analyzer",
            "The reports come from different versions of the analyser: a new rule can make old code look new."
                .to_owned(),
        );
    }
    let which = |of_old: bool, of_new: bool| {
        let alike = |name: &&&str| looked_up(old, name) == of_old && looked_up(new, name) == of_new;
        unknown.iter().filter(alike).copied().collect::<Vec<&str>>().join(", ")
    };
    for (who, names) in [
        ("Neither report", which(false, false)),
        ("Only the newer report", which(false, true)),
        ("Only the older report", which(true, false)),
    ] {
        if !names.is_empty() {
            note(
                "advisories_not_compared",
                format!(
                    "{who} looked up known vulnerabilities for {names}: no vulnerability of these packages counts as \
                     new or gone."
                ),
            );
        }
    }
    notes
}

fn quality(old: &Quality, new: &Quality) -> QualityChange {
    let of = |parts: &[GradePart], code: &str| parts.iter().find(|part| part.part == code).cloned();
    let said = |part: &GradePart| part.missing.clone().or_else(|| part.measured.clone());
    let codes = new.parts.iter().chain(old.parts.iter().filter(|part| of(&new.parts, &part.part).is_none()));
    let parts = codes.map(|part| {
        let (old, new) = (of(&old.parts, &part.part), of(&new.parts, &part.part));
        PartChange {
            part: part.part.clone(),
            old_lost: old.as_ref().and_then(|part| part.lost),
            new_lost: new.as_ref().and_then(|part| part.lost),
            old: old.as_ref().and_then(said),
            new: new.as_ref().and_then(said),
        }
    });
    let score = |quality: &Quality| Score { grade: quality.grade, score: quality.score };
    QualityChange { old: score(old), new: score(new), parts: parts.collect() }
}

fn languages(old: &[LanguageShare], new: &[LanguageShare]) -> Vec<LanguageChange> {
    let mut by_name: BTreeMap<&str, LanguageChange> = BTreeMap::new();
    for (share, is_new) in old.iter().map(|share| (share, false)).chain(new.iter().map(|share| (share, true)))
    {
        let change = by_name.entry(&share.name).or_insert_with(|| LanguageChange {
            name: share.name.clone(),
            old_percent: 0.0,
            new_percent: 0.0,
            old_code: 0,
            new_code: 0,
        });
        if is_new {
            (change.new_percent, change.new_code) = (share.percent, share.lines.code);
        } else {
            (change.old_percent, change.old_code) = (share.percent, share.lines.code);
        }
    }
    let same =
        |it: &LanguageChange| it.old_percent.total_cmp(&it.new_percent).is_eq() && it.old_code == it.new_code;
    let mut changes: Vec<LanguageChange> = by_name.into_values().filter(|change| !same(change)).collect();
    changes.sort_by(|a, b| {
        let by_share = b.new_percent.total_cmp(&a.new_percent);
        by_share.then(b.old_percent.total_cmp(&a.old_percent)).then_with(|| a.name.cmp(&b.name))
    });
    changes
}
