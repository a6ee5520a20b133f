//! Elixir and Erlang, both with packages of Hex: `mix.exs` as far as it is written out, `mix.lock`, `rebar.lock`.

use std::collections::HashMap;

use super::{Locked, Malformed, ManifestFacts, Read, Requirement, Root, ascending, exact_semver, index};
use crate::report::Scope;

fn facts(format: &str) -> ManifestFacts {
    ManifestFacts { ecosystem: "Hex".into(), format: format.to_owned(), ..ManifestFacts::default() }
}

/// Reads `mix.exs`: entries such as `{:plug, "~> 1.14", only: :test}`.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every reader")]
pub(super) fn mix(_path: &str, text: &str) -> Read {
    let mut facts = facts("mix.exs");
    let mut inside = false;
    let mut joined: Option<(u32, String)> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split(" #").next().unwrap_or(line).trim();
        if line.starts_with('#') {
            continue;
        }
        // Functions that give lists of dependencies have such names: `deps`, `dev_deps`.
        if let Some(name) = ["defp ", "def "].iter().find_map(|word| line.strip_prefix(word)) {
            let name = name.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
            inside = name.contains("deps") || name.contains("dependencies");
        }
        if facts.package.is_none()
            && let Some(app) = line.strip_prefix("app: :")
        {
            facts.package = Some(app.trim_end_matches(',').to_owned());
        }
        if !inside {
            continue;
        }
        let (start, text) = match joined.take() {
            Some((start, before)) if before.len() < 2_000 => (start, format!("{before} {line}")),
            _ => (number, line.to_owned()),
        };
        let mut rest = text.as_str();
        while let Some(open) = rest.find("{:") {
            let Some((tuple, after)) = rest[open + 1..].split_once('}') else {
                joined = Some((start, rest[open..].to_owned()));
                break;
            };
            facts.requirements.extend(dependency(tuple, start));
            rest = after;
        }
    }
    Ok(facts)
}

/// `:plug, "~> 1.14", only: [:dev, :test]`
fn dependency(tuple: &str, line: u32) -> Option<Requirement> {
    let mut parts = tuple.splitn(2, ',');
    let name = parts.next()?.trim().strip_prefix(':')?;
    let rest = parts.next().unwrap_or_default().trim();
    let option = |key: &str| rest.split_once(&format!("{key}:")).map(|(_, value)| value.trim_start());
    let names = |value: &str| {
        let end = if value.starts_with('[') { value.find(']') } else { value.find(',') };
        value[..end.unwrap_or(value.len())].to_owned()
    };
    let scope = match option("only").map(names) {
        Some(only) if !only.contains(":prod") => Scope::Dev,
        _ if option("optional").is_some_and(|value| value.starts_with("true")) => Scope::Optional,
        _ => Scope::Runtime,
    };
    // `runtime: false` alone means that something is only needed to build.
    let built_with = option("runtime").is_some_and(|value| value.starts_with("false"));
    let scope = if built_with && scope == Scope::Runtime { Scope::Build } else { scope };
    let mut requirement = Requirement::new(name, scope, line);
    let written = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(written, _)| written);
    requirement.requirement = written.map(str::to_owned);
    requirement.version = written.map(|text| text.trim_start_matches("==").trim()).and_then(exact_semver);
    requirement.local = option("in_umbrella").is_some() || option("path").is_some();
    if let Some(real) = option("hex").and_then(|value| value.strip_prefix(':')) {
        requirement.alias = Some(name.to_owned());
        names(real).clone_into(&mut requirement.name);
    }
    Some(requirement)
}

/// Reads `mix.lock`: a map with one line for each package.
pub(super) fn mix_lock(_path: &str, text: &str) -> Read {
    if !text.trim_start().starts_with("%{") {
        return Err(Malformed);
    }
    let mut facts = ManifestFacts { lockfile: true, ..facts("mix.lock") };
    let mut by_name: HashMap<String, u32> = HashMap::new();
    let mut needs: Vec<Vec<String>> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let Some((name, value)) = line.trim().split_once(": {:") else { continue };
        let name = name.trim_matches('"');
        let (kind, rest) = value.split_once(',').ok_or(Malformed)?;
        let (package, version) = match kind.trim() {
            "hex" => {
                let (package, rest) = rest.trim().trim_start_matches(':').split_once(',').ok_or(Malformed)?;
                let version = rest.split('"').nth(1).ok_or(Malformed)?;
                (package.trim_matches('"'), Some(version))
            }
            _ => (name, None),
        };
        by_name.insert(name.to_owned(), index(facts.locked.len()));
        facts.locked.push(Locked::new(package, version, number));
        // `[{:telemetry, "~> 1.0", [hex: :telemetry, ...]}]`
        needs.push(rest.match_indices("{:").filter_map(|(at, _)| word(&rest[at + 2..])).collect());
    }
    for (at, needs) in needs.into_iter().enumerate() {
        facts.locked[at].requires =
            ascending(needs.iter().filter_map(|name| by_name.get(name).copied()).collect());
    }
    Ok(facts)
}

fn word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

/// Reads `rebar.lock`: `{<<"cowlib">>,{pkg,<<"cowlib">>,<<"2.12.1">>},1}`, where the number is the distance from the
/// root.
pub(super) fn rebar_lock(_path: &str, text: &str) -> Read {
    if !text.trim_start().starts_with(['{', '[']) {
        return Err(Malformed);
    }
    let mut facts = ManifestFacts { lockfile: true, ..facts("rebar.lock") };
    let mut direct = Vec::new();
    let mut current: Option<u32> = None;
    let mut name = "";
    for (number, line) in (1..).zip(text.lines()) {
        if line.contains("pkg_hash") {
            break;
        }
        let texts: Vec<&str> =
            line.split("<<\"").skip(1).filter_map(|rest| rest.split("\">>").next()).collect();
        if line.contains(",{pkg,")
            && let [_, package, version, ..] = texts.as_slice()
        {
            current = Some(index(facts.locked.len()));
            facts.locked.push(Locked::new(*package, Some(version), number));
        } else if line.contains("{git,") {
            // The name may stand on the line before.
            let name = texts.first().copied().unwrap_or(name);
            current = Some(index(facts.locked.len()));
            facts.locked.push(Locked::new(name, None, number));
        } else if line.contains(">>,") && line.contains("{<<") {
            current = None;
        }
        name = texts.first().copied().unwrap_or(name);
        // The level may stand on a line of its own.
        let level =
            line.trim_end_matches([']', '}', ',', '.', ' ']).rsplit(',').next().unwrap_or_default().trim();
        if level == "0"
            && line.contains("0}")
            && let Some(at) = current.take()
        {
            direct.push(at);
        }
    }
    facts.roots.push(Root { folder: Some(String::new()), name: None, requires: ascending(direct) });
    Ok(facts)
}
