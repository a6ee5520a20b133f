//! Functions that are hard and change often, files that are fixed again and again, circles of imports.

use super::Draft;
use super::rank::Proposal;
use super::security::{file, metric};
use crate::check::Check;
use crate::report::{
    Effort, Evidence, FileSummary, FunctionHistory, FunctionSummary, HARD_FUNCTION, Hotspot, Severity, Span,
    counted,
};

/// From here on a function is worth splitting, and where no fix shows that it costs something.
const HARD: u32 = 25;
const HARD_UNPROVEN: u32 = 35;

/// Hotspots that are looked at.
const HOTSPOTS: usize = 10;

/// Files of a circle that is an oversight of somebody; larger ones are how their part of the program is laid out.
const MAX_CIRCLE: usize = 2;

/// Changes of a function in the window before it is worth splitting: a hard function that nobody touches costs nobody.
const MIN_CHANGES: u32 = 3;

/// Fixes of a function in the window before it is worth simplifying although it is not very hard, and its complexity
/// then; with so many more fixes a lower one is enough.
const MANY_FIXES: u32 = 3;
const OFTEN_FIXED: u32 = 18;
const VERY_MANY_FIXES: u32 = 5;

/// The complexity of a function that is proposed although nothing is known of its changes.
const HARD_ALONE: u32 = 60;

/// Points of the grade that complexity must have cost before a function is proposed whose own history is not known.
const FELT_LOSS: f64 = 3.0;

/// The complexity of a function that is in the way of those who change the rest of its file.
const IN_THE_WAY: u32 = 100;

/// Functions that keep changing beside which the hardest one of a file that does is proposed as well.
const FEW: usize = 2;

/// The hardest function that keeps changing, of each of the worst hotspots; where these are few, the hardest one of a
/// hotspot too, if it is very hard. Where the history shows none, the hardest of all, if complexity costs the grade
/// something.
pub(super) fn hard_functions(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let before = out.len();
    let told = |path: &str| !(draft.is_beside(path) || is_of_settings(path));
    for hotspot in draft.hotspots.iter().filter(|hotspot| told(&hotspot.path)).take(HOTSPOTS) {
        let hard = |one: &&FunctionHistory| one.cognitive >= if one.fixes > 0 { HARD } else { HARD_UNPROVEN };
        let changing = hotspot
            .functions
            .iter()
            .filter(hard)
            .filter(|one| one.commits >= MIN_CHANGES && !is_test(&one.name) && !is_state_machine(one));
        let Some(function) = changing.max_by_key(|one| (one.commits, one.cognitive)) else { continue };
        out.extend(in_hotspot(draft, hotspot, function));
    }
    if out.len() < before + FEW {
        out.extend(in_the_way(draft));
    }
    let felt = draft
        .quality
        .parts
        .iter()
        .any(|part| part.part == "complexity" && part.lost.is_some_and(|lost| lost >= FELT_LOSS));
    if out.len() > before || !felt {
        return;
    }
    let sources = draft.files.iter().filter(|file| file.is_shipped() && !draft.is_beside(&file.path));
    let candidates = sources.filter_map(|file| Some((file, hardest(file)?)));
    // Files come by path: of equally hard functions the first one stays.
    let worst =
        candidates.reduce(|best, other| if other.1.cognitive > best.1.cognitive { other } else { best });
    if let Some((file, function)) = worst.filter(|(_, function)| function.cognitive >= HARD_ALONE) {
        out.push(anywhere(draft, file, function));
    }
}

/// Things to do below which hard functions are proposed that changed at all, and the worth of these.
const ENOUGH: usize = 3;
const CHANGED_ONCE: f64 = 26.0;

