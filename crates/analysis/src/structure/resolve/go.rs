//! Go: the module's path, then the folder of the package, then the files that define what is used of it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::names::shared_folders;
use super::{Answer, ConfigFacts, Paths, folder, join};
use crate::syntax::{FileSyntax, Import};

pub(super) struct Go<'a> {
    /// Module paths with their folders, the longest first.
    modules: Vec<(&'a str, String)>,
    /// For each folder: its files that are not tests, and where each name is defined.
    packages: HashMap<&'a str, (Vec<usize>, BTreeMap<&'a str, usize>)>,
}

impl<'a> Go<'a> {
    pub(super) fn new(paths: &Paths<'a>, configs: &'a [(&'a str, &'a ConfigFacts)]) -> Self {
        let mut modules: Vec<(&str, String)> = Vec::new();
        for (path, config) in configs {
            let ConfigFacts::Go { module, replaced } = config else { continue };
            modules.push((module, folder(path).to_owned()));
            let here =
                replaced.iter().filter_map(|(old, new)| Some((old.as_str(), join(folder(path), new)?)));
            modules.extend(here);
        }
        modules.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        modules.dedup();
        let mut packages: HashMap<&str, (Vec<usize>, BTreeMap<&str, usize>)> = HashMap::new();
        for (index, file) in paths.files.iter().enumerate() {
            if file.language != "Go" || file.path.ends_with("_test.go") {
                continue;
            }
            let (files, names) = packages.entry(folder(file.path)).or_default();
            files.push(index);
            let Some(syntax) = file.syntax else { continue };
            for name in exported(syntax) {
                names.entry(name).or_insert(index);
            }
        }
        Self { modules, packages }
    }

    pub(super) fn resolve(&self, paths: &Paths<'_>, from: usize, import: &Import) -> Answer {
        let own = self.modules.iter().filter_map(|(module, base)| {
            let rest = import.specifier.strip_prefix(module)?;
            let below = rest.is_empty() || rest.starts_with('/');
            below.then(|| Some((module.len(), join(base, rest.trim_start_matches('/'))?)))?
        });
        let mut own: Vec<(usize, String)> = own.collect();
        let Some(longest) = own.first().map(|(length, _)| *length) else { return Answer::elsewhere() };
        // The same module in several folders: those are copies and fixtures, and the nearest is meant.
        own.retain(|(length, _)| *length == longest);
        own.sort_by_key(|(_, wanted)| Reverse(shared_folders(paths.path(from), wanted)));
        let found = own.iter().find_map(|(_, wanted)| self.packages.get(wanted.as_str()));
        let Some((files, names)) = found else { return Answer::missing() };
        let used: BTreeSet<usize> =
            import.names.iter().filter_map(|name| names.get(name.as_str()).copied()).collect();
        if used.is_empty() {
            return files.first().copied().map_or_else(Answer::missing, Answer::file);
        }
        Answer { files: used.into_iter().collect(), unresolved: false }
    }
}

/// What may be selected of a file's package: never a method of one of its types, whatever the method is called.
pub(in crate::structure) fn exported(syntax: &FileSyntax) -> impl Iterator<Item = &str> {
    let methods = syntax.functions.iter();
    let methods: HashSet<(u32, &str)> =
        methods.filter_map(|function| Some((function.start, function.name.rsplit_once('.')?.1))).collect();
    let symbols = syntax.symbols.iter().map(|symbol| (symbol.start, symbol.name.as_str()));
    symbols.filter(move |symbol| !methods.contains(symbol)).map(|(_, name)| name)
}
