//! Which findings pass a filter, in which order, and how many there are of each. Pure: both databases, and every page,
//! see the same.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use analysis::report::{Report, Severity};
use base::id::AnalysisId;
use base::{Cursor, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::{Finding, FindingAge, FindingFacet, FindingFilter, FindingStand, FindingState, is_below};
use crate::store::kind_name;

/// Values that a facet offers.
const VALUES: usize = 100;

/// What is known beside the rows.
pub(super) struct Around {
    pub(super) now: Timestamp,
    /// What was seen first then or before is hidden.
    pub(super) baseline: Option<Timestamp>,
}

/// What passes, and what would.
pub(super) struct Narrowed {
    /// In the order in which they are read.
    pub(super) rows: Vec<Finding>,
    /// How many the baseline alone keeps out.
    pub(super) before_baseline: u64,
    pub(super) facets: Vec<(FindingFacet, Vec<(String, u64)>)>,
}

/// Notes beside each finding its language, its owner and whether it is new.
pub(super) fn complete(
    rows: &mut [Finding],
    report: &Report,
    people: &[String],
    newest: AnalysisId,
    has_earlier: bool,
) {
    let languages: HashMap<&str, &str> =
        report.files.iter().map(|file| (file.path.as_str(), file.language.as_str())).collect();
    let owners: HashMap<&str, &str> = report
        .history
        .ownership
        .iter()
        .filter_map(|row| {
            let first = usize::try_from(row.shares.first()?.person).ok()?;
            Some((row.folder.as_str(), people.get(first)?.as_str()))
        })
        .collect();
    for row in rows {
        row.language = languages.get(row.path.as_str()).map(|name| (*name).to_owned());
        let folder = row.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        row.owner = owners.get(folder).map(|name| (*name).to_owned());
        row.is_new = has_earlier && row.opened_in == newest;
    }
}

/// Holds every row against the filter. A facet counts what passes all the others, so that more of its own values can be
/// chosen.
pub(super) fn narrow(rows: Vec<Finding>, filter: &FindingFilter, around: &Around) -> Narrowed {
    let text = filter.text.as_ref().map(|text| text.to_ascii_lowercase());
    let mut counts: BTreeMap<FindingFacet, BTreeMap<String, u64>> = BTreeMap::new();
    let mut before_baseline = 0;
    let mut kept = Vec::new();
    for row in rows {
        if !passes_text(&row, text.as_deref()) || !passes_path(&row, filter) {
            continue;
        }
        let values: Vec<(FindingFacet, String)> = FindingFacet::ALL
            .iter()
            .filter_map(|facet| Some((*facet, value(&row, *facet, around.now)?)))
            .collect();
        let mut failed =
            FindingFacet::ALL.iter().copied().filter(|facet| !passes(&row, *facet, filter, around.now));
        let (first, second) = (failed.next(), failed.next());
        if second.is_some() {
            continue;
        }
        let hidden = !filter.before_baseline && around.baseline.is_some_and(|before| row.opened_at <= before);
        if hidden {
            before_baseline += u64::from(first.is_none());
            continue;
        }
        for (facet, value) in values {
            if first.is_none_or(|first| first == facet) {
                *counts.entry(facet).or_default().entry(value).or_default() += 1;
            }
        }
        if first.is_none() {
            kept.push(row);
        }
    }
    kept.sort_by(|a, b| Place::of(a).cmp(&Place::of(b)));
    Narrowed { rows: kept, before_baseline, facets: counts.into_iter().map(in_order).collect() }
}

/// Severities and ages by their meaning, everything else the most first.
fn in_order((facet, counts): (FindingFacet, BTreeMap<String, u64>)) -> (FindingFacet, Vec<(String, u64)>) {
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    let at = |names: &[&str], value: &str| names.iter().position(|name| *name == value);
    match facet {
        FindingFacet::Severity => {
            let names = Severity::ALL.map(Severity::as_str);
            counts.sort_by_key(|(value, _)| Reverse(at(&names, value)));
        }
        FindingFacet::Age => {
            let names: Vec<&str> = FindingAge::ALL.iter().map(|age| age.as_str()).collect();
            counts.sort_by_key(|(value, _)| at(&names, value));
        }
        FindingFacet::State => {
            let names: Vec<&str> = FindingStand::ALL.iter().map(|stand| stand.as_str()).collect();
            counts.sort_by_key(|(value, _)| at(&names, value));
        }
        _ => counts.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0))),
    }
    counts.truncate(VALUES);
    (facet, counts)
}

/// Text is looked for as it is: the letters a to z in any case, all others as they are written.
fn passes_text(row: &Finding, text: Option<&str>) -> bool {
    let Some(text) = text else { return true };
    [&row.message, &row.path, &row.rule].iter().any(|field| field.to_ascii_lowercase().contains(text))
}

fn passes_path(row: &Finding, filter: &FindingFilter) -> bool {
    filter.path.as_ref().is_none_or(|path| row.path == *path || is_below(&row.path, path))
}

