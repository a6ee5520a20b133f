//! What the repository is: head of the page, figures, what to do first, grade, languages, and what was not looked at.

use std::collections::BTreeMap;

use analysis::compare::Comparison;
use analysis::quality::FORMULA;
use analysis::report::{Finding, GradePart, Insight, Report, SkipReason, TechCategory};

use super::markup::Html;
use super::{section, severity, spot};
use crate::render::View;
use crate::render::findings::{PLAIN, tally};
use crate::render::insights::{check_text, evidence_text};
use crate::render::order::{Hardness, in_order};
use crate::render::overview::{category_name, counted_files, measured, reason_text};
use crate::render::text::{bytes, count, counted, date};

/// Languages shown by name.
const LANGUAGES: usize = 15;
/// Technologies shown.
const TECHNOLOGIES: usize = 200;
/// Findings shown that are new, and that are gone.
const NEW: usize = 100;
/// Files shown that were not read.
const SKIPPED: usize = 100;

/// The parts of the page that every report has.
const CONTENTS: [(&str, &str); 7] = [
    ("#first", "What to do first"),
    ("#grade", "Grade"),
    ("#languages", "Languages"),
    ("#dependencies", "Dependencies"),
    ("#findings", "Findings"),
    ("#hotspots", "Hotspots"),
    ("#architecture", "Architecture"),
];

pub(super) fn header(html: &mut Html, report: &Report, view: &View<'_>) {
    let commit = &report.commit;
    let short: String = commit.id.chars().take(10).collect();
    html.raw("<header>\n<h1>").text(view.name).raw("</h1>\n<p>");
    if let Some(branch) = &commit.branch {
        html.text(branch).raw(" at ");
    }
    html.raw("<code>").text(&short).raw("</code>, ").text(&date(commit.time)).raw(": ").text(&commit.subject);
    html.raw("</p>\n<nav aria-label=\"Contents\"><ul>");
    for (id, title) in CONTENTS {
        html.raw("<li><a href=\"").raw(id).raw("\">").raw(title).raw("</a></li>");
    }
    html.raw("</ul></nav>\n</header>\n");
}

/// The lengths of the lists below.
pub(super) fn facts(html: &mut Html, report: &Report) {
    html.raw("<div class=\"facts\">");
    let quality = &report.quality;
    let score =
        quality.score.map_or_else(|| "too little measured".to_owned(), |score| format!("{score} of 100"));
    fact(html, "#grade", "Grade", |html| grade_mark(html, quality.grade), &score);
    let ours = report.findings.iter().filter(|finding| !finding.in_test);
    let ours: Vec<&Finding> = ours.collect();
    let examples = report.findings.iter().filter(|finding| finding.in_example).count();
    let tests = [(report.findings.len() - ours.len() - examples, "tests"), (examples, "examples")];
    let tests = tests.into_iter().filter(|(number, _)| *number > 0);
    let tests = tests.map(|(number, of)| format!("{} more in {of}", count(number as u64)));
    let tallies: Vec<String> =
        std::iter::once(tally(&ours, PLAIN)).chain(tests).filter(|text| !text.is_empty()).collect();
    number(html, "#findings", "Findings", ours.len(), &tallies.join("; "));
    let vulnerable = match report.vulnerable_dependencies() {
        None => "not checked for vulnerabilities".to_owned(),
        Some(found) => format!(
            "{} direct, {} vulnerable",
            count(report.direct_dependencies() as u64),
            count(found as u64)
        ),
    };
    number(html, "#dependencies", "Dependencies", report.dependencies.len(), &vulnerable);
    let cycles = counted(report.graph.cycles.len() as u64, "import cycle", "import cycles");
    number(html, "#architecture", "Modules", report.graph.modules.len(), &cycles);
    let code: u64 = report.languages.iter().map(|language| u64::from(language.lines.code)).sum();
    number(html, "#languages", "Lines of code", usize::try_from(code).unwrap_or(usize::MAX), &read(report));
    html.raw("</div>\n");
}

fn read(report: &Report) -> String {
    let coverage = &report.coverage;
    format!("{} of {} read", count(coverage.files_read), counted(coverage.files, "file", "files"))
}

fn number(html: &mut Html, to: &'static str, label: &'static str, number: usize, beside: &str) {
    let text = count(number as u64);
    let figure = |html: &mut Html| {
        html.text(&text);
    };
    fact(html, to, label, figure, beside);
}

fn fact(
    html: &mut Html,
    to: &'static str,
    label: &'static str,
    figure: impl FnOnce(&mut Html),
    beside: &str,
) {
    html.raw("<a href=\"").raw(to).raw("\"><span>").raw(label).raw("</span><strong>");
    figure(html);
    html.raw("</strong><span>").text(beside).raw("</span></a>");
}

fn grade_mark(html: &mut Html, grade: Option<char>) {
    let class = match grade {
        Some('A' | 'B') => "good",
        Some('C') => "fair",
        Some(_) => "bad",
        None => "",
    };
    html.text_in("span", class, &grade.map_or_else(|| "–".to_owned(), String::from));
}

