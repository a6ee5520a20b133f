//! From records and packages to findings.
//!
//! Databases describe the same vulnerability under several ids. Records that name each other become one finding,
//! so that a count of findings is a count of vulnerabilities.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::affects::{affects, base, covering, entries, lowest_fixed, normal_name};
use super::aside;
use super::osv::OsvRecord;
use super::severity;
use super::{AdvisoryAnswer, AdvisoryResult};
use crate::finding;
use crate::report::{
    AdvisoryCheck, AdvisoryState, Confidence, Dependency, Finding, FindingKind, PackageHit, RuleInfo,
    Severity, Span,
};

/// Holds the records against the packages in use.
///
/// Ecosystems that `answer` does not cover are named in `uncovered`; without data nothing is compared at all.
/// `imported` are the packages that Go code of the repository imports, tests included, where all such code was read: a
/// vulnerability in a package of a module that no code here imports is told apart, and is of low severity at most, whether
/// this repository asks for the module itself or some dependency does, perhaps for another package of it. So is what only
/// development uses, and what a library of Ruby pins for its own tests; `shipped` is what shipped code imports, as it is written there, and the names of the
/// packages that this takes along.
pub fn check(
    dependencies: &[Dependency],
    answer: &AdvisoryAnswer,
    imported: Option<&BTreeSet<&str>>,
    shipped: &BTreeSet<&str>,
) -> AdvisoryResult {
    let usable = matches!(answer.state, AdvisoryState::Checked { .. });
    let covered: BTreeSet<&str> =
        if usable { answer.covered.iter().map(|name| base(name)).collect() } else { BTreeSet::new() };
    let in_use: BTreeSet<&str> =
        dependencies.iter().map(|dependency| dependency.ecosystem.as_str()).collect();
    let known = |dependency: &&Dependency| covered.contains(base(&dependency.ecosystem));
    let unpinned: BTreeSet<(&str, &str)> = dependencies
        .iter()
        .filter(known)
        .filter(|dependency| dependency.version.is_none())
        .map(|dependency| (dependency.ecosystem.as_str(), dependency.name.as_str()))
        .collect();

    let index = index(&answer.records);
    let mut compared = 0;
    let mut seen: HashMap<(String, String, String), u32> = HashMap::new();
    let of_a_gem = aside::is_gem(dependencies);
    let (list, rules) = (Vec::new(), BTreeMap::new());
    let mut result = Findings { imported, shipped, all: dependencies, of_a_gem, list, rules };
    for dependency in dependencies.iter().filter(known) {
        let Some(version) = dependency.version.as_deref() else { continue };
        compared += 1;
        let name = normal_name(&dependency.ecosystem, &dependency.name).into_owned();
        let Some(records) = index.get(&(base(&dependency.ecosystem), name.clone())) else { continue };
        let hits: Vec<&OsvRecord> = records
            .iter()
            .copied()
            .filter(|record| affects(record, &dependency.ecosystem, &dependency.name, version))
            .collect();
        let clean = if hits.is_empty() { None } else { clean(records, dependency, version) };
        for group in same_vulnerability(&hits) {
            let id = group[0].id.clone();
            let occurrence = seen.entry((dependency.ecosystem.clone(), name.clone(), id)).or_default();
            result.add(dependency, version, (&group, clean.as_deref()), *occurrence);
            *occurrence += 1;
        }
    }
    finding::sort(&mut result.list);
    AdvisoryResult {
        check: AdvisoryCheck {
            state: answer.state.clone(),
            uncovered: in_use
                .iter()
                .filter(|name| !covered.contains(base(name)))
                .map(|name| (*name).to_owned())
                .collect(),
            unpinned: u32::try_from(unpinned.len()).unwrap_or(u32::MAX),
            compared,
        },
        findings: result.list,
        rules: result.rules,
    }
}

/// Steps from one mended version to the next, at most: a package has at most some dozens of advisories.
const MOST_STEPS: usize = 100;

