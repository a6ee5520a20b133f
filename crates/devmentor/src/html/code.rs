//! What should be looked at in the code: findings by rule, hotspots, duplicates.

use std::collections::HashMap;

use analysis::report::{
    CloneGroup, Confidence, Finding, FindingKind, Report, RuleInfo, Severity, SuppressionKind,
};

use super::markup::Html;
use super::{section, severity, spot};
use crate::render::findings::{LEGEND, PLAIN, apart};
use crate::render::order::{Hardness, in_order};
use crate::render::text::{count, counted};

/// Findings shown in all.
const FINDINGS: usize = 500;
/// Findings of one rule shown.
const OF_RULE: usize = 50;
/// Suppressed findings shown.
const SUPPRESSED: usize = 100;
/// Hotspots shown.
const HOTSPOTS: usize = 30;
/// Duplicates shown, and the places of each.
const CLONES: usize = 20;
const PLACES: usize = 6;

/// A rule with what it found, the most severe first.
struct OfRule<'a> {
    rule: &'a str,
    found: Vec<&'a Finding>,
}

impl OfRule<'_> {
    /// Of what ships, where something of it does.
    fn worst(&self) -> Severity {
        let only_tests = self.only_tests();
        let ours = self.found.iter().filter(|finding| only_tests || !finding.in_test);
        ours.map(|finding| finding.severity).max().unwrap_or(Severity::Info)
    }

    fn only_tests(&self) -> bool {
        self.found.iter().all(|finding| finding.in_test)
    }
}

/// Everything but what is known about packages, which stands beside them. What only tests have comes last.
fn by_rule(report: &Report) -> Vec<OfRule<'_>> {
    let mut rules: Vec<OfRule<'_>> = Vec::new();
    let mut at: HashMap<&str, usize> = HashMap::new();
    for finding in report.findings.iter().filter(|finding| finding.kind != FindingKind::Advisory) {
        let index = *at.entry(&finding.rule).or_insert_with(|| {
            rules.push(OfRule { rule: &finding.rule, found: Vec::new() });
            rules.len() - 1
        });
        if let Some(of) = rules.get_mut(index) {
            of.found.push(finding);
        }
    }
    let hardness = Hardness::of(report);
    for of in &mut rules {
        of.found = in_order(of.found.iter().copied(), &hardness);
    }
    let shape = |of: &OfRule<'_>| of.found.iter().all(|finding| finding.kind == FindingKind::Smell);
    rules.sort_by(|a, b| {
        (a.only_tests(), b.worst(), shape(a), a.rule).cmp(&(b.only_tests(), a.worst(), shape(b), b.rule))
    });
    rules
}

pub(super) fn findings(html: &mut Html, report: &Report) {
    let (tests, ours): (Vec<&Finding>, Vec<&Finding>) =
        report.findings.iter().partition(|finding| finding.in_test);
    let beside = if report.findings.is_empty() { String::new() } else { apart(&ours, &tests, PLAIN, "") };
    section(html, "findings", "Findings", &beside, |html| {
        let rules = by_rule(report);
        let all: usize = rules.iter().map(|of| of.found.len()).sum();
        let about_packages = report.findings.len() - all;
        if about_packages > 0 {
            let known = counted(about_packages as u64, "known vulnerability", "known vulnerabilities");
            let text = format!("With them {known} of packages, shown with the dependencies.");
            html.paragraph("muted", &text);
        }
        if rules.is_empty() {
            html.paragraph("", "None by the rules that were run.");
        }
        let mut room = FINDINGS;
        for of in &rules {
            let shown = of.found.len().min(OF_RULE).min(room);
            if shown == 0 {
                break;
            }
            room -= shown;
            rule(html, of, report.rules.get(of.rule), shown);
        }
        html.cut(FINDINGS - room, all, "findings in the code");
    });
}

fn rule(html: &mut Html, of: &OfRule<'_>, info: Option<&RuleInfo>, shown: usize) {
    html.raw("<article>\n<h3>");
    severity(html, of.worst());
    html.raw(" ").prose(info.map_or(of.rule, |info| &info.title));
    html.raw(" <small>").text(of.rule).raw(", ").text(&count(of.found.len() as u64)).raw("</small></h3>\n");
    if let Some(info) = info {
        html.paragraph("", &info.why);
        html.raw("<p><strong>Fix:</strong> ").prose(&info.fix).raw("</p>\n<p class=\"muted\">");
        for number in info.cwe.iter().take(5) {
            html.raw("CWE-").number(*number).raw(" ");
        }
        for link in info.links.iter().take(2) {
            html.link(link).raw(" ");
        }
        html.raw("</p>\n");
    }
    html.raw("<ul class=\"places\">");
    for finding in of.found.iter().take(shown) {
        html.element("li", "", |html| {
            spot(html, &finding.span);
            html.raw(" ").prose(&finding.message);
            if finding.confidence == Confidence::Low {
                html.raw(" <span class=\"muted\">(a hint)</span>");
            }
            if let Some(apart) = finding.apart() {
                html.raw(" <span class=\"muted\">(").text(apart).raw(")</span>");
            }
        });
    }
    html.raw("</ul>\n");
    if shown < of.found.len() {
        html.paragraph("cut", &format!("and {} more", count((of.found.len() - shown) as u64)));
    }
    html.raw("</article>\n");
}

