//! From an import to the files it leads to.

mod c;
mod csharp;
mod go;
mod java;
mod javascript;
mod names;
mod php;
mod python;
mod ruby;
mod rust;

use std::collections::{BTreeMap, HashMap};

pub(super) use go::exported;
pub(super) use javascript::source_of;

use super::{ConfigFacts, StructureFile};
pub(super) use crate::source::folder;
use crate::source::join;
use crate::syntax::{FileSyntax, Import};

/// Where an import leads.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// Files of this repository.
    pub files: Vec<usize>,
    /// Whether it names something of this repository that was not found. An import of another package is not that.
    pub unresolved: bool,
}

impl Answer {
    fn elsewhere() -> Self {
        Self::default()
    }

    fn missing() -> Self {
        Self { files: Vec::new(), unresolved: true }
    }

    fn file(file: usize) -> Self {
        Self { files: vec![file], unresolved: false }
    }
}

/// The files by path.
pub(super) struct Paths<'a> {
    files: &'a [StructureFile<'a>],
    by_path: HashMap<&'a str, usize>,
}

impl<'a> Paths<'a> {
    pub(super) fn new(files: &'a [StructureFile<'a>]) -> Self {
        Self { files, by_path: files.iter().enumerate().map(|(index, file)| (file.path, index)).collect() }
    }

    pub(super) fn get(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    pub(super) fn path(&self, file: usize) -> &'a str {
        self.files.get(file).map_or("", |file| file.path)
    }
}

/// Follows imports.
pub(super) struct Resolver<'a> {
    paths: Paths<'a>,
    javascript: javascript::JavaScript<'a>,
    python: python::Python,
    rust: rust::Rust,
    go: go::Go<'a>,
    java: java::Java<'a>,
    c: c::C<'a>,
    csharp: csharp::CSharp<'a>,
    php: php::Php<'a>,
    ruby: ruby::Ruby<'a>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(files: &'a [StructureFile<'a>], configs: &'a [(&'a str, &'a ConfigFacts)]) -> Self {
        let paths = Paths::new(files);
        Self {
            javascript: javascript::JavaScript::new(configs),
            python: python::Python::new(&paths, configs),
            rust: rust::Rust::new(&paths, configs),
            go: go::Go::new(&paths, configs),
            java: java::Java::new(&paths),
            c: c::C::new(&paths),
            csharp: csharp::CSharp::new(&paths),
            php: php::Php::new(&paths, configs),
            ruby: ruby::Ruby::new(&paths),
            paths,
        }
    }

    pub(super) fn resolve(&self, from: usize, import: &Import) -> Answer {
        match self.paths.files.get(from).map(|file| file.language) {
            Some("JavaScript" | "TypeScript" | "TSX" | "Vue" | "Svelte" | "Astro") => {
                self.javascript.resolve(&self.paths, from, import)
            }
            Some("Python") => self.python.resolve(&self.paths, from, import),
            Some("Rust") => self.rust.resolve(&self.paths, from, import),
            Some("Go") => self.go.resolve(&self.paths, from, import),
            Some("Java" | "Kotlin") => self.java.resolve(&self.paths, from, import),
            Some("C#") => self.csharp.resolve(&self.paths, from, import),
            Some("Ruby") => self.ruby.resolve(&self.paths, from, import),
            Some("PHP") => self.php.resolve(&self.paths, from, import),
            Some("C" | "C++") => self.c.resolve(&self.paths, from, import),
            _ => Answer::elsewhere(),
        }
    }

    /// The files that define what a file names without importing it by that name.
    pub(super) fn named(&self, from: usize, syntax: &FileSyntax) -> Vec<usize> {
        match self.paths.files.get(from).map(|file| file.language) {
            Some("Java" | "Kotlin") => self.java.named(&self.paths, from, syntax),
            Some("C#") => self.csharp.named(&self.paths, from, syntax),
            Some("PHP") => self.php.named(&self.paths, from, syntax),
            _ => Vec::new(),
        }
    }
}

/// The name of a file without its extension.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The folders above a path, the nearest first, the root last.
fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder(path)), |above| (!above.is_empty()).then(|| folder(above)))
}

/// Values by folder, found for the nearest folder above a file.
type ByFolder<T> = BTreeMap<String, T>;

fn nearest<'m, T>(map: &'m ByFolder<T>, path: &str) -> Option<(&'m str, &'m T)> {
    folders_above(path)
        .find_map(|above| map.get_key_value(above))
        .map(|(folder, value)| (folder.as_str(), value))
}
