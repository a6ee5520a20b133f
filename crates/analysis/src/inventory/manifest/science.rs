//! Conda environments, the lockfile of renv (R), and what cabal freezes (Haskell).

use std::collections::HashMap;

use super::{Locked, Malformed, ManifestFacts, Read, Requirement, ascending, index, requirements};
use crate::inventory::tree::{self, Node};
use crate::report::Scope;

fn facts(ecosystem: &str, format: &str) -> ManifestFacts {
    ManifestFacts { ecosystem: ecosystem.into(), format: format.into(), ..ManifestFacts::default() }
}

/// Reads `environment.yml`. What stands under `pip:` comes from `PyPI`.
pub(super) fn conda(_path: &str, text: &str) -> Read {
    let root = tree::yaml(text).filter(Node::is_map).ok_or(Malformed)?;
    let mut facts = facts("Conda", "environment.yml");
    for node in root.list("dependencies") {
        if let Some(text) = node.text() {
            facts.requirements.extend(specification(text, node.line));
        }
        for line in node.list("pip") {
            let Some(text) = line.text() else { continue };
            if let Some(mut requirement) = requirements::parse(text, Scope::Runtime, line.line) {
                requirement.ecosystem = Some("PyPI".into());
                facts.requirements.push(requirement);
            }
        }
    }
    Ok(facts)
}

/// `conda-forge::numpy=1.24.3=py311_0`, `numpy >=1.20,<2`, `python=3.11`.
fn specification(text: &str, line: u32) -> Option<Requirement> {
    let text = text.rsplit("::").next()?.trim();
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = rest.split(['#', '[']).next()?.trim();
    let mut requirement = Requirement::new(name.to_lowercase(), Scope::Runtime, line);
    requirement.requirement = (!rest.is_empty()).then(|| rest.to_owned());
    // One sign and three numbers are a version; `=3.11` is any of its releases, `==3.11` itself.
    let mut parts = rest.trim_start_matches('=').split('=');
    let version = parts.next().filter(|version| {
        version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains([',', '*', '|', '<', '>', ' '])
    });
    let whole = rest.starts_with("==")
        || parts.next().is_some()
        || version.is_some_and(|v| v.matches('.').count() > 1);
    requirement.version = version.filter(|_| whole && rest.starts_with('=')).map(str::to_owned);
    (!name.is_empty()).then_some(requirement)
}

/// Reads `renv.lock`.
pub(super) fn renv(_path: &str, text: &str) -> Read {
    let root = tree::json(text).filter(Node::is_map).ok_or(Malformed)?;
    let packages = root.get("Packages").ok_or(Malformed)?;
    let mut facts = ManifestFacts { lockfile: true, ..facts("CRAN", "renv.lock") };
    let mut known: HashMap<&str, u32> = HashMap::new();
    for (name, node) in packages.entries() {
        known.insert(name, index(facts.locked.len()));
        facts.locked.push(Locked::new(name.as_str(), node.text_of("Version"), node.line));
    }
    for (at, (_, node)) in packages.entries().iter().enumerate() {
        let needs = node.list("Requirements").iter().filter_map(|need| known.get(need.text()?).copied());
        facts.locked[at].requires = ascending(needs.collect());
    }
    Ok(facts)
}

/// Reads `cabal.project.freeze`: `constraints: any.aeson ==2.1.2.1,`.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every reader")]
pub(super) fn cabal_freeze(_path: &str, text: &str) -> Read {
    let mut facts = ManifestFacts { lockfile: true, ..facts("Hackage", "cabal.project.freeze") };
    for (number, line) in (1..).zip(text.lines()) {
        for part in line.split(',') {
            let part = part.trim().trim_start_matches("constraints:").trim();
            let Some((name, version)) = part.strip_prefix("any.").and_then(|rest| rest.split_once(" =="))
            else {
                continue;
            };
            facts.locked.push(Locked::new(name.trim(), Some(version.trim()), number));
        }
    }
    Ok(facts)
}
