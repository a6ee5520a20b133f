//! Functions that are hard and change often, files that are fixed again and again, circles of imports.

use super::Draft;
use super::rank::Proposal;
use super::security::{file, metric};
use crate::check::Check;
use crate::report::{
    Effort, Evidence, FileSummary, FunctionSummary, HARD_FUNCTION, Hotspot, Severity, Span, counted,
};

/// Above this a function is worth splitting.
const HARD: u32 = 25;

/// Hotspots that are looked at.
const HOTSPOTS: usize = 10;

/// Fixes in the window that make a file stand out, and their share of its changes.
const MANY_FIXES: u32 = 6;
const FIX_PERCENT: u32 = 40;

/// Files of a circle that somebody can still take apart.
const MAX_CIRCLE: usize = 40;

/// The hardest function of each of the worst hotspots; where none is hard, the hardest of all.
pub(super) fn hard_functions(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let before = out.len();
    for hotspot in draft.hotspots.iter().take(HOTSPOTS) {
        let Some(file) = draft.files.iter().find(|file| file.path == hotspot.path) else { continue };
        let Some(function) = hardest(file).filter(|function| function.cognitive >= HARD) else { continue };
        out.push(in_hotspot(draft, hotspot, file, function));
    }
    if out.len() > before {
        return;
    }
    let sources = draft.files.iter().filter(|file| !file.test);
    let candidates = sources.filter_map(|file| Some((file, hardest(file)?)));
    // Files come by path: of equally hard functions the first one stays.
    let worst =
        candidates.reduce(|best, other| if other.1.cognitive > best.1.cognitive { other } else { best });
    if let Some((file, function)) = worst.filter(|(_, function)| function.cognitive >= HARD) {
        out.push(anywhere(draft, file, function));
    }
}

fn hardest(file: &FileSummary) -> Option<&FunctionSummary> {
    file.complexity.as_ref()?.worst.first()
}

/// A function that is hard in a file that changes often.
fn in_hotspot(
    draft: &Draft<'_>,
    hotspot: &Hotspot,
    file: &FileSummary,
    function: &FunctionSummary,
) -> Proposal {
    let changes = format!(
        "{} in {}{}",
        counted(hotspot.commits as usize, "commit"),
        draft.history.window_text(),
        of_them_fixes(hotspot.fixes)
    );
    let mut evidence = vec![
        looks_like(file, function),
        metric("Changes of the file", format!("{changes}, by {}", people(hotspot.authors))),
    ];
    evidence.extend(beside_others(draft, hotspot.complexity));
    evidence.extend(hotspot.coupled.first().map(|other| Evidence::Span {
        span: Span::file(&other.path),
        note: format!("changed together in {} of {} commits", other.together, other.of),
    }));
    let excess = times_the_limit(function);
    Proposal {
        why: format!("{}, and its file was changed in {changes}.", complexity_text(function)),
        evidence,
        value: (35.0 + f64::from(hotspot.score) * 0.3 + (excess * 2.0).min(12.0)).min(80.0),
        ..split(file, function)
    }
}

/// A function that is hard, where the history says nothing about its file.
fn anywhere(draft: &Draft<'_>, file: &FileSummary, function: &FunctionSummary) -> Proposal {
    let of_file = file.complexity.as_ref().map_or(0, |complexity| complexity.cognitive);
    let mut evidence = vec![looks_like(file, function)];
    evidence.extend(beside_others(draft, of_file));
    evidence.push(metric("Usual limit", format!("a cognitive complexity of {HARD_FUNCTION}")));
    Proposal {
        why: format!("{}; it is the hardest function outside tests.", complexity_text(function)),
        evidence,
        value: 35.0 + (times_the_limit(function) * 2.0).min(12.0),
        ..split(file, function)
    }
}

fn split(file: &FileSummary, function: &FunctionSummary) -> Proposal {
    Proposal {
        kind: "hard_function",
        subject: format!("{} {}", file.path, function.name),
        severity: Severity::Medium,
        title: format!("Split `{}` in `{}`", function.name, file.path),
        why: String::new(),
        evidence: Vec::new(),
        effort: splitting(function),
        check: Check::FunctionAtMost {
            path: file.path.clone(),
            function: function.name.clone(),
            cognitive: HARD_FUNCTION,
        },
        value: 0.0,
    }
}

/// The effort of taking a function apart: half an hour to begin with, half a minute for each line that has to be read
/// and moved, and two minutes for each point of complexity above the limit; up to three times as much where its tests
/// have to be written first. In whole quarters of an hour. The numbers are ours.
fn splitting(function: &FunctionSummary) -> Effort {
    let lines = lines(function);
    let excess = function.cognitive.saturating_sub(HARD_FUNCTION);
    let least = 30_u32.saturating_add(lines / 2).saturating_add(excess.saturating_mul(2));
    let quarters = |minutes: u32| minutes.div_ceil(15).saturating_mul(15);
    Effort {
        min_minutes: quarters(least),
        max_minutes: quarters(least.saturating_mul(3)),
        reason: format!("1 function of {}, {excess} above the limit", counted(lines as usize, "line")),
    }
}

fn lines(function: &FunctionSummary) -> u32 {
    function.end.saturating_sub(function.start).saturating_add(1)
}

fn times_the_limit(function: &FunctionSummary) -> f64 {
    f64::from(function.cognitive) / f64::from(HARD_FUNCTION)
}

fn complexity_text(function: &FunctionSummary) -> String {
    format!(
        "Its cognitive complexity is {}, {:.1} times the usual limit of {HARD_FUNCTION}",
        function.cognitive,
        times_the_limit(function)
    )
}

fn looks_like(file: &FileSummary, function: &FunctionSummary) -> Evidence {
    Evidence::Span {
        span: Span::lines(&file.path, function.start, function.end),
        note: format!(
            "`{}`: cognitive complexity {}, {}, nesting {}",
            function.name,
            function.cognitive,
            counted(lines(function) as usize, "line"),
            function.nesting
        ),
    }
}

fn beside_others(draft: &Draft<'_>, complexity: u32) -> Option<Evidence> {
    let median = median_complexity(draft)?;
    Some(metric("Complexity of a file here", format!("the median is {median}, this one has {complexity}")))
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
        if function.cognitive >= HARD || function.cognitive <= HARD_FUNCTION {
            continue;
        }
        out.push(Proposal {
            kind: "often_fixed",
            subject: hotspot.path.clone(),
            severity: Severity::Medium,
            title: format!("Simplify `{}` in `{}`, a file that was fixed {} times", function.name, hotspot.path, hotspot.fixes),
            why: format!(
                "{} of the {} commits that changed the file in {} say that they fix something; `{}` is its hardest function.",
                hotspot.fixes, hotspot.commits, draft.history.window_text(), function.name
            ),
            evidence: vec![
                metric("Fixes", format!("{} of {} commits", hotspot.fixes, hotspot.commits)),
                Evidence::Span {
                    span: Span::lines(&hotspot.path, function.start, function.end),
                    note: format!("`{}`: cognitive complexity {}", function.name, function.cognitive),
                },
            ],
            effort: splitting(function),
            check: Check::FunctionAtMost { path: hotspot.path.clone(), function: function.name.clone(), cognitive: HARD_FUNCTION },
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
