//! Hotspots, what stands in several places, and how work is spread.

use analysis::report::{self, Contributor, Duplication, Ownership, Report};
use base::Timestamp;
use repos::model::unnamed;

use super::{Found, span_to_api};
use crate::problem::Problem;

pub(super) const HOTSPOT_FORMULA: &str = "Rank of its commits in the window times rank of its cognitive complexity, both among \
                               the source files outside tests whose complexity is measured, from 0 to 100.";
/// Groups of equal code in one answer, in tests and outside them.
const DUPLICATE_LIMIT: usize = 50;

/// The people of a report, called by letters in its order.
pub(crate) fn without_names(people: &mut [Contributor]) {
    for (position, person) in people.iter_mut().enumerate() {
        person.name = unnamed(position);
    }
}

/// The hotspots of a window, and what else the page of them tells.
pub(super) fn hotspots_to_api(
    found: &Found,
    days: Option<u32>,
    named: bool,
) -> Result<api::Hotspots, Problem> {
    let report = &*found.report;
    let Ranked { days, commits, unranked, items } = ranked(report, days)?;
    let (duplicates, duplicates_total) = duplicates_to_api(&report.duplication, false);
    let (test_duplicates, test_duplicates_total) = duplicates_to_api(&report.duplication, true);
    let mut people = report.history.people.clone();
    if !named {
        without_names(&mut people);
    }
    Ok(api::Hotspots {
        meta: found.meta(),
        named,
        items: items.iter().map(hotspot_to_api).collect(),
        unranked: unranked.clone(),
        window_days: days,
        window_commits: commits,
        windows: windows(report),
        formula: HOTSPOT_FORMULA.to_owned(),
        ownership: report.history.ownership.iter().map(ownership_to_api).collect(),
        people: people.iter().map(contributor_to_api).collect(),
        duplicates,
        duplicates_total,
        compared_lines: report.duplication.lines,
        duplicated_lines: report.duplication.duplicated,
        test_duplicates,
        test_duplicates_total,
        test_compared_lines: report.duplication.test_lines,
        test_duplicated_lines: report.duplication.test_duplicated,
    })
}

/// One window of a report.
struct Ranked<'r> {
    days: u32,
    commits: u32,
    unranked: &'r Option<String>,
    items: &'r [report::Hotspot],
}

/// The windows of a report in days, the shortest first.
fn windows(report: &Report) -> Vec<u32> {
    report.history.windows.iter().map(|window| window.days).chain([report.history.window_days]).collect()
}

fn ranked(report: &Report, days: Option<u32>) -> Result<Ranked<'_>, Problem> {
    let history = &report.history;
    let days = days.unwrap_or(history.window_days);
    if days == history.window_days {
        let (commits, unranked) = (history.window_commits, &history.unranked);
        return Ok(Ranked { days, commits, unranked, items: &report.hotspots });
    }
    let window = history.windows.iter().find(|window| window.days == days).ok_or_else(|| {
        let known: Vec<String> = windows(report).iter().map(u32::to_string).collect();
        Problem::malformed(format!("`window` is one of {}: this report has no other.", known.join(", ")))
    })?;
    Ok(Ranked { days, commits: window.commits, unranked: &window.unranked, items: &window.hotspots })
}

/// The first groups, and how many the report lists.
fn duplicates_to_api(duplication: &Duplication, in_test: bool) -> (Vec<api::Duplicate>, u32) {
    let groups = || duplication.groups.iter().filter(|group| group.in_test == in_test);
    let shown = groups().take(DUPLICATE_LIMIT).map(|group| api::Duplicate {
        lines: group.lines,
        exact: group.exact,
        places_total: group.places_total,
        places: group.places.iter().map(span_to_api).collect(),
    });
    (shown.collect(), u32::try_from(groups().count()).unwrap_or(u32::MAX))
}

