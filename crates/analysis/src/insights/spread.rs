//! Things that are spread: one piece of code over several places, one change over files that do not know each other,
//! knowledge over too few people.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Draft;
use super::rank::Proposal;
use super::security::{file, metric};
use crate::check::Check;
use crate::inventory::folder;
use crate::report::{CloneGroup, Effort, Evidence, Ownership, Severity, counted};

/// Lines that must go before a duplicate is worth somebody's time, and its least tokens.
const MIN_SAVED: u32 = 30;
const MIN_TOKENS: u32 = 100;

/// Commits that changed two of the places at once before it is proven that the copies cost something. Where the history
/// proves nothing they may well have been made to live apart: two services, two generations of an interface.
const MIN_TOGETHER_CHANGES: u32 = 2;

/// Places of a duplicate, at most: beyond, it is a pattern of the project, not an accident.
const MAX_PLACES: u32 = 8;

/// Commits and lines of a folder before its knowledge is at risk, people in the project, and the share of one of them.
const MIN_FOLDER_COMMITS: u32 = 30;
const MIN_FOLDER_CODE: u32 = 2_000;
const MIN_PEOPLE: u32 = 4;
const MAIN_SHARE: u32 = 90;

/// People who changed a folder, at most: where more did, others know it although one person does most.
const MAX_FOLDER_PEOPLE: u32 = 2;

/// Commits that changed two files together, and their share of those of the first, before they are tied.
const MIN_TOGETHER: u32 = 10;
const TOGETHER_PERCENT: u32 = 80;

/// The worth of what only a habit of changes shows: below everything that stands in the code.
const ONLY_SEEN: f64 = 20.0;

/// The duplicates that would save most: two at most.
pub(super) fn duplicates(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let worth = |group: &&CloneGroup| {
        !group.in_test
            && group.tokens >= MIN_TOKENS
            && group.saved() >= MIN_SAVED
            && group.places_total <= MAX_PLACES
            && group.changed_together >= MIN_TOGETHER_CHANGES
            && !are_variants(group)
            && !are_builds(group)
            && !are_templates(group)
            && !are_generations(group)
            && !are_migrations(group)
            && !are_beginnings(group)
            && !group.places.iter().all(|place| draft.is_beside(&place.path))
    };
    let mut groups: Vec<&CloneGroup> = draft.duplication.groups.iter().filter(worth).collect();
    // The sort is stable: what would save most comes first among equals.
    groups.sort_by_key(|group| std::cmp::Reverse(group.changed_together));
    for group in groups.into_iter().take(2) {
        out.extend(duplicate(draft, group));
    }
}

fn duplicate(draft: &Draft<'_>, group: &CloneGroup) -> Option<Proposal> {
    let first = group.places.first()?;
    let mut paths: Vec<String> = group.places.iter().map(|place| place.path.clone()).collect();
    paths.dedup();
    let together = group.changed_together;
    let places = match paths.len() {
        1 => format!("`{}`", first.path),
        2 => format!("`{}` and `{}`", first.path, paths.get(1)?),
        more => format!("`{}` and {} other files", first.path, more - 1),
    };
    let alike = if group.exact { "the same" } else { "the same but for some names and values" };
    let lines = group.lines;
    let evidence = group.places.iter().take(4).map(|place| Evidence::Span {
        span: place.clone(),
        note: format!("one of {} places", group.places_total),
    });
    let mut evidence: Vec<Evidence> = evidence.collect();
    evidence.push(metric(
        "Duplicate",
        format!("{lines} lines, {} tokens, {} lines could go", group.tokens, group.saved()),
    ));
    let window = draft.history.window_text();
    let commits = counted(together as usize, "commit");
    evidence.push(metric("Changed at once", format!("{commits} in {window} changed two places or more")));
    let minutes = 20_u32.saturating_add(group.saved()).min(240);
    Some(Proposal {
        kind: "duplicated_code",
        subject: format!("{} {}", group.fingerprint, first.path),
        severity: Severity::Low,
        title: format!("Write {lines} lines once instead of {} times in {places}", group.places_total),
        why: format!(
            "{lines} lines are {alike} in {} places, and {commits} in {window} had to change two of them or more at once.",
            group.places_total
        ),
        evidence,
        effort: Effort {
            min_minutes: minutes.div_ceil(15) * 15,
            max_minutes: minutes.saturating_mul(3).div_ceil(15) * 15,
            reason: format!(
                "{} in {}",
                counted(group.places_total as usize, "place"),
                counted(paths.len(), "file")
            ),
        },
        check: Check::CloneGone { paths, lines: lines / 2 },
        value: 28.0 + f64::from(group.saved().min(120)) / 10.0 + f64::from(together.min(6)) * 3.0,
    })
}