/// The lowest version from `version` on, found by taking what mends all that is known of the version at hand again and
/// again, that no vulnerability is known of; `None` where one of them is not mended.
fn clean(records: &[&OsvRecord], dependency: &Dependency, version: &str) -> Option<String> {
    let (ecosystem, name) = (&dependency.ecosystem, &dependency.name);
    let mut at = version.to_owned();
    for _ in 0..MOST_STEPS {
        let mut next: Option<String> = None;
        for record in records {
            if !affects(record, ecosystem, name, &at) || notice(&[record], dependency).is_some() {
                continue;
            }
            let fixed = lowest_fixed(&[record], ecosystem, name, &at)?;
            let later =
                |known: &String| crate::versions::compare(ecosystem, known, &fixed) == Some(Ordering::Less);
            if next.as_ref().is_none_or(later) {
                next = Some(fixed);
            }
        }
        let Some(next) = next else { return (at != version).then_some(at) };
        // What does not lead further up would never end.
        if crate::versions::compare(ecosystem, &at, &next) != Some(Ordering::Less) {
            return None;
        }
        at = next;
    }
    None
}

/// Records by ecosystem and normal name of the packages they are about, each list by id.
fn index(records: &[OsvRecord]) -> HashMap<(&str, String), Vec<&OsvRecord>> {
    let mut index: HashMap<(&str, String), Vec<&OsvRecord>> = HashMap::new();
    for record in records.iter().filter(|record| record.withdrawn.is_none()) {
        for affected in &record.affected {
            let ecosystem = base(&affected.package.ecosystem);
            let name = normal_name(ecosystem, &affected.package.name).into_owned();
            index.entry((ecosystem, name)).or_default().push(record);
        }
    }
    for list in index.values_mut() {
        list.sort_by(|a, b| a.id.cmp(&b.id));
        list.dedup_by(|a, b| a.id == b.id);
    }
    index
}

/// Groups records that share an id or an alias; the first of a group speaks for it, and groups are in its order.
///
/// Two records of one database are never merged, whatever aliases they share: a database that gives two ids means
/// two things.
fn same_vulnerability<'a>(hits: &[&'a OsvRecord]) -> Vec<Vec<&'a OsvRecord>> {
    let database = |record: &'a OsvRecord| record.id.split('-').next();
    let mut in_order = hits.to_vec();
    // A database of the ecosystem's own knows it better than one that collects from all.
    in_order
        .sort_by_key(|record| (record.id.starts_with("GHSA-"), record.id.starts_with("CVE-"), &record.id));
    let mut groups: Vec<(BTreeSet<&str>, Vec<&OsvRecord>)> = Vec::new();
    for record in in_order {
        let names = || record.aliases.iter().chain([&record.id]).map(String::as_str);
        let same = groups.iter_mut().find(|(known, members)| {
            names().any(|name| known.contains(name))
                && members.iter().all(|member| database(member) != database(record))
        });
        match same {
            Some((known, members)) => {
                known.extend(names());
                members.push(record);
            }
            None => groups.push((names().collect(), vec![record])),
        }
    }
    let mut groups: Vec<Vec<&OsvRecord>> = groups.into_iter().map(|(_, members)| members).collect();
    groups.sort_by(|a, b| a[0].id.cmp(&b[0].id));
    groups
}

/// Kinds of notices that are no vulnerability: crates.io calls them informational.
fn notice(group: &[&OsvRecord], dependency: &Dependency) -> Option<String> {
    let kinds: Vec<Option<String>> = group
        .iter()
        .map(|record| {
            entries(record, &dependency.ecosystem, &dependency.name)
                .map(|affected| &affected.database_specific)
                .chain([&record.database_specific])
                .find_map(|specific| specific.get("informational").and_then(Value::as_str))
                .map(str::to_owned)
        })
        .collect();
    // One record that takes it for a vulnerability is enough.
    kinds.iter().all(Option::is_some).then(|| kinds.into_iter().flatten().next()).flatten()
}

struct Findings<'a> {
    imported: Option<&'a BTreeSet<&'a str>>,
    shipped: &'a BTreeSet<&'a str>,
    all: &'a [Dependency],
    /// Whether the repository is a library of Ruby.
    of_a_gem: bool,
    list: Vec<Finding>,
    rules: BTreeMap<String, RuleInfo>,
}

