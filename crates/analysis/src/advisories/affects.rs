//! Does a record cover a version of a package: the evaluation algorithm of the OSV schema.
//!
//! An event whose version cannot be read is left out. That errs towards reporting: what an unreadable `fixed` would
//! have ended stays open.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::osv::{OsvAffected, OsvEvent, OsvRange, OsvRecord};
use crate::versions;

/// The name as its ecosystem compares names: `PyPI` by PEP 503; `Packagist`, `NuGet`, `GitHub Actions` and `SwiftURL`
/// without case, the last also without scheme and `.git`.
pub fn normal_name<'a>(ecosystem: &str, name: &'a str) -> Cow<'a, str> {
    match base(ecosystem) {
        "PyPI" => python_name(name),
        "SwiftURL" => swift_name(name),
        "Packagist" | "NuGet" | "GitHub Actions" if name.bytes().any(|byte| byte.is_ascii_uppercase()) => {
            Cow::Owned(name.to_ascii_lowercase())
        }
        _ => Cow::Borrowed(name),
    }
}

/// The ecosystem without what may follow a colon (`Debian:12`).
pub(super) fn base(ecosystem: &str) -> &str {
    ecosystem.split(':').next().unwrap_or(ecosystem)
}

fn swift_name(name: &str) -> Cow<'_, str> {
    let plain = name.split_once("://").map_or(name, |(_, rest)| rest);
    let plain = plain.split_once('@').map_or(plain, |(_, rest)| rest).trim_end_matches('/');
    let plain = plain.strip_suffix(".git").unwrap_or(plain);
    if plain.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(plain.to_ascii_lowercase());
    }
    Cow::Borrowed(plain)
}

fn python_name(name: &str) -> Cow<'_, str> {
    let normal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if name.bytes().all(normal) {
        return Cow::Borrowed(name);
    }
    let mut normal = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            gap = true;
            continue;
        }
        if gap {
            normal.push('-');
            gap = false;
        }
        normal.extend(c.to_lowercase());
    }
    if gap {
        normal.push('-');
    }
    Cow::Owned(normal)
}

/// Whether the record says that this version of the package is affected. A withdrawn record never does.
pub fn affects(record: &OsvRecord, ecosystem: &str, name: &str, version: &str) -> bool {
    record.withdrawn.is_none() && covering(record, ecosystem, name, version).next().is_some()
}

/// The entries of the record that cover the version, withdrawn or not.
pub(super) fn covering<'a>(
    record: &'a OsvRecord,
    ecosystem: &'a str,
    name: &'a str,
    version: &'a str,
) -> impl Iterator<Item = &'a OsvAffected> {
    entries(record, ecosystem, name).filter(move |affected| {
        let listed = affected.versions.iter().any(|listed| {
            listed == version || versions::compare(ecosystem, listed, version) == Some(Ordering::Equal)
        });
        listed || affected.ranges.iter().any(|range| in_range(range, ecosystem, version))
    })
}

/// The entries of the record that are about the package.
pub(super) fn entries<'a>(
    record: &'a OsvRecord,
    ecosystem: &'a str,
    name: &'a str,
) -> impl Iterator<Item = &'a OsvAffected> {
    let wanted = normal_name(ecosystem, name);
    record.affected.iter().filter(move |affected| {
        base(&affected.package.ecosystem) == base(ecosystem)
            && normal_name(ecosystem, &affected.package.name) == wanted
    })
}

fn in_range(range: &OsvRange, ecosystem: &str, version: &str) -> bool {
    if range.kind == "GIT" || !versions::is_version(ecosystem, version) {
        return false;
    }
    let mut events: Vec<(&OsvEvent, &str)> = range
        .events
        .iter()
        .filter_map(|event| at(event).map(|at| (event, at)))
        .filter(|(_, at)| *at == "0" || versions::is_version(ecosystem, at))
        .collect();
    // Stable: events at one version keep the order in which the record has them.
    events.sort_by(|(_, a), (_, b)| order(ecosystem, a, b));
    let mut affected = false;
    for (event, at) in events {
        let against = order(ecosystem, version, at);
        if event.introduced.is_some() && against.is_ge() {
            affected = true;
        } else if (event.fixed.is_some() && against.is_ge())
            || (event.last_affected.is_some() && against.is_gt())
        {
            affected = false;
        }
    }
    affected && before_limits(range, ecosystem, version)
}

/// Where an event happens; a limit is no event on the line.
fn at(event: &OsvEvent) -> Option<&str> {
    event.introduced.as_deref().or(event.fixed.as_deref()).or(event.last_affected.as_deref())
}