/// Whether the places are alternatives that the build chooses between: files side by side, one named after the other
/// (`binding.go` and `binding_nomsgpack.go`). They cannot be merged.
fn are_variants(group: &CloneGroup) -> bool {
    let split = |path: &str| {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        (folder.to_owned(), name.split('.').next().unwrap_or(name).to_owned())
    };
    let names: Vec<(String, String)> = group.places.iter().map(|place| split(&place.path)).collect();
    let Some((folder, shortest)) = names.iter().min_by_key(|(_, name)| name.len()) else { return false };
    let others = || names.iter().filter(|(_, name)| name != shortest);
    let named_after =
        |name: &str| name.strip_prefix(shortest.as_str()).is_some_and(|rest| rest.starts_with(['_', '-']));
    others().count() > 0 && others().all(|(other, name)| other == folder && named_after(name))
}

/// Whether the places are the same code made for several ways of loading it: `x/a.js` and `x/esm/a.js`.
fn are_builds(group: &CloneGroup) -> bool {
    let made =
        |path: &str| path.split('/').any(|part| matches!(part, "esm" | "cjs" | "umd" | "dist" | "build"));
    group.places.iter().any(|place| made(&place.path))
}

/// Whether the places are templates that a tool copies out: each has to stand alone.
fn are_templates(group: &CloneGroup) -> bool {
    let template = |path: &str| path.split('/').any(|part| part.starts_with("template"));
    group.places.iter().all(|place| template(&place.path))
}

/// Whether a place is a migration of a database: what has run once is never changed again.
fn are_migrations(group: &CloneGroup) -> bool {
    let migration =
        |path: &str| path.split('/').any(|part| matches!(part, "migration" | "migrations" | "migrate"));
    group.places.iter().any(|place| migration(&place.path))
}

/// The line that the whole of a file stands from, the least places and the tokens of what only begins them.
const TOP: u32 = 5;
const MANY: u32 = 3;
const SHORT: u32 = 150;

/// Whether the places are what small files of one kind begin with: the same package, the same imports, the same few
/// declarations. There is nothing to call instead.
fn are_beginnings(group: &CloneGroup) -> bool {
    let at_top = group.places.iter().all(|place| place.start <= TOP);
    at_top && group.places_total >= MANY && group.tokens < SHORT
}

/// Whether the places are generations or numbered versions of one thing: `rxjava2/A.java` and `rxjava3/A.java`,
/// `boot/A.java` and `boot-3/A3.java`, `fix_1.ts` and `fix_2.ts`.
fn are_generations(group: &CloneGroup) -> bool {
    let plain = |path: &str| -> String {
        path.chars().filter(|letter| !(letter.is_ascii_digit() || "-_.".contains(*letter))).collect()
    };
    let mut paths: Vec<&str> = group.places.iter().map(|place| place.path.as_str()).collect();
    paths.dedup();
    let first = paths.first().map(|path| plain(path));
    paths.len() > 1 && paths.iter().all(|path| Some(plain(path)) == first)
}

/// A folder that one person alone changes, in a project that others work on too.
pub(super) fn knowledge(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let history = draft.history;
    // Where one person carries the whole project, a single folder of it is no news.
    if history.contributors < MIN_PEOPLE || history.absence_factor.is_none_or(|factor| factor < 2) {
        return;
    }
    let at_risk = |row: &&Ownership| {
        row.commits >= MIN_FOLDER_COMMITS
            && row.code >= MIN_FOLDER_CODE
            && row.main_share >= MAIN_SHARE
            && row.people <= MAX_FOLDER_PEOPLE
    };
    let Some(row) = history.ownership.iter().filter(at_risk).max_by_key(|row| (row.code, &row.folder)) else {
        return;
    };
    let folder = if row.folder.is_empty() { "the root folder" } else { &row.folder };
    let window = history.window_text();
    out.push(Proposal {
        kind: "knowledge_at_risk",
        subject: row.folder.clone(),
        severity: Severity::Low,
        title: format!("Let a second person work on `{folder}`"),
        why: format!(
            "{} % of the changes to its {} lines in {window} are by one person, while {} people changed this repository. When that person is away, nobody else has worked on it lately.",
            row.main_share, row.code, history.contributors
        ),
        evidence: vec![
            file(folder, format!("{} by {}", counted(row.commits as usize, "commit"), people(row.people))),
            metric(
                "People who hold more than half of the changes",
                format!("{} here, {} in the whole repository", row.absence_factor, history.absence_factor.unwrap_or(0)),
            ),
        ],
        effort: Effort {
            min_minutes: 120,
            max_minutes: 480,
            reason: "1 folder: one change made and one reviewed by somebody else".to_owned(),
        },
        check: Check::ChangesShared { folder: row.folder.clone(), percent: MAIN_SHARE },
        value: ONLY_SEEN,
    });
}