fn stand(row: &Finding, now: Timestamp) -> FindingStand {
    match row.state {
        FindingState::Gone => FindingStand::Gone,
        FindingState::Open if row.is_suppressed(now) => FindingStand::Suppressed,
        FindingState::Open => FindingStand::Open,
    }
}

/// The folder of the root that a file is below; empty for files of the root.
fn folder(path: &str) -> &str {
    path.split_once('/').map_or("", |(folder, _)| folder)
}

fn passes(row: &Finding, facet: FindingFacet, filter: &FindingFilter, now: Timestamp) -> bool {
    let named = |wanted: &[String], value: Option<&str>| {
        wanted.is_empty() || value.is_some_and(|value| wanted.iter().any(|it| it == value))
    };
    match facet {
        FindingFacet::Severity => filter.severities.is_empty() || filter.severities.contains(&row.severity),
        FindingFacet::Kind => filter.kinds.is_empty() || filter.kinds.contains(&row.kind),
        FindingFacet::Rule => named(&filter.rules, Some(&row.rule)),
        FindingFacet::Code => filter.in_test.is_none_or(|in_test| row.in_test == in_test),
        FindingFacet::Folder => named(&filter.folders, Some(folder(&row.path))),
        FindingFacet::Language => named(&filter.languages, row.language.as_deref()),
        FindingFacet::Owner => named(&filter.owners, row.owner.as_deref()),
        FindingFacet::Age => {
            filter.ages.is_empty() || filter.ages.contains(&FindingAge::of(row.first_seen_at, now))
        }
        FindingFacet::New => !filter.new || row.is_new,
        FindingFacet::State => filter.state.is_none_or(|wanted| stand(row, now) == wanted),
    }
}

fn value(row: &Finding, facet: FindingFacet, now: Timestamp) -> Option<String> {
    Some(match facet {
        FindingFacet::Severity => row.severity.as_str().to_owned(),
        FindingFacet::Kind => kind_name(row.kind).to_owned(),
        FindingFacet::Rule => row.rule.clone(),
        FindingFacet::Code => if row.in_test { "tests" } else { "shipped" }.to_owned(),
        FindingFacet::Folder => folder(&row.path).to_owned(),
        FindingFacet::Language => row.language.clone()?,
        FindingFacet::Owner => row.owner.clone()?,
        FindingFacet::Age => FindingAge::of(row.first_seen_at, now).as_str().to_owned(),
        FindingFacet::New => row.is_new.then(|| "true".to_owned())?,
        FindingFacet::State => stand(row, now).as_str().to_owned(),
    })
}

/// What rows are sorted by; that of the last row of a page is where the next one begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Place<'a>(bool, Reverse<usize>, u32, std::borrow::Cow<'a, str>, u32, std::borrow::Cow<'a, str>);

impl<'a> Place<'a> {
    fn of(finding: &'a Finding) -> Self {
        let rank = Severity::ALL.iter().position(|it| *it == finding.severity).unwrap_or(0);
        let (path, fingerprint) = (finding.path.as_str().into(), finding.fingerprint.as_str().into());
        Self(finding.in_test, Reverse(rank), finding.place, path, finding.line, fingerprint)
    }
}

/// The position after this row.
pub(super) fn cursor(finding: &Finding) -> Cursor {
    Cursor(hex::encode(serde_json::to_vec(&Place::of(finding)).unwrap_or_default()))
}

