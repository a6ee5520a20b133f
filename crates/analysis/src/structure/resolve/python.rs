//! Python: relative imports, and absolute ones from the folders that packages are found in.

use std::collections::{BTreeSet, HashSet};

use super::{Answer, ConfigFacts, Paths, folder, folders_above, join};
use crate::syntax::Import;

pub(super) struct Python {
    /// Folders that packages are found in, the deepest first.
    roots: Vec<String>,
    /// Folders that are packages themselves.
    packages: HashSet<String>,
}

impl Python {
    pub(super) fn new(paths: &Paths<'_>, configs: &[(&str, &ConfigFacts)]) -> Self {
        let mut roots = BTreeSet::from([String::new()]);
        for (path, config) in configs {
            if let ConfigFacts::Python { roots: named } = config {
                roots.insert(folder(path).to_owned());
                roots.extend(named.iter().filter_map(|root| join(folder(path), root)));
                roots.extend(join(folder(path), "src"));
            }
        }
        let python: Vec<&str> =
            paths.files.iter().filter(|file| file.language == "Python").map(|file| file.path).collect();
        let empty = configs.iter().filter(|(_, config)| matches!(config, ConfigFacts::PythonPackage));
        let written = python.iter().copied().filter(|path| path.ends_with("__init__.py"));
        let packages: HashSet<&str> = written.chain(empty.map(|(path, _)| *path)).map(folder).collect();
        // The folder above an outermost package is one that packages are found in. A folder of a package may lack the
        // file (`tests/integrations/flask`); what is in it is no package of its own, or `import flask` led there. That the
        // whole repository is a package says nothing of the folders in it.
        let within = |folder: &str| !folder.is_empty() && packages.contains(folder);
        for package in &packages {
            let above = folder(package);
            let outermost = !within(above) && !folders_above(above).any(within);
            if !package.is_empty() && outermost {
                roots.insert(above.to_owned());
            }
        }
        let mut roots: Vec<String> = roots.into_iter().collect();
        roots.sort_by_key(|root| std::cmp::Reverse(root.len()));
        Self { roots, packages: packages.into_iter().map(str::to_owned).collect() }
    }

    pub(super) fn resolve(&self, paths: &Paths<'_>, from: usize, import: &Import) -> Answer {
        let path = paths.path(from);
        let dots = import.specifier.bytes().take_while(|byte| *byte == b'.').count();
        let module = import.specifier.trim_start_matches('.').replace('.', "/");
        if dots > 0 {
            let base = folders_above(path).nth(dots - 1);
            let base = base
                .and_then(|base| if module.is_empty() { Some(base.to_owned()) } else { join(base, &module) });
            return base.and_then(|base| files_of(paths, &base, import)).unwrap_or_else(Answer::missing);
        }
        // Nearer roots first: a script's own folder, then the folders that packages are found in. A module of a
        // package does not see what lies beside it, or `import logging` would lead to its `logging.py`.
        let near = Some(folder(path)).filter(|here| !self.packages.contains(*here)).into_iter();
        let above = self.roots.iter().map(String::as_str).filter(|root| below(path, root).is_some());
        let other = self.roots.iter().map(String::as_str).filter(|root| below(path, root).is_none());
        for root in near.chain(above).chain(other) {
            let found = join(root, &module).and_then(|base| files_of(paths, &base, import));
            if let Some(found) = found {
                // A file that is called like the library it wraps does not import itself.
                if found.files != [from] {
                    return found;
                }
            }
        }
        Answer::elsewhere()
    }
}

fn below<'p>(path: &'p str, root: &str) -> Option<&'p str> {
    if root.is_empty() { Some(path) } else { path.strip_prefix(root)?.strip_prefix('/') }
}

fn module_file(paths: &Paths<'_>, base: &str) -> Option<usize> {
    [".py", "/__init__.py", ".pyi", "/__init__.pyi"]
        .iter()
        .find_map(|ending| paths.get(format!("{base}{ending}").trim_start_matches('/')))
}

/// The files that an import of the module at `base` leads to: the names that are modules themselves, and the
/// module for the others.
fn files_of(paths: &Paths<'_>, base: &str, import: &Import) -> Option<Answer> {
    let module = module_file(paths, base);
    let mut files = BTreeSet::new();
    let mut whole = import.names.is_empty();
    for name in &import.names {
        match module_file(paths, &format!("{base}/{name}")) {
            Some(file) => {
                files.insert(file);
            }
            None => whole = true,
        }
    }
    files.extend(module.filter(|_| whole || files.is_empty()));
    (!files.is_empty()).then(|| Answer { files: files.into_iter().collect(), unresolved: false })
}
