//! Files, their complexity, and how they import each other.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{LineCount, Span};
use crate::syntax::Symbol;

/// A source file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileSummary {
    /// Path from the root.
    pub path: String,
    /// Language, as GitHub Linguist spells it.
    pub language: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Lines by kind.
    pub lines: LineCount,
    /// Whether it is a test or a fixture.
    pub test: bool,
    /// Whether it is an example: like a test it is not shipped, but it tests nothing.
    #[serde(default)]
    pub example: bool,
    /// Test functions in it, where its language marks them; only Rust's are told so far.
    pub tests: u32,
    /// Sums over its functions; `None` when its syntax is not understood.
    pub complexity: Option<FileComplexity>,
    /// Commits in the window that changed it.
    pub commits: u32,
}

impl FileSummary {
    /// Whether it is part of what is shipped: neither a test nor an example.
    pub fn is_shipped(&self) -> bool {
        !self.test && !self.example
    }
}

/// The highest cognitive complexity that is usual: the limit that Campbell's paper and the tools after it use. Above
/// it a function is hard to follow.
pub const HARD_FUNCTION: u32 = 15;

/// Complexity of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileComplexity {
    /// Functions and methods.
    pub functions: u32,
    /// Sum of cyclomatic complexity.
    pub cyclomatic: u32,
    /// Sum of cognitive complexity.
    pub cognitive: u32,
    /// Functions with a cognitive complexity above [`HARD_FUNCTION`].
    #[serde(default)]
    pub hard: u32,
    /// The hardest functions, by cognitive complexity; at most three.
    pub worst: Vec<FunctionSummary>,
}

/// One function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FunctionSummary {
    /// Name, with its type or module where there is one.
    pub name: String,
    /// First line.
    pub start: u32,
    /// Last line.
    pub end: u32,
    /// Cyclomatic complexity (McCabe 1976).
    pub cyclomatic: u32,
    /// Cognitive complexity (Campbell 2018).
    pub cognitive: u32,
    /// Deepest nesting of control flow.
    pub nesting: u32,
    /// Parameters.
    pub parameters: u32,
}

/// Files and what they import.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Graph {
    /// Modules: folders or packages, by path.
    pub modules: Vec<Module>,
    /// Edges between modules, by position: `from` and `to` index `modules`.
    pub module_edges: Vec<Edge>,
    /// Edges between files: `from` and `to` index [`Report::files`].
    pub file_edges: Vec<Edge>,
    /// Groups of files that import each other in a circle, the largest first; paths in order.
    pub cycles: Vec<Vec<String>>,
    /// Imports of this repository's own files that could not be resolved.
    pub unresolved: u32,
    /// Languages present whose imports are not read.
    pub unparsed: Vec<String>,
    /// Where execution starts, by kind and path.
    #[serde(default)]
    pub entries: Vec<Entry>,
    /// What runs, as its configuration describes it, by name.
    #[serde(default)]
    pub services: Vec<Service>,
    /// Which service needs which: `from` and `to` index `services`.
    #[serde(default)]
    pub calls: Vec<Call>,
    /// What the files define at their top level, by file; at most [`Graph::SYMBOLS`] in all.
    #[serde(default)]
    pub symbols: Vec<FileSymbols>,
}

impl Graph {
    /// How many symbols a report lists.
    pub const SYMBOLS: usize = 20_000;
    /// How many symbols of one file it lists: those that others can use first, then the longest.
    pub const SYMBOLS_OF_FILE: usize = 40;
}

/// A source file outside tests where execution starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// Its path from the root.
    pub path: String,
    /// How it is started.
    pub kind: EntryKind,
    /// The command, process or package that it is known as, where it has such a name.
    pub name: Option<String>,
    /// The lines that say so, in the file itself or in a manifest; never empty, at most [`Service::EVIDENCE`] places.
    pub evidence: Vec<Span>,
}

/// How a file is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// As a program: a manifest, an image or a Procfile starts it, or it has the main function of its language.
    Program,
    /// By other programs that load it: what a package gives to others.
    Library,
    /// By hand: it does something when it is run by itself, and nothing else says that it is run.
    Script,
}

/// What one file defines at its top level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileSymbols {
    /// Index of the file in [`Report::files`].
    pub file: u32,
    /// Its symbols, in the order of the text.
    pub symbols: Vec<Symbol>,
}

/// Something that runs on its own, as manifests, Dockerfiles, compose, Kubernetes and CI files describe it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// What kind of thing it is.
    pub kind: ServiceKind,
    /// The image it runs, as written.
    pub image: Option<String>,
    /// Folder of its sources, where it is built from this repository; empty for the root.
    pub folder: Option<String>,
    /// What describes it; never empty, at most [`Service::EVIDENCE`] places.
    pub evidence: Vec<Span>,
    /// Layer: 0 needs no other; each other is above all it needs.
    pub layer: u32,
    /// Left edge of its box in the layout, in diagram units.
    pub x: f64,
    /// Top edge of its box.
    pub y: f64,
    /// Width of its box.
    pub width: f64,
    /// Height of its box.
    pub height: f64,
}

impl Service {
    /// How many places a service or a call lists.
    pub const EVIDENCE: usize = 5;
}

/// Kinds of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    /// Built from this repository.
    Own,
    /// A ready-made image that is none of the following.
    Image,
    /// A database or a search engine.
    Database,
    /// A cache.
    Cache,
    /// A queue or a broker.
    Queue,
    /// What lets requests in and passes them on.
    Gateway,
}

/// One service needs another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// Index of the service that needs the other.
    pub from: u32,
    /// Index of the other.
    pub to: u32,
    /// How the configuration shows it, the strongest first.
    pub kinds: Vec<CallKind>,
    /// The lines that show it; never empty, at most [`Service::EVIDENCE`] places.
    pub evidence: Vec<Span>,
}

/// How configuration shows that one service needs another, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallKind {
    /// Its configuration holds an address of the other.
    Address,
    /// Requests from outside are passed on to it.
    Ingress,
    /// It is linked to the other, or shares its network.
    Link,
    /// It starts after the other.
    DependsOn,
}

/// A module of the diagram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Module {
    /// Path of its folder; empty for the root.
    pub path: String,
    /// Short label.
    pub label: String,
    /// Main language.
    pub language: Option<String>,
    /// Source files in it.
    pub files: u32,
    /// Lines of code in it.
    pub code: u32,
    /// Layer: 0 imports nothing of ours; each other is above all it imports, but for what leads back in a cycle.
    pub layer: u32,
    /// Whether it is in a cycle with another module. Never for Rust and Go, where a cycle says nothing.
    pub cyclic: bool,
    /// Committer time of the newest commit that counts and changed one of its files; `None` where none did in the
    /// window of the history.
    #[serde(default)]
    pub last_change: Option<i64>,
    /// Left edge of its box in the layout, in diagram units.
    pub x: f64,
    /// Top edge of its box.
    pub y: f64,
    /// Width of its box.
    pub width: f64,
    /// Height of its box.
    pub height: f64,
}

/// An edge with its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Edge {
    /// Index of the importing node.
    pub from: u32,
    /// Index of the imported node.
    pub to: u32,
    /// How many import statements it stands for.
    pub count: u32,
}

impl CallKind {
    /// What stands at the arrow.
    pub fn label(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Ingress => "passes on",
            Self::Link => "linked",
            Self::DependsOn => "starts after",
        }
    }
}
