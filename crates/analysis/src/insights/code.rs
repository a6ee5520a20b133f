//! Functions that are hard and change often, files that are fixed again and again, circles of imports.

use super::Draft;
use super::rank::{Proposal, counted};
use super::security::{file, metric};
use crate::check::Check;
use crate::report::{Effort, Evidence, Severity, Span};

/// Above this a function is worth splitting.
const HARD: u32 = 25;

/// What a split function should not exceed: the usual limit.
const AIM: u32 = 15;

/// Hotspots that are looked at.
const HOTSPOTS: usize = 10;

/// Fixes in the window that make a file stand out, and their share of its changes.
const MANY_FIXES: u32 = 6;
const FIX_PERCENT: u32 = 40;

/// Files of a circle that somebody can still take apart.
const MAX_CIRCLE: usize = 40;

/// The hardest function of each of the worst hotspots.
pub(super) fn hard_functions(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    for hotspot in draft.hotspots.iter().take(HOTSPOTS) {
        let Some(file) = draft.files.iter().find(|file| file.path == hotspot.path && !file.test) else {
            continue;
        };
        let worst = file.complexity.as_ref().and_then(|complexity| complexity.worst.first());
        let Some(function) = worst.filter(|function| function.cognitive >= HARD) else { continue };
        let lines = function.end.saturating_sub(function.start) + 1;
        let median = median_complexity(draft);
        let mut evidence = vec![
            Evidence::Span {
                span: Span::lines(&file.path, function.start, function.end),
                note: format!(
                    "`{}`: cognitive complexity {}, {lines} lines, nesting {}",
                    function.name, function.cognitive, function.nesting
                ),
            },
            metric(
                "Changes in a year",
                format!(
                    "{} by {} changed the file{}",
                    counted(hotspot.commits as usize, "commit"),
                    people(hotspot.authors),
                    of_them_fixes(hotspot.fixes)
                ),
            ),
        ];
        if let Some(median) = median {
            evidence.push(metric(
                "Complexity of a file here",
                format!("the median is {median}, this one has {}", hotspot.complexity),
            ));
        }
        evidence.extend(hotspot.coupled.first().map(|other| Evidence::Span {
            span: Span::file(&other.path),
            note: format!("changed together in {} of {} commits", other.together, other.of),
        }));
        let excess = f64::from(function.cognitive) / f64::from(AIM);
        let (min, max) = if function.cognitive > 80 { (240, 960) } else { (60, 240) };
        out.push(Proposal {
            kind: "hard_function",
            subject: format!("{} {}", file.path, function.name),
            severity: Severity::Medium,
            title: format!("Split `{}` in `{}`", function.name, file.path),
            why: format!(
                "Its cognitive complexity is {}, {excess:.1} times the usual limit of {AIM}, and its file was changed in {} within a year{}.",
                function.cognitive,
                counted(hotspot.commits as usize, "commit"),
                of_them_fixes(hotspot.fixes)
            ),
            evidence,
            effort: Effort {
                min_minutes: min,
                max_minutes: max,
                reason: format!("1 function of {lines} lines"),
            },
            check: Check::FunctionAtMost {
                path: file.path.clone(),
                function: function.name.clone(),
                cognitive: (function.cognitive / 2).max(AIM),
            },
            value: (35.0 + f64::from(hotspot.score) * 0.3 + (excess * 2.0).min(12.0)).min(80.0),
        });
    }
}

/// `, 1 of them a fix`; nothing when there was none.
pub(super) fn of_them_fixes(fixes: u32) -> String {
    match fixes {
        0 => String::new(),
        1 => ", 1 of them a fix".to_owned(),
        more => format!(", {more} of them fixes"),
    }
}

fn people(count: u32) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

