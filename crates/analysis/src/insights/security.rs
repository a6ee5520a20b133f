//! Vulnerable and unmaintained packages, secrets, insecure code.

use std::collections::BTreeMap;

use super::Draft;
use super::rank::{Proposal, worth};
use super::reach;
use crate::check::Check;
use crate::quality;
use crate::report::{
    Dependency, Effort, Evidence, Finding, FindingKind, PackageHit, Role, RuleInfo, Scope, Severity, Span,
    counted,
};

/// Packages by ecosystem and name, with the findings about them.
type ByPackage<'a> = BTreeMap<(&'a str, &'a str), Vec<(&'a Finding, &'a PackageHit)>>;

fn by_package<'a>(draft: &Draft<'a>, wanted: impl Fn(&Finding) -> bool) -> ByPackage<'a> {
    let mut packages = ByPackage::new();
    for finding in
        draft.findings.iter().filter(|finding| finding.kind == FindingKind::Advisory && wanted(finding))
    {
        if let Some(hit) = &finding.package {
            packages.entry((&hit.ecosystem, &hit.name)).or_default().push((finding, hit));
        }
    }
    packages
}

fn dependency<'a>(draft: &Draft<'a>, hit: &PackageHit) -> Option<&'a Dependency> {
    let same = |one: &&Dependency| one.ecosystem == hit.ecosystem && one.name == hit.name;
    let mut known = draft.dependencies.iter().filter(same);
    let exact = known.clone().find(|one| one.version.as_deref() == Some(&hit.version));
    exact.or_else(|| known.next())
}

/// Whether a package is used while the program is made, tested or described, and never by the program itself. What
/// shipped code imports is part of the program, whatever the manifest calls it.
fn is_for_development(draft: &Draft<'_>, used: &Dependency) -> bool {
    let places = || used.evidence.iter();
    let beside = !used.evidence.is_empty() && places().all(|span| reach::is_for_the_workshop(&span.path));
    let bundled = || quality::is_bundled(used, draft.imported);
    beside || used.role != Role::Project || (used.scope == Scope::Dev && !bundled())
}

/// Packages with known vulnerabilities that a newer version mends: one proposal for each package.
pub(super) fn vulnerable_packages(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    for ((ecosystem, name), mut hits) in by_package(draft, |finding| finding.severity >= Severity::Medium) {
        // Of several versions of a package the program's own are told of: what development has beside them does not
        // make them less bad.
        let development =
            |hit: &PackageHit| dependency(draft, hit).is_some_and(|used| is_for_development(draft, used));
        let ships = |one: &(&Finding, &PackageHit)| !one.0.in_test && !development(one.1);
        if hits.iter().any(ships) {
            hits.retain(ships);
        }
        hits.sort_by(|a, b| b.0.severity.cmp(&a.0.severity).then_with(|| a.1.advisory.cmp(&b.1.advisory)));
        let Some((first, hit)) = hits.first().copied() else { continue };
        let used = dependency(draft, hit);
        let direct = used.is_some_and(|used| used.direct);
        // What only tests and examples name harms nobody, and what comes through another package is that one's to mend
        // unless it is bad enough to be overridden.
        if hits.iter().all(|(finding, _)| finding.in_test) || (!direct && first.severity < Severity::High) {
            continue;
        }
        let latest = |of: fn(&PackageHit) -> Option<&str>| {
            hits.iter().filter_map(|(_, hit)| of(hit)).reduce(|a, b| later(ecosystem, a, b))
        };
        let Some(mended) = latest(|hit| hit.fixed.as_deref()) else {
            // Nobody but its direct user can do without it, and who has done with it for years will go on.
            hits.retain(|(_, hit)| !is_old(draft, hit));
            let worst = hits.first().copied().filter(|_| direct);
            out.extend(worst.map(|(first, hit)| without_fix(draft, &hits, first, hit)));
            continue;
        };
        // A version that mends these may have others of its own.
        let clean = if hits.iter().all(|(_, hit)| hit.clean.is_some()) {
            latest(|hit| hit.clean.as_deref())
        } else {
            None
        };
        let target = clean.unwrap_or(mended);
        let dev = used.is_some_and(|used| is_for_development(draft, used));
        // What only those who build the program run waits for better reasons.
        if dev && first.severity < Severity::Critical {
            continue;
        }
        let major = first_number(target) != first_number(&hit.version);
        let (min, max) = match (direct, major) {
            (true, false) => (10, 30),
            (true, true) => (60, 240),
            (false, false) => (15, 60),
            (false, true) => (60, 300),
        };
        // Below 1.0 any version may break what uses it, and is no major one.
        let new = if hit.version.trim_start_matches('v').starts_with("0.") {
            "a version that may break its users, as all below 1.0"
        } else {
            "a new major version"
        };
        let how = match (direct, major) {
            (true, false) => "a direct dependency, the same major version".to_owned(),
            (true, true) => format!("a direct dependency, but {new}"),
            (false, false) => {
                "comes through another package; the lockfile or that package has to move".to_owned()
            }
            (false, true) => format!("comes through another package; {new}"),
        };
        let advisories = ids(&hits);
        let reach = if !direct && has_newer(draft, hit) { NESTED } else { reach(dev, direct) };
        out.push(Proposal {
            kind: "vulnerable_dependency",
            subject: format!("{ecosystem} {name}"),
            severity: first.severity,
            title: format!("Raise `{name}` to {target} or later"),
            why: format!(
                "{} `{name}` {}; {}.{}",
                known(advisories.len(), first.severity),
                hit.version,
                if clean.is_some() {
                    format!("{target} is affected by no advisory at hand")
                } else {
                    format!("{target} mends what is named here, but has others: take the newest")
                },
                reach.note
            ),
            evidence: proof(&hits, first, hit),
            effort: Effort { min_minutes: min, max_minutes: max, reason: format!("1 package: {how}") },
            check: Check::PackageClean { ecosystem: ecosystem.to_owned(), name: name.to_owned(), advisories },
            value: worth(first.severity) * reach.share,
        });
    }
}