/// Where little else is found, the hardest functions that were changed in the window, however seldom: whoever changes them
/// next has to understand them.
pub(super) fn next_hardest(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let shipped =
        draft.hotspots.iter().filter(|one| !(draft.is_beside(&one.path) || is_of_settings(&one.path)));
    let mut changed: Vec<(&Hotspot, &FunctionHistory)> =
        shipped.flat_map(|hotspot| hotspot.functions.iter().map(move |one| (hotspot, one))).collect();
    changed.retain(|(_, one)| {
        let hard = one.cognitive >= if one.fixes > 0 { HARD } else { HARD_UNPROVEN };
        // What is that hard and needed no fix is an interpreter or a parser, made so.
        let on_purpose = one.cognitive >= STATE_MACHINE && one.fixes == 0;
        one.commits > 0 && hard && !is_test(&one.name) && !on_purpose
    });
    // Hotspots come by score: of equally hard functions that of the worst comes first.
    changed.sort_by_key(|(_, one)| std::cmp::Reverse(one.cognitive));
    for (hotspot, function) in changed {
        if out.len() >= ENOUGH {
            return;
        }
        let Some(found) = in_hotspot(draft, hotspot, function) else { continue };
        let told = |one: &Proposal| one.subject == found.subject;
        if !out.iter().any(told) {
            out.push(Proposal { value: CHANGED_ONCE, ..found });
        }
    }
}

/// Whether a function's name says that it is a test inside the source.
fn is_test(name: &str) -> bool {
    let own = name.rsplit('.').next().unwrap_or(name);
    own.ends_with("Test") || own.ends_with("_test") || own.starts_with("test_")
}

/// Whether a file holds settings: conditions in a row, which nobody takes apart.
fn is_of_settings(path: &str) -> bool {
    path.split('/').any(|part| part == "initializers" || part.contains(".config."))
}

/// The complexity from which on a parser that nothing is wrong with was written in one piece on purpose.
const STATE_MACHINE: u32 = 150;

/// Whether a function is a state machine, written by hand for its speed: a very large parser that was never mended in
/// the window.
fn is_state_machine(function: &FunctionHistory) -> bool {
    let own = function.name.rsplit(['.', ':']).next().unwrap_or(&function.name).to_ascii_lowercase();
    let reads = ["parse", "lex", "scan", "token", "decode"].iter().any(|word| own.contains(word));
    reads && function.fixes == 0 && function.cognitive >= STATE_MACHINE
}

fn hardest(file: &FileSummary) -> Option<&FunctionSummary> {
    file.complexity.as_ref()?.worst.first()
}

/// A function that is hard and keeps changing.
fn in_hotspot(draft: &Draft<'_>, hotspot: &Hotspot, changed: &FunctionHistory) -> Option<Proposal> {
    let file = draft.files.iter().find(|file| file.path == hotspot.path)?;
    let functions = &file.complexity.as_ref()?.worst;
    let function = functions.iter().find(|one| one.name == changed.name && one.start == changed.start)?;
    // A value of an object is called by its key, which names no function.
    if function.name.starts_with(['"', '\'']) {
        return None;
    }
    let mut evidence = vec![looks_like(file, function), of_the_file(hotspot)];
    evidence.extend(mended(changed));
    evidence.extend(hotspot.coupled.first().map(|other| Evidence::Span {
        span: Span::file(&other.path),
        note: format!("changed together in {} of {} commits", other.together, other.of),
    }));
    let excess = times_the_limit(function);
    let changes = f64::from(changed.commits.min(10)) * 2.0 + f64::from(changed.fixes.min(5)) * 2.0;
    Some(Proposal {
        why: format!(
            "{}, and {}{} in {} changed its own lines{}.",
            complexity_text(function),
            at_least(hotspot),
            counted(changed.commits as usize, "commit"),
            draft.history.window_text(),
            of_them_fixes(changed.fixes)
        ),
        evidence,
        value: (34.0 + changes + (excess * 2.0).min(12.0)).min(80.0),
        ..split(file, function)
    })
}

