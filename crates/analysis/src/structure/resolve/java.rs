//! Java: types by their full names; those of the same package and of packages imported whole by what is used.

use super::names::{Names, sorted};
use super::{Answer, Paths, folder};
use crate::syntax::{FileSyntax, Import};

pub(super) struct Java<'a> {
    names: Names<'a>,
}

impl<'a> Java<'a> {
    pub(super) fn new(paths: &Paths<'a>) -> Self {
        Self { names: Names::new(paths, &["Java"]) }
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
            return Answer { files: one_place(from, files), unresolved: false };
        }
        let package = name.rsplit_once('.').map_or("", |(package, _)| package);
        if !whole && self.names.has_space(package) { Answer::missing() } else { Answer::elsewhere() }
    }

    pub(super) fn named(&self, paths: &Paths<'_>, from: usize, syntax: &FileSyntax) -> Vec<usize> {
        let package = syntax.package.as_deref().unwrap_or_default();
        let imported: Vec<&str> = syntax
            .imports
            .iter()
            .filter_map(|import| import.specifier.rsplit('.').next())
            .filter(|name| *name != "*")
            .collect();
        let whole: Vec<&str> =
            syntax.imports.iter().filter_map(|import| import.specifier.strip_suffix(".*")).collect();
        let found = syntax.uses.iter().filter_map(|name| {
            let head = name.split('.').next().unwrap_or(name);
            if imported.contains(&head) {
                return None;
            }
            let beside = self.names.within(paths, from, package, name);
            let files = beside
                .filter(|files| !package.is_empty() || together(paths, from, files))
                .or_else(|| whole.iter().find_map(|space| self.names.within(paths, from, space, name)))
                .or_else(|| name.contains('.').then(|| self.names.within(paths, from, "", name))?)?;
            Some(one_place(from, files))
        });
        sorted(found.flatten())
    }
}

/// Without a package, only files of one folder are compiled together for sure.
fn together(paths: &Paths<'_>, from: usize, files: &[usize]) -> bool {
    files.iter().all(|file| folder(paths.path(*file)) == folder(paths.path(from)))
}

/// A type stands in one file: of several that are equally near (variants of a build) the first, unless the file
/// that asks is one of them.
fn one_place(from: usize, files: Vec<usize>) -> Vec<usize> {
    if files.contains(&from) { Vec::new() } else { files.into_iter().take(1).collect() }
}
