//! What a manifest takes from others of its ecosystem: versions that are decided in one place, and variables.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Located, folders_above};
use crate::advisories::normal_name;
use crate::inventory::manifest::{Lineage, Requirement, named_version};

/// How many manifests a chain of parents may have, and how many imports are looked at for one requirement.
const LONGEST: usize = 32;
/// How deep variables may refer to each other, and how long the text may become.
const VARIABLE_DEPTH: usize = 8;
const VARIABLE_BYTES: usize = 512;
/// How many requirements one manifest may become: one name can stand for a list of packages.
const MOST: usize = 50_000;

/// A requirement and the manifest that offers it.
type Offer<'a> = (usize, &'a Requirement);

/// Everything that manifests offer to others.
pub(super) struct Heritage<'a> {
    manifests: &'a [Located<'a>],
    /// By ecosystem, folder and name; with the position of the manifest.
    offers: HashMap<(&'a str, &'a str, Cow<'a, str>), Vec<Offer<'a>>>,
    /// By ecosystem, folder and name.
    variables: HashMap<(&'a str, &'a str, &'a str), &'a str>,
    /// Manifests whose packages others take from the repository, by ecosystem and package.
    packages: HashMap<(&'a str, &'a str), usize>,
    /// What those offer.
    managed: HashMap<(usize, &'a str), &'a Requirement>,
}

impl<'a> Heritage<'a> {
    pub(super) fn new(manifests: &'a [Located<'a>]) -> Self {
        let mut heritage = Self {
            manifests,
            offers: HashMap::new(),
            variables: HashMap::new(),
            packages: HashMap::new(),
            managed: HashMap::new(),
        };
        for (at, manifest) in manifests.iter().enumerate() {
            let (facts, ecosystem) = (manifest.facts, manifest.facts.ecosystem.as_str());
            if let Lineage::Names { .. } = facts.lineage {
                if let Some(package) = &facts.package {
                    heritage.packages.entry((ecosystem, package)).or_insert(at);
                }
                for offer in &facts.inheritable {
                    heritage.managed.entry((at, &offer.name)).or_insert(offer);
                }
                continue;
            }
            // A gem or a Go module of the repository is taken from it, or could be: its version is nobody else's.
            if let Some(package) = facts.package.as_deref().filter(|_| matches!(ecosystem, "RubyGems" | "Go"))
            {
                heritage.packages.entry((ecosystem, package)).or_insert(at);
            }
            for (name, value) in &facts.variables {
                heritage.variables.entry((ecosystem, manifest.speaks_for(), name)).or_insert(value);
            }
            for offer in &facts.inheritable {
                let name = normal_name(ecosystem, offer.alias.as_deref().unwrap_or(&offer.name));
                let known = heritage.offers.entry((ecosystem, manifest.speaks_for(), name)).or_default();
                // A name that two manifests of a folder offer is the first one's.
                if known.last().is_none_or(|(other, last)| *other == at && last.name != offer.name) {
                    known.push((at, offer));
                }
            }
        }
        heritage
    }

    /// What the manifest asks for, with what is inherited filled in.
    pub(super) fn requirements(&self, at: usize) -> Vec<Requirement> {
        let mut filled = Vec::new();
        for requirement in &self.manifests[at].facts.requirements {
            if filled.len() >= MOST {
                break;
            }
            let offers = if requirement.inherited { self.offers(at, requirement) } else { Vec::new() };
            if offers.is_empty() {
                filled.extend(self.settled(at, at, requirement.clone()));
            }
            filled.extend(
                offers.into_iter().filter_map(|(of, offer)| self.settled(at, of, taken(requirement, offer))),
            );
        }
        filled
    }

    /// The requirement without variables; what it asks for is written in the manifest `of`. `None` where its name
    /// stays unknown.
    fn settled(&self, at: usize, mut of: usize, mut requirement: Requirement) -> Option<Requirement> {
        let ecosystem = self.manifests[at].facts.ecosystem.as_str();
        if refers(&requirement.name) {
            let name = self.expanded(at, &requirement.name, 0)?;
            match name.match_indices(':').nth(1) {
                // The variable held a whole coordinate of Maven.
                Some((end, _)) if ecosystem == "Maven" => {
                    name[..end].clone_into(&mut requirement.name);
                    requirement.requirement = Some(name[end + 1..].to_owned());
                    requirement.version = named_version(ecosystem, &name[end + 1..]);
                }
                _ => requirement.name = name,
            }
            if requirement.inherited
                && requirement.requirement.is_none()
                && let Some((from, offer)) = self.offers(at, &requirement).first()
            {
                (of, requirement) = (*from, taken(&requirement, offer));
            }
        }
        if let Some(written) = requirement.requirement.as_deref().filter(|written| refers(written)) {
            let expanded = self.expanded(of, written, 0);
            requirement.version = expanded.and_then(|text| named_version(ecosystem, &text));
        }
        requirement.local |= self.packages.contains_key(&(ecosystem, requirement.name.as_str()));
        Some(requirement)
    }

    /// What is offered under the name of a requirement, each with the manifest whose variables it refers to.
    fn offers(&self, at: usize, requirement: &Requirement) -> Vec<Offer<'a>> {
        let manifest = self.manifests[at];
        if let Lineage::Names { .. } = manifest.facts.lineage {
            return self.managed(at, &requirement.name).into_iter().collect();
        }
        let ecosystem = manifest.facts.ecosystem.as_str();
        let wanted = normal_name(ecosystem, requirement.alias.as_deref().unwrap_or(&requirement.name));
        let nearest = folders_above(manifest.folder())
            .find_map(|folder| self.offers.get(&(ecosystem, folder, wanted.clone())));
        // What is above a manifest is read as if it stood in it.
        nearest.into_iter().flatten().map(|(_, offer)| (at, *offer)).collect()
    }

    /// The version that the manifest, its parents or what they import decide for a package.
    fn managed(&self, at: usize, name: &str) -> Option<Offer<'a>> {
        let mut todo = vec![at];
        let mut seen = Vec::new();
        while let Some(at) = todo.pop() {
            if seen.len() >= LONGEST || seen.contains(&at) {
                continue;
            }
            seen.push(at);
            let line = self.line_of(at);
            if let Some(offer) = line.iter().find_map(|at| self.managed.get(&(*at, name))) {
                // A parent is read as if it stood in its child; an import speaks for itself.
                return Some((at, offer));
            }
            let imports = line.iter().flat_map(|&of| match &self.manifests[of].facts.lineage {
                Lineage::Names { imports, .. } => imports.as_slice(),
                Lineage::Folders => &[],
            });
            let imports: Vec<usize> =
                imports.take(LONGEST).filter_map(|import| self.package(at, import)).collect();
            todo.extend(imports.into_iter().rev());
        }
        None
    }

    /// The manifest of a package that another one names.
    fn package(&self, at: usize, name: &str) -> Option<usize> {
        let ecosystem = self.manifests[at].facts.ecosystem.as_str();
        if refers(name) {
            return self.packages.get(&(ecosystem, self.expanded(at, name, 0)?.as_str())).copied();
        }
        self.packages.get(&(ecosystem, name)).copied()
    }

    /// The manifest, its parent, the parent of that.
    fn line_of(&self, at: usize) -> Vec<usize> {
        let mut line = vec![at];
        while let Some(&last) = line.last()
            && line.len() < LONGEST
            && let Lineage::Names { parent: Some(parent), .. } = &self.manifests[last].facts.lineage
            && let Some(&next) =
                self.packages.get(&(self.manifests[last].facts.ecosystem.as_str(), parent.as_str()))
            && !line.contains(&next)
        {
            line.push(next);
        }
        line
    }

    fn variable(&self, at: usize, name: &str) -> Option<&'a str> {
        let manifest = self.manifests[at];
        if let Lineage::Names { .. } = manifest.facts.lineage {
            let mut line = self.line_of(at).into_iter();
            return line.find_map(|at| self.manifests[at].facts.variables.get(name).map(String::as_str));
        }
        let own = manifest.facts.variables.get(name).map(String::as_str);
        let ecosystem = manifest.facts.ecosystem.as_str();
        own.or_else(|| {
            folders_above(manifest.folder())
                .find_map(|folder| self.variables.get(&(ecosystem, folder, name)).copied())
        })
    }

    /// The text with its variables replaced; `None` where one is not known.
    fn expanded(&self, at: usize, text: &str, depth: usize) -> Option<String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some(start) = reference(rest) {
            let (before, from) = rest.split_at(start);
            let close = if from.starts_with("${") { '}' } else { ')' };
            let (name, after) = from[2..].split_once(close)?;
            out.push_str(before);
            let value = self.variable(at, name.trim()).filter(|_| depth < VARIABLE_DEPTH)?;
            if refers(value) {
                out.push_str(&self.expanded(at, value, depth + 1)?);
            } else {
                out.push_str(value);
            }
            if out.len() > VARIABLE_BYTES {
                return None;
            }
            rest = after;
        }
        out.push_str(rest);
        Some(out)
    }
}

/// The requirement with what the offer decides.
fn taken(requirement: &Requirement, offer: &Requirement) -> Requirement {
    let mut filled = requirement.clone();
    filled.name.clone_from(&offer.name);
    filled.requirement.clone_from(&offer.requirement);
    filled.version.clone_from(&offer.version);
    filled.local = offer.local;
    if filled.scope == crate::report::Scope::Runtime {
        filled.scope = offer.scope;
    }
    filled
}

fn refers(text: &str) -> bool {
    reference(text).is_some()
}

fn reference(text: &str) -> Option<usize> {
    match (text.find("${"), text.find("$(")) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