pub(super) fn insights(html: &mut Html, report: &Report) {
    section(html, "first", "What to do first", "", |html| {
        if report.insights.is_empty() {
            html.paragraph("", "Nothing that could be proved.");
            return;
        }
        html.raw("<ol class=\"insights\">\n");
        for each in &report.insights {
            html.element("li", "", |html| insight(html, each)).raw("\n");
        }
        html.raw("</ol>\n");
    });
}

fn insight(html: &mut Html, insight: &Insight) {
    html.prose_in("h3", "", &insight.title);
    html.raw("<p class=\"marks\">");
    severity(html, insight.severity);
    html.raw(" ").text(&insight.effort.range()).raw(" <span class=\"muted\">").prose(&insight.effort.reason);
    html.raw("</span>");
    if insight.quick_win {
        html.raw(" <span class=\"tag\">quick win</span>");
    }
    html.raw("</p>\n");
    html.paragraph("", &insight.why).raw("<ul>");
    for evidence in &insight.evidence {
        html.prose_in("li", "", &evidence_text(evidence));
    }
    html.raw("</ul>\n");
    html.paragraph("muted", &format!("Done when {}", check_text(&insight.check)));
}

/// What is new since another commit.
pub(super) fn changes(html: &mut Html, comparison: &Comparison) {
    let commit = &comparison.old.commit;
    let short: String = commit.id.chars().take(10).collect();
    let changes = &comparison.findings;
    let beside = format!(
        "since `{short}`, {}: {} new, {} known, {} gone",
        date(commit.time),
        count(changes.new.len() as u64),
        count(changes.still.into()),
        count(changes.gone.len() as u64)
    );
    section(html, "new", "New", &beside, |html| {
        for note in &comparison.notes {
            html.paragraph("muted", &note.text);
        }
        listed(html, &changes.new, "new findings");
        if !changes.gone.is_empty() {
            html.raw("<h3>Gone</h3>\n");
            listed(html, &changes.gone, "findings that are gone");
        }
    });
}

fn listed(html: &mut Html, findings: &[Finding], what: &str) {
    if findings.is_empty() {
        return;
    }
    html.table(&["Severity", "Where", "What"], |html| {
        for finding in in_order(findings, &Hardness::default()).into_iter().take(NEW) {
            finding_row(html, finding);
        }
    });
    html.cut(NEW, findings.len(), what);
}

fn finding_row(html: &mut Html, finding: &Finding) {
    html.raw("<tr><td>");
    severity(html, finding.severity);
    html.raw("</td><td>");
    spot(html, &finding.span);
    html.raw("</td><td>").prose(&finding.message);
    if let Some(apart) = finding.apart() {
        html.raw(" <span class=\"muted\">(").text(apart).raw(")</span>");
    }
    html.raw("</td></tr>\n");
}

pub(super) fn grade(html: &mut Html, report: &Report) {
    let quality = &report.quality;
    let beside = match quality.score {
        Some(score) => format!("{score} of 100, from {}", measured(quality)),
        None => "too little could be measured".to_owned(),
    };
    section(html, "grade", "Grade", &beside, |html| {
        html.element("p", "grade", |html| grade_mark(html, quality.grade));
        html.paragraph("muted", FORMULA);
        if let Some(held) = &quality.held {
            html.paragraph("", held);
        }
        html.table(&["Part", "Measured", "*Lost", "Worst places"], |html| {
            for part in &quality.parts {
                part_row(html, part);
            }
        });
    });
}

fn part_row(html: &mut Html, part: &GradePart) {
    html.raw("<tr><td>").text(&part.part.replace('_', " ")).raw("<br><small class=\"muted\">");
    html.text(&part.scale()).raw("</small></td><td>");
    match (&part.missing, &part.measured) {
        (Some(missing), _) => html.raw("<span class=\"muted\">not measured: ").prose(missing).raw("</span>"),
        (None, Some(measured)) => html.prose(measured),
        (None, None) => html,
    };
    if let Some(regain) = &part.regain {
        html.raw("<br><small class=\"muted\">").prose(regain).raw("</small>");
    }
    html.raw("</td>");
    let lost = match (part.lost, part.points) {
        (Some(lost), Some(points)) => format!("{:.1} of {points:.1}", lost + 0.0),
        (Some(lost), None) => format!("{:.1}", lost + 0.0),
        (None, _) => "–".to_owned(),
    };
    html.number_cell(&lost).raw("<td>");
    for span in part.worst.iter().filter(|_| part.missing.is_none()) {
        spot(html, span);
        html.raw("<br>");
    }
    html.raw("</td></tr>\n");
}

/// Languages, technologies and activity.
pub(super) fn made_of(html: &mut Html, report: &Report) {
    section(html, "languages", "Languages", "", |html| {
        if report.languages.is_empty() {
            html.paragraph("", "None that count: no source code in this commit.");
            return;
        }
        shares(html, report);
        html.table(&["Language", "*Share", "*Lines of code", "*Files"], |html| {
            for (at, language) in report.languages.iter().take(LANGUAGES).enumerate() {
                html.raw("<tr><td>");
                html.raw("<svg class=\"dot\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><circle class=\"")
                    .raw(series(at));
                html.raw("\" cx=\"5\" cy=\"5\" r=\"5\"/></svg>").text(&language.name).raw("</td>");
                html.number_cell(&language.percent_text());
                html.number_cell(&count(language.lines.code.into()));
                html.number_cell(&count(language.files)).raw("</tr>\n");
            }
        });
        html.cut(LANGUAGES, report.languages.len(), "languages");
        html.paragraph("muted", &counted_files(report));
    });
    stack(html, report);
    activity(html, report);
}

