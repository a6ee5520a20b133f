//! What the repository is: header, languages, stack, dependencies, grade, and what was not read.

use std::collections::BTreeMap;

use analysis::report::{
    AdvisoryState, Commit, Entry, EntryKind, FindingKind, GradePart, Quality, Report, SkipReason,
    TechCategory,
};

use super::advisories;
use super::text::{Rows, bar, bytes, count, counted, date, fold, item, place, shortened};
use super::{View, heading};
use crate::terminal::{Look, clean};

/// Languages shown by name; the rest is one line.
const LANGUAGES: usize = 8;
/// Files shown in which execution starts.
const ENTRIES: usize = 8;
/// Columns from which there is room for bars.
const BARS: u16 = 64;
/// Examples of files that were not read.
const SKIPPED: usize = 5;
/// Columns that the parts of the grade and their losses take, with the blanks around them.
const PARTS: usize = 32;

pub(super) fn header(report: &Report, view: &View<'_>) -> String {
    let coverage = &report.coverage;
    let mut text = heading(view.style, &clean(view.source), "");
    text += &fold(view.style, 0, &at_commit(&report.commit));
    let size = format!(
        "{} ({}), {} read, {} parsed as code, in {:.1} s",
        counted(coverage.files, "file", "files"),
        bytes(coverage.bytes),
        if coverage.files_read == coverage.files { "all".to_owned() } else { count(coverage.files_read) },
        count(coverage.files_parsed),
        view.took.as_secs_f64()
    );
    text + &fold(view.style, 0, &size)
}

/// `main at 0123456789, 2025-11-14: What was done`
pub(super) fn at_commit(commit: &Commit) -> String {
    let id: String = commit.id.chars().take(10).collect();
    let branch = commit.branch.as_deref().map_or_else(String::new, |branch| format!("{} at ", clean(branch)));
    format!("{branch}{id}, {}: {}", date(commit.time), clean(&commit.subject))
}

pub(super) fn languages(report: &Report, view: &View<'_>) -> String {
    if report.languages.is_empty() {
        return heading(view.style, "Languages", "none that count: no source code in this commit");
    }
    let narrow = view.style.width.is_some_and(|width| width < BARS);
    let mut rows = Rows::new(view.style, &["language", "share", "", "code lines", "files"]).right(&[1, 3, 4]);
    for language in report.languages.iter().take(LANGUAGES) {
        rows.add([
            (clean(&language.name).into_owned(), None),
            (language.percent_text(), None),
            (if narrow { String::new() } else { bar(language.percent, 20) }, Some(Look::Name)),
            (count(language.lines.code.into()), None),
            (count(language.files), None),
        ]);
    }
    let mut text = heading(view.style, "Languages", "") + &rows.text();
    if report.languages.len() > LANGUAGES {
        let rest: Vec<String> =
            report.languages[LANGUAGES..].iter().map(|language| clean(&language.name).into_owned()).collect();
        text += &fold(view.style, 1, &format!("and {}", rest.join(", ")));
    }
    text + &fold(view.style, 1, &counted_files(report))
}

/// Which files the languages are counted from, and which not.
pub(crate) fn counted_files(report: &Report) -> String {
    let counting: u64 = report.languages.iter().map(|language| language.files).sum();
    format!(
        "Counted here: {} of {}; vendored and generated code, documentation, examples and data are left out.",
        count(counting),
        counted(report.coverage.files_read, "file", "files"),
    )
}

pub(super) fn stack(report: &Report, view: &View<'_>) -> String {
    let mut by_category: BTreeMap<TechCategory, Vec<String>> = BTreeMap::new();
    for technology in &report.stack {
        by_category.entry(technology.category).or_default().push(clean(&technology.name).into_owned());
    }
    if by_category.is_empty() {
        return String::new();
    }
    let mut rows = Rows::new(view.style, &["kind", "in use"]);
    for (category, names) in by_category {
        rows.add([(category_name(category).to_owned(), None), (names.join(", "), None)]);
    }
    heading(view.style, "Stack", "") + &rows.text()
}

/// Where execution starts. What is only run by hand is counted: there may be a script for everything.
pub(super) fn entries(report: &Report, view: &View<'_>) -> String {
    let (scripts, entries): (Vec<&Entry>, Vec<&Entry>) =
        report.graph.entries.iter().partition(|entry| entry.kind == EntryKind::Script);
    if report.graph.entries.is_empty() {
        return String::new();
    }
    let mut rows = Rows::new(view.style, &["as", "file", "name", "shown by"]);
    for entry in entries.iter().take(ENTRIES) {
        let by = entry.evidence.first().map(|span| clean(&place(span)).into_owned());
        rows.add([
            (entry_kind(entry.kind).to_owned(), None),
            (clean(&entry.path).into_owned(), None),
            (clean(entry.name.as_deref().unwrap_or_default()).into_owned(), None),
            (by.unwrap_or_default(), None),
        ]);
    }
    let more = [
        (entries.len().saturating_sub(ENTRIES), "more file", "more files"),
        (scripts.len(), "script that is run by hand", "scripts that are run by hand"),
    ];
    let more: Vec<String> = more
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| counted(number as u64, one, many))
        .collect();
    let mut text = heading(view.style, "Where it starts", "");
    if !entries.is_empty() {
        text += &rows.text();
    }
    if !more.is_empty() {
        let and = if entries.is_empty() { "" } else { "and " };
        text += &fold(view.style, 1, &format!("{and}{}", more.join(", ")));
    }
    text
}

