//! Base images and actions whose makers no longer mend them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Draft;
use super::rank::Proposal;
use super::security::metric;
use crate::check::Check;
use crate::report::{Dependency, Effort, Evidence, Severity};
use crate::table;

const DATA: &str = table!("inventory/end-of-life");

const DAY: i64 = 86_400;

#[derive(Debug, Default, Deserialize)]
struct File {
    support: Vec<Support>,
}

/// When the lines of versions of something ended.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Support {
    ecosystem: String,
    names: Vec<String>,
    /// Last day of support by line of versions.
    ended: BTreeMap<String, String>,
    /// Whether others name the line, by its code name, as a part of their own versions.
    #[serde(default)]
    suffix: bool,
    /// Whether it no longer works at all.
    #[serde(default)]
    stops: bool,
}

impl Support {
    /// Its place in the data.
    fn number(&self) -> usize {
        SUPPORT.iter().position(|one| std::ptr::eq(one, self)).unwrap_or(usize::MAX)
    }
}

// A test reads the data, so that it is never empty here.
static SUPPORT: LazyLock<Vec<Support>> =
    LazyLock::new(|| table::read::<File>(DATA).unwrap_or_default().support);

/// What is known of one version.
struct Ended<'s> {
    /// What ended, such as `node 12` or `debian buster`.
    what: String,
    /// The last day.
    day: &'s str,
    stops: bool,
}

