//! What manifests and pages say of other files. One that cannot be read says nothing.

use memchr::memmem::Finder;
use serde_json::Value;

use super::{EntryFact, MOST};
use crate::infra::{Started, started};
use crate::report::EntryKind;
use crate::source::SourceFile;

/// Larger files are not read: nobody writes them.
const MAX_BYTES: usize = 512 * 1024;
/// Bytes of a name; npm allows no longer one. It is kept with each place, so that it has to be short.
const LONGEST_NAME: usize = 214;
/// Bytes of the path of a file or module.
const LONGEST_PATH: usize = 1000;
/// Lines that are looked at for one fact: what stands in more of them finds nothing.
const CANDIDATES: usize = 100;
/// Conditions of `exports` that lead to no code.
const NO_CODE: &[&str] = &["types", "typings", "style", "sass", "svelte-types"];

pub(super) fn examine(file: &SourceFile<'_>) -> Vec<EntryFact> {
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    let text = String::from_utf8_lossy(file.bytes.get(..MAX_BYTES).unwrap_or(file.bytes));
    let whole = file.bytes.len() <= MAX_BYTES;
    let read = match name {
        "package.json" => package(&text),
        "angular.json" => angular(&text),
        "composer.json" => composer(&text),
        "Cargo.toml" => cargo(&text),
        "pyproject.toml" => pyproject(&text),
        "setup.cfg" | "setup.py" => Some(setuptools(&text)),
        "index.html" => Some(page(&text)),
        _ => name.strip_suffix(".gemspec").map(|gem| gemspec(&text, gem)),
    };
    let mut found = read.filter(|_| whole).unwrap_or_default();
    found.retain(|fact| {
        let starts = match &fact.starts {
            Some(Started::File(path) | Started::Module(path) | Started::Run(path)) => path.len(),
            None => 0,
        };
        starts <= LONGEST_PATH && fact.name.as_ref().is_none_or(|name| name.len() <= LONGEST_NAME)
    });
    found
}

/// Finds lines of a text, in one pass over it for each.
struct Lines<'a>(&'a [u8]);

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self(text.as_bytes())
    }

    /// The line that has all of these words in it; else the one that has the first; else the first line.
    fn with(&self, words: &[&str]) -> u32 {
        let finders: Vec<Finder<'_>> = words.iter().map(Finder::new).collect();
        let Some((first, others)) = finders.split_first() else { return 1 };
        let (mut from, mut at) = (0, None);
        for _ in 0..CANDIDATES {
            let rest = self.0.get(from..).unwrap_or_default();
            let Some(place) = first.find(rest).map(|place| from + place) else { break };
            let (before, after) = self.0.split_at(place);
            let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
            let end = memchr::memchr(b'\n', after).map_or(self.0.len(), |end| place + end);
            let line = &self.0[start..end];
            at.get_or_insert(start);
            if others.iter().all(|other| other.find(line).is_some()) {
                at = Some(start);
                break;
            }
            from = end + 1;
        }
        let above = memchr::memchr_iter(b'\n', &self.0[..at.unwrap_or(0)]).count();
        u32::try_from(above).unwrap_or(u32::MAX).saturating_add(1)
    }
}

