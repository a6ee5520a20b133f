//! Reads the configuration files that say where imports lead. One that cannot be read says nothing.

use serde_json::Value;

use super::ConfigFacts;
use crate::source::SourceFile;

/// Larger files are not read: configuration is small.
const MAX_BYTES: usize = 512 * 1024;

/// Entries kept of each list.
const MAX_ENTRIES: usize = 500;

/// What a file says about where imports lead, if it is a configuration file that does.
pub fn examine_config(file: &SourceFile<'_>) -> Option<ConfigFacts> {
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    let text = std::str::from_utf8(file.bytes).ok().filter(|text| text.len() <= MAX_BYTES)?;
    match name {
        "package.json" => package(text),
        "go.mod" => go(text),
        "Cargo.toml" => cargo(text),
        "composer.json" => composer(text),
        "pyproject.toml" => pyproject(text),
        "setup.cfg" => Some(setup_cfg(text)),
        // Others are source files, which say the same by being there.
        "__init__.py" if text.trim().is_empty() => Some(ConfigFacts::PythonPackage),
        _ if is_typescript_config(name) => typescript(text),
        _ => None,
    }
}

fn is_typescript_config(name: &str) -> bool {
    let json = std::path::Path::new(name).extension().is_some_and(|extension| extension == "json");
    json && (name.starts_with("tsconfig") || name.starts_with("jsconfig"))
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// Conditions of an export that hold only in surroundings of their own: what they lead to stands in for the usual.
const SPECIAL: &[&str] =
    &["browser", "worker", "workerd", "webworker", "edge-light", "react-native", "deno", "bun", "electron"];

/// The targets of a conditional export, in the order written, those of special surroundings last: any of them may be
/// the one that exists here.
fn targets(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut special = Vec::new();
    let mut open = vec![(value, false)];
    while let Some((value, apart)) = open.pop() {
        match value {
            Value::String(target) if apart => special.push(target.clone()),
            Value::String(target) => found.push(target.clone()),
            Value::Array(list) => open.extend(list.iter().rev().map(|value| (value, apart))),
            Value::Object(map) => open.extend(
                map.iter().rev().map(|(key, value)| (value, apart || SPECIAL.contains(&key.as_str()))),
            ),
            _ => {}
        }
        if found.len() + special.len() >= 16 {
            break;
        }
    }
    found.extend(special);
    found
}

fn map_of_targets(value: Option<&Value>) -> Vec<(String, Vec<String>)> {
    let Some(map) = value.and_then(Value::as_object) else { return Vec::new() };
    map.iter().take(MAX_ENTRIES).map(|(key, value)| (key.clone(), targets(value))).collect()
}

fn package(text: &str) -> Option<ConfigFacts> {
    let json: Value = serde_json::from_str(text).ok()?;
    let entries = ["source", "module", "main", "types", "browser", "bin"].iter();
    let entries = entries.filter_map(|key| json.get(key)).flat_map(targets).collect();
    let exports = match json.get("exports") {
        Some(Value::Object(map)) if map.keys().any(|key| key.starts_with('.')) => {
            map_of_targets(json.get("exports"))
        }
        Some(value) => vec![(".".to_owned(), targets(value))],
        None => Vec::new(),
    };
    Some(ConfigFacts::Package {
        name: json.get("name").and_then(string),
        entries,
        exports,
        imports: map_of_targets(json.get("imports")),
    })
}

fn typescript(text: &str) -> Option<ConfigFacts> {
    let json: Value = serde_json::from_str(&without_comments(text)).ok()?;
    let options = json.get("compilerOptions");
    let extends = match json.get("extends") {
        Some(Value::Array(list)) => list.iter().filter_map(string).collect(),
        Some(value) => string(value).into_iter().collect(),
        None => Vec::new(),
    };
    Some(ConfigFacts::TypeScript {
        base_url: options.and_then(|options| options.get("baseUrl")).and_then(string),
        paths: map_of_targets(options.and_then(|options| options.get("paths"))),
        extends,
    })
}

/// JSON out of what TypeScript accepts: comments and trailing commas removed.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut in_string = false;
    while let Some(letter) = rest.next() {
        match (in_string, letter, rest.peek()) {
            (true, '\\', _) => {
                out.push(letter);
                out.extend(rest.next());
            }
            (_, '"', _) => {
                in_string = !in_string;
                out.push(letter);
            }
            (false, '/', Some('/')) => {
                for skipped in rest.by_ref() {
                    if skipped == '\n' {
                        break;
                    }
                }
                out.push('\n');
            }
            (false, '/', Some('*')) => {
                rest.next();
                let mut star = false;
                for skipped in rest.by_ref() {
                    if star && skipped == '/' {
                        break;
                    }
                    star = skipped == '*';
                }
            }
            (false, '}' | ']', _) => {
                let kept = out.trim_end().len();
                if out[..kept].ends_with(',') {
                    out.truncate(kept - 1);
                }
                out.push(letter);
            }
            _ => out.push(letter),
        }
    }
    out
}