fn median_complexity(draft: &Draft<'_>) -> Option<u32> {
    let complexity = draft.files.iter().filter(|file| !file.test).filter_map(|file| file.complexity.as_ref());
    let mut sums: Vec<u32> = complexity.filter(|one| one.functions > 0).map(|one| one.cognitive).collect();
    sums.sort_unstable();
    if sums.len() < 5 { None } else { sums.get(sums.len() / 2).copied() }
}

/// Files whose changes are mostly fixes, and that no file has a test for by name.
pub(super) fn often_fixed(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    for hotspot in draft.hotspots.iter().take(HOTSPOTS * 2) {
        let mostly = hotspot.fixes * 100 >= hotspot.commits * FIX_PERCENT;
        if hotspot.fixes < MANY_FIXES || !mostly {
            continue;
        }
        let Some(summary) = draft.files.iter().find(|file| file.path == hotspot.path) else { continue };
        let Some(function) = summary.complexity.as_ref().and_then(|one| one.worst.first()) else { continue };
        // The same file is proposed once: by its hardest function if that is hard.
        if function.cognitive >= HARD || function.cognitive <= AIM {
            continue;
        }
        out.push(Proposal {
            kind: "often_fixed",
            subject: hotspot.path.clone(),
            severity: Severity::Medium,
            title: format!("Simplify `{}` in `{}`, a file that was fixed {} times in a year", function.name, hotspot.path, hotspot.fixes),
            why: format!(
                "{} of the {} commits that changed the file say that they fix something; `{}` is its hardest function.",
                hotspot.fixes, hotspot.commits, function.name
            ),
            evidence: vec![
                metric("Fixes in a year", format!("{} of {} commits", hotspot.fixes, hotspot.commits)),
                Evidence::Span {
                    span: Span::lines(&hotspot.path, function.start, function.end),
                    note: format!("`{}`: cognitive complexity {}", function.name, function.cognitive),
                },
            ],
            effort: Effort { min_minutes: 60, max_minutes: 180, reason: "1 function".to_owned() },
            check: Check::FunctionAtMost { path: hotspot.path.clone(), function: function.name.clone(), cognitive: AIM },
            value: 40.0 + f64::from(hotspot.score) * 0.2,
        });
    }
}

/// Circles of imports.
pub(super) fn cycles(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let is_test = |path: &String| draft.files.iter().any(|file| file.path == *path && file.test);
    let circle =
        draft.graph.cycles.iter().find(|cycle| cycle.len() <= MAX_CIRCLE && !cycle.iter().any(is_test));
    let Some(circle) = circle else { return };
    let mut evidence: Vec<Evidence> = Vec::new();
    for edge in &draft.graph.file_edges {
        let path = |index: u32| {
            usize::try_from(index).ok().and_then(|index| draft.files.get(index)).map(|file| &file.path)
        };
        let (Some(from), Some(to)) = (path(edge.from), path(edge.to)) else { continue };
        if evidence.len() < 4 && circle.contains(from) && circle.contains(to) {
            evidence.push(file(from, format!("imports `{to}`")));
        }
    }
    evidence.push(metric("Circle", format!("{} files import each other, directly or not", circle.len())));
    let name = match circle.as_slice() {
        [one, other] => format!("`{one}` and `{other}`"),
        [one, rest @ ..] => format!("`{one}` and {} others", rest.len()),
        [] => return,
    };
    let (min, max) = if circle.len() <= 3 { (30, 120) } else { (120, 480) };
    out.push(Proposal {
        kind: "import_cycle",
        subject: circle.join(" "),
        severity: Severity::Low,
        title: format!("Break the import circle of {name}"),
        why: format!(
            "{} need each other to load: none can be tested, moved or understood without the others, and what is defined when depends on who is loaded first.",
            counted(circle.len(), "file")
        ),
        evidence,
        effort: Effort { min_minutes: min, max_minutes: max, reason: format!("{} in the circle", counted(circle.len(), "file")) },
        check: Check::CycleGone { paths: circle.clone() },
        value: if circle.len() <= 6 { 40.0 } else { 34.0 },
    });
}
