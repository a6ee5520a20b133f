//! Files that say how the software is built, shipped and run: Dockerfiles, compose files, Kubernetes manifests, GitHub
//! workflows, GitLab CI, Procfiles.
//!
//! Each format is brought into subjects (`subject`): a container, a job, a variable, with what it is part of. The
//! rules in `data/rules/infra-*.toml` look at subjects and know no format otherwise. What a file says about services
//! and their calls becomes [`Unit`]s, which `structure::services` joins.
//!
//! Helm charts are templates: what they say is known only after Helm filled them in, so they are skipped with that
//! reason.

mod compose;
mod dockerfile;
mod gitlab;
mod hosts;
mod kind;
mod kubernetes;
mod matching;
mod procfile;
mod redact;
mod rules;
mod subject;
#[cfg(test)]
mod tests;
mod units;
mod workflow;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::RawFinding;
use crate::inventory::tree::yaml_documents;
use crate::report::{Confidence, RuleInfo, Severity, SkipReason};
use crate::source::SourceFile;
use kind::Kind;
use subject::Subject;

pub(crate) use rules::FILES as RULE_FILES;
pub use units::{Host, Need, Unit, UnitSource};

/// Larger files are not read: nobody writes them.
const LARGEST: usize = 1 << 20;

/// What an infrastructure file says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct InfraFacts {
    /// What the rules saw, by line.
    pub findings: Vec<RawFinding>,
    /// What it says about services.
    pub units: Vec<Unit>,
}

/// Looks at one file; `None` when it is no infrastructure file. `sample` says that the file is a test, an example or
/// documentation: nothing of it runs in production, so only what matters more than that is kept, as a hint.
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
    if let Some(facts) = facts.as_mut().ok().filter(|_| sample) {
        facts.findings.retain(|finding| finding.severity >= Severity::Medium);
        for finding in &mut facts.findings {
            (finding.severity, finding.confidence) = (Severity::Low, Confidence::Low);
        }
    }
    Some(facts)
}

fn read(kind: Kind, path: &str, text: &str) -> Result<InfraFacts, SkipReason> {
    let (subjects, units) = match kind {
        Kind::Template => return Err(SkipReason::Template),
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
                Kind::Workflow => workflow::read(path, &documents),
                _ => gitlab::read(path, &documents),
            }
        }
    };
    Ok(InfraFacts { findings: findings(kind, &subjects), units: units::bounded(units) })
}

fn findings(kind: Kind, subjects: &[Subject]) -> Vec<RawFinding> {
    let mut found: Vec<RawFinding> =
        rules::set().of(kind).flat_map(|rule| matching::findings(rule, subjects)).collect();
    found.sort_by(|a, b| (a.start, &a.rule, &a.anchor).cmp(&(b.start, &b.rule, &b.anchor)));
    found.dedup();
    found
}

/// The rules that [`InfraFacts::findings`] refer to, by id.
pub fn rules() -> BTreeMap<String, RuleInfo> {
    rules::infos()
}
