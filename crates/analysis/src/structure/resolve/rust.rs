//! Rust: module files by `mod`, and paths through `crate`, `self`, `super` and the names of the workspace's crates.

use std::collections::{BTreeMap, HashMap};

use super::{Answer, ByFolder, ConfigFacts, Paths, folder, join, nearest};
use crate::syntax::{Import, ImportKind, SymbolKind};

/// A crate: one root file and the modules under it.
#[derive(Debug, Default)]
struct Crate {
    /// Module path (`a::b`, empty for the root) to file.
    modules: HashMap<String, usize>,
}

pub(super) struct Rust {
    crates: Vec<Crate>,
    /// For each file: its crate and its module path. A file that several crates include belongs to the first.
    of_file: HashMap<usize, (usize, String)>,
    /// Names of the repository's libraries.
    libraries: BTreeMap<String, usize>,
    /// For each package folder: names the code uses for other crates.
    renamed: ByFolder<Vec<(String, String)>>,
    /// The library beside the binaries of a package.
    library_of: ByFolder<usize>,
}

impl Rust {
    pub(super) fn new(paths: &Paths<'_>, configs: &[(&str, &ConfigFacts)]) -> Self {
        let mut found = Self {
            crates: Vec::new(),
            of_file: HashMap::new(),
            libraries: BTreeMap::new(),
            renamed: ByFolder::new(),
            library_of: ByFolder::new(),
        };
        for (path, config) in configs {
            let ConfigFacts::Cargo { krate: Some(name), library, roots, renamed } = config else { continue };
            let base = folder(path);
            found.renamed.insert(base.to_owned(), renamed.clone());
            let library =
                join(base, library.as_deref().unwrap_or("src/lib.rs")).and_then(|path| paths.get(&path));
            if let Some(library) = library {
                let number = found.add(paths, library);
                found.libraries.entry(name.clone()).or_insert(number);
                found.library_of.insert(base.to_owned(), number);
            }
            let mut others: Vec<usize> =
                roots.iter().filter_map(|root| paths.get(&join(base, root)?)).collect();
            others.extend(join(base, "src/main.rs").and_then(|path| paths.get(&path)));
            others.extend(join(base, "build.rs").and_then(|path| paths.get(&path)));
            others.extend(conventional_roots(paths, base));
            for root in others {
                if !found.of_file.contains_key(&root) {
                    found.add(paths, root);
                }
            }
        }
        found
    }

    /// Adds the crate with this root: follows its `mod` declarations.
    fn add(&mut self, paths: &Paths<'_>, root: usize) -> usize {
        let number = self.crates.len();
        let mut modules = HashMap::from([(String::new(), root)]);
        let mut open = vec![(root, String::new())];
        while let Some((file, module)) = open.pop() {
            self.of_file.entry(file).or_insert_with(|| (number, module.clone()));
            let syntax = paths.files.get(file).and_then(|file| file.syntax);
            let declared = syntax.iter().flat_map(|syntax| &syntax.imports);
            for import in declared.filter(|import| import.kind == ImportKind::Module) {
                let Some(child) = declared_file(paths, file, file == root, import) else { continue };
                let name = import.specifier.rsplit('/').next().unwrap_or(&import.specifier);
                let name = name.strip_suffix(".rs").unwrap_or(name);
                let path = path_of(&[&module, &import.within, name]);
                // The same file cannot be a module of itself, however the links run.
                if !modules.contains_key(&path) && !modules.values().any(|known| *known == child) {
                    modules.insert(path.clone(), child);
                    open.push((child, path));
                }
            }
        }
        self.crates.push(Crate { modules });
        number
    }

    pub(super) fn resolve(&self, paths: &Paths<'_>, from: usize, import: &Import) -> Answer {
        let home = self.of_file.get(&from);
        if import.kind == ImportKind::Module {
            let root = home.is_none_or(|(_, module)| module.is_empty());
            return declared_file(paths, from, root, import).map_or_else(Answer::missing, Answer::file);
        }
        let mut segments: Vec<&str> =
            import.specifier.trim_start_matches("::").split("::").map(str::trim).collect();
        let Some(head) = segments.first().copied() else { return Answer::elsewhere() };
        let inline = home.map(|(_, module)| path_of(&[module, &import.within])).unwrap_or_default();
        if import.specifier.starts_with("::") {
            return self.of_library(paths, from, head, &segments);
        }
        match (head, home) {
            ("crate", Some((number, _))) => self.follow(*number, "", segments.get(1..).unwrap_or_default()),
            ("self", Some((number, _))) => {
                self.follow(*number, &inline, segments.get(1..).unwrap_or_default())
            }
            ("super", Some((number, _))) => {
                let mut module = inline.as_str();
                while segments.first() == Some(&"super") {
                    segments.remove(0);
                    module = module.rsplit_once("::").map_or("", |(above, _)| above);
                }
                self.follow(*number, module, &segments)
            }
            (head, _) => self.by_name(paths, from, home, &inline, head, &segments),
        }
    }

