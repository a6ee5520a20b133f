//! What should be looked at: findings, and files that change often and are hard to change.

use std::collections::HashMap;

use analysis::report::{
    AdvisoryState, Confidence, Finding, Hotspot, Report, Severity, Suppressed, SuppressionKind,
};

use super::order::{Hardness, in_order};
use super::text::{LAST, Rows, begun, count, counted, date, fold, look, place, shortened};
use super::{View, advisories, heading};
use crate::terminal::{Look, Style, clean};

/// Findings shown unless all are wanted.
pub(super) const FINDINGS: usize = 20;
/// Findings of tests and examples shown unless all are wanted.
const IN_TESTS: usize = 5;
/// Characters of a message unless all are wanted.
const LONGEST: usize = 180;
/// Hotspots shown.
const HOTSPOTS: usize = 10;
/// Columns of the longest severity.
const SEVERITY: usize = 8;
/// Columns that the numbers of the hotspots take, with the blanks around them.
const NUMBERS: usize = 37;

pub(super) fn findings(report: &Report, view: &View<'_>) -> String {
    let in_order = in_order(&report.findings, &Hardness::of(report));
    if in_order.is_empty() {
        return heading(
            view.style,
            "Findings",
            &format!("none by the rules that were run{}", unknown(report, view)),
        ) + &set_aside(report, view);
    }
    let (tests, ours): (Vec<&Finding>, Vec<&Finding>) =
        in_order.into_iter().partition(|finding| finding.in_test);
    let beside = apart(&ours, &tests, view.style, &unknown(report, view));
    let mut text = heading(view.style, "Findings", &beside);
    text += &part(&ours, FINDINGS, true, view);
    if !ours.is_empty() && !tests.is_empty() {
        text += &fold(view.style, 1, "In tests and examples:");
    }
    text + &part(&tests, IN_TESTS, ours.is_empty(), view) + &set_aside(report, view)
}

/// How many findings the repository says are not to be acted on.
fn set_aside(report: &Report, view: &View<'_>) -> String {
    let in_source = |it: &&Suppressed| it.kind == SuppressionKind::InSource;
    let marked = report.suppressed.iter().filter(in_source).count();
    let reasons: Vec<String> = [
        (marked, "accepted by a mark in the source"),
        (report.suppressed.len() - marked, "suppressed by `devmentor.toml`"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, why)| format!("{} {why}", count(number as u64)))
    .collect();
    if reasons.is_empty() {
        return String::new();
    }
    fold(view.style, 1, &format!("Not counted: {}; --html and --json list them.", reasons.join(", ")))
}

/// Without colours: what only tests have alarms nobody.
pub(crate) const PLAIN: Style = Style { color: false, width: None };

/// What ships, and what only tests and examples have: `5 medium, 4 low; in tests 4 high; in examples 1 low`.
pub(crate) fn apart(ours: &[&Finding], tests: &[&Finding], style: Style, unknown: &str) -> String {
    let mut said = vec![if ours.is_empty() { "none in shipped code".to_owned() } else { tally(ours, style) }];
    let (examples, tests): (Vec<&Finding>, Vec<&Finding>) =
        tests.iter().copied().partition(|finding| finding.in_example);
    for (found, of) in [(tests, "tests"), (examples, "examples")] {
        if !found.is_empty() {
            said.push(format!("in {of} {}", tally(&found, PLAIN)));
        }
    }
    said.join("; ") + if ours.is_empty() { unknown } else { "" }
}

/// `1 critical, 4 medium`
pub(crate) fn tally(findings: &[&Finding], style: Style) -> String {
    let by_severity = Severity::ALL.iter().rev().filter_map(|severity| {
        let found = findings.iter().filter(|finding| finding.severity == *severity).count();
        (found > 0)
            .then(|| style.paint(look(*severity), &format!("{} {}", count(found as u64), severity.as_str())))
    });
    by_severity.collect::<Vec<String>>().join(", ")
}

/// The first of these findings, or all; how many others there are.
fn part(findings: &[&Finding], most: usize, titled: bool, view: &View<'_>) -> String {
    if findings.is_empty() {
        return String::new();
    }
    if view.all {
        let rows: Vec<Row> = findings.iter().map(|finding| said(finding, usize::MAX)).collect();
        return listed(&rows, titled, view.style);
    }
    let (rows, covered) = first(findings, most);
    listed(&rows, titled, view.style) + &more(findings.len() - covered, view.style)
}