/// The hardest function of a file that keeps changing, where it is very hard: whoever changes the file reads past it,
/// although its own lines change seldom.
fn in_the_way(draft: &Draft<'_>) -> Option<Proposal> {
    let shipped = draft.hotspots.iter().filter(|hotspot| !draft.is_beside(&hotspot.path));
    let very_hard = shipped.take(HOTSPOTS).filter_map(|hotspot| {
        let file = draft.files.iter().find(|file| file.path == hotspot.path)?;
        let function = hardest(file)?;
        let named = !function.name.starts_with(['"', '\'']) && !is_test(&function.name);
        let seldom = || {
            let own = hotspot.functions.iter().find(|one| one.start == function.start);
            own.is_none_or(|own| own.commits < MIN_CHANGES)
        };
        (function.cognitive >= IN_THE_WAY && named && seldom()).then_some((hotspot, file, function))
    });
    // Hotspots come by score: of equally hard functions that of the worst stays.
    let (hotspot, file, function) =
        very_hard.reduce(|best, other| if other.2.cognitive > best.2.cognitive { other } else { best })?;
    let mut evidence = vec![looks_like(file, function), of_the_file(hotspot)];
    evidence.extend(beside_others(draft, hotspot.complexity));
    Some(Proposal {
        why: format!(
            "{}. Its own lines change seldom, but {} in {} changed the file around it.",
            complexity_text(function),
            counted(hotspot.commits as usize, "commit"),
            draft.history.window_text()
        ),
        evidence,
        value: 30.0 + times_the_limit(function).min(6.0),
        ..split(file, function)
    })
}

/// Said before a number of changes where not every change of the file could be followed to its lines.
fn at_least(hotspot: &Hotspot) -> &'static str {
    if hotspot.followed < hotspot.commits { "at least " } else { "" }
}

/// Of how many changes of its file the function's changes are counted.
fn of_the_file(hotspot: &Hotspot) -> Evidence {
    let followed = if hotspot.followed < hotspot.commits {
        format!(", {} of which could be followed line by line", hotspot.followed)
    } else {
        String::new()
    };
    metric("Commits to the file", format!("{} by {}{followed}", hotspot.commits, people(hotspot.authors)))
}

/// The newest fixes of a function.
fn mended(changed: &FunctionHistory) -> impl Iterator<Item = Evidence> + '_ {
    changed.mended.iter().map(|fix| Evidence::Commit { id: fix.id.clone(), note: fix.subject.clone() })
}

