//! How the files of a repository hang together: which imports which, in which modules, layers and cycles.
//!
//! What becomes an edge between files:
//! - JavaScript and TypeScript: the file an import leads to, through relative paths, `paths` and `baseUrl`, and the
//!   names of the repository's own packages.
//! - Python: the module; for `from package import name` the module `name` where there is one.
//! - Rust: the file of the module a path leads to, and the root of the crate an `extern crate` names; `mod name;`
//!   declares, so it is an edge between files but not between modules of the diagram.
//! - C and C++: the included file, beside the one that includes it or below a folder for headers.
//! - C#: the files that define the types which are named, in the namespaces around and in those used.
//! - Ruby: the required file, beside the one that requires it or below `lib`, `test` or `spec`.
//! - PHP: the file that defines the class or function, and included files.
//! - Java and Kotlin: the file that defines the type, function or property, whether it is imported, of the same
//!   package, or of a package imported whole.
//! - Go: the files of the imported package that define what is used of it; where that cannot be told, its first file.
//!
//! Reading order: [`ConfigFacts`] (what configuration says), `resolve` (from an import to a file), `modules` (what
//! the diagram shows), `layout` (where it shows it).

mod config;
mod cycles;
pub(crate) mod layout;
pub(crate) mod modules;
mod places;
mod resolve;
mod services;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::report::{Edge, FileSymbols, Graph};
use crate::syntax::{FileSyntax, Import, ImportKind, Symbol};

pub use config::examine_config;
pub(crate) use places::Places;
pub(crate) use services::{Services, services};

/// What a configuration file says about where imports lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConfigFacts {
    /// `package.json`.
    Package {
        /// The package's name.
        name: Option<String>,
        /// Files its name stands for, the most telling first: `source`, `module`, `main`, `types`.
        entries: Vec<String>,
        /// `exports`, as (subpath, targets); subpath `.` is the package itself.
        exports: Vec<(String, Vec<String>)>,
        /// `imports`, as (`#name`, targets).
        imports: Vec<(String, Vec<String>)>,
    },
    /// `tsconfig.json`, `jsconfig.json` and their variants.
    TypeScript {
        /// `compilerOptions.baseUrl`.
        base_url: Option<String>,
        /// `compilerOptions.paths`, as (pattern, targets).
        paths: Vec<(String, Vec<String>)>,
        /// `extends`.
        extends: Vec<String>,
    },
    /// `go.mod`.
    Go {
        /// The module path.
        module: String,
        /// Modules that are taken from folders, as (module path, folder as written).
        replaced: Vec<(String, String)>,
    },
    /// `Cargo.toml`.
    Cargo {
        /// The name the crate is used by; `None` for a workspace without a package.
        krate: Option<String>,
        /// Path of the library's root file, from the manifest's folder.
        library: Option<String>,
        /// Paths of other root files that were named (binaries, tests, examples).
        roots: Vec<String>,
        /// Dependencies that the code calls otherwise: (name in the code, name of the crate).
        renamed: Vec<(String, String)>,
    },
    /// `composer.json`.
    Composer {
        /// The namespaces that it loads from its own folders (`psr-4`), as written.
        namespaces: Vec<String>,
        /// The folders, from the file's own, that it puts the packages it requires into, where that is not `vendor`.
        copied: Vec<String>,
    },
    /// `pyproject.toml` or `setup.cfg`.
    Python {
        /// Folders, from the file's own, that packages are found in; the file's own folder goes without saying.
        roots: Vec<String>,
    },
    /// An empty `__init__.py`: its folder is a package.
    PythonPackage,
}

/// One source file of the graph.
#[derive(Debug, Clone, Copy)]
pub struct StructureFile<'a> {
    /// Path from the root.
    pub path: &'a str,
    /// Language as Linguist spells it.
    pub language: &'a str,
    /// Lines of code.
    pub lines: u32,
    /// Its syntax; `None` when it was not understood.
    pub syntax: Option<&'a FileSyntax>,
}

/// An import that was followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    from: usize,
    to: usize,
    kind: ImportKind,
}

