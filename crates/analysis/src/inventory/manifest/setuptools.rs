//! setuptools: `setup.cfg`, and what is written out literally in `setup.py`. Code is never run, so a list that is
//! computed stays unknown.

use super::{ManifestFacts, Read, Requirement, requirements};
use crate::report::Scope;

/// Keys and what their packages are needed for.
const KEYS: [(&str, Scope); 3] =
    [("install_requires", Scope::Runtime), ("setup_requires", Scope::Build), ("tests_require", Scope::Dev)];

fn facts(format: &str) -> ManifestFacts {
    ManifestFacts { ecosystem: "PyPI".into(), format: format.to_owned(), ..ManifestFacts::default() }
}

/// Reads `setup.cfg`: sections of keys whose values may go on over indented lines.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every reader")]
pub(super) fn setup_cfg(_path: &str, text: &str) -> Read {
    let mut facts = facts("setup.cfg");
    let mut section = String::new();
    let mut key = String::new();
    for (number, line) in (1..).zip(text.lines()) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.trim().clone_into(&mut section);
            key.clear();
            continue;
        }
        let value = if line.starts_with([' ', '\t']) {
            trimmed
        } else {
            let Some((name, value)) = trimmed.split_once(['=', ':']) else { continue };
            name.trim().clone_into(&mut key);
            value.trim()
        };
        let scope = match section.as_str() {
            "metadata" if key == "name" => {
                facts.package = Some(value.to_owned());
                continue;
            }
            "metadata" if key == "license" => {
                facts.license = Some(value.to_owned());
                continue;
            }
            "options" => KEYS.iter().find(|(name, _)| *name == key).map(|(_, scope)| *scope),
            "options.extras_require" => Some(Scope::Optional),
            _ => None,
        };
        if let Some(scope) = scope {
            facts.requirements.extend(requirements::parse(value, scope, number));
        }
    }
    Ok(facts)
}

/// Reads `setup.py`.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every reader")]
pub(super) fn setup_py(_path: &str, text: &str) -> Read {
    let mut facts = facts("setup.py");
    for (key, scope) in KEYS {
        for (at, _) in text.match_indices(key) {
            let rest = text[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
            if let Some(list) =
                rest.strip_prefix(['=', ':']).map(str::trim_start).and_then(|rest| rest.strip_prefix('['))
            {
                let offset = text.len() - list.len();
                literals(list, offset, text, scope, &mut facts.requirements);
                break;
            }
        }
    }
    facts.package = keyword(text, "name");
    facts.license = keyword(text, "license");
    facts.requirements.sort_by_key(|requirement| requirement.line);
    Ok(facts)
}

/// The string literals up to the closing bracket.
fn literals(list: &str, offset: usize, text: &str, scope: Scope, found: &mut Vec<Requirement>) {
    let mut line = line_at(text, offset);
    let mut rest = list;
    while let Some(c) = rest.chars().next() {
        match c {
            ']' => return,
            '"' | '\'' => {
                let Some(end) = rest[1..].find(c) else { return };
                found.extend(requirements::parse(&rest[1..=end], scope, line));
                line += line_breaks(&rest[..=end]);
                rest = &rest[end + 2..];
                continue;
            }
            '#' => {
                rest = rest.find('\n').map_or("", |end| &rest[end..]);
                continue;
            }
            '\n' => line += 1,
            _ => {}
        }
        rest = &rest[c.len_utf8()..];
    }
}

/// The literal of a keyword argument at the start of a line: `name="..."`.
fn keyword(text: &str, key: &str) -> Option<String> {
    text.lines().map(str::trim).find_map(|line| {
        let value = line.strip_prefix(key)?.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value[1..].split_once(quote).map(|(value, _)| value.to_owned())
    })
}

fn line_at(text: &str, offset: usize) -> u32 {
    line_breaks(&text[..offset]) + 1
}

fn line_breaks(text: &str) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', text.as_bytes()).count()).unwrap_or(u32::MAX - 1)
}
