//! Findings by their fingerprints, and past the renaming of their files.

use std::collections::{BTreeMap, BTreeSet};

use super::{FindingChanges, Moved};
use crate::report::{FileSummary, Finding, FindingKind, Report, Suppressed};

/// What two sightings have in common when only the name of the file is another.
type Likeness<'r> = (&'r str, Option<&'r str>, &'r str, &'r str);

pub(super) fn changes(old: &Report, new: &Report, not_looked_up: &BTreeSet<&str>) -> FindingChanges {
    let prints = |findings: &[Finding]| -> BTreeSet<String> {
        findings.iter().map(|finding| finding.fingerprint.clone()).collect()
    };
    let hidden = |suppressed: &[Suppressed]| -> BTreeSet<String> {
        suppressed.iter().map(|it| it.finding.fingerprint.clone()).collect()
    };
    let (old_open, new_open) = (prints(&old.findings), prints(&new.findings));
    let (old_hidden, new_hidden) = (hidden(&old.suppressed), hidden(&new.suppressed));
    let comparable = |finding: &Finding| {
        finding.kind != FindingKind::Advisory
            || finding.package.as_ref().is_none_or(|hit| !not_looked_up.contains(hit.ecosystem.as_str()))
    };
    let unread: BTreeSet<&str> = new.coverage.skipped.iter().map(|skipped| skipped.path.as_str()).collect();

    let mut changes = FindingChanges::default();
    let mut came = Vec::new();
    for finding in &new.findings {
        if old_open.contains(&finding.fingerprint) {
            changes.still += 1;
        } else if comparable(finding) {
            changes.reopened += u32::from(old_hidden.contains(&finding.fingerprint));
            came.push(finding);
        } else {
            changes.not_compared += 1;
        }
    }
    let mut went = Vec::new();
    for finding in old.findings.iter().filter(|finding| !new_open.contains(&finding.fingerprint)) {
        if new_hidden.contains(&finding.fingerprint) {
            changes.suppressed += 1;
        } else if comparable(finding) && !unread.contains(finding.span.path.as_str()) {
            went.push(finding);
        } else {
            changes.not_compared += 1;
        }
    }
    let moved = moved(old, new, &came, &went);
    let arrived: BTreeSet<&str> = moved.iter().map(|(to, _)| to.fingerprint.as_str()).collect();
    let left: BTreeSet<&str> = moved.iter().map(|(_, from)| from.fingerprint.as_str()).collect();
    let kept = |findings: Vec<&Finding>, without: &BTreeSet<&str>| -> Vec<Finding> {
        findings.into_iter().filter(|it| !without.contains(it.fingerprint.as_str())).cloned().collect()
    };
    changes.new = kept(came, &arrived);
    changes.gone = kept(went, &left);
    changes.moved = moved
        .iter()
        .map(|(to, from)| Moved {
            to: to.span.path.clone(),
            from: from.span.path.clone(),
            fingerprint: to.fingerprint.clone(),
        })
        .collect();
    changes.moved.sort();
    changes.still += u32::try_from(changes.moved.len()).unwrap_or(u32::MAX);
    changes
}

/// Pairs what came with what went where a file was renamed, in the order of their lines.
fn moved<'r>(
    old: &'r Report,
    new: &'r Report,
    came: &[&'r Finding],
    went: &[&'r Finding],
) -> Vec<(&'r Finding, &'r Finding)> {
    let renamed = renamed(&old.files, &new.files);
    let mut sources: BTreeMap<Likeness<'_>, Vec<&Finding>> = BTreeMap::new();
    for finding in went {
        sources.entry(likeness(finding, &finding.span.path)).or_default().push(finding);
    }
    for sightings in sources.values_mut() {
        // The first is taken from the end.
        sightings.sort_by_key(|finding| std::cmp::Reverse((&finding.span, &finding.fingerprint)));
    }
    let mut in_order: Vec<&Finding> = came.to_vec();
    in_order.sort_by_key(|finding| (&finding.span, &finding.fingerprint));
    in_order
        .into_iter()
        .filter_map(|finding| {
            let from = renamed.get(finding.span.path.as_str())?;
            Some((finding, sources.get_mut(&likeness(finding, from))?.pop()?))
        })
        .collect()
}

fn likeness<'r>(finding: &'r Finding, path: &'r str) -> Likeness<'r> {
    (&finding.rule, finding.symbol.as_deref(), &finding.message, path)
}

/// Files by their new name that had another before.
///
/// Only files that one report has and the other does not come into question. They are one when they agree in their
/// last name and language, or in their size and lines to the last one; and only when nothing else agrees as well,
/// because a finding that is wrongly called known is never looked at.
fn renamed<'r>(old: &'r [FileSummary], new: &'r [FileSummary]) -> BTreeMap<&'r str, &'r str> {
    let (left, came) = (only(old, new), only(new, old));
    let mut pairs = BTreeMap::new();
    let by_content: fn(&FileSummary) -> (String, u64, u32) = |file| {
        let lines = file.lines;
        (format!("{} {} {}", file.language, lines.code, lines.comment), file.bytes, lines.blank)
    };
    let by_name: fn(&FileSummary) -> (String, u64, u32) = |file| {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        (format!("{} {name}", file.language), 0, 0)
    };
    for key in [by_content, by_name] {
        let sources = unique(&left, key);
        for (wanted, file) in unique(&came, key) {
            if let Some(source) = sources.get(&wanted) {
                let taken = pairs.values().any(|path| *path == source.path);
                if !taken && !pairs.contains_key(file.path.as_str()) {
                    pairs.insert(file.path.as_str(), source.path.as_str());
                }
            }
        }
    }
    pairs
}

/// The files of one list whose paths the other does not have.
fn only<'r>(of: &'r [FileSummary], without: &[FileSummary]) -> Vec<&'r FileSummary> {
    let there: BTreeSet<&str> = without.iter().map(|file| file.path.as_str()).collect();
    of.iter().filter(|file| !there.contains(file.path.as_str())).collect()
}

/// The files that are the only ones with their key.
fn unique<'r, K: Ord>(
    files: &[&'r FileSummary],
    key: impl Fn(&FileSummary) -> K,
) -> BTreeMap<K, &'r FileSummary> {
    let mut by_key: BTreeMap<K, Option<&FileSummary>> = BTreeMap::new();
    for &file in files {
        by_key.entry(key(file)).and_modify(|known| *known = None).or_insert(Some(file));
    }
    by_key.into_iter().filter_map(|(key, file)| Some((key, file?))).collect()
}
