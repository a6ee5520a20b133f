//! What changed between two reports.

use analysis::compare::{
    Comparison, DependencyChange, DependencyChangeKind as Kind, FindingChanges, PartChange, Score, Side,
};
use analysis::report::{Finding, share_text};

use super::findings::{FINDINGS, Row, listed, more, row};
use super::heading;
use super::order::{Hardness, in_order};
use super::text::{Rows, count, counted, date, fold, item};
use crate::terminal::{Look, Style, clean};

/// Changes of one kind shown unless all are wanted.
const SHOWN: usize = 20;

/// Every section of a comparison; what is to be looked at comes last, next to the prompt.
pub(super) fn sections(comparison: &Comparison, style: Style, all: bool) -> Vec<String> {
    if comparison.is_unchanged() {
        let known = counted(comparison.findings.still.into(), "finding", "findings");
        let same = format!("languages, dependencies, grade and {known} are the same");
        return vec![header(comparison, style), heading(style, "No change", &same)];
    }
    vec![
        header(comparison, style),
        languages(comparison, style),
        dependencies(&comparison.dependencies, style, all),
        quality(comparison, style),
        gone(&comparison.findings.gone, style, all),
        findings(&comparison.findings, style, all),
    ]
}

/// What is new since another commit, as one section beside a report.
pub(super) fn since(comparison: &Comparison, style: Style, all: bool) -> String {
    let title = format!("New since {}", commit(&comparison.old));
    let mut text = heading(style, &title, &summary(&comparison.findings));
    text += &new(&comparison.findings, style, all);
    let titled = comparison.findings.new.is_empty();
    if !comparison.findings.gone.is_empty() {
        text += &fold(style, 1, "Gone:");
        text += &shown(&comparison.findings.gone, titled, style, all);
    }
    text + &notes(comparison, style)
}

fn header(comparison: &Comparison, style: Style) -> String {
    let mut text = heading(style, "Compared", "");
    for (name, side) in [("before", &comparison.old), ("now", &comparison.new)] {
        let line = format!("{}: {}", commit(side), clean(&side.commit.subject));
        text += &item(style, 1, &format!("{name:<6}  "), &line);
    }
    text + &notes(comparison, style)
}

/// `0123456789, 2025-11-14`
fn commit(side: &Side) -> String {
    let id: String = side.commit.id.chars().take(10).collect();
    format!("{}, {}", clean(&id), date(side.commit.time))
}

fn notes(comparison: &Comparison, style: Style) -> String {
    comparison.notes.iter().map(|note| item(style, 1, "- ", &clean(&note.text))).collect()
}

fn languages(comparison: &Comparison, style: Style) -> String {
    if comparison.languages.is_empty() {
        return heading(style, "Languages", "no change");
    }
    let columns = ["language", "share before", "now", "code lines before", "now"];
    let mut rows = Rows::new(style, &columns).right(&[1, 2, 3, 4]);
    for language in &comparison.languages {
        rows.add([
            (clean(&language.name).into_owned(), None),
            (share(language.old_percent, language.old_code), None),
            (share(language.new_percent, language.new_code), None),
            (count(language.old_code.into()), None),
            (count(language.new_code.into()), None),
        ]);
    }
    heading(style, "Languages", "") + &rows.text()
}

/// The share of a language, as in a report; a language without any part in the code is not there.
fn share(percent: f64, code: u32) -> String {
    if percent <= 0.0 && code == 0 { "-".to_owned() } else { share_text(percent) }
}