/// Years after which what no release mends is no news to those who use the package.
const NEWS: i64 = 2;

/// A year of the Gregorian calendar, in seconds.
const YEAR: i64 = 31_556_952;

/// Whether a vulnerability was known years before the analysed commit, by the year in its ids.
fn is_old(draft: &Draft<'_>, hit: &PackageHit) -> bool {
    let year = |id: &str| {
        id.split('-').find_map(|part| part.parse().ok().filter(|year| (1990..3000).contains(year)))
    };
    let known: Option<i64> = hit.aliases.iter().chain([&hit.advisory]).filter_map(|id| year(id)).max();
    known.is_some_and(|known| known + NEWS <= 1970 + draft.time.div_euclid(YEAR))
}

/// A package that no newer version mends: it goes, or what it is affected in is not used.
fn without_fix(
    draft: &Draft<'_>,
    hits: &[(&Finding, &PackageHit)],
    first: &Finding,
    hit: &PackageHit,
) -> Proposal {
    let dev = dependency(draft, hit).is_some_and(|used| is_for_development(draft, used));
    let reach = reach(dev, true);
    let how = "a direct dependency; its uses are not counted";
    let advisories = ids(hits);
    Proposal {
        kind: "vulnerable_dependency",
        subject: format!("{} {}", hit.ecosystem, hit.name),
        severity: first.severity,
        title: format!("Do without `{}`, or show that {} does not reach you", hit.name, hit.advisory),
        why: format!(
            "{} `{}` {}, and no release mends it: replace the package, or dismiss this once you know that the affected part is not used.{}",
            known(advisories.len(), first.severity),
            hit.name,
            hit.version,
            reach.note
        ),
        evidence: proof(hits, first, hit),
        effort: Effort { min_minutes: 30, max_minutes: 480, reason: format!("1 package: {how}") },
        check: Check::PackageClean { ecosystem: hit.ecosystem.clone(), name: hit.name.clone(), advisories },
        value: worth(first.severity) * reach.share * 0.8,
    }
}

/// Where the package is named, and what is known about it: the worst first.
fn proof(hits: &[(&Finding, &PackageHit)], first: &Finding, hit: &PackageHit) -> Vec<Evidence> {
    let place = Evidence::Span {
        span: first.span.clone(),
        note: format!("`{}` {} is in use{}", hit.name, hit.version, through(hit)),
    };
    let advisories = hits.iter().take(5).map(|(finding, hit)| {
        // The package and the id are said already.
        let title = finding.message.split_once(&format!("{}: ", hit.advisory));
        let said = title.map_or(finding.message.as_str(), |(_, title)| title);
        Evidence::Advisory {
            id: hit.advisory.clone(),
            note: format!("{}: {said}", finding.severity.as_str()),
        }
    });
    std::iter::once(place).chain(advisories).collect()
}