/// The version order with `0` before everything.
fn order(ecosystem: &str, a: &str, b: &str) -> Ordering {
    match (a == "0", b == "0") {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => versions::compare(ecosystem, a, b).unwrap_or(Ordering::Equal),
    }
}

fn before_limits(range: &OsvRange, ecosystem: &str, version: &str) -> bool {
    let mut limits = range.events.iter().filter_map(|event| event.limit.as_deref()).peekable();
    limits.peek().is_none()
        || limits
            .any(|limit| limit == "*" || versions::compare(ecosystem, version, limit) == Some(Ordering::Less))
}

/// The lowest version that one of the records names as fixed, that is newer than `version` and that none of them
/// covers.
pub(super) fn lowest_fixed(
    records: &[&OsvRecord],
    ecosystem: &str,
    name: &str,
    version: &str,
) -> Option<String> {
    let mut fixes: Vec<&str> = records
        .iter()
        .flat_map(|record| entries(record, ecosystem, name))
        .flat_map(|affected| &affected.ranges)
        .filter(|range| range.kind != "GIT")
        .flat_map(|range| &range.events)
        .filter_map(|event| event.fixed.as_deref())
        .filter(|fixed| versions::compare(ecosystem, fixed, version) == Some(Ordering::Greater))
        .collect();
    fixes
        .sort_by(|a, b| versions::compare(ecosystem, a, b).unwrap_or(Ordering::Equal).then_with(|| a.cmp(b)));
    fixes
        .into_iter()
        .find(|fixed| !records.iter().any(|record| affects(record, ecosystem, name, fixed)))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(ecosystem: &str, name: &str, events: &serde_json::Value) -> OsvRecord {
        serde_json::from_value(json!({
            "id": "T-1",
            "affected": [{
                "package": {"ecosystem": ecosystem, "name": name},
                "ranges": [{"type": "ECOSYSTEM", "events": events}],
            }],
        }))
        .unwrap()
    }

    #[test]
    fn events_are_sorted_before_they_are_walked() {
        let unsorted = record(
            "PyPI",
            "Py_Thing",
            &json!([{"fixed": "2.0"}, {"introduced": "3.0"}, {"introduced": "0"}]),
        );
        for (version, wanted) in [("1.0", true), ("2.0", false), ("2.9", false), ("3.0", true)] {
            assert_eq!(affects(&unsorted, "PyPI", "py.thing", version), wanted, "{version}");
        }
    }

    #[test]
    fn limits_withdrawals_and_strangers_do_not_count() {
        let mut limited = record("npm", "a", &json!([{"introduced": "1.0.0"}, {"limit": "2.0.0"}]));
        assert!(affects(&limited, "npm", "a", "1.9.0"));
        assert!(!affects(&limited, "npm", "a", "2.0.0"));
        assert!(!affects(&limited, "npm", "A", "1.9.0"));
        assert!(!affects(&limited, "PyPI", "a", "1.9.0"));
        assert!(!affects(&limited, "npm", "a", "not a version"));
        limited.withdrawn = Some("2024-01-01T00:00:00Z".into());
        assert!(!affects(&limited, "npm", "a", "1.9.0"));
    }

    #[test]
    fn versions_named_one_by_one_count_without_a_range() {
        let mut named = record("PyPI", "a", &json!([]));
        named.affected[0].versions = vec!["1.0.0".into()];
        assert!(affects(&named, "PyPI", "a", "1.0"));
        assert!(!affects(&named, "PyPI", "a", "1.0.1"));
    }

    #[test]
    fn the_fix_is_the_lowest_newer_version_that_nothing_covers() {
        let one = record(
            "npm",
            "a",
            &json!([{"introduced": "0"}, {"fixed": "1.2.0"}, {"introduced": "2.0.0"}, {"fixed": "2.1.0"}]),
        );
        let two = record("npm", "a", &json!([{"introduced": "0"}, {"fixed": "1.3.0"}]));
        assert_eq!(lowest_fixed(&[&one], "npm", "a", "1.0.0").as_deref(), Some("1.2.0"));
        assert_eq!(lowest_fixed(&[&one, &two], "npm", "a", "1.0.0").as_deref(), Some("1.3.0"));
        assert_eq!(lowest_fixed(&[&one], "npm", "a", "2.0.5").as_deref(), Some("2.1.0"));
        assert_eq!(lowest_fixed(&[&one], "npm", "a", "2.1.0"), None);
    }
}
