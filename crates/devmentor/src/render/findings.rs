//! What should be looked at: findings, and files that change often and are hard to change.

use analysis::report::{AdvisoryState, Confidence, Finding, Hotspot, Report, Severity};

use super::text::{Rows, count, counted, date, fold, look, place, shortened};
use super::{View, advisories, heading};
use crate::terminal::{Look, Style, clean};

/// Findings shown unless all are wanted.
pub(super) const FINDINGS: usize = 20;
/// Hotspots shown.
const HOTSPOTS: usize = 10;
/// Columns of the longest severity.
const SEVERITY: usize = 8;
/// Columns that the numbers of the hotspots take, with the blanks around them.
const NUMBERS: usize = 37;

pub(super) fn findings(report: &Report, view: &View<'_>) -> String {
    if report.findings.is_empty() {
        return heading(
            view.style,
            "Findings",
            &format!("none by the rules that were run{}", unknown(report, view)),
        );
    }
    let by_severity: Vec<String> = Severity::ALL
        .iter()
        .rev()
        .filter_map(|severity| {
            let found = report.findings.iter().filter(|finding| finding.severity == *severity).count();
            (found > 0).then(|| {
                view.style.paint(look(*severity), &format!("{} {}", count(found as u64), severity.as_str()))
            })
        })
        .collect();
    let shown = if view.all { report.findings.len() } else { FINDINGS };
    let rows: Vec<Row> = report.findings.iter().take(shown).map(row).collect();
    let mut text = heading(view.style, "Findings", &by_severity.join(", ")) + &listed(&rows, view.style);
    let more = report.findings.len().saturating_sub(shown);
    if more > 0 {
        text += &fold(view.style, 1, &format!("and {} more: --all shows them", count(more as u64)));
    }
    text
}

/// What an empty list does not say about known vulnerabilities.
fn unknown(report: &Report, view: &View<'_>) -> String {
    if report.dependencies.is_empty() {
        return String::new();
    }
    match &report.advisories.state {
        AdvisoryState::NotChecked { .. } => "; known vulnerabilities were not checked".to_owned(),
        AdvisoryState::Checked { as_of, .. } if !advisories::old(report, view).is_empty() => {
            format!("; of vulnerabilities only those known by {}", date(*as_of))
        }
        AdvisoryState::Checked { .. } => String::new(),
    }
}

/// A finding: severity, place, message.
pub(super) type Row = (Severity, String, String);

pub(super) fn row(finding: &Finding) -> Row {
    let mut what = clean(&finding.message).into_owned();
    if finding.confidence == Confidence::Low {
        what += " (a hint)";
    }
    if finding.in_test {
        what += " (test code)";
    }
    (finding.severity, place(&finding.span), what)
}

/// A table where it fits, else the message under the place: a place that is broken in two can be neither copied nor
/// clicked.
pub(super) fn listed(rows: &[Row], style: Style) -> String {
    let widest = |length: fn(&Row) -> usize| rows.iter().map(length).max().unwrap_or(0);
    // A blank before the first column and two between columns.
    let needed =
        1 + SEVERITY + 2 + widest(|row| row.1.chars().count()) + 2 + widest(|row| row.2.chars().count());
    if style.width.is_none_or(|width| needed <= usize::from(width)) {
        let mut table = Rows::new(style, &["severity", "where", "what"]);
        for (severity, place, what) in rows {
            let named = (severity.as_str().to_owned(), Some(look(*severity)));
            table.add([named, (place.clone(), None), (what.clone(), None)]);
        }
        return table.text();
    }
    rows.iter().fold(String::new(), |text, (severity, place, what)| {
        let named = style.paint(look(*severity), severity.as_str());
        let gap = " ".repeat(SEVERITY + 2 - severity.as_str().len());
        text + " " + &named + &gap + place + "\n" + &fold(style, 1 + SEVERITY + 2, what)
    })
}

pub(super) fn hotspots(report: &Report, view: &View<'_>) -> String {
    let history = &report.history;
    let window = format!(
        "{} by {} in the {} days before the newest one",
        counted(history.window_commits.into(), "commit", "commits"),
        counted(history.contributors.into(), "person", "people"),
        history.window_days,
    );
    if report.hotspots.is_empty() {
        return heading(view.style, "Hotspots", &format!("none ({window})"));
    }
    let mut rows =
        Rows::new(view.style, &["score", "commits", "fixes", "complexity", "file"]).right(&[0, 1, 2, 3]);
    for hotspot in report.hotspots.iter().take(HOTSPOTS) {
        let look = (hotspot.score >= 80).then_some(Look::Bad).or((hotspot.score >= 50).then_some(Look::Warn));
        rows.add([
            (hotspot.score.to_string(), look),
            (count(hotspot.commits.into()), None),
            (count(hotspot.fixes.into()), None),
            (count(hotspot.complexity.into()), None),
            (hotspot_file(hotspot, view), None),
        ]);
    }
    heading(view.style, "Hotspots", &window) + &rows.text()
}

/// The file, and the one that changes with it most often: beneath it on a terminal, beside it in a pipe.
fn hotspot_file(hotspot: &Hotspot, view: &View<'_>) -> String {
    let room = view.style.width.map_or(usize::MAX, |width| usize::from(width).saturating_sub(NUMBERS));
    let file = shortened(&clean(&hotspot.path), room);
    let Some(other) = hotspot.coupled.first() else { return file };
    let often = format!(" ({} of {})", other.together, other.of);
    let other = shortened(&clean(&other.path), room.saturating_sub("with ".len() + often.len()));
    let between = if view.style.width.is_some() { "\n" } else { " " };
    format!("{file}{between}with {other}{often}")
}