fn file(path: &str, kind: EntryKind, name: Option<&str>, line: u32) -> EntryFact {
    EntryFact { starts: Some(Started::File(path.to_owned())), kind, name: name.map(str::to_owned), line }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn package(text: &str) -> Option<Vec<EntryFact>> {
    let json: Value = serde_json::from_str(text).ok()?;
    let lines = Lines::of(text);
    let name = json.get("name").and_then(Value::as_str).filter(|name| name.len() <= LONGEST_NAME);
    let mut found = Vec::new();
    let at = |key: &str, target: &str| lines.with(&[quoted(target).as_str(), quoted(key).as_str()]);
    match json.get("bin") {
        Some(Value::String(target)) => found.push(file(target, EntryKind::Program, name, at("bin", target))),
        Some(Value::Object(commands)) => {
            let commands = commands.iter().filter_map(|(command, target)| Some((command, target.as_str()?)));
            found.extend(commands.take(MOST).map(|(command, target)| {
                file(target, EntryKind::Program, Some(command), at(command, target))
            }));
        }
        _ => {}
    }
    // What Electron and editors load is the program itself.
    let runs = ["dependencies", "devDependencies"]
        .iter()
        .any(|key| json.get(key).is_some_and(|packages| packages.get("electron").is_some()));
    let kind = if runs { EntryKind::Program } else { EntryKind::Library };
    let mut given = false;
    for key in ["main", "module", "source", "browser"] {
        if let Some(target) = json.get(key).and_then(Value::as_str) {
            given = true;
            found.push(file(target, kind, name, at(key, target)));
        }
    }
    if let Some(exports) = json.get("exports") {
        given = true;
        let targets = targets(exports);
        found.extend(targets.into_iter().map(|target| file(target, kind, name, at("exports", target))));
    }
    // Without a word about it this is what is loaded; a private package is loaded by nobody.
    if !given && name.is_some() && json.get("private").and_then(Value::as_bool) != Some(true) {
        found.push(file("index.js", kind, name, lines.with(&["\"name\""])));
    }
    if let Some(command) =
        json.get("scripts").and_then(|scripts| scripts.get("start")).and_then(Value::as_str)
    {
        let line = lines.with(&["\"start\""]);
        found.extend(started(command).into_iter().map(|started| EntryFact {
            starts: Some(started),
            kind: EntryKind::Program,
            name: None,
            line,
        }));
    }
    Some(found)
}

/// The files that `exports` leads to, in the order written.
fn targets(exports: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    let mut open = vec![exports];
    while let Some(value) = open.pop() {
        match value {
            // A pattern is for any number of files.
            Value::String(target) if !target.contains('*') => found.push(target.as_str()),
            Value::Array(list) => open.extend(list.iter().rev()),
            Value::Object(map) => {
                let code = map.iter().filter(|(key, _)| !NO_CODE.contains(&key.as_str()));
                open.extend(code.rev().map(|(_, value)| value));
            }
            _ => {}
        }
        if found.len() >= MOST {
            break;
        }
    }
    found
}

fn angular(text: &str) -> Option<Vec<EntryFact>> {
    let json: Value = serde_json::from_str(text).ok()?;
    let lines = Lines::of(text);
    let projects = json.get("projects")?.as_object()?;
    let mains = projects.iter().filter_map(|(name, project)| {
        let targets = project.get("architect").or_else(|| project.get("targets"))?;
        let options = targets.get("build")?.get("options")?;
        let main = options.get("browser").or_else(|| options.get("main"))?.as_str()?;
        Some(file(main, EntryKind::Program, Some(name), lines.with(&[quoted(main).as_str()])))
    });
    Some(mains.take(MOST).collect())
}

fn composer(text: &str) -> Option<Vec<EntryFact>> {
    let json: Value = serde_json::from_str(text).ok()?;
    let lines = Lines::of(text);
    let commands = match json.get("bin")? {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        value => vec![value.as_str()?],
    };
    let fact = |path: &str| {
        let command = path.rsplit('/').next();
        file(path, EntryKind::Program, command, lines.with(&[quoted(path).as_str()]))
    };
    Some(commands.into_iter().take(MOST).map(fact).collect())
}

fn cargo(text: &str) -> Option<Vec<EntryFact>> {
    let toml: toml::Table = toml::from_str(text).ok()?;
    let package = toml.get("package")?;
    let lines = Lines::of(text);
    let at = |table: &toml::Value, key: &str| table.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let name = at(package, "name").filter(|name| name.len() <= LONGEST_NAME);
    let mut found = Vec::new();
    let library = toml.get("lib").and_then(|library| at(library, "path"));
    let line = match &library {
        Some(path) => lines.with(&[quoted(path).as_str(), "path"]),
        None => lines.with(&["[package]"]),
    };
    let library = library.as_deref().unwrap_or("src/lib.rs");
    found.push(file(library, EntryKind::Library, name.as_deref(), line));
    found.push(file("src/main.rs", EntryKind::Program, name.as_deref(), lines.with(&["[package]"])));
    for target in toml.get("bin").and_then(toml::Value::as_array).into_iter().flatten().take(MOST) {
        let Some(command) = at(target, "name") else { continue };
        let line = lines.with(&[quoted(&command).as_str(), "name"]);
        let paths = match at(target, "path") {
            Some(path) => vec![path],
            None => vec![format!("src/bin/{command}.rs"), format!("src/bin/{command}/main.rs")],
        };
        found.extend(paths.iter().map(|path| file(path, EntryKind::Program, Some(&command), line)));
    }
    Some(found)
}

/// `name = "package.module:function"`.
fn command(name: &str, target: &str, line: u32) -> EntryFact {
    let module = target.split([':', '[']).next().unwrap_or(target).trim();
    EntryFact {
        starts: Some(Started::Module(module.to_owned())),
        kind: EntryKind::Program,
        name: Some(name.to_owned()),
        line,
    }
}

fn pyproject(text: &str) -> Option<Vec<EntryFact>> {
    let toml: toml::Table = toml::from_str(text).ok()?;
    let lines = Lines::of(text);
    let project = toml.get("project");
    let poetry = toml.get("tool").and_then(|tool| tool.get("poetry"));
    let tables = [(project, "scripts"), (project, "gui-scripts"), (poetry, "scripts")];
    let tables = tables.into_iter().filter_map(|(around, key)| around?.get(key)?.as_table());
    let commands = tables.flatten().filter_map(|(name, target)| {
        // Poetry has a long form.
        let target = target.as_str().or_else(|| target.get("reference")?.as_str())?;
        Some(command(name, target, lines.with(&[target, name])))
    });
    Some(commands.take(MOST).collect())
}

/// The commands of `console_scripts` and `gui_scripts`, in a `setup.cfg` or in the texts of a `setup.py`.
fn setuptools(text: &str) -> Vec<EntryFact> {
    let mut found = Vec::new();
    let mut inside = false;
    for (line, content) in (1..).zip(text.lines()) {
        let begins = content.find("console_scripts").or_else(|| content.find("gui_scripts"));
        // A bracket ends a list of Python, a section of the other; there a new list has its name on a line of its own.
        inside = begins.is_some() || inside && !content.trim_end().ends_with('=');
        if inside {
            let list = &content[begins.unwrap_or(0)..];
            let end = list.find(']');
            found.extend(commands(&list[..end.unwrap_or(list.len())], line));
            inside = end.is_none();
        }
    }
    found
}

/// What stands as `name = module:function` in a line.
fn commands(line: &str, number: u32) -> impl Iterator<Item = EntryFact> {
    let quotes = |letter: char| matches!(letter, '"' | '\'' | ',' | '[' | ']' | '(' | ')');
    line.split(quotes).filter_map(move |part| {
        let (name, target) = part.split_once('=')?;
        let (name, (module, function)) = (name.trim(), target.trim().split_once(':')?);
        let plain = |text: &str| {
            let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
            !text.is_empty() && text.chars().all(fits)
        };
        (plain(name) && plain(module) && plain(function)).then(|| command(name, target.trim(), number))
    })
}

/// The modules that a page starts.
fn page(text: &str) -> Vec<EntryFact> {
    let mut found = Vec::new();
    let mut hidden = false;
    for (line, content) in (1..).zip(text.lines()) {
        let content = without_comments(content, &mut hidden);
        for tag in content.split("<script").skip(1) {
            let tag = tag.split('>').next().unwrap_or(tag);
            let Some((_, rest)) = tag.split_once("src=") else { continue };
            let Some(quote) = rest.chars().next().filter(|letter| matches!(letter, '"' | '\'')) else {
                continue;
            };
            let Some(address) = rest[1..].split(quote).next() else { continue };
            let own = tag.contains("module") && !address.contains("//") && !address.contains(['{', '%', '<']);
            if own {
                // From the root of what is served, which is where the page lies.
                let path = address.trim_start_matches('/').split('?').next().unwrap_or_default();
                found.push(file(path, EntryKind::Program, None, line));
            }
        }
    }
    found
}

/// A line of a page without what stands in comments; `hidden` says whether it begins within one.
fn without_comments(line: &str, hidden: &mut bool) -> String {
    let (mut shown, mut rest) = (String::new(), line);
    loop {
        let mark = if *hidden { "-->" } else { "<!--" };
        let end = rest.find(mark);
        if !*hidden {
            shown += &rest[..end.unwrap_or(rest.len())];
        }
        let Some(end) = end else { return shown };
        *hidden = !*hidden;
        rest = &rest[end + mark.len()..];
    }
}

/// A gem is loaded by its name.
fn gemspec(text: &str, gem: &str) -> Vec<EntryFact> {
    let line = Lines::of(text).with(&[".name"]);
    let mut paths = vec![format!("lib/{gem}.rb")];
    if gem.contains('-') {
        paths.push(format!("lib/{}.rb", gem.replace('-', "/")));
    }
    paths.iter().map(|path| file(path, EntryKind::Library, Some(gem), line)).collect()
}
