//! What to do first, with its proof and what will show that it is done.

use analysis::check::Check;
use analysis::report::{Evidence, Insight, Report};

use super::overview::costliest;
use super::text::{count, fold, fold_painted, item, look, place};
use super::{View, heading};
use crate::terminal::{Look, clean};

/// Columns before the text, in which the number stands.
const MARGIN: usize = 4;

pub(super) fn insights(report: &Report, view: &View<'_>) -> String {
    if report.insights.is_empty() {
        let costliest = costliest(&report.quality).map_or_else(String::new, |(part, lost)| {
            format!("; the grade loses most for {} ({lost:.1})", part.part.replace('_', " "))
        });
        let nothing = format!("nothing that could be proved{costliest}");
        return heading(view.style, "What to do first", &nothing);
    }
    let mut text = heading(view.style, "What to do first", "");
    for (at, insight) in report.insights.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        text += &one(insight, at + 1, view);
    }
    text
}

fn one(insight: &Insight, number: usize, view: &View<'_>) -> String {
    let title = fold_painted(view.style, MARGIN, Some(Look::Heading), &clean(&insight.title));
    let mut text = format!("{number:>2}. {}", &title[MARGIN..]);
    let severity = insight.severity.as_str();
    let quick = if insight.quick_win { ", quick win" } else { "" };
    let effort = insight.effort.range();
    let facts = format!("{severity}, {effort} ({}){quick}", clean(&insight.effort.reason));
    // It is the first word, so that it is found before any other.
    let painted = view.style.paint(look(insight.severity), severity);
    text += &fold(view.style, MARGIN, &facts).replacen(severity, &painted, 1);
    text += &fold(view.style, MARGIN, &clean(&insight.why));
    for evidence in &insight.evidence {
        text += &item(view.style, MARGIN, "- ", &evidence_text(evidence));
    }
    text + &fold(view.style, MARGIN, &format!("Done when {}", check_text(&insight.check)))
}

pub(crate) fn evidence_text(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Span { span, note } => format!("{}: {}", place(span), clean(note)),
        Evidence::Advisory { id, note } | Evidence::Metric { name: id, note } => {
            format!("{}: {}", clean(id), clean(note))
        }
        Evidence::Commit { id, note } => {
            let short: String = id.chars().take(10).collect();
            format!("{}: {}", clean(&short), clean(note))
        }
    }
}

/// The check as the end of the sentence "Done when ..".
pub(crate) fn check_text(check: &Check) -> String {
    match check {
        Check::FindingsGone { fingerprints } => match fingerprints.len() {
            1 => "the finding is gone.".to_owned(),
            many => format!("all {} findings are gone.", count(many as u64)),
        },
        Check::PackageClean { ecosystem, name, advisories } => format!(
            "no version of {} ({}) in use is affected by {}.",
            clean(name),
            clean(ecosystem),
            clean(&advisories.join(", "))
        ),
        Check::VersionsLeft { ecosystem, name, also, versions } => format!(
            "{} of {} ({}) is no longer asked for or pinned.",
            clean(&versions.join(", ")),
            clean(&std::iter::once(name).chain(also).map(String::as_str).collect::<Vec<_>>().join(", ")),
            clean(ecosystem)
        ),
        Check::FunctionAtMost { path, function, cognitive } => {
            format!(
                "`{}` in {} is at most {cognitive} in cognitive complexity.",
                clean(function),
                clean(path)
            )
        }
        Check::CycleGone { paths } => {
            format!("{} no longer import each other in a circle.", clean(&paths.join(", ")))
        }
        Check::AnyFileExists { globs } => format!("a file like {} exists.", clean(&globs.join(" or "))),
        Check::CloneGone { paths, lines } => {
            format!("no {lines} lines stand more than once in {}.", clean(&paths.join(", ")))
        }
        Check::ChangesShared { folder, percent } => format!(
            "less than {percent} % of the changes to {} are by one person.",
            clean(if folder.is_empty() { "the root folder" } else { folder })
        ),
        Check::NoLongerCoupled { path, other, percent } => format!(
            "{} imports {}, or less than {percent} % of its commits change both.",
            clean(path),
            clean(other)
        ),
        Check::FileTested { path } => format!("a test imports {} or is named after it.", clean(path)),
        Check::Unknown => "another version of the program wrote down what is looked for.".to_owned(),
        Check::PastSecretsGone { fingerprints } => match fingerprints.len() {
            1 => "the secret is gone from the history, or suppressed with a reason.".to_owned(),
            several => {
                format!("all {several} secrets are gone from the history, or suppressed with a reason.")
            }
        },
    }
}
