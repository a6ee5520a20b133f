//! Bundler and RubyGems: `Gemfile`, `*.gemspec` and `Gemfile.lock`. The first two are Ruby, which is never run: what is
//! written out is read.

use std::collections::HashMap;

use super::{Locked, Malformed, ManifestFacts, Read, Requirement, Root, ascending, index};
use crate::report::Scope;

fn facts(format: &str) -> ManifestFacts {
    ManifestFacts { ecosystem: "RubyGems".into(), format: format.to_owned(), ..ManifestFacts::default() }
}

/// Reads `Gemfile`.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every reader")]
pub(super) fn gemfile(_path: &str, text: &str) -> Read {
    let mut facts = facts("Gemfile");
    // What each open block means for the gems in it: (development, beside this repository).
    let mut blocks: Vec<(bool, bool)> = Vec::new();
    for (number, line) in statements(text) {
        let (word, rest) = first_word(&line);
        if word == "end" {
            blocks.pop();
            continue;
        }
        if matches!(word, "gem" | "gem(")
            && let Some(mut requirement) = gem(rest, Scope::Runtime, number)
        {
            let groups = option(rest, "group").or_else(|| option(rest, "groups"));
            if groups.is_some_and(development) || blocks.iter().any(|(development, _)| *development) {
                requirement.scope = Scope::Dev;
            }
            requirement.local = option(rest, "path").is_some() || blocks.iter().any(|(_, local)| *local);
            facts.requirements.push(requirement);
        }
        let opens = line.ends_with(" do") || line.ends_with('|') && line.contains(" do |");
        if opens || matches!(word, "if" | "unless" | "case" | "def" | "begin" | "while") {
            blocks.push((word == "group" && development(rest), word == "path"));
        }
    }
    Ok(facts)
}

/// Whether a list of groups has none that is part of what runs.
fn development(groups: &str) -> bool {
    let mut names = groups
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| !matches!(*word, "" | "do" | "group" | "groups" | "optional" | "true"))
        .peekable();
    names.peek().is_some()
        && names.all(|name| {
            ["dev", "test", "ci", "doc", "lint", "rubocop", "debug", "tool", "benchmark", "guard", "cucumber"]
                .iter()
                .any(|part| name.contains(part))
        })
}

/// Reads `*.gemspec`.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every reader")]
pub(super) fn gemspec(_path: &str, text: &str) -> Read {
    let mut facts = facts("gemspec");
    for (number, line) in statements(text) {
        if let Some((_, rest)) = line.split_once("Gem::Specification.new") {
            facts.package = strings(rest).into_iter().next().filter(|name| is_name(name));
            continue;
        }
        let Some((receiver, call)) = line.split_once('.') else { continue };
        if receiver.contains(char::is_whitespace) {
            continue;
        }
        let (word, rest) = first_word(call);
        let scope = match word.trim_end_matches('(') {
            "add_dependency" | "add_runtime_dependency" => Scope::Runtime,
            "add_development_dependency" => Scope::Dev,
            field @ ("name" | "license" | "licenses") => {
                let value =
                    rest.trim_start().strip_prefix('=').and_then(|value| strings(value).into_iter().next());
                let place = if field == "name" { &mut facts.package } else { &mut facts.license };
                *place = place.take().or(value);
                continue;
            }
            _ => continue,
        };
        facts.requirements.extend(gem(rest, scope, number));
    }
    Ok(facts)
}

/// Lines without comments, with those joined that go on after a comma.
fn statements(text: &str) -> Vec<(u32, String)> {
    let mut found: Vec<(u32, String)> = Vec::new();
    let mut goes_on = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = without_comment(line).trim();
        if line.is_empty() {
            continue;
        }
        match found.last_mut().filter(|(_, joined)| goes_on && joined.len() < 4_096) {
            Some((_, joined)) => {
                joined.push(' ');
                joined.push_str(line);
            }
            None => found.push((number, line.to_owned())),
        }
        goes_on = line.ends_with(',');
    }
    found
}

fn without_comment(line: &str) -> &str {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') => return &line[..at],
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    line
}

/// The first word, with a bracket that stands right behind it, and the rest.
fn first_word(line: &str) -> (&str, &str) {
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(line.len());
    let end = if line[end..].starts_with('(') { end + 1 } else { end };
    line.split_at(end)
}

/// The strings of a call, in their order.
fn strings(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(['"', '\'']) {
        let quote = if rest[start..].starts_with('"') { '"' } else { '\'' };
        let Some((inside, after)) = rest[start + 1..].split_once(quote) else { break };
        found.push(inside.to_owned());
        rest = after;
    }
    found
}