/// Images and actions whose support had ended when the analysed commit was made: one proposal for all that the same
/// newer version mends.
pub(super) fn end_of_life(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let mut by_support: BTreeMap<(usize, String), Vec<(&Dependency, Ended<'_>)>> = BTreeMap::new();
    let beside = |one: &Dependency| {
        let places = || one.evidence.iter();
        one.role.is_apart() || (!one.evidence.is_empty() && places().all(|span| draft.is_beside(&span.path)))
    };
    for dependency in draft.dependencies.iter().filter(|one| one.ecosystem != "Docker" || !beside(one)) {
        if let Some((support, ended)) = ended(dependency, draft.time) {
            // What is known by a code name is in images of several makers, each with its own newer version.
            let name = if support.suffix { dependency.name.clone() } else { String::new() };
            by_support.entry((support.number(), name)).or_default().push((dependency, ended));
        }
    }
    for mut found in by_support.into_values() {
        found.sort_by(|a, b| {
            let key = |one: &(&Dependency, Ended<'_>)| (one.1.day.to_owned(), one.1.what.clone());
            key(a).cmp(&key(b)).then_with(|| a.0.name.cmp(&b.0.name))
        });
        out.extend(move_on(&found));
    }
}

fn move_on(found: &[(&Dependency, Ended<'_>)]) -> Option<Proposal> {
    let (first, oldest) = found.first()?;
    let (name, used) = (&first.name, shown(first));
    let mut versions: Vec<String> = found.iter().map(|(one, _)| written(one).to_owned()).collect();
    versions.dedup();
    let mut also: Vec<String> =
        found.iter().map(|(one, _)| one.name.clone()).filter(|other| other != name).collect();
    also.sort();
    also.dedup();
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut said: Vec<&str> = Vec::new();
    for (dependency, ended) in found {
        let place = dependency.evidence.first().map(|span| Evidence::Span {
            span: span.clone(),
            note: format!("`{}` {} is used", dependency.name, shown(dependency)),
        });
        evidence.extend(place);
        if !said.contains(&ended.what.as_str()) {
            said.push(&ended.what);
            evidence.push(metric(&format!("Support of {}", ended.what), format!("ended on {}", ended.day)));
        }
    }
    let others = match also.len() {
        0 => String::new(),
        1 => format!(" and `{}`", also.first()?),
        more => format!(" and {more} others"),
    };
    let (title, why) = if oldest.stops {
        (
            format!("Raise `{name}`{others}: {used} no longer runs"),
            format!(
                "{} was switched off on {}, so every workflow run that reaches it fails.",
                oldest.what, oldest.day
            ),
        )
    } else {
        (
            format!("Move from `{name}:{used}`{others} to a version that is still mended"),
            format!(
                "Support of {} ended on {}: vulnerabilities that became known in it since are not mended in the image that is built from it.",
                oldest.what, oldest.day
            ),
        )
    };
    Some(Proposal {
        kind: "end_of_life",
        subject: format!("{} {name}", first.ecosystem),
        severity: Severity::Medium,
        title,
        why,
        evidence,
        effort: if oldest.stops {
            Effort {
                min_minutes: 5,
                max_minutes: 30,
                reason: "1 line, and its new options read once".to_owned(),
            }
        } else {
            Effort {
                min_minutes: 15,
                max_minutes: 240,
                reason: "1 line, and whatever the newer version does differently".to_owned(),
            }
        },
        check: Check::VersionsLeft { ecosystem: first.ecosystem.clone(), name: name.clone(), also, versions },
        value: if oldest.stops { 62.0 } else { 50.0 },
    })
}

/// The version as it is written.
fn written(dependency: &Dependency) -> &str {
    dependency.requirement.as_deref().or(dependency.version.as_deref()).unwrap_or_default()
}

/// The same without the digest behind it, which nobody reads.
fn shown(dependency: &Dependency) -> &str {
    let written = written(dependency);
    written.split('@').next().filter(|tag| !tag.is_empty()).unwrap_or(written)
}

fn ended(dependency: &Dependency, time: i64) -> Option<(&'static Support, Ended<'static>)> {
    // A version beside a commit says more than the commit.
    let version = dependency.version.as_deref().or(dependency.requirement.as_deref())?;
    let version = version.split('@').next()?;
    let known = SUPPORT.iter().filter(|support| support.ecosystem == dependency.ecosystem);
    let found = known.filter_map(|support| {
        let named = support.names.contains(&dependency.name);
        let line = support.ended.iter().find(|(line, _)| {
            if named { is_of_line(version, line) } else { support.suffix && names_line(version, line) }
        });
        let (line, day) = line?;
        let what = support.names.first().filter(|_| !named).unwrap_or(&dependency.name);
        Some((support, Ended { what: format!("{what} {line}"), day, stops: support.stops }))
    });
    let mut over = found.filter(|(_, ended)| last_second(ended.day).is_some_and(|end| end < time));
    over.next()
}

/// Whether `3.7.2-slim` is of the line `3.7`, and `buster-slim` of the line `buster`.
fn is_of_line(version: &str, line: &str) -> bool {
    let version = version.strip_prefix('v').unwrap_or(version);
    let first = version.split(['-', '+', '_']).next().unwrap_or(version);
    let numbers: Vec<&str> = first.split('.').collect();
    let wanted: Vec<&str> = line.split('.').collect();
    numbers.starts_with(&wanted)
}

/// Whether a version such as `3.12-buster` names a code name behind its own number.
fn names_line(version: &str, line: &str) -> bool {
    let code_name = line.bytes().all(|byte| byte.is_ascii_lowercase());
    code_name && version.split('-').skip(1).any(|part| part == line)
}

/// The end of a day written as `2024-06-30`, in seconds since the epoch.
fn last_second(day: &str) -> Option<i64> {
    let mut parts = day.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    // Days from civil, after Howard Hinnant: years begin in March, so that the leap day is the last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some((days + 1) * DAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Scope, Span};

    fn image(name: &str, tag: &str) -> Dependency {
        Dependency {
            ecosystem: "Docker".into(),
            name: name.into(),
            version: Some(tag.into()),
            requirement: Some(tag.into()),
            direct: true,
            scope: Scope::Runtime,
            evidence: vec![Span::lines("Dockerfile", 1, 1)],
            via: Vec::new(),
            license: None,
            role: crate::report::Role::default(),
        }
    }

    /// 2025-01-01.
    const NEW_YEAR: i64 = 1_735_689_600;

    #[test]
    fn the_data_can_be_read_and_its_days_are_days() {
        let file: File = table::read(DATA).expect("the data of this crate");
        for support in &file.support {
            assert!(!support.names.is_empty() && !support.ended.is_empty());
            for (line, day) in &support.ended {
                assert!(day.len() == 10 && last_second(day).is_some(), "{line} {day}");
            }
        }
        assert_eq!(last_second("2024-12-31"), Some(NEW_YEAR));
        assert_eq!(last_second("1970-01-01"), Some(DAY));
        assert_eq!(last_second("2024-02-29"), Some(1_709_251_200));
    }

    #[test]
    fn a_line_ends_with_its_day_and_not_before() {
        let what = |name: &str, tag: &str, time| ended(&image(name, tag), time).map(|(_, ended)| ended.what);
        assert_eq!(what("node", "14.21-alpine", NEW_YEAR).as_deref(), Some("node 14"));
        assert_eq!(what("node", "18-alpine", NEW_YEAR), None, "until April 2025");
        assert_eq!(what("node", "140", NEW_YEAR), None);
        assert_eq!(what("python", "3.7", last_second("2023-06-27").unwrap()), None, "the last day itself");
        assert!(what("python", "3.7", last_second("2023-06-27").unwrap() + 1).is_some());
        assert_eq!(what("python", "3", NEW_YEAR), None, "whatever is newest");
        assert_eq!(what("python", "3.12-slim-buster", NEW_YEAR).as_deref(), Some("debian buster"));
        assert_eq!(what("debian", "buster-slim", NEW_YEAR).as_deref(), Some("debian buster"));
        assert_eq!(what("buster", "1", NEW_YEAR), None);
        assert_eq!(what("example.org/node", "14", NEW_YEAR), None, "somebody else's may be mended");
    }

    #[test]
    fn actions_that_were_switched_off_are_told_by_their_tag_or_the_version_beside_the_commit() {
        let action = |version: Option<&str>, requirement: &str| Dependency {
            ecosystem: "GitHub Actions".into(),
            version: version.map(str::to_owned),
            requirement: Some(requirement.into()),
            ..image("actions/cache", "")
        };
        assert!(ended(&action(None, "v2"), last_second("2025-03-01").unwrap() + 1).is_some());
        assert!(ended(&action(Some("v2.1.0"), "0123456"), last_second("2025-03-01").unwrap() + 1).is_some());
        assert!(ended(&action(Some("v4.1.0"), "0123456"), last_second("2025-03-01").unwrap() + 1).is_none());
        assert!(
            ended(&action(None, "2abc0123"), last_second("2025-03-01").unwrap() + 1).is_none(),
            "a commit"
        );
    }
}
