//! What an analysis knows, as pieces that an answer can rest on. Pure.

use std::fmt::Write as _;

use analysis::report::{Report, grouped};
use chat::{Place, SourceKind};
use repos::{Finding, Insight};

use super::piece::Piece;
use super::weigh::Weigher;

/// Lines of one list.
const LISTED: usize = 12;
/// How well what a question asks for by name fits.
const ASKED_FOR: f64 = 0.5;
/// Findings and insights that are no nearer to the question are not offered.
const NEAR: f64 = 0.25;

/// Something that a report says as a whole, and the words by which a question asks for it.
struct Topic {
    key: &'static str,
    name: &'static str,
    words: &'static str,
    tell: fn(&Report) -> String,
}

const TOPICS: &[Topic] = &[
    Topic {
        key: "report:structure",
        name: "Structure of the repository",
        words: "structure architecture overview organized layout module folder entry language framework stack project \
                codebase repository",
        tell: structure,
    },
    Topic {
        key: "report:hotspots",
        name: "Files that change often and are hard to change",
        words: "hotspot churn risk risky refactor complex complexity fragile often changed debt",
        tell: hotspots,
    },
    Topic {
        key: "report:dependencies",
        name: "Packages",
        words: "dependency package library upgrade outdated vulnerable vulnerability license advisory",
        tell: dependencies,
    },
    Topic {
        key: "report:quality",
        name: "Grade of the repository",
        words: "grade quality score debt healthy improve",
        tell: quality,
    },
];

/// What the report says as a whole, where the question asks for it.
pub(crate) fn topics(report: &Report, weigher: &mut Weigher) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for topic in TOPICS {
        let terms = weigher.common(topic.words);
        if terms.is_empty() {
            continue;
        }
        let text = (topic.tell)(report);
        if text.trim().is_empty() {
            continue;
        }
        pieces.push(Piece {
            kind: SourceKind::Report,
            key: topic.key.to_owned(),
            name: topic.name.to_owned(),
            why: format!("the question says {}", terms.join(", ")),
            terms,
            by_person: false,
            score: ASKED_FOR,
            text,
            place: None,
            id: None,
            owner: None,
            blob: None,
        });
    }
    pieces
}

fn structure(report: &Report) -> String {
    let mut text = String::new();
    let languages = report.languages.iter().take(6).map(|it| format!("{} {}", it.name, it.percent_text()));
    let _ = writeln!(text, "Languages: {}.", languages.collect::<Vec<_>>().join(", "));
    let stack: Vec<&str> = report.stack.iter().take(20).map(|it| it.name.as_str()).collect();
    if !stack.is_empty() {
        let _ = writeln!(text, "Frameworks, tools and services: {}.", stack.join(", "));
    }
    let mut modules: Vec<_> = report.graph.modules.iter().collect();
    modules.sort_by(|a, b| b.code.cmp(&a.code).then_with(|| a.path.cmp(&b.path)));
    for module in modules.into_iter().take(LISTED) {
        let path = if module.path.is_empty() { "." } else { &module.path };
        let (files, code) = (grouped(module.files.into()), grouped(module.code.into()));
        let _ = writeln!(text, "Module {path}: {files} files, {code} lines of code.");
    }
    for entry in report.graph.entries.iter().take(LISTED) {
        let _ = writeln!(text, "Entry point: {}.", entry.path);
    }
    text
}

fn hotspots(report: &Report) -> String {
    let mut text = String::new();
    for spot in report.hotspots.iter().take(LISTED) {
        let _ = write!(
            text,
            "{}: {} commits in the window, {} of them fixes, {} people, cognitive complexity {}, {} lines of code",
            spot.path, spot.commits, spot.fixes, spot.authors, spot.complexity, spot.code
        );
        let coupled: Vec<&str> = spot.coupled.iter().map(|other| other.path.as_str()).collect();
        if !coupled.is_empty() {
            let _ = write!(text, "; changes together with {}", coupled.join(", "));
        }
        text.push_str(".\n");
    }
    text
}

