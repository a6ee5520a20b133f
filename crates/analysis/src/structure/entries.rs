//! Where execution starts, and what says so.
//!
//! One file says it of itself (a main function, a line that begins with `#!`) or of others (`bin` of a `package.json`,
//! `CMD` of a Dockerfile). Joined, only what is a source file of the repository and no test is left: what a manifest
//! names and a build writes is led back to what it is written from, where that has the same path in `src`.

mod code;
mod manifests;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::resolve::{Paths, folder, source_of};
use super::{ConfigFacts, StructureFile};
use crate::infra::{Started, Unit, UnitSource};
use crate::report::{Entry, EntryKind, Note, Service, Span};
use crate::source::{SourceFile, join};
use crate::syntax::FileSyntax;

/// Places that one file may name; more would be generated.
const MOST: usize = 500;
/// Places that are listed; where execution starts in more of them, nobody reads the list.
const LISTED: usize = 2_000;
/// Folders of a path that are looked at one by one.
const DEPTH: usize = 12;

/// What one file says of where execution starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryFact {
    /// What starts; `None` for the file itself.
    pub starts: Option<Started>,
    /// How.
    pub kind: EntryKind,
    /// The name it is started by.
    pub name: Option<String>,
    /// The line that says so, from 1; 0 where it is the name of the file.
    pub line: u32,
}

/// What a file says of where execution starts.
pub fn examine_entries(
    file: &SourceFile<'_>,
    language: Option<&str>,
    syntax: Option<&FileSyntax>,
) -> Vec<EntryFact> {
    let mut found = manifests::examine(file);
    if let Some(language) = language {
        let fact = |(kind, line)| EntryFact { starts: None, kind, name: None, line };
        found.extend(code::examine(file, language, syntax).map(fact));
    }
    found.truncate(MOST);
    found
}

/// What the files of a repository say: of themselves, and by what runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Saying<'a> {
    pub(crate) path: &'a str,
    pub(crate) facts: &'a [EntryFact],
    pub(crate) units: &'a [Unit],
}

/// What is known of one starting file.
struct Known {
    kind: EntryKind,
    name: Option<String>,
    evidence: Vec<Span>,
}

/// Where execution starts, among `files`, and what was left out of the list, which begins with what is no script.
pub(crate) fn entries<'a>(
    files: &[StructureFile<'_>],
    configs: &[(&str, &ConfigFacts)],
    said: impl Iterator<Item = Saying<'a>>,
) -> (Vec<Entry>, Option<Note>) {
    let finder = Finder::new(files, configs);
    let mut found: BTreeMap<usize, Known> = BTreeMap::new();
    for Saying { path, facts, units } in said {
        for fact in facts {
            let file = match &fact.starts {
                None => finder.paths.get(path),
                Some(started) => finder.named(path, started),
            };
            finder.add(
                &mut found,
                file,
                (fact.kind, fact.name.as_deref()),
                Span::lines(path, fact.line, fact.line),
            );
        }
        let here = folder(path);
        for unit in units {
            let name = (unit.source == UnitSource::Process).then_some(unit.name.as_str());
            for (line, started) in &unit.starts {
                // What is built from a folder runs there; where else an image puts things is not told.
                let built = unit.folder.as_deref().filter(|_| unit.source == UnitSource::Compose);
                let file = finder.run([built.unwrap_or(here), here, ""], started);
                finder.add(&mut found, file, (EntryKind::Program, name), Span::lines(path, *line, *line));
            }
        }
    }
    let mut entries: Vec<Entry> = found
        .into_iter()
        .map(|(file, Known { kind, name, evidence })| Entry {
            path: finder.paths.path(file).to_owned(),
            kind,
            name,
            evidence,
        })
        .collect();
    entries.sort_by(|a, b| (a.kind, &a.path).cmp(&(b.kind, &b.path)));
    let cut = (entries.len() > LISTED).then(|| Note {
        code: "entries_cut".to_owned(),
        text: format!("Of {} files in which execution starts {LISTED} are listed.", entries.len()),
    });
    entries.truncate(LISTED);
    (entries, cut)
}