fn dependencies(changes: &[DependencyChange], style: Style, all: bool) -> String {
    if changes.is_empty() {
        return heading(style, "Dependencies", "no change");
    }
    let kinds = [
        (Kind::Added, "added"),
        (Kind::Removed, "removed"),
        (Kind::Raised, "raised"),
        (Kind::Lowered, "lowered"),
        (Kind::Changed, "changed"),
    ];
    let name = |kind: Kind| kinds.iter().find(|(known, _)| *known == kind).map_or("", |(_, name)| name);
    let counts: Vec<String> = kinds
        .iter()
        .filter_map(|(kind, name)| {
            let found = changes.iter().filter(|change| change.kind == *kind).count();
            (found > 0).then(|| format!("{} {name}", count(found as u64)))
        })
        .collect();
    let mut rows = Rows::new(style, &["what", "package", "before", "now"]);
    let shown = if all { changes.len() } else { SHOWN };
    // What a manifest asks for is what somebody decided.
    let mut in_order: Vec<&DependencyChange> = changes.iter().collect();
    in_order.sort_by_key(|change| !change.direct);
    for change in in_order.into_iter().take(shown) {
        let through = if change.direct { "" } else { ", through others" };
        let package = format!("{} ({}{through})", clean(&change.name), clean(&change.ecosystem));
        let versions = |versions: &[String]| clean(&versions.join(", ")).into_owned();
        let look = (change.kind == Kind::Lowered).then_some(Look::Warn);
        rows.add([
            (name(change.kind).to_owned(), look),
            (package, None),
            (versions(&change.old), None),
            (versions(&change.new), None),
        ]);
    }
    heading(style, "Dependencies", &counts.join(", "))
        + &rows.text()
        + &more(changes.len().saturating_sub(shown), style)
}

fn quality(comparison: &Comparison, style: Style) -> String {
    let quality = &comparison.quality;
    let score = |score: &Score| match (score.grade, score.score) {
        (Some(grade), Some(score)) => format!("{grade}, {score} of 100"),
        _ => "none".to_owned(),
    };
    let beside = format!("{} -> {}", score(&quality.old), score(&quality.new));
    let mut rows = Rows::new(style, &["part", "lost before", "now", "measured now"]).right(&[1, 2]);
    let lost = |lost: Option<f64>| lost.map_or_else(|| "-".to_owned(), |lost| format!("{lost:.1}"));
    let changed = |part: &&PartChange| part.old_lost != part.new_lost || part.old != part.new;
    let mut any = false;
    for part in quality.parts.iter().filter(changed) {
        any = true;
        let look = match (part.old_lost, part.new_lost) {
            (Some(old), Some(new)) if new > old => Some(Look::Bad),
            (Some(old), Some(new)) if new < old => Some(Look::Good),
            _ => None,
        };
        rows.add([
            (part.part.replace('_', " "), None),
            (lost(part.old_lost), None),
            (lost(part.new_lost), look),
            (clean(part.new.as_deref().unwrap_or("")).into_owned(), None),
        ]);
    }
    heading(style, "Grade", &beside) + &if any { rows.text() } else { String::new() }
}

fn gone(gone: &[Finding], style: Style, all: bool) -> String {
    if gone.is_empty() {
        return String::new();
    }
    heading(style, "Findings that are gone", &count(gone.len() as u64)) + &shown(gone, true, style, all)
}

fn findings(changes: &FindingChanges, style: Style, all: bool) -> String {
    heading(style, "New findings", &summary(changes)) + &new(changes, style, all)
}

/// `2 new, 13 known, 4 gone`, and what else there is.
fn summary(changes: &FindingChanges) -> String {
    let mut parts = vec![
        format!("{} new", count(changes.new.len() as u64)),
        format!("{} known", count(changes.still.into())),
        format!("{} gone", count(changes.gone.len() as u64)),
    ];
    if changes.suppressed > 0 {
        parts.push(format!("{} suppressed now", count(changes.suppressed.into())));
    }
    if changes.not_compared > 0 {
        parts.push(format!("{} not compared", count(changes.not_compared.into())));
    }
    parts.join(", ")
}

fn new(changes: &FindingChanges, style: Style, all: bool) -> String {
    let mut text = shown(&changes.new, true, style, all);
    if changes.reopened > 0 {
        let were = counted(
            changes.reopened.into(),
            "was there and suppressed before",
            "were there and suppressed before",
        );
        text += &fold(style, 1, &format!("Of the new ones {were}."));
    }
    if !changes.moved.is_empty() {
        let moved = counted(changes.moved.len() as u64, "is", "are");
        text += &fold(style, 1, &format!("Of the known ones {moved} in a file of another name now."));
    }
    text
}

fn shown(findings: &[Finding], titled: bool, style: Style, all: bool) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let shown = if all { findings.len() } else { FINDINGS };
    let in_order = in_order(findings, &Hardness::default());
    let rows: Vec<Row> = in_order.into_iter().take(shown).map(row).collect();
    listed(&rows, titled, style) + &more(findings.len().saturating_sub(shown), style)
}