/// How many rows are before a cursor. One that makes no sense starts from the beginning.
pub(super) fn start(rows: &[Finding], after: Option<&Cursor>) -> usize {
    let bytes = after.and_then(|cursor| hex::decode(&cursor.0).ok()).unwrap_or_default();
    match serde_json::from_slice::<Place<'_>>(&bytes) {
        Ok(place) => rows.partition_point(|row| Place::of(row) <= place),
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use analysis::report::FindingKind;
    use base::Ids;

    use super::*;

    const NOW: i64 = 100 * 86_400;

    fn rows() -> Vec<Finding> {
        let ids = Ids::counted();
        let (repo, first, second) = (ids.new_id(), ids.new_id(), ids.new_id());
        let made = |number: u32, severity, path: &str, in_test, days: i64| Finding {
            id: ids.new_id(),
            repo,
            fingerprint: format!("{number:032x}"),
            rule: format!("rule.{}", number % 2),
            kind: FindingKind::Security,
            severity,
            path: path.to_owned(),
            line: number,
            message: format!("Finding {number}"),
            in_test,
            state: FindingState::Open,
            first_analysis: if days == 0 { second } else { first },
            last_analysis: second,
            first_seen_at: Timestamp::from_seconds(NOW - days * 86_400),
            last_seen_at: Timestamp::from_seconds(NOW),
            opened_at: Timestamp::from_seconds(NOW - days * 86_400),
            opened_in: if days == 0 { second } else { first },
            place: 10 - number,
            suppression: None,
            detail: None,
            language: (number < 3).then(|| "Rust".to_owned()),
            owner: Some("Ada".to_owned()),
            is_new: days == 0,
        };
        vec![
            made(1, Severity::Low, "src/a.rs", false, 60),
            made(2, Severity::High, "src/b.rs", false, 60),
            made(3, Severity::High, "lib/c.js", false, 0),
            made(4, Severity::Critical, "tests/d.js", true, 3),
            made(5, Severity::Low, "e.js", false, 60),
        ]
    }

    fn around() -> Around {
        Around { now: Timestamp::from_seconds(NOW), baseline: None }
    }

    fn lines(narrowed: &Narrowed) -> Vec<u32> {
        narrowed.rows.iter().map(|row| row.line).collect()
    }

    fn facet(narrowed: &Narrowed, wanted: FindingFacet) -> Vec<(&str, u64)> {
        let found = narrowed.facets.iter().find(|(facet, _)| *facet == wanted);
        found
            .map(|(_, values)| values.iter().map(|(name, count)| (name.as_str(), *count)).collect())
            .unwrap_or_default()
    }

    #[test]
    fn what_ships_comes_first_then_the_worst_in_the_order_of_reading() {
        assert_eq!(lines(&narrow(rows(), &FindingFilter::default(), &around())), [3, 2, 5, 1, 4]);
    }

    #[test]
    fn a_facet_counts_what_passes_the_others() {
        let filter = FindingFilter {
            severities: vec![Severity::High],
            in_test: Some(false),
            ..FindingFilter::default()
        };
        let narrowed = narrow(rows(), &filter, &around());
        assert_eq!(lines(&narrowed), [3, 2]);
        assert_eq!(facet(&narrowed, FindingFacet::Severity), [("high", 2), ("low", 2)]);
        assert_eq!(facet(&narrowed, FindingFacet::Code), [("shipped", 2)]);
        assert_eq!(facet(&narrowed, FindingFacet::Folder), [("lib", 1), ("src", 1)]);
        assert_eq!(facet(&narrowed, FindingFacet::Age), [("day", 1), ("quarter", 1)]);
        assert_eq!(facet(&narrowed, FindingFacet::New), [("true", 1)]);
    }

    #[test]
    fn every_facet_narrows() {
        let only = |change: fn(&mut FindingFilter)| {
            let mut filter = FindingFilter::default();
            change(&mut filter);
            lines(&narrow(rows(), &filter, &around()))
        };
        assert_eq!(only(|it| it.folders = vec![String::new(), "lib".into()]), [3, 5]);
        assert_eq!(only(|it| it.languages = vec!["Rust".into()]), [2, 1]);
        assert_eq!(only(|it| it.owners = vec!["Grace".into()]), <[u32; 0]>::default());
        assert_eq!(only(|it| it.ages = vec![FindingAge::Week]), [4]);
        assert_eq!(only(|it| it.new = true), [3]);
        assert_eq!(only(|it| it.in_test = Some(true)), [4]);
        assert_eq!(only(|it| it.rules = vec!["rule.1".into()]), [3, 5, 1]);
        assert_eq!(only(|it| it.path = Some("src".into())), [2, 1]);
        assert_eq!(only(|it| it.text = Some("FINDING 2".into())), [2]);
        assert_eq!(only(|it| it.state = Some(FindingStand::Gone)), <[u32; 0]>::default());
    }

    #[test]
    fn the_baseline_and_what_is_shown_make_up_the_whole() {
        let before = Timestamp::from_seconds(NOW - 10 * 86_400);
        let around = Around { baseline: Some(before), ..around() };
        let narrowed = narrow(rows(), &FindingFilter::default(), &around);
        assert_eq!((lines(&narrowed), narrowed.before_baseline), (vec![3, 4], 3));
        let all = FindingFilter { before_baseline: true, ..FindingFilter::default() };
        assert_eq!(narrow(rows(), &all, &around).rows.len(), 5);
    }

    #[test]
    fn what_is_suppressed_comes_back_when_that_ends() {
        let mut rows = rows();
        let id = Ids::counted().new_id();
        rows[1].suppression =
            Some(crate::model::SuppressionMark { id, until: Some(Timestamp::from_seconds(NOW + 1)) });
        let open = FindingFilter { state: Some(FindingStand::Open), ..FindingFilter::default() };
        let narrowed = narrow(rows.clone(), &open, &around());
        assert_eq!(lines(&narrowed), [3, 5, 1, 4]);
        assert_eq!(facet(&narrowed, FindingFacet::State), [("open", 4), ("suppressed", 1)]);
        let later = Around { now: Timestamp::from_seconds(NOW + 1), baseline: None };
        assert_eq!(narrow(rows, &open, &later).rows.len(), 5);
    }

    #[test]
    fn a_cursor_goes_on_where_the_page_ended() {
        let rows = narrow(rows(), &FindingFilter::default(), &around()).rows;
        for (number, row) in rows.iter().enumerate() {
            assert_eq!(start(&rows, Some(&cursor(row))), number + 1);
        }
        assert_eq!(start(&rows, Some(&Cursor("nonsense".into()))), 0);
        assert_eq!(start(&rows, None), 0);
    }
}