fn people(count: u32) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

/// Imports from one to the other that still tie two files together.
const NEAR: usize = 3;

/// The imports between files, where a header and its source are one.
struct Imports {
    /// For each file the first of those that are one with it.
    whole: Vec<usize>,
    /// What each whole imports.
    leads: BTreeMap<usize, BTreeSet<usize>>,
}

impl Imports {
    fn of(draft: &Draft<'_>) -> Self {
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        let ending = |path: &str| Path::new(path).extension().map_or(0, |ending| ending.len() + 1);
        let stem = |path: &str| path.len().saturating_sub(ending(path));
        let whole: Vec<usize> = draft
            .files
            .iter()
            .enumerate()
            .map(|(at, file)| {
                *first.entry(file.path.get(..stem(&file.path)).unwrap_or(&file.path)).or_insert(at)
            })
            .collect();
        let mut leads: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for edge in &draft.graph.file_edges {
            let end = |at: u32| whole.get(at as usize).copied();
            if let (Some(from), Some(to)) = (end(edge.from), end(edge.to)) {
                leads.entry(from).or_default().insert(to);
            }
        }
        Self { whole, leads }
    }

    /// Whether one of two files imports the other, in a few steps.
    fn join(&self, a: usize, b: usize) -> bool {
        let of = |at: usize| self.whole.get(at).copied().unwrap_or(at);
        let (a, b) = (of(a), of(b));
        self.leads_to(a, b) || self.leads_to(b, a)
    }

    fn leads_to(&self, from: usize, to: usize) -> bool {
        let mut reached = BTreeSet::from([from]);
        for _ in 0..NEAR {
            let next = reached.iter().filter_map(|at| self.leads.get(at)).flatten().copied();
            let next: BTreeSet<usize> = next.collect();
            reached.extend(next);
        }
        reached.contains(&to)
    }
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

/// Two files that change together although neither imports the other.
pub(super) fn hidden_coupling(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let position = |path: &str| draft.files.binary_search_by(|one| one.path.as_str().cmp(path)).ok();
    let imports = LazyCell::new(|| Imports::of(draft));
    let linked = |a: usize, b: usize| imports.join(a, b);
    for hotspot in draft.hotspots {
        for other in &hotspot.coupled {
            let enough =
                other.together >= MIN_TOGETHER && other.together * 100 >= other.of * TOGETHER_PERCENT;
            let (Some(a), Some(b)) = (position(&hotspot.path), position(&other.path)) else { continue };
            let tests = draft.files.get(b).is_some_and(|one| !one.is_shipped());
            // Those who work in a folder know what is beside each other there, and a file of the same name elsewhere.
            let known =
                folder(&hotspot.path) == folder(&other.path) || stem(&hotspot.path) == stem(&other.path);
            if !enough || tests || known || draft.is_beside(&hotspot.path) || linked(a, b) {
                continue;
            }
            let window = draft.history.window_text();
            out.push(Proposal {
                kind: "hidden_coupling",
                subject: format!("{} {}", hotspot.path, other.path),
                severity: Severity::Low,
                title: format!("Say in the code what ties `{}` to `{}`", hotspot.path, other.path),
                why: format!(
                    "{} of the {} commits that changed the first in {window} changed the second as well, but neither imports the other: nothing tells whoever changes one of them.",
                    other.together, other.of
                ),
                evidence: vec![
                    file(&hotspot.path, format!("changed in {}", counted(hotspot.commits as usize, "commit"))),
                    file(&other.path, format!("changed with it in {} of {}", other.together, other.of)),
                    metric("Imports between the two", "none, in either direction".to_owned()),
                ],
                effort: Effort {
                    min_minutes: 30,
                    max_minutes: 240,
                    reason: "2 files: share what they have in common, or name the other in a comment or a test".to_owned(),
                },
                check: Check::NoLongerCoupled {
                    path: hotspot.path.clone(),
                    other: other.path.clone(),
                    percent: TOGETHER_PERCENT,
                },
                value: ONLY_SEEN,
            });
            return;
        }
    }
}
