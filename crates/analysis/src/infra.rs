//! Files that say how the software is built, shipped and run: Dockerfiles, compose files, Kubernetes manifests, GitHub
//! workflows, GitLab CI, Procfiles.
//!
//! Each format is brought into subjects (`subject`): a container, a job, a variable, with what it is part of. The
//! rules in `data/rules/infra-*.toml` look at subjects and know no format otherwise. What a file says about services
//! and their calls becomes [`Unit`]s, which `structure::services` joins. What only other files can decide stays open
//! until all are known ([`Across`]).
//!
//! Helm charts are templates: what they say is known only after Helm filled them in, so they are skipped with that
//! reason.

mod across;
mod compose;
mod dockerfile;
mod gitlab;
mod hosts;
mod kind;
mod kubernetes;
mod kustomize;
mod matching;
mod owner;
mod procfile;
mod program;
mod redact;
mod rules;
mod settings;
mod subject;
#[cfg(test)]
mod tests;
mod units;
mod workflow;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::RawFinding;
use crate::inventory::has_secret;
use crate::inventory::tree::yaml_documents;
use crate::report::{RuleInfo, SkipReason};
use crate::source::SourceFile;
use kind::Kind;

pub use across::Across;
pub use kind::Purpose;
pub use matching::Sighting;
pub use program::Started;
pub(crate) use program::started;
pub(crate) use rules::FILES as RULE_FILES;
pub(crate) use subject::image_name;
pub use units::{Host, Need, Unit, UnitSource};

/// Larger files are not read: nobody writes them.
const LARGEST: usize = 1 << 20;

/// What an infrastructure file says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct InfraFacts {
    /// What the rules saw, by line.
    pub findings: Vec<RawFinding>,
    /// What they saw, and what other files may make nothing of.
    pub open: Vec<Open>,
    /// How much of it matters.
    pub purpose: Purpose,
    /// What it says about services.
    pub units: Vec<Unit>,
    /// Owners that it names as those of the repository, in lower case.
    pub owners: Vec<String>,
    /// For a file of settings whether it holds a credential.
    pub holds_credentials: Option<bool>,
    /// Images whose version it sets where other files leave it open.
    pub sets: Vec<String>,
}

/// What one rule saw in a file, as far as the file alone can tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// The rule's id.
    pub rule: String,
    /// The sightings.
    pub seen: Vec<Sighting>,
}

/// Looks at one file; `None` when it is no infrastructure file. `sample` says that the file is a test, an example or
/// documentation: nothing of it runs in production, so only what matters more than that is kept, as a hint. So it is
/// with what developers start for themselves.
///
/// # Errors
/// [`SkipReason::Template`] for a template that only its own program can fill in, [`SkipReason::Malformed`] for a file
/// that is not what its name says.
pub fn examine(file: &SourceFile<'_>, sample: bool) -> Option<Result<InfraFacts, SkipReason>> {
    if file.bytes.len() > LARGEST {
        return None;
    }
    let kind = kind::of(file.path, file.bytes)?;
    let text = String::from_utf8_lossy(file.bytes);
    let mut facts = read(kind, file.path, &text);
    if let Ok(facts) = &mut facts {
        facts.purpose = if sample { Purpose::Development } else { kind::purpose(kind, file.path) };
    }
    Some(facts)
}

fn read(kind: Kind, path: &str, text: &str) -> Result<InfraFacts, SkipReason> {
    let mut facts = InfraFacts::default();
    let (subjects, units) = match kind {
        Kind::Template => return Err(SkipReason::Template),
        Kind::Owner => {
            facts.owners = owner::of_file(path, text);
            return Ok(facts);
        }
        Kind::Settings => {
            facts.holds_credentials = Some(settings::hold_credentials(text) || has_secret(text));
            // Compose itself reads only the file of that very name.
            if path.rsplit('/').next() == Some(".env") {
                facts.units = units::bounded(settings::units(text));
            }
            return Ok(facts);
        }
        Kind::Kustomize => {
            facts.sets = kustomize::images(&yaml_documents(text).ok_or(SkipReason::Malformed)?);
            return Ok(facts);
        }
        Kind::Dockerfile => dockerfile::read(path, text),
        Kind::Procfile => (Vec::new(), procfile::read(path, text)),
        Kind::Compose | Kind::Kubernetes | Kind::Workflow | Kind::GitLab => {
            // Braces in quoted text are YAML; what is none because of them is a template.
            let template = kind == Kind::Kubernetes && text.contains("{{");
            let broken = if template { SkipReason::Template } else { SkipReason::Malformed };
            let documents = yaml_documents(text).ok_or(broken)?;
            match kind {
                Kind::Compose => compose::read(path, &documents),
                Kind::Kubernetes => kubernetes::read(path, &documents),
                Kind::Workflow => {
                    facts.owners = owner::of_workflow(text);
                    workflow::read(path, &documents)
                }
                _ => gitlab::read(path, &documents),
            }
        }
    };
    for rule in rules::set().of(kind) {
        let seen = matching::seen(rule, &subjects);
        if rule.unless.is_none() {
            facts.findings.extend(matching::told(rule, &seen));
        } else if !seen.is_empty() {
            facts.open.push(Open { rule: rule.id.clone(), seen });
        }
    }
    facts.findings.sort_by(|a, b| (a.start, &a.rule, &a.anchor).cmp(&(b.start, &b.rule, &b.anchor)));
    facts.findings.dedup();
    facts.units = units::bounded(units);
    Ok(facts)
}

/// The rules that findings about infrastructure refer to, by id.
pub fn rules() -> BTreeMap<String, RuleInfo> {
    rules::infos()
}