pub(crate) fn entry_kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Program => "program",
        EntryKind::Library => "library",
        EntryKind::Script => "script",
    }
}

pub(crate) fn category_name(category: TechCategory) -> &'static str {
    match category {
        TechCategory::Framework => "frameworks",
        TechCategory::Library => "libraries",
        TechCategory::Build => "build",
        TechCategory::Test => "tests",
        TechCategory::Quality => "quality",
        TechCategory::Data => "data",
        TechCategory::Ci => "CI",
        TechCategory::Deploy => "deployment",
    }
}

pub(super) fn dependencies(report: &Report, view: &View<'_>) -> String {
    let ecosystems = report.packages();
    if ecosystems.is_empty() {
        return heading(view.style, "Dependencies", "none named by a manifest that is understood");
    }
    let mut hits: Vec<(&str, &str, &str)> = report
        .findings
        .iter()
        .filter(|finding| finding.kind == FindingKind::Advisory)
        .filter_map(|finding| finding.package.as_ref())
        .map(|package| (package.ecosystem.as_str(), package.name.as_str(), package.version.as_str()))
        .collect();
    hits.sort_unstable();
    hits.dedup();
    let affected_of = |name: &str| hits.iter().filter(|(ecosystem, _, _)| *ecosystem == name).count() as u64;

    let columns =
        ["ecosystem", "direct", "for dev", "indirect", "not pinned", "vulnerable", advisories::UP_TO];
    let mut rows = Rows::new(view.style, &columns).right(&[1, 2, 3, 4, 5]);
    let (mut development, mut apart) = (false, 0);
    for (name, ecosystem) in ecosystems {
        development |= ecosystem.development > 0;
        apart += ecosystem.apart;
        let affected = affected(name, affected_of(name), report);
        let data =
            if affected.is_some() { advisories::up_to(name, report, view) } else { (String::new(), None) };
        rows.add([
            (clean(name).into_owned(), None),
            (count(ecosystem.direct), None),
            (count(ecosystem.development), None),
            (count(ecosystem.indirect), None),
            (count(ecosystem.unpinned), None),
            affected.unwrap_or_else(|| ("not checked".to_owned(), Some(Look::Dim))),
            data,
        ]);
    }
    let mut text = heading(view.style, "Dependencies", "") + &rows.text();
    if development {
        text +=
            &fold(view.style, 1, "For dev: of the direct ones, those needed only to build, test or develop.");
    }
    if apart > 0 {
        let more = counted(apart, "more package is", "more packages are");
        text += &fold(view.style, 1, &format!("{more} asked for by examples and tests alone."));
    }
    text + &advisories::summary(report, view)
}

/// How many packages of an ecosystem have advisories. No data is not "none": what was not compared is not shown as a
/// number.
fn affected(ecosystem: &str, affected: u64, report: &Report) -> Option<(String, Option<Look>)> {
    let checked = matches!(report.advisories.state, AdvisoryState::Checked { .. });
    if !checked || report.advisories.uncovered.iter().any(|uncovered| uncovered == ecosystem) {
        return None;
    }
    Some((count(affected), (affected > 0).then_some(Look::Bad)))
}

pub(super) fn quality(report: &Report, view: &View<'_>) -> String {
    let quality = &report.quality;
    let measured = measured(quality);
    let beside = match (quality.grade, quality.score) {
        (Some(grade), Some(score)) => {
            let look = match grade {
                'A' | 'B' => Look::Good,
                'C' => Look::Warn,
                _ => Look::Bad,
            };
            let grade = view.style.paint(look, &format!("{grade}, {score} of 100"));
            format!("{grade}, from {measured}")
        }
        _ => format!("none, from {measured}"),
    };
    let mut rows = Rows::new(view.style, &["part", "lost", "measured"]).right(&[1]);
    for part in by_loss(quality) {
        let lost = match (part.lost, part.points) {
            (Some(lost), Some(points)) => format!("{:.1} of {points:.1}", lost + 0.0),
            (Some(lost), None) => format!("{:.1}", lost + 0.0),
            (None, _) => "-".to_owned(),
        };
        let look = part.lost.filter(|lost| *lost >= 5.0).map(|_| Look::Warn);
        let said = match (&part.measured, &part.missing) {
            (_, Some(missing)) => format!("not measured: {}", clean(missing)),
            (Some(measured), None) => clean(measured).into_owned(),
            (None, None) => String::new(),
        };
        let said = match &part.regain {
            Some(regain) => said + &back(&clean(regain), view),
            None => said,
        };
        let said = match part.worst.first().filter(|_| part.missing.is_none()) {
            Some(span) => said + &worst(&place(span), view),
            None => said,
        };
        rows.add([(part.part.replace('_', " "), None), (lost, look), (said, None)]);
    }
    let held = quality.held.as_ref().map_or_else(String::new, |held| fold(view.style, 1, &clean(held)));
    heading(view.style, "Grade", &beside) + &rows.text() + &held
}