impl Findings<'_> {
    /// `clean` is the version that no record names any more.
    fn add(
        &mut self,
        dependency: &Dependency,
        version: &str,
        (group, clean): (&[&OsvRecord], Option<&str>),
        occurrence: u32,
    ) {
        let (ecosystem, name) = (&dependency.ecosystem, &dependency.name);
        let primary = group[0];
        let notice = notice(group, dependency);
        let stated = group
            .iter()
            .filter_map(|record| severity::stated(record, covering(record, ecosystem, name, version).next()))
            .max();
        let severity = match notice.as_deref() {
            Some("unsound") => Severity::Low,
            Some(_) => Severity::Info,
            None => stated.unwrap_or(Severity::Medium),
        };
        let unreached = self.imported.and_then(|imported| unreached(group, dependency, version, imported));
        let fixed = lowest_fixed(group, ecosystem, name, version);
        // Code that was written to do harm does so on the machines of those who develop, too.
        let malicious = group.iter().any(|record| record.id.starts_with("MAL-"));
        let development = aside::for_development(dependency, self.all, self.shipped)
            .or_else(|| aside::for_its_own_tests(dependency, self.of_a_gem));
        let lowered = unreached.is_some() || (development.is_some() && !malicious);
        let severity = if lowered { severity.min(Severity::Low) } else { severity };
        let mut aliases: Vec<String> = group
            .iter()
            .flat_map(|record| record.aliases.iter().chain([&record.id]))
            .filter(|alias| **alias != primary.id)
            .cloned()
            .collect();
        aliases.sort();
        aliases.dedup();
        let summary = summary(group);
        // Several advisories about one package can have the same summary: the id tells them apart.
        let id = &primary.id;
        let what = match notice.as_deref() {
            None => format!("`{name}` {version} has a known vulnerability, {id}: {summary}"),
            Some("unmaintained") => format!("`{name}` {version} is no longer maintained, {id}: {summary}"),
            Some("unsound") => format!("`{name}` {version} is unsound, {id}: {summary}"),
            Some(_) => format!("There is a notice about `{name}` {version}, {id}: {summary}"),
        };
        let taken = notice.is_none() && stated.is_none() && !lowered;
        let unrated = if taken { " (severity not stated, taken as medium)" } else { "" };
        let note = unreached.as_deref().or(development).map(|note| format!(".{note}")).unwrap_or_default();
        let rule = format!("advisory.{}", primary.id);
        // A manifest that asks for any version, or for a range of them, has not this one on its line; the lockfile has.
        let places = &dependency.evidence;
        let of_lockfile = places.iter().find(|place| aside::is_lockfile(&place.path)).or(places.last());
        let said = dependency.requirement.as_ref().is_some_and(|asked| names(asked, version));
        let place = if said { places.first() } else { of_lockfile };
        let span = place.cloned().unwrap_or_else(|| Span::file(""));
        self.list.push(Finding {
            fingerprint: finding::fingerprint(&[
                &rule,
                ecosystem,
                &normal_name(ecosystem, name),
                &occurrence.to_string(),
            ]),
            rule: rule.clone(),
            kind: FindingKind::Advisory,
            severity,
            confidence: Confidence::High,
            message: format!("{what}{unrated}{note}"),
            in_test: dependency.role.is_apart(),
            in_example: dependency.role == crate::report::Role::Example,
            span,
            symbol: None,
            package: Some(PackageHit {
                ecosystem: ecosystem.clone(),
                name: name.clone(),
                version: version.to_owned(),
                advisory: primary.id.clone(),
                aliases,
                fixed,
                clean: clean.map(str::to_owned),
                via: dependency.via.clone(),
            }),
        });
        self.rules.entry(rule).or_insert_with(|| rule_info(dependency, group, notice.as_deref(), &summary));
    }
}