fn go(text: &str) -> Option<ConfigFacts> {
    let lines = || text.lines().map(|line| line.split("//").next().unwrap_or_default().trim());
    let module = lines().find_map(|line| line.strip_prefix("module "))?.trim().trim_matches('"');
    // `replace old [version] => ./folder`, alone or in a block.
    let replaced = lines().filter_map(|line| {
        let (old, new) = line.strip_prefix("replace ").unwrap_or(line).split_once("=>")?;
        let folder = new.trim().trim_matches('"');
        let old = old.split_whitespace().next()?.trim_matches('"');
        folder.starts_with('.').then(|| (old.to_owned(), folder.to_owned()))
    });
    let replaced = replaced.take(MAX_ENTRIES).collect();
    Some(ConfigFacts::Go { module: module.to_owned(), replaced })
}

fn cargo(text: &str) -> Option<ConfigFacts> {
    let toml: toml::Table = toml::from_str(text).ok()?;
    let text_at = |table: Option<&toml::Value>, key: &str| {
        table.and_then(|table| table.get(key)).and_then(toml::Value::as_str).map(str::to_owned)
    };
    let package = text_at(toml.get("package"), "name");
    let krate = text_at(toml.get("lib"), "name").or(package).map(|name| name.replace('-', "_"));
    let mut roots = Vec::new();
    for kind in ["bin", "test", "example", "bench"] {
        let listed = toml.get(kind).and_then(toml::Value::as_array);
        roots.extend(listed.into_iter().flatten().filter_map(|target| text_at(Some(target), "path")));
    }
    let mut renamed = Vec::new();
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let Some(table) = toml.get(kind).and_then(toml::Value::as_table) else { continue };
        for (name, value) in table.iter().take(MAX_ENTRIES) {
            if let Some(real) = text_at(Some(value), "package") {
                renamed.push((name.replace('-', "_"), real.replace('-', "_")));
            }
        }
    }
    Some(ConfigFacts::Cargo { krate, library: text_at(toml.get("lib"), "path"), roots, renamed })
}

fn composer(text: &str) -> Option<ConfigFacts> {
    let json: Value = serde_json::from_str(text).ok()?;
    let loaded =
        ["autoload", "autoload-dev"].iter().filter_map(|key| json.get(key)?.get("psr-4")?.as_object());
    let namespaces = loaded.flat_map(|map| map.keys().take(MAX_ENTRIES).cloned()).collect();
    let vendor = json.get("config").and_then(|config| config.get("vendor-dir")).and_then(Value::as_str);
    let copied = vendor.map_or_else(Vec::new, |vendor| {
        let required = ["require", "require-dev"].iter().filter_map(|key| json.get(key)?.as_object());
        let packages = required.flat_map(|map| map.keys()).filter(|name| name.contains('/'));
        packages.take(MAX_ENTRIES).map(|name| format!("{vendor}/{name}")).collect()
    });
    Some(ConfigFacts::Composer { namespaces, copied })
}

fn pyproject(text: &str) -> Option<ConfigFacts> {
    let toml: toml::Table = toml::from_str(text).ok()?;
    let tool = toml.get("tool");
    let mut roots = Vec::new();
    let setuptools = tool.and_then(|tool| tool.get("setuptools"));
    let found = setuptools.and_then(|tool| tool.get("packages")).and_then(|packages| packages.get("find"));
    let listed = found.and_then(|find| find.get("where")).and_then(toml::Value::as_array);
    roots.extend(listed.into_iter().flatten().filter_map(toml::Value::as_str).map(str::to_owned));
    let folder = setuptools.and_then(|tool| tool.get("package-dir")).and_then(|folders| folders.get(""));
    roots.extend(folder.and_then(toml::Value::as_str).map(str::to_owned));
    let poetry = tool.and_then(|tool| tool.get("poetry")).and_then(|poetry| poetry.get("packages"));
    let from = poetry
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|package| package.get("from"));
    roots.extend(from.filter_map(toml::Value::as_str).map(str::to_owned));
    Some(ConfigFacts::Python { roots })
}

fn setup_cfg(text: &str) -> ConfigFacts {
    // `package_dir =` is followed by indented lines; the one that begins with `=` is for all packages.
    let mut lines = text.lines().skip_while(|line| !line.trim_start().starts_with("package_dir"));
    let first = lines.next().and_then(|line| line.split_once('=')).map(|(_, value)| value.trim());
    let indented = lines.take_while(|line| line.starts_with([' ', '\t'])).map(str::trim);
    let roots = first.into_iter().chain(indented).filter_map(|line| line.strip_prefix('=')).map(str::trim);
    ConfigFacts::Python { roots: roots.map(str::to_owned).collect() }
}