/// The first rows, and how many findings they stand for: what is known about one package is one row.
fn first(findings: &[&Finding], most: usize) -> (Vec<Row>, usize) {
    let mut rows: Vec<Row> = Vec::new();
    let mut packages: HashMap<_, (usize, usize)> = HashMap::new();
    let mut covered = 0;
    for finding in findings {
        let hit = finding.package.as_ref();
        let package = hit.map(|hit| (&hit.ecosystem, &hit.name, &hit.version));
        if let Some((_, others)) = package.and_then(|package| packages.get_mut(&package)) {
            *others += 1;
        } else if rows.len() < most {
            if let Some(package) = package {
                packages.insert(package, (rows.len(), 0));
            }
            rows.push(said(finding, LONGEST));
        } else {
            continue;
        }
        covered += 1;
    }
    for (at, others) in packages.into_values().filter(|(_, others)| *others > 0) {
        if let Some(row) = rows.get_mut(at) {
            row.2.extend([" (and ", &count(others as u64), " more)"]);
        }
    }
    (rows, covered)
}

/// How many are not shown.
pub(super) fn more(left_out: usize, style: Style) -> String {
    match left_out {
        0 => String::new(),
        more => fold(style, 1, &format!("and {} more: --all shows them", count(more as u64))),
    }
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

/// A finding where it does not show by itself whether it is in a test.
pub(super) fn row(finding: &Finding) -> Row {
    let (severity, place, mut what) = said(finding, usize::MAX);
    if let Some(apart) = finding.apart() {
        what.extend([" (", apart, ")"]);
    }
    (severity, place, what)
}

/// At most so many characters of the message; that it is a hint is never left out.
fn said(finding: &Finding, longest: usize) -> Row {
    let mut what = begun(&clean(&finding.message), longest);
    if finding.confidence == Confidence::Low {
        what += " (a hint)";
    }
    (finding.severity, place(&finding.span), what)
}

/// A table where it fits, else the message under the place: a place that is broken in two can be neither copied nor
/// clicked.
pub(super) fn listed(rows: &[Row], titled: bool, style: Style) -> String {
    let widest = |length: fn(&Row) -> usize| rows.iter().map(length).max().unwrap_or(0);
    // A blank before the first column and two between columns.
    let needed =
        1 + SEVERITY + 2 + widest(|row| row.1.chars().count()) + 2 + widest(|row| row.2.chars().count());
    if style.width.is_none_or(|width| needed <= usize::from(width)) {
        let table = Rows::new(style, &["severity", "where", "what"]);
        let mut table = if titled { table } else { table.untitled() };
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
        let why =
            history.unranked.as_deref().map_or_else(String::new, |why| fold(view.style, 1, &clean(why)));
        return heading(view.style, "Hotspots", &format!("none, of {window}")) + &why;
    }
    let columns = ["score", "commits", "fixes", "complexity", "file"];
    let mut rows = Rows::new(view.style, &columns).right(&[0, 1, 2, 3]).named(4);
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
    let mut legend = LEGEND.to_owned();
    if report.hotspots.iter().take(HOTSPOTS).any(|hotspot| !hotspot.coupled.is_empty()) {
        legend += COUPLED;
    }
    heading(view.style, "Hotspots", &window) + &rows.text() + &fold(view.style, 1, &legend)
}

/// What the columns mean.
pub(crate) const LEGEND: &str = "Score: how the file ranks by commits times how it ranks by complexity, at most 100. Complexity: \
                      cognitive, the sum over its functions.";
const COUPLED: &str = " With: what changed in the same commits most often.";

/// The file, and the one that changes with it most often: beneath it on a terminal, beside it in a pipe.
fn hotspot_file(hotspot: &Hotspot, view: &View<'_>) -> String {
    let room = match view.style.width.map(usize::from) {
        None => usize::MAX,
        Some(width) if width + 1 < NUMBERS + LAST => width - 1,
        Some(width) => width - NUMBERS,
    };
    let file = shortened(&clean(&hotspot.path), room);
    let Some(other) = hotspot.coupled.first() else { return file };
    let often = format!(" ({} of {})", other.together, other.of);
    let other = shortened(&clean(&other.path), room.saturating_sub("with ".len() + often.len()));
    let between = if view.style.width.is_some() { "\n" } else { " " };
    format!("{file}{between}with {other}{often}")
}