/// Finds what is named.
struct Finder<'a> {
    paths: Paths<'a>,
    files: &'a [StructureFile<'a>],
    /// Where packages of Python lie, by the folder of the manifest that says so.
    roots: BTreeMap<&'a str, &'a [String]>,
}

impl<'a> Finder<'a> {
    fn new(files: &'a [StructureFile<'a>], configs: &[(&'a str, &'a ConfigFacts)]) -> Self {
        let roots = configs.iter().filter_map(|(path, config)| match config {
            ConfigFacts::Python { roots } if !roots.is_empty() => Some((folder(path), roots.as_slice())),
            _ => None,
        });
        Self { paths: Paths::new(files), files, roots: roots.collect() }
    }

    fn add(
        &self,
        found: &mut BTreeMap<usize, Known>,
        file: Option<usize>,
        (kind, name): (EntryKind, Option<&str>),
        span: Span,
    ) {
        let Some(file) = file.filter(|file| self.files.get(*file).is_some_and(|file| !file.test)) else {
            return;
        };
        let known = found.entry(file).or_insert_with(|| Known { kind, name: None, evidence: Vec::new() });
        known.kind = known.kind.min(kind);
        if known.name.is_none() {
            known.name = name.map(str::to_owned);
        }
        if known.evidence.len() < Service::EVIDENCE && !known.evidence.contains(&span) {
            known.evidence.push(span);
        }
    }

    /// The file that a manifest means.
    fn named(&self, manifest: &str, started: &Started) -> Option<usize> {
        let base = folder(manifest);
        match started {
            Started::File(path) => self.source(base, path),
            Started::Module(module) => self.module(base, module, false),
            Started::Run(module) => self.module(base, module, true),
        }
    }

    /// The file that a command means, which runs in an image or a folder that is not told: one of these folders, the
    /// likeliest first, with the folders in front that only an image has left out.
    fn run(&self, bases: [&str; 3], started: &Started) -> Option<usize> {
        let path = match started {
            Started::File(path) => path.trim_start_matches('/').trim_start_matches("./"),
            Started::Module(module) => return bases.iter().find_map(|base| self.module(base, module, false)),
            Started::Run(module) => return bases.iter().find_map(|base| self.module(base, module, true)),
        };
        let ends = path.match_indices('/').take(DEPTH).map(|(at, _)| &path[at + 1..]);
        let mut ends = std::iter::once(path).chain(ends).filter(|end| !end.is_empty());
        ends.find_map(|end| bases.iter().find_map(|base| self.source(base, end)))
    }

    /// The file at a path, or what is built into it, in the folder itself or in one below.
    fn source(&self, base: &str, path: &str) -> Option<usize> {
        if !path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
            // A name without an ending is that of a file as it stands, or of what a compiler writes.
            return self.paths.get(&join(base, path)?);
        }
        source_of(&self.paths, base, path).or_else(|| {
            let mut packages = path.match_indices('/').take(DEPTH);
            packages.find_map(|(at, _)| source_of(&self.paths, &join(base, &path[..at])?, &path[at + 1..]))
        })
    }

    /// The file of a module of Python, in one of the folders that packages lie in.
    fn module(&self, base: &str, module: &str, run: bool) -> Option<usize> {
        let path = module.replace('.', "/");
        let listed = self.roots.get(base).copied().unwrap_or_default();
        let endings = if run {
            ["/__main__.py", ".py", "/__init__.py"]
        } else {
            [".py", "/__init__.py", "/__main__.py"]
        };
        let inner = ["", "src"].into_iter().chain(listed.iter().map(String::as_str));
        inner.filter_map(|inner| join(base, inner)).find_map(|root| {
            let found =
                endings.iter().find_map(|ending| self.paths.get(&join(&root, &format!("{path}{ending}"))?));
            found.filter(|file| self.files.get(*file).is_some_and(|file| file.language == "Python"))
        })
    }
}