/// A name and the requirements behind it: `"rails", "~> 7.0", ">= 7.0.4"`.
fn gem(arguments: &str, scope: Scope, line: u32) -> Option<Requirement> {
    let all = strings(arguments);
    let name = all.first().filter(|name| is_name(name))?;
    if !arguments.trim_start().starts_with(['"', '\'']) {
        return None;
    }
    let mut requirement = Requirement::new(name.as_str(), scope, line);
    let looks = |text: &&String| {
        text.trim_start_matches(['~', '>', '<', '=', '!', ' ']).starts_with(|c: char| c.is_ascii_digit())
    };
    // What follows the bounds are keyword arguments.
    let bounds: Vec<&str> = all.iter().skip(1).take_while(looks).map(String::as_str).collect();
    if let [only] = bounds.as_slice() {
        let exact = only.trim_start_matches('=').trim();
        requirement.version = exact.starts_with(|c: char| c.is_ascii_digit()).then(|| exact.to_owned());
    }
    requirement.requirement = (!bounds.is_empty()).then(|| bounds.join(", "));
    Some(requirement)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

/// The value of a keyword argument, up to the next one.
fn option<'a>(arguments: &'a str, key: &str) -> Option<&'a str> {
    let (at, length) = [format!(" {key}:"), format!(":{key} =>"), format!(",{key}:")]
        .iter()
        .find_map(|spelling| arguments.find(spelling.as_str()).map(|at| (at, spelling.len())))?;
    let value = arguments[at + length..].trim_start();
    let end = if value.starts_with(['[', '%']) { value.find(']') } else { value.find(',') };
    Some(&value[..end.unwrap_or(value.len())])
}

/// Reads `Gemfile.lock`: sections of specifications, two spaces for each level.
pub(super) fn lockfile(_path: &str, text: &str) -> Read {
    let mut facts = ManifestFacts { lockfile: true, ..facts("Gemfile.lock") };
    let mut section = "";
    let mut by_name: HashMap<&str, u32> = HashMap::new();
    let mut needs: Vec<(u32, &str)> = Vec::new();
    let mut direct: Vec<&str> = Vec::new();
    let mut current = None;
    for (number, line) in (1..).zip(text.lines()) {
        let word = line.trim();
        let indent = line.len() - line.trim_start().len();
        match (section, indent) {
            _ if word.is_empty() => {}
            (_, 0) => section = word,
            ("GEM" | "GIT" | "PATH" | "PLUGIN SOURCE", 4) => {
                let (name, version) = named(word);
                // One version for several platforms is one package.
                let at = *by_name.entry(name).or_insert_with(|| {
                    let mut locked = Locked::new(name, version, number);
                    locked.local = section == "PATH";
                    facts.locked.push(locked);
                    index(facts.locked.len() - 1)
                });
                current = Some(at);
            }
            ("GEM" | "GIT" | "PATH" | "PLUGIN SOURCE", 6) => {
                needs.extend(current.map(|at| (at, named(word).0)));
            }
            ("DEPENDENCIES", 2) => direct.push(named(word).0.trim_end_matches('!')),
            _ => {}
        }
    }
    if section.is_empty() || (facts.locked.is_empty() && direct.is_empty() && !text.contains("DEPENDENCIES"))
    {
        return Err(Malformed);
    }
    for (at, name) in needs {
        facts.locked[at as usize].requires.extend(by_name.get(name));
    }
    for locked in &mut facts.locked {
        locked.requires = ascending(std::mem::take(&mut locked.requires));
    }
    let of_gems = facts.locked.iter().filter(|locked| locked.local);
    let members: Vec<Root> = of_gems
        .map(|gem| Root { folder: None, name: Some(gem.name.clone()), requires: gem.requires.clone() })
        .collect();
    let direct = direct.iter().filter_map(|name| by_name.get(name).copied()).collect();
    facts.roots.push(Root { folder: Some(String::new()), name: None, requires: ascending(direct) });
    facts.roots.extend(members);
    Ok(facts)
}

/// `nokogiri (1.15.4-x86_64-linux)` is a name and a version; what follows the dash is a platform.
fn named(text: &str) -> (&str, Option<&str>) {
    match text.split_once(" (") {
        Some((name, rest)) => {
            let version = rest.split([')', '-']).next().unwrap_or(rest);
            (name, Some(version).filter(|version| !version.is_empty()))
        }
        None => (text, None),
    }
}
