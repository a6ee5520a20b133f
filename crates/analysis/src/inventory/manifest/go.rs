//! Go: `go.mod`. It names the exact version of every module in the build since Go 1.17, so no lockfile is needed.

use std::collections::HashMap;

use super::{Malformed, ManifestFacts, Read, Requirement};
use crate::report::Scope;

/// Reads `go.mod`.
pub(super) fn manifest(_path: &str, text: &str) -> Read {
    let mut facts = ManifestFacts {
        ecosystem: "Go".into(),
        format: "go.mod".into(),
        lockfile: true,
        ..ManifestFacts::default()
    };
    let mut replaced: HashMap<(String, Option<String>), (String, Option<String>)> = HashMap::new();
    let mut block: Option<String> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        let mut words: Vec<String> =
            code.split_whitespace().map(|word| word.trim_matches(['"', '`']).to_owned()).collect();
        if words.is_empty() {
            continue;
        }
        if block.is_some() && words[0] == ")" {
            block = None;
            continue;
        }
        let directive = match &block {
            Some(directive) => directive.clone(),
            None => words.remove(0),
        };
        if block.is_none() && words.first().is_some_and(|word| word == "(") {
            block = Some(directive);
            continue;
        }
        match (directive.as_str(), words.as_slice()) {
            ("module", [name, ..]) => facts.package = Some(name.clone()),
            ("require", [name, version, ..]) => {
                let mut requirement = Requirement::new(name.as_str(), Scope::Runtime, number);
                requirement.requirement = Some(version.clone());
                requirement.version = Some(version.clone());
                requirement.direct = comment.trim() != "indirect" && !comment.trim().starts_with("indirect;");
                facts.requirements.push(requirement);
            }
            ("replace", words) => {
                let Some(arrow) = words.iter().position(|word| word == "=>") else { return Err(Malformed) };
                let (Some(old), Some(new)) = (words.first(), words.get(arrow + 1)) else {
                    return Err(Malformed);
                };
                let old_version = if arrow > 1 { words.get(1).cloned() } else { None };
                replaced.insert((old.clone(), old_version), (new.clone(), words.get(arrow + 2).cloned()));
            }
            _ => {}
        }
    }
    for requirement in &mut facts.requirements {
        let by_version = replaced.get(&(requirement.name.clone(), requirement.version.clone()));
        let Some((name, version)) = by_version.or_else(|| replaced.get(&(requirement.name.clone(), None)))
        else {
            continue;
        };
        match version {
            Some(version) => {
                requirement.alias = (requirement.name != *name).then(|| requirement.name.clone());
                requirement.name.clone_from(name);
                requirement.version = Some(version.clone());
            }
            None => requirement.local = true,
        }
    }
    if facts.package.is_none() && facts.requirements.is_empty() {
        return Err(Malformed);
    }
    Ok(facts)
}