fn dependencies(report: &Report) -> String {
    let mut text = String::new();
    let direct: Vec<_> = report.dependencies.iter().filter(|it| it.direct).collect();
    if report.dependencies.is_empty() {
        return text;
    }
    let (all, named) = (grouped(report.dependencies.len() as u64), grouped(direct.len() as u64));
    let _ = writeln!(text, "{all} packages, {named} of them named by a manifest.");
    if let Some(vulnerable) = report.vulnerable_dependencies() {
        let _ = writeln!(text, "{} with a known vulnerability.", grouped(vulnerable as u64));
    } else {
        text.push_str("Known vulnerabilities were not looked up.\n");
    }
    for package in direct.into_iter().take(4 * LISTED) {
        let version = package.version.as_deref().or(package.requirement.as_deref()).unwrap_or("any version");
        let _ = writeln!(text, "{} {} ({})", package.name, version, package.ecosystem);
    }
    text
}

fn quality(report: &Report) -> String {
    let mut text = String::new();
    let quality = &report.quality;
    match (quality.grade, quality.score) {
        (Some(grade), Some(score)) => {
            let _ = writeln!(text, "Grade {grade}, {score} of 100 points.");
        }
        _ => text.push_str("There is no grade.\n"),
    }
    for part in &quality.parts {
        if let Some(measured) = &part.measured {
            let lost = part.lost.map(|lost| format!(", which costs {lost} points")).unwrap_or_default();
            let _ = writeln!(text, "{}: {measured}{lost}.", part.part.replace('_', " "));
        }
    }
    text
}

/// Findings that are near to the question; only what people left open.
pub(crate) fn findings(
    all: &[Finding],
    report: &Report,
    weigher: &mut Weigher,
) -> Result<Vec<Piece>, retrieval::Error> {
    let mut pieces = Vec::new();
    for finding in all {
        let weight = weigher.weigh(&format!("{} {} {}", finding.message, finding.rule, finding.path))?;
        if weight.score >= NEAR && !weight.terms.is_empty() {
            let why = format!("a finding that says {}", weight.terms.join(", "));
            let piece = finding_piece(finding, report, why);
            pieces.push(Piece { score: weight.score, terms: weight.terms, ..piece });
        }
    }
    Ok(pieces)
}

/// One finding.
pub(crate) fn finding_piece(finding: &Finding, report: &Report, why: String) -> Piece {
    let mut text = format!("{}: {}", finding.severity.as_str(), finding.message);
    if let Some(rule) = report.rules.get(&finding.rule) {
        let _ = write!(text, "\n{}\n{}", rule.why, rule.fix);
    }
    let end = finding.detail.as_ref().map_or(finding.line, |detail| detail.span.end);
    let place = Place {
        repo: finding.repo.to_string(),
        commit: report.commit.id.clone(),
        path: finding.path.clone(),
        start: finding.line,
        end,
    };
    Piece {
        kind: SourceKind::Finding,
        key: format!("finding:{}", finding.id),
        name: named(&place),
        why,
        terms: Vec::new(),
        by_person: false,
        score: 0.0,
        text,
        place: Some(place),
        id: Some(finding.id.to_string()),
        owner: None,
        blob: None,
    }
}

/// Insights that are near to the question; only open ones.
pub(crate) fn insights(all: &[Insight], weigher: &mut Weigher) -> Result<Vec<Piece>, retrieval::Error> {
    let mut pieces = Vec::new();
    for insight in all.iter().filter(|insight| insight.state == repos::InsightState::Open) {
        let weight = weigher.weigh(&format!("{} {}", insight.body.title, insight.body.why))?;
        if weight.score >= NEAR && !weight.terms.is_empty() {
            let why = format!("an insight that says {}", weight.terms.join(", "));
            pieces.push(Piece { score: weight.score, terms: weight.terms, ..insight_piece(insight, why) });
        }
    }
    Ok(pieces)
}

/// One insight.
pub(crate) fn insight_piece(insight: &Insight, why: String) -> Piece {
    let text = crate::describe::task_of(insight).description;
    Piece {
        kind: SourceKind::Insight,
        key: format!("insight:{}", insight.id),
        name: insight.body.title.clone(),
        why,
        terms: Vec::new(),
        by_person: false,
        score: 0.0,
        text,
        place: None,
        id: Some(insight.id.to_string()),
        owner: None,
        blob: None,
    }
}

/// A place as people write it: `path:10-20`.
pub(crate) fn named(place: &Place) -> String {
    match (place.start, place.end) {
        (0, _) => place.path.clone(),
        (start, end) if end <= start => format!("{}:{start}", place.path),
        (start, end) => format!("{}:{start}-{end}", place.path),
    }
}