/// `5 of 7 parts, 72 % of their weight`; as good as all of it is not told from all.
pub(crate) fn measured(quality: &Quality) -> String {
    let parts = quality.parts.iter().filter(|part| part.missing.is_none()).count();
    let all = quality.parts.len();
    let weight = |part: &GradePart| f64::from(part.weight) * part.seen.unwrap_or(0.0);
    let whole: f64 = quality.parts.iter().map(|part| f64::from(part.weight)).sum();
    let share = (quality.parts.iter().map(weight).sum::<f64>() * 100.0 / whole.max(1.0)).round();
    if share >= 95.0 || share <= 0.0 {
        format!("{parts} of {all} parts")
    } else {
        format!("{parts} of {all} parts, {share} % of their weight")
    }
}

/// What costs most first, what was not measured last.
fn by_loss(quality: &Quality) -> Vec<&GradePart> {
    let mut parts: Vec<&GradePart> = quality.parts.iter().collect();
    parts.sort_by(|a, b| {
        let lost = |part: &GradePart| part.lost.unwrap_or(-1.0) + 0.0;
        lost(b).total_cmp(&lost(a))
    });
    parts
}

/// The part that costs most, where one does.
pub(super) fn costliest(quality: &Quality) -> Option<(&GradePart, f64)> {
    let part = *by_loss(quality).first()?;
    Some((part, part.lost.filter(|lost| *lost > 0.0)?))
}

/// What would bring the points back, on a line of its own where lines are short.
fn back(regain: &str, view: &View<'_>) -> String {
    if view.style.width.is_none() { format!("; {regain}") } else { format!("\n{regain}") }
}

/// The place that weighs most in a part of the grade, on a line of its own where lines are short.
fn worst(place: &str, view: &View<'_>) -> String {
    match view.style.width {
        None => format!(" (worst: {place})"),
        Some(width) => {
            let room = usize::from(width).saturating_sub(PARTS + "worst: ".len());
            format!("\nworst: {}", shortened(place, room))
        }
    }
}

pub(super) fn not_read(report: &Report, view: &View<'_>) -> String {
    let coverage = &report.coverage;
    if coverage.skipped_total == 0 && coverage.notes.is_empty() && coverage.limits.is_empty() {
        return String::new();
    }
    let mut text = heading(view.style, "Not looked at", "");
    for note in &coverage.notes {
        text += &item(view.style, 1, "- ", &clean(&note.text));
    }
    let mut by_reason: BTreeMap<SkipReason, Vec<&str>> = BTreeMap::new();
    for skipped in &coverage.skipped {
        by_reason.entry(skipped.reason).or_default().push(&skipped.path);
    }
    for (reason, paths) in by_reason {
        let examples: Vec<String> = paths.iter().take(SKIPPED).map(|path| clean(path).into_owned()).collect();
        let rest = if paths.len() > SKIPPED { ", .." } else { "" };
        let line =
            format!("{} ({}): {}{rest}", reason_text(reason), count(paths.len() as u64), examples.join(", "));
        text += &item(view.style, 1, "- ", &line);
    }
    let unlisted = coverage.skipped_total.saturating_sub(coverage.skipped.len() as u64);
    if unlisted > 0 {
        text += &item(view.style, 1, "- ", &format!("and {} more", count(unlisted)));
    }
    for limit in &coverage.limits {
        text += &item(view.style, 1, "- ", &clean(&limit.text));
    }
    text
}

pub(crate) fn reason_text(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::TooLarge => "too large",
        SkipReason::TooDeep => "nested too deeply to parse",
        SkipReason::ParserGaveUp => "the parser gave up",
        SkipReason::PathLimit => "path too long or too deep",
        SkipReason::Unreadable => "missing or damaged in the repository",
        SkipReason::Malformed => "not in the format the name says",
        SkipReason::LfsPointer => "kept elsewhere by Git LFS",
        SkipReason::Submodule => "submodules",
        SkipReason::Symlink => "links",
        SkipReason::FileLimit => "beyond the number of files one analysis takes",
        SkipReason::Template => "a template that only its own program can fill in",
    }
}