/// Colours of neighbours differ; the sixth stands for all others.
fn series(at: usize) -> &'static str {
    ["s1", "s2", "s3", "s4", "s5"].get(at).copied().unwrap_or("s6")
}

fn shares(html: &mut Html, report: &Report) {
    html.raw(
        "<svg class=\"shares\" viewBox=\"0 0 100 3\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
    );
    let mut left = 0.0;
    for (at, language) in report.languages.iter().enumerate() {
        let width = language.percent.clamp(0.0, 100.0 - left);
        html.raw("<rect class=\"").raw(series(at)).raw("\" y=\"0\" height=\"3\" x=\"").number(left);
        html.raw("\" width=\"").number(width).raw("\"/>");
        left += width;
        if at >= LANGUAGES {
            break;
        }
    }
    html.raw("</svg>\n");
}

fn stack(html: &mut Html, report: &Report) {
    let mut by_category: BTreeMap<TechCategory, Vec<&str>> = BTreeMap::new();
    for technology in report.stack.iter().take(TECHNOLOGIES) {
        by_category.entry(technology.category).or_default().push(&technology.name);
    }
    section(html, "stack", "Stack", "", |html| {
        if by_category.is_empty() {
            html.paragraph("", "No framework or tool was recognised by its files.");
            return;
        }
        html.raw("<dl class=\"stack\">");
        for (category, names) in by_category {
            html.text_in("dt", "", category_name(category));
            html.raw("<dd>");
            for name in names {
                html.text_in("span", "tag", name).raw(" ");
            }
            html.raw("</dd>\n");
        }
        html.raw("</dl>\n");
        html.cut(TECHNOLOGIES, report.stack.len(), "technologies");
    });
}

fn activity(html: &mut Html, report: &Report) {
    let history = &report.history;
    let most = history.monthly.iter().copied().max().unwrap_or(0);
    section(html, "activity", "Activity", "", |html| {
        if most > 0 {
            html.raw(
                "<svg class=\"months\" viewBox=\"0 0 120 30\" role=\"img\" preserveAspectRatio=\"none\">",
            );
            html.raw(
                "<title>Commits that count in each of the twelve months up to the newest commit</title>",
            );
            for (at, commits) in (0_u32..12).zip(&history.monthly) {
                let height = f64::from(*commits) * 29.0 / f64::from(most);
                html.raw("<rect class=\"s1\" width=\"8\" x=\"").number(at * 10 + 1);
                html.raw("\" y=\"").number(30.0 - height).raw("\" height=\"").number(height).raw("\"/>");
            }
            html.raw("</svg>\n");
        }
        let text = format!(
            "{} by {} in {}. Left out: {}, {} by bots, {} sweeping, {} carried over between branches.",
            counted(history.window_commits.into(), "commit", "commits"),
            counted(history.contributors.into(), "person", "people"),
            history.window_text(),
            counted(history.left_out.merges.into(), "merge", "merges"),
            count(history.left_out.bots.into()),
            count(history.left_out.sweeping.into()),
            count(history.left_out.copies.into()),
        );
        html.paragraph("", &text);
    });
}

/// What limits the whole page.
pub(super) fn not_looked_at(html: &mut Html, report: &Report) {
    let coverage = &report.coverage;
    section(html, "not-looked-at", "Not looked at", "", |html| {
        html.raw("<ul>");
        let size = format!(
            "{} ({}), {} read, {} parsed as code",
            counted(coverage.files, "file", "files"),
            bytes(coverage.bytes),
            if coverage.files_read == coverage.files { "all".to_owned() } else { count(coverage.files_read) },
            count(coverage.files_parsed)
        );
        html.text_in("li", "", &size);
        for note in coverage.notes.iter().chain(&coverage.limits) {
            html.prose_in("li", "", &note.text);
        }
        html.raw("</ul>\n");
        let mut by_reason: BTreeMap<SkipReason, Vec<&str>> = BTreeMap::new();
        for skipped in coverage.skipped.iter().take(SKIPPED) {
            by_reason.entry(skipped.reason).or_default().push(&skipped.path);
        }
        if by_reason.is_empty() {
            return;
        }
        html.table(&["Why", "Files"], |html| {
            for (reason, paths) in by_reason {
                html.raw("<tr>").cell(reason_text(reason)).raw("<td>");
                for path in paths {
                    html.text_in("code", "place", path).raw(" ");
                }
                html.raw("</td></tr>\n");
            }
        });
        let all = usize::try_from(coverage.skipped_total).unwrap_or(usize::MAX);
        html.cut(SKIPPED.min(coverage.skipped.len()), all, "files that were left out");
    });
}
