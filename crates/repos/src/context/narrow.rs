//! How many findings there are of each kind, severity, rule and so on beside a page of them. Pure.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use analysis::report::Severity;
use base::Cursor;

use crate::model::{Finding, FindingAge, FindingFacet, FindingFilter, FindingStand};
use crate::store::findings::{Group, Place};
use crate::store::kind_name;

/// Values that a facet offers.
const VALUES: usize = 100;

/// How many pass, and how many would.
pub(crate) struct Narrowed {
    pub(crate) total: u64,
    /// How many the baseline alone keeps out.
    pub(crate) before_baseline: u64,
    pub(crate) facets: Vec<(FindingFacet, Vec<(String, u64)>)>,
}

/// Holds groups of findings against the filter. A facet counts what passes all the others, so that more of its own
/// values can be chosen.
pub(crate) fn narrow(groups: Vec<Group>, filter: &FindingFilter) -> Narrowed {
    let mut counts: BTreeMap<FindingFacet, BTreeMap<String, u64>> = BTreeMap::new();
    let (mut total, mut before_baseline) = (0, 0);
    for group in groups {
        let mut failed = FindingFacet::ALL.iter().copied().filter(|facet| !passes(&group, *facet, filter));
        let (first, second) = (failed.next(), failed.next());
        if second.is_some() {
            continue;
        }
        if group.hidden {
            before_baseline += if first.is_none() { group.count } else { 0 };
            continue;
        }
        for facet in FindingFacet::ALL.iter().copied() {
            if first.is_none_or(|first| first == facet)
                && let Some(value) = value(&group, facet)
            {
                *counts.entry(facet).or_default().entry(value).or_default() += group.count;
            }
        }
        total += if first.is_none() { group.count } else { 0 };
    }
    Narrowed { total, before_baseline, facets: counts.into_iter().map(in_order).collect() }
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

fn passes(group: &Group, facet: FindingFacet, filter: &FindingFilter) -> bool {
    let named = |wanted: &[String], value: Option<&str>| {
        wanted.is_empty() || value.is_some_and(|value| wanted.iter().any(|it| it == value))
    };
    match facet {
        FindingFacet::Severity => filter.severities.is_empty() || filter.severities.contains(&group.severity),
        FindingFacet::Kind => filter.kinds.is_empty() || filter.kinds.contains(&group.kind),
        FindingFacet::Rule => named(&filter.rules, Some(&group.rule)),
        FindingFacet::Code => filter.in_test.is_none_or(|in_test| group.in_test == in_test),
        FindingFacet::Folder => named(&filter.folders, Some(&group.folder)),
        FindingFacet::Language => named(&filter.languages, group.language.as_deref()),
        FindingFacet::Owner => named(&filter.owners, group.owner.as_deref()),
        FindingFacet::Age => filter.ages.is_empty() || filter.ages.contains(&group.age),
        FindingFacet::New => !filter.new || group.is_new,
        FindingFacet::State => filter.state.is_none_or(|wanted| group.stand == wanted),
    }
}

fn value(group: &Group, facet: FindingFacet) -> Option<String> {
    Some(match facet {
        FindingFacet::Severity => group.severity.as_str().to_owned(),
        FindingFacet::Kind => kind_name(group.kind).to_owned(),
        FindingFacet::Rule => group.rule.clone(),
        FindingFacet::Code => if group.in_test { "tests" } else { "shipped" }.to_owned(),
        FindingFacet::Folder => group.folder.clone(),
        FindingFacet::Language => group.language.clone()?,
        FindingFacet::Owner => group.owner.clone()?,
        FindingFacet::Age => group.age.as_str().to_owned(),
        FindingFacet::New => group.is_new.then(|| "true".to_owned())?,
        FindingFacet::State => group.stand.as_str().to_owned(),
    })
}

/// The position after this row.
pub(super) fn cursor(finding: &Finding) -> Cursor {
    Cursor(hex::encode(serde_json::to_vec(&Place::of(finding)).unwrap_or_default()))
}

/// The place that a cursor names. One that makes no sense starts from the beginning.
pub(super) fn place(cursor: Option<&Cursor>) -> Option<Place> {
    let place: Place = serde_json::from_slice(&hex::decode(&cursor?.0).ok()?).ok()?;
    place.is_possible().then_some(place)
}

#[cfg(test)]
mod tests {
    use analysis::report::FindingKind;

    use super::*;

    fn group(severity: Severity, folder: &str, stand: FindingStand, count: u64) -> Group {
        Group {
            severity,
            kind: FindingKind::Security,
            rule: "rule".to_owned(),
            in_test: false,
            folder: folder.to_owned(),
            language: None,
            owner: Some("Ada".to_owned()),
            age: FindingAge::Day,
            is_new: false,
            stand,
            hidden: false,
            count,
        }
    }

    #[test]
    fn a_facet_counts_what_passes_the_others() {
        let groups = vec![
            group(Severity::High, "lib", FindingStand::Open, 2),
            group(Severity::Low, "lib", FindingStand::Open, 3),
            group(Severity::Low, "src", FindingStand::Gone, 5),
            Group { hidden: true, ..group(Severity::High, "src", FindingStand::Open, 7) },
        ];
        let filter = FindingFilter {
            severities: vec![Severity::High],
            state: Some(FindingStand::Open),
            ..FindingFilter::default()
        };
        let narrowed = narrow(groups, &filter);
        assert_eq!((narrowed.total, narrowed.before_baseline), (2, 7));
        let facet = |wanted| {
            let values = narrowed.facets.iter().find(|(facet, _)| *facet == wanted);
            values.map(|(_, values)| values.iter().map(|(name, count)| (name.as_str(), *count)).collect())
        };
        assert_eq!(facet(FindingFacet::Severity), Some(vec![("high", 2), ("low", 3)]));
        assert_eq!(facet(FindingFacet::Folder), Some(vec![("lib", 2)]));
        assert_eq!(facet(FindingFacet::State), Some(vec![("open", 2)]));
        assert_eq!(facet(FindingFacet::Language), None);
    }

    #[test]
    fn a_cursor_that_makes_no_sense_begins_at_the_beginning() {
        for nonsense in ["nonsense", "", "6e6f", &hex::encode("[false,1,1,\"\\u0000\"]")] {
            assert_eq!(place(Some(&Cursor(nonsense.into()))), None);
        }
        assert_eq!(place(None), None);
    }
}
