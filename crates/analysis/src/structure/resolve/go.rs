//! Go: the module's path, then the folder of the package, then the files that define what is used of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Answer, ConfigFacts, Paths, folder, join};
use crate::syntax::Import;

pub(super) struct Go<'a> {
    /// Module paths with their folders, the longest first.
    modules: Vec<(&'a str, &'a str)>,
    /// For each folder: its files that are not tests, and where each name is defined.
    packages: HashMap<&'a str, (Vec<usize>, BTreeMap<&'a str, usize>)>,
}

impl<'a> Go<'a> {
    pub(super) fn new(paths: &Paths<'a>, configs: &'a [(&'a str, &'a ConfigFacts)]) -> Self {
        let mut modules: Vec<(&str, &str)> = configs
            .iter()
            .filter_map(|(path, config)| match config {
                ConfigFacts::Go { module } => Some((module.as_str(), folder(path))),
                _ => None,
            })
            .collect();
        modules.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        let mut packages: HashMap<&str, (Vec<usize>, BTreeMap<&str, usize>)> = HashMap::new();
        for (index, file) in paths.files.iter().enumerate() {
            if file.language != "Go" || file.path.ends_with("_test.go") {
                continue;
            }
            let (files, names) = packages.entry(folder(file.path)).or_default();
            files.push(index);
            for symbol in file.syntax.iter().flat_map(|syntax| &syntax.symbols) {
                names.entry(symbol.name.as_str()).or_insert(index);
            }
        }
        Self { modules, packages }
    }

    pub(super) fn resolve(&self, _paths: &Paths<'_>, import: &Import) -> Answer {
        let own = self.modules.iter().find_map(|(module, base)| {
            let rest = import.specifier.strip_prefix(module)?;
            (rest.is_empty() || rest.starts_with('/')).then(|| join(base, rest.trim_start_matches('/')))?
        });
        let Some(wanted) = own else { return Answer::elsewhere() };
        let Some((files, names)) = self.packages.get(wanted.as_str()) else { return Answer::missing() };
        let used: BTreeSet<usize> =
            import.names.iter().filter_map(|name| names.get(name.as_str()).copied()).collect();
        if used.is_empty() {
            return files.first().copied().map_or_else(Answer::missing, Answer::file);
        }
        Answer { files: used.into_iter().collect(), unresolved: false }
    }
}
