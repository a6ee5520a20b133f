//! C#: the namespaces around a file's own definitions, those it uses, and the types it names of them.

use super::names::{Names, sorted};
use super::{Answer, Paths, folder, stem};
use crate::syntax::{FileSyntax, Import};

pub(super) struct CSharp<'a> {
    names: Names<'a>,
    /// What `global using` names, with the folder of the file that says so.
    global: Vec<(&'a str, &'a Import)>,
}

/// What an import says beside the name.
fn says(import: &Import, word: &str) -> bool {
    import.names.iter().any(|name| name == word)
}

fn alias(import: &Import) -> Option<&str> {
    import.names.iter().find_map(|name| name.strip_suffix('='))
}

impl<'a> CSharp<'a> {
    pub(super) fn new(paths: &Paths<'a>) -> Self {
        let files = paths.files.iter().filter(|file| file.language == "C#");
        let global = files
            .flat_map(|file| file.syntax.iter().map(move |syntax| (file.path, *syntax)))
            .flat_map(|(path, syntax)| syntax.imports.iter().map(move |import| (folder(path), import)))
            .filter(|(_, import)| says(import, "global"))
            .collect();
        Self { names: Names::new(paths, &["C#"]), global }
    }

    /// A `using` of a namespace opens it, which [`Self::named`] follows; only one of a type leads to a file.
    pub(super) fn resolve(&self, paths: &Paths<'_>, from: usize, import: &Import) -> Answer {
        let leads = says(import, "static") || alias(import).is_some();
        let name = import.specifier.split('<').next().unwrap_or_default();
        let found = if leads { self.names.within(paths, from, "", name) } else { None };
        match found {
            Some(files) => Answer { files, unresolved: false },
            None => Answer::elsewhere(),
        }
    }

    pub(super) fn named(&self, paths: &Paths<'_>, from: usize, syntax: &FileSyntax) -> Vec<usize> {
        let here = paths.path(from);
        // Everything around a definition of this file is searched without being named, the innermost first.
        let mut around: Vec<&str> = syntax.package.iter().map(String::as_str).collect();
        around.extend(syntax.defines.iter().map(String::as_str));
        let mut spaces: Vec<&str> = around
            .iter()
            .flat_map(|name| std::iter::successors(Some(*name), |name| Some(name.rsplit_once('.')?.0)))
            .collect();
        spaces.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        spaces.dedup();
        let global = self.global.iter().filter(|(base, _)| base.is_empty() || here.starts_with(*base));
        let imports: Vec<&Import> = syntax.imports.iter().chain(global.map(|(_, import)| *import)).collect();
        let aliases: Vec<&str> = imports.iter().filter_map(|import| alias(import)).collect();
        spaces.extend(
            imports.iter().filter(|import| alias(import).is_none()).map(|import| import.specifier.as_str()),
        );
        spaces.push("");
        let found = syntax.uses.iter().filter_map(|name| {
            let name = name.split('<').next().unwrap_or(name);
            let head = name.split('.').next().unwrap_or(name);
            if aliases.contains(&head) {
                return None;
            }
            let by = |name: &str| spaces.iter().find_map(|space| self.names.within(paths, from, space, name));
            let files = by(name).or_else(|| by(&format!("{name}Attribute")))?;
            if files.contains(&from) { None } else { Some(part(paths, files, name)) }
        });
        sorted(found.flatten())
    }
}

/// Of a type that is written in parts the one that defines the member which is used of it; else the one that is called
/// like the type.
fn part(paths: &Paths<'_>, files: Vec<usize>, name: &str) -> Vec<usize> {
    if files.len() < 2 {
        return files;
    }
    let parts: Vec<&str> = name.split('.').collect();
    let defines = |file: usize| {
        let syntax = paths.files.get(file).and_then(|file| file.syntax);
        let named = |member: &str| {
            let mut functions = syntax.into_iter().flat_map(|syntax| syntax.functions.iter());
            functions.any(|function| function.name == member)
        };
        parts.windows(2).any(|pair| named(&pair.join(".")))
    };
    let by = |keep: &dyn Fn(usize) -> bool| {
        let kept: Vec<usize> = files.iter().copied().filter(|file| keep(*file)).collect();
        (!kept.is_empty()).then_some(kept)
    };
    by(&defines).or_else(|| by(&|file| parts.contains(&stem(paths.path(file))))).unwrap_or(files)
}