/// The ids of the advisories, each once, in order.
fn ids(hits: &[(&Finding, &PackageHit)]) -> Vec<String> {
    let mut ids: Vec<String> = hits.iter().map(|(_, hit)| hit.advisory.clone()).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// `1 known vulnerability of high severity affects`, `3 known vulnerabilities, the worst of high severity, affect`.
fn known(count: usize, worst: Severity) -> String {
    let worst = worst.as_str();
    match count {
        1 => format!("1 known vulnerability of {worst} severity affects"),
        more => format!("{more} known vulnerabilities, the worst of {worst} severity, affect"),
    }
}

/// How far what is wrong with a package reaches, as a share of its worth, and what to say of it.
struct Reach {
    share: f64,
    note: &'static str,
}

/// A copy that another package keeps for itself, while the program has a newer one.
const NESTED: Reach = Reach {
    share: 0.4,
    note: " Another package brings this copy along; a newer version is in use beside it.",
};

/// Whether a newer version of the package is in use, too, which none of the same findings is about.
fn has_newer(draft: &Draft<'_>, hit: &PackageHit) -> bool {
    let mut others = draft.dependencies.iter().filter(|one| {
        one.ecosystem == hit.ecosystem && one.name == hit.name && one.direct && one.role == Role::Project
    });
    others.any(|one| {
        let newer = one.version.as_deref().filter(|version| *version != hit.version);
        newer.is_some_and(|version| later(&hit.ecosystem, &hit.version, version) == version)
    })
}

fn reach(dev: bool, direct: bool) -> Reach {
    if dev {
        Reach { share: 0.55, note: " It is used for development only." }
    } else {
        Reach { share: if direct { 1.0 } else { 0.92 }, note: "" }
    }
}

fn through(hit: &PackageHit) -> String {
    if hit.via.is_empty() { String::new() } else { format!(" through {}", hit.via.join(" > ")) }
}

pub(super) fn later<'v>(ecosystem: &str, a: &'v str, b: &'v str) -> &'v str {
    match crate::versions::compare(ecosystem, a, b) {
        Some(std::cmp::Ordering::Less) => b,
        _ => a,
    }
}

/// The part of a version that changes when something may break: the first number that is not zero.
pub(super) fn first_number(version: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in version.trim_start_matches(['v', '=']).split(['.', '-', '+']).take(2) {
        parts.push(part);
        if part != "0" {
            break;
        }
    }
    parts
}

/// Packages whose authors say that they no longer look after them.
pub(super) fn unmaintained_packages(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let unmaintained = |finding: &Finding| {
        let message = finding.message.to_lowercase();
        // One package of a module that is not imported says nothing of the others.
        let reached = !message.contains("does not import the affected package");
        finding.severity <= Severity::Low && message.contains("unmaintained") && reached
    };
    for ((ecosystem, name), hits) in by_package(draft, unmaintained) {
        let Some((first, hit)) = hits.first().copied() else { continue };
        // Only what a manifest of this repository asks for can be replaced here.
        if !dependency(draft, hit).is_some_and(|used| used.direct && used.scope != Scope::Dev) {
            continue;
        }
        out.push(Proposal {
            kind: "unmaintained_dependency",
            subject: format!("{ecosystem} {name}"),
            severity: Severity::Low,
            title: format!("Replace `{name}`, which is no longer maintained"),
            why: format!("{name} {} is a direct dependency, and {} says that nobody maintains it: the next vulnerability stays.", hit.version, hit.advisory),
            evidence: vec![
                Evidence::Span { span: first.span.clone(), note: format!("`{name}` {} is asked for", hit.version) },
                Evidence::Advisory { id: hit.advisory.clone(), note: first.message.clone() },
            ],
            effort: Effort { min_minutes: 60, max_minutes: 480, reason: "1 package, its uses not counted".to_owned() },
            check: Check::PackageClean {
                ecosystem: ecosystem.to_owned(),
                name: name.to_owned(),
                advisories: vec![hit.advisory.clone()],
            },
            value: worth(Severity::Low),
        });
    }
}

/// Secrets in files: one proposal for each rule, since they are dealt with together.
pub(super) fn secrets(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in draft.findings {
        let shipped = !finding.in_test && !draft.is_beside(&finding.span.path);
        if finding.kind == FindingKind::Secret && reach::is_strong(finding, &[]) && shipped {
            by_rule.entry(&finding.rule).or_default().push(finding);
        }
    }
    for (rule, found) in by_rule {
        let Some(first) = found.first() else { continue };
        let severity = found.iter().map(|finding| finding.severity).max().unwrap_or(Severity::High);
        let mut evidence: Vec<Evidence> = found.iter().take(4).map(|finding| spot(finding)).collect();
        evidence.push(metric(
            "Places with this kind of secret",
            format!("{} outside tests and examples", found.len()),
        ));
        out.push(Proposal {
            kind: "secret",
            subject: format!("{rule} {}", first.span.path),
            severity,
            title: format!("Revoke and remove a committed secret in `{}`", first.span.path),
            why: format!(
                "{} in {} of the current commit. Whoever can read the repository can use it, and removing it from the file does not remove it from the history.",
                first.message,
                counted(found.len(), "place")
            ),
            evidence,
            effort: Effort {
                min_minutes: 20,
                max_minutes: 60,
                reason: format!("{}; revoke at the issuer, then read it from the environment", counted(found.len(), "place")),
            },
            check: Check::FindingsGone { fingerprints: found.iter().map(|finding| finding.fingerprint.clone()).collect() },
            value: worth(severity),
        });
    }
}

/// The worth of code that is insecure, but that no stranger is seen to reach: below that of hard functions.
const OUT_OF_REACH: f64 = 33.0;

/// The worth of a connection whose other end nobody checks: who sits between needs no way in first.
const UNCHECKED_CONNECTION: f64 = 52.0;

/// The most that insecure code is worth that no stranger's text is seen to reach.
fn unreached_worth(finding: &Finding, info: &RuleInfo) -> f64 {
    let bad = finding.severity >= Severity::High;
    if bad && info.cwe.contains(&295) { UNCHECKED_CONNECTION } else { OUT_OF_REACH }
}

/// Whether the code itself gives away what should be secret.
fn is_readable(finding: &Finding, info: &RuleInfo) -> bool {
    finding.severity >= Severity::High && info.cwe.iter().any(|cwe| matches!(cwe, 321 | 798))
}

/// Insecure code: one proposal for each rule and file; for a rule about infrastructure one in all, since its places are
/// dealt with together.
pub(super) fn insecure_code(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let reach = reach::Reach::of(draft);
    let mut groups: BTreeMap<(&str, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in draft.findings {
        let weakness = draft.rules.get(&finding.rule).map_or(&[][..], |info| &info.cwe);
        let matters = finding.kind == FindingKind::Security && reach::is_strong(finding, weakness);
        let of_infrastructure = reach::is_infrastructure(&finding.rule);
        let beside = finding.in_test || (!of_infrastructure && draft.is_beside(&finding.span.path));
        if matters && !beside && reach.reached(finding) {
            let place = if of_infrastructure { "" } else { &finding.span.path };
            groups.entry((&finding.rule, place)).or_default().push(finding);
        }
    }
    for ((rule, _), found) in groups {
        let (Some(first), Some(info)) = (found.first(), draft.rules.get(rule)) else { continue };
        let mut paths: Vec<&str> = found.iter().map(|finding| finding.span.path.as_str()).collect();
        paths.dedup();
        let path = first.span.path.as_str();
        let mut evidence: Vec<Evidence> = found.iter().take(4).map(|finding| spot(finding)).collect();
        let commits = draft.files.iter().find(|file| file.path == path).map(|file| file.commits);
        evidence.extend(weakness(info));
        if let Some(commits) = commits.filter(|commits| *commits > 0) {
            evidence.push(metric("Commits in the window", format!("{commits} changed `{path}`")));
        }
        let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
        // The places of one rule in one file are seen and changed together, those of other files each by itself.
        let files = u32::try_from(paths.len()).unwrap_or(u32::MAX);
        let more = count.saturating_sub(files);
        let min = 15_u32.saturating_mul(files).saturating_add(5_u32.saturating_mul(more));
        let max = 45_u32.saturating_mul(files).saturating_add(15_u32.saturating_mul(more));
        // What no stranger's text is seen to reach comes after what is known to cost something every week.
        let outside = found.iter().any(|finding| reach::is_from_outside(finding));
        let shown = found.iter().any(|finding| is_readable(finding, info));
        if !(outside || shown || reach::is_infrastructure(rule) || first.severity >= Severity::High) {
            continue;
        }
        // Code that anybody who sends a request can run comes before all else, a key in the repository too.
        let certain = first.severity == Severity::Critical;
        let value = if certain { 100.0 } else { worth(first.severity) };
        let value = if outside || shown || certain { value } else { value.min(unreached_worth(first, info)) };
        let place = match paths.len() {
            1 => format!("`{path}`"),
            2 => format!("`{path}` and 1 other file"),
            more => format!("`{path}` and {} other files", more - 1),
        };
        out.push(Proposal {
            kind: "insecure_code",
            subject: format!("{rule} {path}"),
            severity: first.severity,
            title: format!("{} in {place}", info.title),
            why: format!("{}. {}", first.message.trim_end_matches('.'), info.why),
            evidence,
            effort: Effort {
                min_minutes: min.min(240),
                max_minutes: max.min(600),
                reason: format!("{}, {}", counted(paths.len(), "file"), counted(found.len(), "place")),
            },
            check: Check::FindingsGone {
                fingerprints: found.iter().map(|finding| finding.fingerprint.clone()).collect(),
            },
            value,
        });
    }
}

fn spot(finding: &Finding) -> Evidence {
    Evidence::Span { span: finding.span.clone(), note: finding.message.clone() }
}

fn weakness(info: &RuleInfo) -> Option<Evidence> {
    let cwe = info.cwe.first()?;
    Some(metric("Kind of weakness", format!("CWE-{cwe}. {}", info.fix)))
}

pub(super) fn metric(name: &str, note: String) -> Evidence {
    Evidence::Metric { name: name.to_owned(), note }
}

pub(super) fn file(path: &str, note: String) -> Evidence {
    Evidence::Span { span: Span::file(path), note }
}
