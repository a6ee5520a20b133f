//! What should be looked at: findings, and files that change often and are hard to change.

use analysis::report::{Confidence, Report, Severity};

use super::text::{Rows, count, counted, fold, look, place};
use super::{View, heading};
use crate::terminal::{Look, clean};

/// Findings shown unless all are wanted.
const FINDINGS: usize = 20;
/// Hotspots shown.
const HOTSPOTS: usize = 10;

pub(super) fn findings(report: &Report, view: &View<'_>) -> String {
    if report.findings.is_empty() {
        return heading(view, "Findings", "none by the rules that were run");
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
    let mut rows = Rows::new(view.style, &["severity", "where", "what"]);
    for finding in report.findings.iter().take(shown) {
        let mut what = clean(&finding.message).into_owned();
        if finding.confidence == Confidence::Low {
            what += " (a hint)";
        }
        if finding.in_test {
            what += " (test code)";
        }
        rows.add([
            (finding.severity.as_str().to_owned(), Some(look(finding.severity))),
            (place(&finding.span), None),
            (what, None),
        ]);
    }
    let mut text = heading(view, "Findings", &by_severity.join(", ")) + &rows.text();
    let more = report.findings.len().saturating_sub(shown);
    if more > 0 {
        text += &fold(view.style, 1, &format!("and {} more: --all shows them", count(more as u64)));
    }
    text
}

pub(super) fn hotspots(report: &Report, view: &View<'_>) -> String {
    let history = &report.history;
    let window = format!(
        "{} of the last {} days by {}",
        counted(history.window_commits.into(), "commit", "commits"),
        history.window_days,
        counted(history.contributors.into(), "person", "people")
    );
    if report.hotspots.is_empty() {
        return heading(view, "Hotspots", &format!("none ({window})"));
    }
    let mut rows =
        Rows::new(view.style, &["score", "file", "commits", "fixes", "complexity", "changes with"])
            .right(&[0, 2, 3, 4]);
    for hotspot in report.hotspots.iter().take(HOTSPOTS) {
        let coupled = hotspot.coupled.first().map_or_else(String::new, |other| {
            format!("{} ({} of {})", clean(&other.path), other.together, other.of)
        });
        let look = (hotspot.score >= 80).then_some(Look::Bad).or((hotspot.score >= 50).then_some(Look::Warn));
        rows.add([
            (hotspot.score.to_string(), look),
            (clean(&hotspot.path).into_owned(), None),
            (count(hotspot.commits.into()), None),
            (count(hotspot.fixes.into()), None),
            (count(hotspot.complexity.into()), None),
            (coupled, None),
        ]);
    }
    heading(view, "Hotspots", &window) + &rows.text()
}