/// The import graph. Edges index `files` in the order given.
pub fn graph(files: &[StructureFile<'_>], configs: &[(&str, &ConfigFacts)]) -> Graph {
    let resolver = resolve::Resolver::new(files, configs);
    let mut links = Vec::new();
    let mut unresolved = 0_u32;
    let mut unparsed = BTreeSet::new();
    for (from, file) in files.iter().enumerate() {
        let Some(syntax) = file.syntax else {
            if !crate::syntax::supports(file.language) {
                unparsed.insert(file.language.to_owned());
            }
            continue;
        };
        let test = crate::inventory::is_test_path(file.path);
        for import in &syntax.imports {
            let answer = resolver.resolve(from, import);
            // Tests and their fixtures name what exists only while they run.
            unresolved = unresolved.saturating_add(u32::from(answer.unresolved && !test));
            let to = answer.files.into_iter().filter(|to| *to != from);
            links.extend(to.map(|to| Link { from, to, kind: kind(import, files.get(to)) }));
        }
        let named = resolver.named(from, syntax).into_iter().filter(|to| *to != from);
        links.extend(named.map(|to| Link { from, to, kind: ImportKind::Static }));
    }
    let modules = modules::choose(files, configs);
    let between: Vec<Link> = links.iter().copied().filter(|link| link.kind != ImportKind::Module).collect();
    let module_edges = count(between.iter().filter_map(|link| {
        let (from, to) = (*modules.of_file.get(link.from)?, *modules.of_file.get(link.to)?);
        (from != to).then_some((from, to))
    }));
    let mut shown = modules.modules;
    layout::arrange(&mut shown, &module_edges);
    for module in shown.iter_mut().filter(|module| module.language.as_deref().is_some_and(cycles::by_design))
    {
        module.cyclic = false;
    }
    Graph {
        modules: shown,
        module_edges,
        file_edges: count(links.iter().map(|link| (link.from, link.to))),
        cycles: cycles::of_files(files, &links),
        unresolved,
        unparsed: unparsed.into_iter().collect(),
        ..Graph::default()
    }
}

/// How a file is imported, with regard to what it has: the compiler drops an import of nothing but types.
fn kind(import: &Import, to: Option<&StructureFile<'_>>) -> ImportKind {
    let loads = matches!(import.kind, ImportKind::Static | ImportKind::Reexport);
    let Some(to) = to.and_then(|to| to.syntax).filter(|_| loads && !import.names.is_empty()) else {
        return import.kind;
    };
    // A value may have the name of a type beside it; it is another symbol then.
    let only_types = import.names.iter().all(|name| {
        let named = to.symbols.iter().filter(|symbol| symbol.public && symbol.name == *name).count();
        named > 0 && named == to.types.iter().filter(|known| *known == name).count()
    });
    if only_types { ImportKind::Types } else { import.kind }
}

/// What the files define, within the limits of a report.
pub(crate) fn symbols(files: &[StructureFile<'_>]) -> Vec<FileSymbols> {
    let mut room = Graph::SYMBOLS;
    let mut listed = Vec::new();
    for (file, syntax) in (0_u32..).zip(files).filter_map(|(index, file)| Some((index, file.syntax?))) {
        let mut symbols: Vec<&Symbol> = syntax.symbols.iter().collect();
        let lines = |symbol: &Symbol| symbol.end.saturating_sub(symbol.start);
        symbols.sort_by_key(|symbol| (Reverse(symbol.public), Reverse(lines(symbol)), symbol.start));
        symbols.truncate(Graph::SYMBOLS_OF_FILE.min(room));
        symbols.sort_by_key(|symbol| symbol.start);
        room -= symbols.len();
        if !symbols.is_empty() {
            listed.push(FileSymbols { file, symbols: symbols.into_iter().cloned().collect() });
        }
    }
    listed
}

/// Counts equal pairs; edges in order.
fn count(pairs: impl Iterator<Item = (usize, usize)>) -> Vec<Edge> {
    let mut counts: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    for pair in pairs {
        *counts.entry(pair).or_default() += 1;
    }
    let index = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    counts.into_iter().map(|((from, to), count)| Edge { from: index(from), to: index(to), count }).collect()
}