pub(super) fn suppressed(html: &mut Html, report: &Report) {
    if report.suppressed.is_empty() {
        return;
    }
    let beside = count(report.suppressed.len() as u64);
    section(html, "suppressed", "Not to be acted on", &beside, |html| {
        html.table(&["Severity", "Where", "What", "Why not"], |html| {
            for each in report.suppressed.iter().take(SUPPRESSED) {
                html.raw("<tr><td>");
                severity(html, each.finding.severity);
                html.raw("</td><td>");
                spot(html, &each.finding.span);
                html.raw("</td>").cell(&each.finding.message).raw("<td>").text(match each.kind {
                    SuppressionKind::FalsePositive => "false alarm",
                    SuppressionKind::AcceptedRisk => "accepted risk",
                    SuppressionKind::NotUsed => "not used",
                    SuppressionKind::InSource => "in the source",
                });
                html.raw(": ").text(&each.reason).raw(" ");
                spot(html, &each.by);
                html.raw("</td></tr>\n");
            }
        });
        html.cut(SUPPRESSED, report.suppressed.len(), "suppressed findings");
    });
}

pub(super) fn hotspots(html: &mut Html, report: &Report) {
    section(html, "hotspots", "Hotspots", "files that change often and are hard to change", |html| {
        if report.hotspots.is_empty() {
            html.paragraph("", report.history.unranked.as_deref().unwrap_or("None."));
            return;
        }
        html.table(&["File", "*Score", "*Commits", "*Fixes", "*Complexity", "Changes with"], |html| {
            for hotspot in report.hotspots.iter().take(HOTSPOTS) {
                html.raw("<tr><td><code class=\"place\">").text(&hotspot.path).raw("</code></td>");
                for number in [hotspot.score, hotspot.commits, hotspot.fixes, hotspot.complexity] {
                    html.number_cell(&count(number.into()));
                }
                html.raw("<td>");
                for other in &hotspot.coupled {
                    html.raw("<code class=\"place\">")
                        .text(&other.path)
                        .raw("</code> <small class=\"muted\">");
                    html.number(other.together).raw(" of ").number(other.of).raw("</small><br>");
                }
                html.raw("</td></tr>\n");
            }
        });
        html.cut(HOTSPOTS, report.hotspots.len(), "hotspots");
        html.paragraph("muted", LEGEND);
    });
}

pub(super) fn duplication(html: &mut Html, report: &Report) {
    let duplication = &report.duplication;
    let Some(percent) = duplication.percent() else { return };
    let (tests, ours): (Vec<&CloneGroup>, Vec<&CloneGroup>) =
        duplication.groups.iter().partition(|group| group.in_test);
    let beside = format!("{percent} % of the lines outside tests");
    section(html, "duplication", "Duplication", &beside, |html| {
        let all = duplication.groups_total as usize;
        let not_listed = all.saturating_sub(duplication.groups.len());
        if ours.is_empty() {
            html.paragraph("", "No code outside tests stands in several places.");
        } else {
            // Those of tests come last: what is not listed may be any of them only where none of tests is.
            clones(html, &ours, if tests.is_empty() { not_listed } else { 0 });
        }
        if !tests.is_empty() {
            let share = match duplication.test_lines {
                0 => String::new(),
                lines => format!(
                    ": {} of {} lines",
                    count(duplication.test_duplicated.into()),
                    count(lines.into())
                ),
            };
            html.raw("<h3>In tests and examples").text(&share).raw("</h3>\n");
            clones(html, &tests, not_listed);
        }
    });
}

/// The first of them, and how many more there are, those that are not listed included.
fn clones(html: &mut Html, groups: &[&CloneGroup], not_listed: usize) {
    html.table(&["*Lines", "*Places", "Where"], |html| {
        for group in groups.iter().take(CLONES) {
            html.raw("<tr>").number_cell(&count(group.lines.into()));
            html.number_cell(&count(group.places_total.into())).raw("<td>");
            for span in group.places.iter().take(PLACES) {
                spot(html, span);
                html.raw("<br>");
            }
            let more = (group.places_total as usize).saturating_sub(group.places.len().min(PLACES));
            if more > 0 {
                html.raw("<small class=\"muted\">and ").text(&count(more as u64)).raw(" more</small>");
            }
            html.raw("</td></tr>\n");
        }
    });
    html.cut(CLONES.min(groups.len()), groups.len() + not_listed, "duplicates");
}