/// What to say of a Go module of which the repository's own code imports none of the affected packages; `None` where
/// it imports one, or where some record does not say which packages are affected.
fn unreached(
    group: &[&OsvRecord],
    dependency: &Dependency,
    version: &str,
    imported: &BTreeSet<&str>,
) -> Option<String> {
    let (ecosystem, name) = (&dependency.ecosystem, &dependency.name);
    if base(ecosystem) != "Go" {
        return None;
    }
    let mut packages = BTreeSet::new();
    for affected in group.iter().flat_map(|record| covering(record, ecosystem, name, version)) {
        // A database that knows packages speaks for one that does not.
        let imports = affected.ecosystem_specific.get("imports").and_then(Value::as_array);
        let paths = imports.into_iter().flatten().map(|one| one.get("path").and_then(Value::as_str));
        for path in paths {
            packages.insert(path?);
        }
    }
    let reached = packages.is_empty() || packages.iter().any(|path| imported.contains(path));
    let named: Vec<String> = packages.iter().take(3).map(|path| format!("`{path}`")).collect();
    let more = if packages.len() > named.len() { " and others" } else { "" };
    (!reached).then(|| {
        format!(
            " Your code does not import the affected package ({}{more}); whether a dependency does was not looked at.",
            named.join(", ")
        )
    })
}

fn rule_info(dependency: &Dependency, group: &[&OsvRecord], notice: Option<&str>, summary: &str) -> RuleInfo {
    let name = &dependency.name;
    let has_fix = group
        .iter()
        .flat_map(|record| entries(record, &dependency.ecosystem, name))
        .flat_map(|affected| &affected.ranges)
        .any(|range| range.events.iter().any(|event| event.fixed.is_some()));
    let fix = match (notice, has_fix) {
        (Some("unmaintained"), _) => format!("Plan to replace `{name}` with a maintained package."),
        (_, true) => format!("Update `{name}` to a version that is not affected."),
        (_, false) => {
            format!(
                "No fixed release of `{name}` is known: replace it, or make sure that the affected part is not used."
            )
        }
    };
    let mut cwe: Vec<u32> = group.iter().flat_map(|record| cwe_numbers(&record.database_specific)).collect();
    cwe.sort_unstable();
    cwe.dedup();
    let mut links: Vec<String> = Vec::new();
    for reference in group.iter().flat_map(|record| &record.references) {
        if reference.url.starts_with("https://") && !links.contains(&reference.url) && links.len() < 5 {
            links.push(reference.url.clone());
        }
    }
    let why = group.iter().find_map(|record| record.details.as_deref()).unwrap_or(summary);
    let verb = if has_fix { "Update" } else { "Replace" };
    let id = group.first().map_or("", |record| record.id.as_str());
    RuleInfo { title: format!("{verb} `{name}` ({id}): {summary}"), why: why.to_owned(), fix, cwe, links }
}

/// `CWE-79` in any of the places where databases put it.
fn cwe_numbers(specific: &Value) -> Vec<u32> {
    let lists = ["cwe_ids", "cwes", "cwe"].iter().filter_map(|key| specific.get(key));
    lists
        .flat_map(|list| match list {
            Value::Array(items) => items.clone(),
            other => vec![other.clone()],
        })
        .filter_map(|item| {
            let text = item.as_str().or_else(|| item.get("cweId").and_then(Value::as_str))?;
            text.strip_prefix("CWE-")?.parse().ok()
        })
        .collect()
}

/// Whether a requirement names exactly this version: `=1.2.3`, `v1.2.3`, `[1.2.3]`, but not `^1.2.3` or `1.2.30`.
fn names(requirement: &str, version: &str) -> bool {
    let bare = |text: &str| text.trim_matches(['=', 'v', ' ', '[', ']', '"']).to_owned();
    bare(requirement) == bare(version)
}

/// One line: the summary, else the first line of the details, else the id.
fn summary(group: &[&OsvRecord]) -> String {
    let first_line = |text: &str| {
        text.lines().map(|line| line.trim_start_matches('#').trim()).find(|line| !line.is_empty()).map(
            |line| {
                let cut: String = line.chars().take(160).collect();
                if cut.len() < line.len() { format!("{}...", cut.trim_end()) } else { cut }
            },
        )
    };
    group
        .iter()
        .find_map(|record| record.summary.as_deref().and_then(first_line))
        .or_else(|| group.iter().find_map(|record| record.details.as_deref().and_then(first_line)))
        .unwrap_or_else(|| group[0].id.clone())
}
