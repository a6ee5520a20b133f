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
//! Reading order: [`ConfigFacts`] (what configuration says), `links` and `resolve` (from imports to files), `modules`
//! (what the diagram shows), `layout` (where it shows it).

mod config;
mod cycles;
mod entries;
pub(crate) mod layout;
mod links;
pub(crate) mod modules;
mod places;
mod resolve;
mod services;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::report::{Edge, FileSymbols, Graph};
use crate::syntax::{FileSyntax, ImportKind, Symbol};

use links::Link;

pub use config::examine_config;
pub use entries::{EntryFact, examine_entries};
pub(crate) use entries::{Saying, entries};
pub(crate) use links::{Links, follow, reads};
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
    /// Whether it is a test, an example or a fixture.
    pub test: bool,
    /// Its syntax; `None` when it was not understood.
    pub syntax: Option<&'a FileSyntax>,
}

/// The import graph of files whose imports were followed. Edges index `files` in the order given.
pub(crate) fn graph(files: &[StructureFile<'_>], configs: &[(&str, &ConfigFacts)], links: Links) -> Graph {
    let Links { list: links, unresolved, unparsed } = links;
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
        unparsed,
        ..Graph::default()
    }
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
    let mut pairs: Vec<(usize, usize)> = pairs.collect();
    pairs.sort_unstable();
    let index = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let equal = pairs.chunk_by(|a, b| a == b).filter_map(|equal| Some((*equal.first()?, index(equal.len()))));
    equal.map(|((from, to), count)| Edge { from: index(from), to: index(to), count }).collect()
}