    fn by_name(
        &self,
        paths: &Paths<'_>,
        from: usize,
        home: Option<&(usize, String)>,
        inline: &str,
        head: &str,
        segments: &[&str],
    ) -> Answer {
        // A module beside this one comes before a crate of the same name.
        if let Some((number, _)) = home {
            let beside = path_of(&[inline, head]);
            if self.crates.get(*number).is_some_and(|krate| krate.modules.contains_key(&beside)) {
                return self.follow(*number, inline, segments);
            }
        }
        self.of_library(paths, from, head, segments)
    }

    /// What a path leads to that begins with the name of another crate.
    fn of_library(&self, paths: &Paths<'_>, from: usize, head: &str, segments: &[&str]) -> Answer {
        let path = paths.path(from);
        let renamed = nearest(&self.renamed, path)
            .and_then(|(_, names)| names.iter().find(|(local, _)| local == head))
            .map_or(head, |(_, real)| real.as_str());
        match self.libraries.get(renamed) {
            Some(number) => self.seen_outside(paths, *number, segments.get(1..).unwrap_or_default()),
            None => Answer::elsewhere(),
        }
    }

    /// The file a path of another crate leads to: a private module is not seen from there, so a name that it shares
    /// with an item means the item.
    fn seen_outside(&self, paths: &Paths<'_>, number: usize, segments: &[&str]) -> Answer {
        let Some(modules) = self.crates.get(number).map(|krate| &krate.modules) else {
            return Answer::elsewhere();
        };
        let Some(mut file) = modules.get("").copied() else { return Answer::elsewhere() };
        let mut module = String::new();
        for segment in segments {
            let symbols = paths.files.get(file).and_then(|file| file.syntax).map(|syntax| &syntax.symbols);
            let named = symbols.into_iter().flatten();
            let mut declared =
                named.filter(|it| it.kind == SymbolKind::Module && it.name == *segment).peekable();
            if declared.peek().is_some() && !declared.any(|it| it.public) {
                break;
            }
            module = path_of(&[&module, segment]);
            file = modules.get(&module).copied().unwrap_or(file);
        }
        Answer::file(file)
    }

    /// The file of the longest part of the path that is a module with a file of its own.
    fn follow(&self, number: usize, module: &str, segments: &[&str]) -> Answer {
        let Some(krate) = self.crates.get(number) else { return Answer::elsewhere() };
        let full = path_of(&[module, &segments.join("::")]);
        let mut part = full.as_str();
        loop {
            if let Some(file) = krate.modules.get(part) {
                return Answer::file(*file);
            }
            if part.is_empty() {
                return Answer::elsewhere();
            }
            part = part.rsplit_once("::").map_or("", |(above, _)| above);
        }
    }
}

fn path_of(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("::")
}

/// The file that `mod name;` in a file means.
fn declared_file(paths: &Paths<'_>, from: usize, root: bool, import: &Import) -> Option<usize> {
    let path = paths.path(from);
    let here = folder(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    if import.specifier.starts_with("./") {
        return paths.get(&join(here, &import.specifier)?);
    }
    let own = if root || name == "mod.rs" {
        here.to_owned()
    } else {
        join(here, name.strip_suffix(".rs").unwrap_or(name))?
    };
    let inner = join(&own, &import.within.replace("::", "/"))?;
    let module = import.specifier.strip_prefix("r#").unwrap_or(&import.specifier);
    let candidates = [format!("{module}.rs"), format!("{module}/mod.rs")];
    candidates.iter().find_map(|candidate| paths.get(&join(&inner, candidate)?))
}

/// The root files that Cargo finds by itself: in `src/bin`, `tests`, `examples` and `benches`.
fn conventional_roots(paths: &Paths<'_>, base: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for kind in ["src/bin", "tests", "examples", "benches"] {
        let Some(start) = join(base, kind) else { continue };
        for (index, file) in paths.files.iter().enumerate() {
            let Some(rest) = file.path.strip_prefix(&start).and_then(|rest| rest.strip_prefix('/')) else {
                continue;
            };
            let root = match rest.split_once('/') {
                None => std::path::Path::new(rest).extension().is_some_and(|ending| ending == "rs"),
                Some((_, inner)) => inner == "main.rs",
            };
            if root {
                found.push(index);
            }
        }
    }
    found
}
