//! Pairs joined to groups of equal places.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{File, Fragment, Pair, count};
use crate::finding::fingerprint;
use crate::report::{CloneGroup, Span};

/// A group while it is made.
struct Group {
    places: Vec<Fragment>,
    exact: bool,
}

/// The groups of some pairs: the longest pairs first, each joined to the group that has one of its places already.
pub(super) fn of(files: &[File<'_>], pairs: &[Pair], test: bool) -> Vec<CloneGroup> {
    let mut order: Vec<&Pair> = pairs.iter().collect();
    order.sort_by_key(|pair| (std::cmp::Reverse(pair.one.end - pair.one.start), pair.one, pair.other));
    let mut groups: Vec<Group> = Vec::new();
    // The fragments of each file that are in a group, with the group.
    let mut known: BTreeMap<u32, Vec<(Fragment, usize)>> = BTreeMap::new();
    for pair in order {
        let find = |fragment: &Fragment, like: fn(&Fragment, &Fragment) -> bool| {
            let here = known.get(&fragment.file).into_iter().flatten();
            here.filter(|(other, _)| like(fragment, other)).map(|(_, group)| *group).next()
        };
        let (like_one, like_other) = (find(&pair.one, alike), find(&pair.other, alike));
        // What lies inside larger duplicates on both sides has been told with them.
        let told = find(&pair.one, inside).is_some() && find(&pair.other, inside).is_some();
        if told && (like_one.is_none() || like_one != like_other) {
            continue;
        }
        let (group, new) = match (like_one, like_other) {
            (Some(group), _) => (group, vec![pair.other]),
            (None, Some(group)) => (group, vec![pair.one]),
            (None, None) => {
                groups.push(Group { places: Vec::new(), exact: true });
                (groups.len() - 1, vec![pair.one, pair.other])
            }
        };
        let Some(members) = groups.get_mut(group) else { continue };
        for fragment in new {
            let here = known.entry(fragment.file).or_default();
            if here.iter().any(|(place, of)| *of == group && overlap(place, &fragment) > 0) {
                continue;
            }
            members.exact &= pair.exact;
            members.places.push(fragment);
            here.push((fragment, group));
        }
    }
    groups
        .into_iter()
        .filter(|group| group.places.len() > 1)
        .filter_map(|group| group_of(files, group, test))
        .collect()
}

fn group_of(files: &[File<'_>], mut group: Group, test: bool) -> Option<CloneGroup> {
    group.places.sort_unstable();
    let span = |place: &Fragment| {
        let file = files.get(place.file as usize)?;
        Some(Span::lines(file.path, place.span.0, place.span.1))
    };
    let first = *group.places.first()?;
    let places: Vec<Span> = group.places.iter().filter_map(span).collect();
    let paths: Vec<&str> = places.iter().map(|place| place.path.as_str()).collect();
    Some(CloneGroup {
        fingerprint: fingerprint(&["clone", &format!("{:016x}", first.shapes), &paths.join("\n")]),
        lines: first.height(),
        tokens: first.end - first.start,
        exact: group.exact,
        in_test: test,
        places_total: count(places.len()),
        places: places.into_iter().take(CloneGroup::PLACES_LISTED).collect(),
        // The history is read later.
        changed_together: 0,
    })
}

/// Tokens that two fragments have in common.
fn overlap(a: &Fragment, b: &Fragment) -> u32 {
    if a.file == b.file { a.end.min(b.end).saturating_sub(a.start.max(b.start)) } else { 0 }
}

fn inside(a: &Fragment, b: &Fragment) -> bool {
    overlap(a, b) * 10 >= (a.end - a.start) * 9
}

/// Whether two fragments are nearly the same: nine tenths of each are in the other.
fn alike(a: &Fragment, b: &Fragment) -> bool {
    inside(a, b) && inside(b, a)
}

/// The most code that could go first: lines times the places beyond the first.
pub(super) fn in_order(a: &CloneGroup, b: &CloneGroup) -> Ordering {
    (a.in_test, b.saved(), b.tokens)
        .cmp(&(b.in_test, a.saved(), a.tokens))
        .then_with(|| a.places.cmp(&b.places))
        .then_with(|| a.fingerprint.cmp(&b.fingerprint))
}

/// How many lines of each file are in an exact duplicate, by position of the file.
pub(super) fn covered(pairs: &[Pair]) -> Vec<(usize, u32)> {
    let mut stretches: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
    for fragment in pairs.iter().filter(|pair| pair.exact).flat_map(|pair| [pair.one, pair.other]) {
        stretches.entry(fragment.file).or_default().push(fragment.lines);
    }
    let total = |mut lines: Vec<(u32, u32)>| {
        lines.sort_unstable();
        let sum = lines.iter().fold((0, 0), |(sum, reached): (u32, u32), (start, end)| {
            (sum + end.saturating_sub(reached.max(*start)), reached.max(*end))
        });
        sum.0
    };
    stretches.into_iter().map(|(file, lines)| (file as usize, total(lines))).collect()
}