fn ownership_to_api(row: &Ownership) -> api::Ownership {
    api::Ownership {
        folder: row.folder.clone(),
        code: row.code,
        commits: row.commits,
        fixes: row.fixes,
        people: row.people,
        main_share: row.main_share,
        absence_factor: row.absence_factor,
        last_change: Timestamp::from_seconds(row.last_change).into(),
        shares: row
            .shares
            .iter()
            .map(|share| api::OwnershipShare {
                person: share.person,
                percent: share.percent,
                last_change: Timestamp::from_seconds(share.last_change).into(),
            })
            .collect(),
    }
}

fn contributor_to_api(person: &Contributor) -> api::Contributor {
    api::Contributor { name: person.name.clone(), commits: person.commits, percent: person.percent }
}

fn hotspot_to_api(hotspot: &report::Hotspot) -> api::Hotspot {
    api::Hotspot {
        path: hotspot.path.clone(),
        commits: hotspot.commits,
        fixes: hotspot.fixes,
        recent_fixes: hotspot.recent_fixes,
        changed_lines: hotspot.changed_lines,
        authors: hotspot.authors,
        complexity: hotspot.complexity,
        code: hotspot.code,
        score: hotspot.score,
        coupled: hotspot
            .coupled
            .iter()
            .map(|coupling| api::Coupling {
                path: coupling.path.clone(),
                together: coupling.together,
                of: coupling.of,
            })
            .collect(),
        with_tests: hotspot.with_tests,
        followed: hotspot.followed,
        functions: hotspot.functions.iter().map(function_to_api).collect(),
        corrections: hotspot.corrections.iter().map(correction_to_api).collect(),
    }
}

fn function_to_api(function: &report::FunctionHistory) -> api::ChangedFunction {
    api::ChangedFunction {
        name: function.name.clone(),
        start: function.start,
        end: function.end,
        cognitive: function.cognitive,
        commits: function.commits,
        fixes: function.fixes,
    }
}

fn correction_to_api(correction: &report::Correction) -> api::Correction {
    api::Correction {
        introduced: commit_to_api(&correction.introduced),
        fixed: commit_to_api(&correction.fixed),
        lines: correction.lines,
        days: correction.days,
    }
}

fn commit_to_api(commit: &report::CommitRef) -> api::CommitRef {
    api::CommitRef {
        id: commit.id.clone(),
        subject: commit.subject.clone(),
        time: Timestamp::from_seconds(commit.time).into(),
    }
}

#[cfg(test)]
mod tests {
    use analysis::report::{CloneGroup, Share, Span};

    use super::*;

    #[test]
    fn duplicates_in_tests_are_told_apart_and_bounded() {
        let group = |in_test: bool, lines: u32| CloneGroup {
            fingerprint: String::new(),
            lines,
            tokens: 9,
            exact: true,
            in_test,
            places_total: 2,
            places: vec![Span::lines("a.rs", 1, lines)],
            changed_together: 0,
        };
        let many = (0..60).map(|lines| group(false, lines));
        let found = Duplication { groups: many.chain([group(true, 7)]).collect(), ..Duplication::default() };
        let (outside, total) = duplicates_to_api(&found, false);
        assert_eq!((outside.len(), total, outside[59 - 10].lines), (DUPLICATE_LIMIT, 60, 49));
        let (inside, total) = duplicates_to_api(&found, true);
        assert_eq!((inside.len(), total, inside[0].lines), (1, 1, 7));
    }

    #[test]
    fn shares_keep_the_position_of_their_person() {
        let row = ownership_to_api(&Ownership {
            folder: "core".into(),
            code: 90,
            commits: 9,
            fixes: 1,
            people: 2,
            main_share: 80,
            absence_factor: 1,
            last_change: 1_700_000_000,
            shares: vec![Share { person: 3, percent: 80, last_change: 1_600_000_000 }],
        });
        assert_eq!((row.shares[0].person, row.shares[0].percent), (3, 80));
        assert_eq!(serde_json::to_value(&row).unwrap()["last_change"], "2023-11-14T22:13:20Z");
    }
}
