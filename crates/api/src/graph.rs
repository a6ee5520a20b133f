//! The architecture diagram, laid out by the server.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Span, Time};

/// Modules, what they import, and where to draw them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Graph {
    /// Width of the whole drawing, in diagram units.
    pub width: f64,
    /// Height of the whole drawing.
    pub height: f64,
    /// The modules. Edges name them by position.
    pub modules: Vec<GraphModule>,
    /// Who imports whom.
    pub edges: Vec<GraphEdge>,
    /// Files in which execution starts, by kind and path.
    pub entries: Vec<GraphEntry>,
    /// Groups of files that import each other in a circle, the largest first.
    pub cycles: Vec<Vec<String>>,
    /// Imports of this repository's own files that could not be resolved.
    pub unresolved: u32,
    /// Languages present whose imports are not read.
    pub unparsed: Vec<String>,
}

/// A source file outside tests in which execution starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GraphEntry {
    /// Its path from the root.
    pub path: String,
    /// How it is started.
    pub kind: EntryKind,
    /// The command, process or package that it is known as, where it has such a name.
    pub name: Option<String>,
    /// The lines that say so, in the file itself or in a manifest; line 0 is the file as a whole.
    pub evidence: Vec<Span>,
}

/// How a file is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// As a program: a manifest, an image or a Procfile starts it, or it has the main function of its language.
    Program,
    /// By other programs that load it: what a package gives to others.
    Library,
    /// By hand: it does something when it is run by itself, and nothing else says that it is run.
    Script,
}

/// A module: a folder or package.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GraphModule {
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
    /// Layer: 0 imports nothing of ours; each other is above all it imports.
    pub layer: u32,
    /// Whether it is in a circle with another module.
    pub cyclic: bool,
    /// The newest commit that changed one of its files; `null` where none did in the year before the analysed one. Merges,
    /// bots and sweeping changes do not count.
    pub last_change: Option<Time>,
    /// How many modules import it.
    pub fan_in: u32,
    /// How many modules it imports.
    pub fan_out: u32,
    /// Left edge of its box.
    pub x: f64,
    /// Top edge of its box.
    pub y: f64,
    /// Width of its box.
    pub width: f64,
    /// Height of its box.
    pub height: f64,
}

/// An edge of the diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GraphEdge {
    /// Position of the importing module.
    pub from: u32,
    /// Position of the imported module.
    pub to: u32,
    /// How many import statements it stands for.
    pub count: u32,
}

/// How close a diagram looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DiagramLevel {
    /// What runs, and which part needs which.
    Services,
    /// Folders and packages, and what they import.
    Modules,
    /// The files of a module.
    Files,
    /// What a file defines.
    Symbols,
}

/// A diagram, laid out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Diagram {
    /// How close it looks.
    pub level: DiagramLevel,
    /// What it looks at; `null` for the repository as a whole.
    pub focus: Option<String>,
    /// Width of the whole drawing, in diagram units.
    pub width: f64,
    /// Height of the whole drawing.
    pub height: f64,
    /// The boxes. Arrows name them by position.
    pub nodes: Vec<DiagramNode>,
    /// The arrows.
    pub edges: Vec<DiagramEdge>,
    /// Boxes that are left out because there are too many.
    pub hidden: u32,
    /// The drawing as a file, in the format that was asked for.
    pub text: Option<String>,
}

/// A box of a diagram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DiagramNode {
    /// What identifies it at its level.
    pub id: String,
    /// What stands in it.
    pub label: String,
    /// A second line: what kind of thing it is, or how large.
    pub detail: String,
    /// The focus of the next level, where there is one.
    pub opens: Option<String>,
    /// The lines that show it, for services and symbols.
    pub evidence: Vec<Span>,
    /// Layer: each box is above all it has arrows to.
    pub layer: u32,
    /// Whether it is in a circle with another.
    pub cyclic: bool,
    /// Left edge of its box.
    pub x: f64,
    /// Top edge of its box.
    pub y: f64,
    /// Width of its box.
    pub width: f64,
    /// Height of its box.
    pub height: f64,
}

/// An arrow of a diagram.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DiagramEdge {
    /// Position of the box it starts at.
    pub from: u32,
    /// Position of the box it ends at.
    pub to: u32,
    /// What stands at it; empty where there is nothing to say.
    pub label: String,
    /// The lines that show it, for calls between services.
    pub evidence: Vec<Span>,
}
