//! Java and Kotlin, which see each other: types by their full names; those of the same package and of packages
//! imported whole by what is used.

use std::collections::HashSet;

use super::names::{Names, sorted};
use super::{Answer, Paths, folder, stem};
use crate::syntax::{FileSyntax, Import, SymbolKind};

pub(super) struct Java<'a> {
    names: Names<'a>,
}

impl<'a> Java<'a> {
    pub(super) fn new(paths: &Paths<'a>) -> Self {
        Self { names: Names::new(paths, &["Java", "Kotlin"]) }
    }

    pub(super) fn resolve(&self, paths: &Paths<'_>, from: usize, import: &Import) -> Answer {
        let (name, whole) = match import.specifier.strip_suffix(".*") {
            Some(name) => (name, true),
            None => (import.specifier.as_str(), false),
        };
        // The members of a type are in its file; what is used of a package is followed name by name.
        if whole && self.names.has_space(name) && self.names.files(paths, from, name).is_empty() {
            return Answer::elsewhere();
        }
        if let Some(files) = self.names.within(paths, from, "", name) {
            let files = one_place(paths, from, self.of_own_type(paths, from, name, files));
            return Answer { files, unresolved: false };
        }
        let package = name.rsplit_once('.').map_or("", |(package, _)| package);
        let missed = !whole && self.names.has_space(package) && !is_written_by_a_build(name);
        if missed { Answer::missing() } else { Answer::elsewhere() }
    }

    /// Of several extensions of one name those of a type that the importing file defines; else those in a file that is
    /// called like it. Where neither is there, which one is meant is not known.
    fn of_own_type(&self, paths: &Paths<'_>, from: usize, name: &str, files: Vec<usize>) -> Vec<usize> {
        if files.len() < 2 {
            return files;
        }
        let syntax = paths.files.get(from).and_then(|file| file.syntax);
        let symbols = syntax.into_iter().flat_map(|syntax| syntax.symbols.iter());
        let own = symbols.filter(|symbol| symbol.kind == SymbolKind::Type);
        let extended: Vec<usize> =
            own.flat_map(|symbol| self.names.extensions(name, &symbol.name)).copied().collect();
        let by = |keep: &dyn Fn(usize) -> bool| {
            let kept: Vec<usize> = files.iter().copied().filter(|file| keep(*file)).collect();
            (!kept.is_empty()).then_some(kept)
        };
        by(&|file| extended.contains(&file))
            .or_else(|| by(&|file| stem(paths.path(file)) == stem(paths.path(from))))
            .unwrap_or(files)
    }

    pub(super) fn named(&self, paths: &Paths<'_>, from: usize, syntax: &FileSyntax) -> Vec<usize> {
        let package = syntax.package.as_deref().unwrap_or_default();
        // A name of the file's own, or one that an import gives it, is no type of the package.
        let imported = syntax.imports.iter().filter_map(local_name);
        let own = syntax.functions.iter().filter_map(|function| function.name.rsplit('.').next());
        let known: HashSet<&str> = imported.chain(own).collect();
        let whole: Vec<&str> =
            syntax.imports.iter().filter_map(|import| import.specifier.strip_suffix(".*")).collect();
        let found = syntax.uses.iter().filter_map(|name| {
            let head = name.split('.').next().unwrap_or(name);
            if known.contains(head) {
                return None;
            }
            let beside = self.names.within(paths, from, package, name);
            let files = beside
                .filter(|files| !package.is_empty() || together(paths, from, files))
                .or_else(|| whole.iter().find_map(|space| self.names.within(paths, from, space, name)))
                .or_else(|| name.contains('.').then(|| self.names.within(paths, from, "", name))?)?;
            Some(one_place(paths, from, files))
        });
        sorted(found.flatten())
    }
}

/// Without a package, only files of one folder are compiled together for sure.
fn together(paths: &Paths<'_>, from: usize, files: &[usize]) -> bool {
    files.iter().all(|file| folder(paths.path(*file)) == folder(paths.path(from)))
}

/// The name that an import gives to the file; `None` for one of a whole package.
fn local_name(import: &Import) -> Option<&str> {
    let alias = import.names.first().map(String::as_str);
    alias.or_else(|| import.specifier.rsplit('.').next()).filter(|name| *name != "*")
}

/// Classes that Android's build puts into the package of an application.
fn is_written_by_a_build(name: &str) -> bool {
    let mut segments = name.rsplit('.').take(2);
    segments.any(|segment| matches!(segment, "R" | "BuildConfig"))
}

/// A name stands in one file, or in several of one folder (functions of one name); of several folders that are
/// equally near (variants of a build) the first. Nothing, where the file that asks is one of them.
fn one_place(paths: &Paths<'_>, from: usize, mut files: Vec<usize>) -> Vec<usize> {
    if files.contains(&from) {
        return Vec::new();
    }
    let place = files.first().map(|file| folder(paths.path(*file)));
    files.retain(|file| Some(folder(paths.path(*file))) == place);
    files
}
