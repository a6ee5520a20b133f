//! What was seen in one file, in the light of the others: an action of the repository's own organisation is nobody
//! else's, a copied file that holds no credential harms nobody, an image whose user is named where it runs is not
//! started as root.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::{Rule, Unless, set};
use super::subject::image_name;
use super::{InfraFacts, Purpose, UnitSource, matching};
use crate::finding::RawFinding;
use crate::inventory::folder;
use crate::report::{Confidence, Severity};
use crate::source::join;

/// What the files of a repository say that concerns what was seen in others.
#[derive(Debug, Default)]
pub struct Across<'a> {
    /// Owners of the repository, in lower case.
    owners: BTreeSet<String>,
    /// Files of settings, and whether they hold a credential.
    settings: BTreeMap<&'a str, bool>,
    /// Images whose version Kustomize sets, with its folder.
    set: Vec<(&'a str, &'a str)>,
    /// What runs images as another user than root: names of images, services and Dockerfiles, in lower case.
    limited: BTreeSet<String>,
    /// What does not say so.
    unlimited: BTreeSet<String>,
    /// The first file that names each of the repository's own images without a version.
    first: BTreeMap<&'a str, &'a str>,
}

impl<'a> Across<'a> {
    /// `files` are those of the repository outside tests and documentation, by path; `packages` the names that it gives
    /// to its own.
    pub fn of(
        files: impl Iterator<Item = (&'a str, &'a InfraFacts)> + Clone,
        packages: impl Iterator<Item = &'a str>,
    ) -> Self {
        let mut across = Self::default();
        across.owners.extend(packages.filter_map(owner_of_package));
        for (path, facts) in files.clone() {
            across.owners.extend(facts.owners.iter().cloned());
            across.set.extend(facts.sets.iter().map(|image| (folder(path), image.as_str())));
            if let Some(holds) = facts.holds_credentials {
                across.settings.insert(path, holds);
            }
            across.users(facts);
        }
        // What is said of a hint may be left out, so that it does not speak for others.
        for (path, facts) in files.filter(|(_, facts)| facts.purpose != Purpose::Development) {
            for open in facts.open.iter().filter(|open| unless(&open.rule) == Some(Unless::Set)) {
                for image in open.seen.iter().map(|one| one.name.as_str()) {
                    if across.is_ours(image) {
                        across.first.entry(image_name(image)).or_insert(path);
                    }
                }
            }
        }
        across
    }

    fn users(&mut self, facts: &InfraFacts) {
        for unit in &facts.units {
            if !matches!(unit.source, UnitSource::Compose | UnitSource::Workload) {
                continue;
            }
            let image = unit.image.as_deref().map(image_name);
            let names = [Some(unit.name.as_str()), image, unit.dockerfile.as_deref()];
            let names = names.into_iter().flatten().map(str::to_ascii_lowercase);
            if unit.limited { self.limited.extend(names) } else { self.unlimited.extend(names) }
        }
    }

    /// The findings of one file. `secrets` are those of its lines that are known to have a credential: what is said of
    /// such a line is said once.
    pub fn findings(&self, path: &str, facts: &InfraFacts, secrets: &[RawFinding]) -> Vec<RawFinding> {
        let mut found = facts.findings.clone();
        for open in &facts.open {
            let Some(rule) = set().get(&open.rule) else { continue };
            let left: Vec<_> =
                open.seen.iter().filter(|one| !self.settles(rule, path, one)).cloned().collect();
            let ours = rule.unless == Some(Unless::Set) && left.iter().all(|one| self.is_ours(&one.name));
            found.extend(matching::told(rule, &left).into_iter().map(|mut finding| {
                if ours {
                    finding.severity = finding.severity.min(Severity::Info);
                }
                finding
            }));
        }
        let known = |finding: &RawFinding| {
            finding.rule.contains("secret-in-") && secrets.iter().any(|secret| secret.start == finding.start)
        };
        found.retain(|finding| !known(finding));
        match facts.purpose {
            Purpose::Usual => {}
            Purpose::Optional => {
                for finding in &mut found {
                    finding.severity = finding.severity.min(Severity::Medium);
                    finding.confidence = Confidence::Low;
                }
            }
            Purpose::Development => {
                found.retain(|finding| finding.severity >= Severity::Medium);
                for finding in &mut found {
                    (finding.severity, finding.confidence) = (Severity::Low, Confidence::Low);
                }
            }
        }
        found.sort_by(|a, b| (a.start, &a.rule, &a.anchor).cmp(&(b.start, &b.rule, &b.anchor)));
        found.dedup();
        found
    }

    /// Whether the other files make nothing of a sighting.
    fn settles(&self, rule: &Rule, path: &str, seen: &matching::Sighting) -> bool {
        match rule.unless {
            None => false,
            Some(Unless::Own) => {
                let owner = seen.name.split('/').next().unwrap_or_default().to_ascii_lowercase();
                self.owners.contains(&owner)
            }
            Some(Unless::Set) => {
                let (image, here) = (image_without_tag(&seen.name), folder(path));
                let by_kustomize =
                    self.set.iter().any(|(folder, set)| *set == image && is_below(here, folder));
                let told = || self.first.get(image_name(image)).is_some_and(|first| *first != path);
                by_kustomize || (self.is_ours(image) && told())
            }
            Some(Unless::Harmless) => {
                let of_root = self.settings.get(seen.value.trim_start_matches("./"));
                let beside = join(folder(path), &seen.value);
                let beside = beside.and_then(|path| self.settings.get(path.as_str()));
                let known: Vec<&bool> = of_root.into_iter().chain(beside).collect();
                !known.is_empty() && known.iter().all(|holds| !**holds)
            }
            Some(Unless::Limited) => {
                let names = names_of_dockerfile(path);
                names.iter().any(|name| self.limited.contains(name))
                    && !names.iter().any(|name| self.unlimited.contains(name))
            }
        }
    }

    /// Whether the repository's owner publishes an image: `ghcr.io/OWNER/name`.
    fn is_ours(&self, image: &str) -> bool {
        image.rsplit_once('/').is_some_and(|(before, _)| {
            before.split('/').any(|part| self.owners.contains(&part.to_ascii_lowercase()))
        })
    }
}

fn unless(rule: &str) -> Option<Unless> {
    set().get(rule).and_then(|rule| rule.unless)
}

/// The owner that a package's name begins with: `@owner/name`, `owner/name`.
fn owner_of_package(package: &str) -> Option<String> {
    let name = package.strip_prefix("github.com/").or_else(|| package.strip_prefix('@')).unwrap_or(package);
    let (owner, _) = name.split_once('/')?;
    (!owner.is_empty() && !owner.contains('.')).then(|| owner.to_ascii_lowercase())
}

fn image_without_tag(image: &str) -> &str {
    let slash = image.rfind('/').map_or(0, |at| at + 1);
    image[slash..].find(':').map_or(image, |colon| &image[..slash + colon])
}

fn is_below(folder: &str, above: &str) -> bool {
    above.is_empty()
        || folder == above
        || folder.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}

/// What a Dockerfile may be known by where its image runs: its path, and its folder's name.
fn names_of_dockerfile(path: &str) -> Vec<String> {
    let plain = |part: &&str| !matches!(*part, "src" | "docker" | "build" | "app" | "");
    let named = folder(path).rsplit('/').find(plain);
    [Some(path), named].into_iter().flatten().map(str::to_ascii_lowercase).collect()
}
