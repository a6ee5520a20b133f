//! How the files of a repository hang together: which imports which, in which modules, layers and cycles.

use serde::{Deserialize, Serialize};

use crate::report::Graph;
use crate::source::SourceFile;
use crate::syntax::FileSyntax;

/// What a configuration file says about where imports lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "config", rename_all = "snake_case")]
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
    },
    /// `Cargo.toml`.
    Cargo {
        /// The name the crate is used by; `None` for a workspace without a package.
        krate: Option<String>,
        /// Path of the library's root file.
        library: Option<String>,
        /// Paths of other root files that were named (binaries, tests, examples).
        roots: Vec<String>,
        /// Local names of dependencies that are another crate: (name in the code, package).
        renamed: Vec<(String, String)>,
    },
    /// `pyproject.toml`, `setup.cfg` or `setup.py`.
    Python {
        /// Folders, from the file's own, that packages are found in; the file's own folder goes without saying.
        roots: Vec<String>,
    },
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

/// What a file says about where imports lead, if it is a configuration file that does.
pub fn examine_config(_file: &SourceFile<'_>) -> Option<ConfigFacts> {
    None
}

/// The import graph. Edges index `files` in the order given, which must be by path.
pub fn graph(_files: &[StructureFile<'_>], _configs: &[(&str, &ConfigFacts)]) -> Graph {
    Graph::default()
}