/// A function that is hard, where the history says nothing about its file.
fn anywhere(draft: &Draft<'_>, file: &FileSummary, function: &FunctionSummary) -> Proposal {
    let of_file = file.complexity.as_ref().map_or(0, |complexity| complexity.cognitive);
    let mut evidence = vec![looks_like(file, function)];
    evidence.extend(beside_others(draft, of_file));
    evidence.push(metric("Usual limit", format!("a cognitive complexity of {HARD_FUNCTION}")));
    Proposal {
        why: format!(
            "{}; it is the hardest function outside tests, scripts and documentation.",
            complexity_text(function)
        ),
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
        reason: format!("1 function, its complexity {excess} above the limit"),
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
        // Its complexity is in the sentence above.
        note: format!("{}, nested {} deep", counted(lines(function) as usize, "line"), function.nesting),
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
    let complexity =
        draft.files.iter().filter(|file| file.is_shipped()).filter_map(|file| file.complexity.as_ref());
    let mut sums: Vec<u32> = complexity.filter(|one| one.functions > 0).map(|one| one.cognitive).collect();
    sums.sort_unstable();
    if sums.len() < 5 { None } else { sums.get(sums.len() / 2).copied() }
}

/// Functions that are fixed again and again, and are too complex for that, but not very hard.
pub(super) fn often_fixed(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    for hotspot in draft.hotspots.iter().filter(|hotspot| !draft.is_beside(&hotspot.path)) {
        // A function that is hard is proposed for that.
        let complex = |one: &&FunctionHistory| (HARD_FUNCTION + 1..HARD).contains(&one.cognitive);
        let fixed = |one: &&FunctionHistory| {
            let enough = if one.cognitive >= OFTEN_FIXED { MANY_FIXES } else { VERY_MANY_FIXES };
            one.fixes >= enough && !is_test(&one.name)
        };
        let often = hotspot.functions.iter().filter(complex).filter(fixed);
        let Some(changed) = often.max_by_key(|one| (one.fixes, one.cognitive)) else { continue };
        let Some(file) = draft.files.iter().find(|file| file.path == hotspot.path) else { continue };
        let worst = file.complexity.iter().flat_map(|one| &one.worst);
        let Some(function) =
            worst.into_iter().find(|one| one.name == changed.name && one.start == changed.start)
        else {
            continue;
        };
        let mut evidence = vec![looks_like(file, function), of_the_file(hotspot)];
        evidence.extend(mended(changed));
        out.push(Proposal {
            kind: "often_fixed",
            subject: format!("{} {}", hotspot.path, changed.name),
            severity: Severity::Medium,
            title: format!(
                "Simplify `{}` in `{}`, which was fixed {} times",
                changed.name, hotspot.path, changed.fixes
            ),
            why: format!(
                "{} of the {}{} that changed the lines of `{}` in {} say that they fix something, and {}.",
                changed.fixes,
                at_least(hotspot),
                counted(changed.commits as usize, "commit"),
                changed.name,
                draft.history.window_text(),
                lower(&complexity_text(function))
            ),
            evidence,
            effort: splitting(function),
            check: Check::FunctionAtMost {
                path: hotspot.path.clone(),
                function: function.name.clone(),
                cognitive: HARD_FUNCTION,
            },
            value: 44.0 + f64::from(changed.fixes.min(8)) * 2.0,
        });
    }
}

/// The sentence inside another one.
fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Whether a circle is that of a folder's index and files of its folder, which take each other through it: a custom
/// of its languages, which its authors chose.
fn is_of_an_index(circle: &[String]) -> bool {
    circle.iter().any(|path| {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let is_index = name == "__init__.py" || name.split_once('.').is_some_and(|(stem, _)| stem == "index");
        is_index
            && circle.iter().all(|other| {
                folder.is_empty() || other.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
            })
    })
}

/// Whether two files are one that stands for a folder and one in that folder: `core.rb` and `core/engine.rb`.
fn is_of_a_folder(circle: &[String]) -> bool {
    circle.iter().any(|path| {
        let stem = path.rsplit_once('.').map_or(path.as_str(), |(stem, _)| stem);
        let below = |other: &String| other.strip_prefix(stem).is_some_and(|rest| rest.starts_with('/'));
        circle.iter().all(|other| other == path || below(other))
    })
}

/// Circles of imports.
pub(super) fn cycles(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let is_test = |path: &String| draft.files.iter().any(|file| file.path == *path && !file.is_shipped());
    // Headers that include each other are guarded; what is only a header does so by design.
    let is_header = |path: &String| {
        draft.files.iter().any(|file| file.path == *path && matches!(file.language.as_str(), "C" | "C++"))
    };
    let is_migration = |path: &String| path.split('/').any(|part| part == "migrations");
    // Stores take each other inside the functions that use them.
    let is_store = |path: &String| path.split('/').any(|part| matches!(part, "store" | "stores"));
    let by_custom =
        |cycle: &[String]| is_of_an_index(cycle) || is_of_a_folder(cycle) || cycle.iter().all(is_store);
    let circle = draft.graph.cycles.iter().find(|cycle| {
        let apart = cycle.iter().any(|path| is_test(path) || is_migration(path) || draft.is_beside(path));
        cycle.len() <= MAX_CIRCLE && !(apart || cycle.iter().all(is_header) || by_custom(cycle))
    });
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
        effort: Effort { min_minutes: 30, max_minutes: 120, reason: format!("{} in the circle", counted(circle.len(), "file")) },
        check: Check::CycleGone { paths: circle.clone() },
        value: 33.0,
    });
}
