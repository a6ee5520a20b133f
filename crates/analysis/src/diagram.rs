//! Diagrams of a report at four levels: services, modules, the files of a module, the symbols of a file.
//!
//! Everything is placed here, so that every client and every export shows the same picture. All names come from the
//! repository: each format escapes them.

mod mermaid;
mod svg;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::report::{Edge, Module, Report, ServiceKind, Span};
use crate::structure::StructureFile;
use crate::structure::layout::{self, Tile};
use crate::structure::modules::within;
use crate::syntax::SymbolKind;

/// Boxes that one diagram shows; what is beyond is counted.
const MOST: usize = 300;

/// How close a diagram looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// What runs, and which part needs which.
    Services,
    /// Folders and packages, and what they import.
    Modules,
    /// The files of a module, and what they import.
    Files,
    /// What a file defines.
    Symbols,
}

impl Level {
    /// Every level, from far to near.
    pub const ALL: [Self; 4] = [Self::Services, Self::Modules, Self::Files, Self::Symbols];

    /// The name used everywhere outside this program.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Modules => "modules",
            Self::Files => "files",
            Self::Symbols => "symbols",
        }
    }
}

/// Boxes and arrows with their places.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diagram {
    /// How close it looks.
    pub level: Level,
    /// What it looks at: the folder of a module, the path of a file; `None` for the repository as a whole.
    pub focus: Option<String>,
    /// Width of the picture, in diagram units.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// The boxes.
    pub nodes: Vec<Node>,
    /// The arrows, by the positions of their ends in `nodes`.
    pub edges: Vec<Arrow>,
    /// Boxes that are not shown because there are too many.
    pub hidden: u32,
}

/// A box.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Node {
    /// What identifies it at its level: the name of a service, a path, the name of a symbol.
    pub id: String,
    /// What stands in it.
    pub label: String,
    /// A second line: what kind of thing it is, or how large.
    pub detail: String,
    /// What the next level looks at when this box is opened: the folder of the service's sources, or a path.
    pub opens: Option<String>,
    /// The lines that show it, for services and symbols.
    pub evidence: Vec<Span>,
    /// Layer: each box is above all it has arrows to, but for those of its own cycle that lead back.
    pub layer: u32,
    /// Whether it is in a cycle.
    pub cyclic: bool,
    /// Left edge of the box.
    pub x: f64,
    /// Top edge of the box.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

/// An arrow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Arrow {
    /// Where it starts.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// What stands at it: how many imports, or how the configuration shows the call. Empty for a single import.
    pub label: String,
    /// The lines that show it, for calls between services.
    pub evidence: Vec<Span>,
}

/// The diagram of a level; `None` where the report has nothing of that name.
///
/// `focus` is the folder of a module for [`Level::Files`], the path of a file for [`Level::Symbols`], and for
/// [`Level::Modules`] a folder whose parts are to be seen; the other levels need none.
pub fn diagram(report: &Report, level: Level, focus: Option<&str>) -> Option<Diagram> {
    match level {
        Level::Services => Some(services(report)),
        Level::Modules => modules(report, focus),
        Level::Files => files(report, focus?),
        Level::Symbols => symbols(report, focus?),
    }
}

impl Diagram {
    /// As a drawing that stands alone: no script, no font, no address of another file.
    pub fn svg(&self) -> String {
        svg::svg(self)
    }

    /// As a flowchart in the language of Mermaid.
    pub fn mermaid(&self) -> String {
        mermaid::mermaid(self)
    }
}

/// A box before it is placed.
struct Plan {
    id: String,
    label: String,
    detail: String,
    opens: Option<String>,
    evidence: Vec<Span>,
    /// Lines of code, for its height.
    code: u32,
}

fn services(report: &Report) -> Diagram {
    let plans = report.graph.services.iter().map(|service| Plan {
        id: service.name.clone(),
        label: service.name.clone(),
        detail: match (service.kind, &service.image) {
            (ServiceKind::Own, _) => match service.folder.as_deref() {
                Some("") | None => "built here".to_owned(),
                Some(folder) => folder.to_owned(),
            },
            (ServiceKind::Gateway, None) => "lets requests in".to_owned(),
            // The digest says nothing to a reader, and fills the box.
            (_, image) => {
                image.as_deref().and_then(|image| image.split('@').next()).unwrap_or_default().to_owned()
            }
        },
        opens: service.folder.clone(),
        evidence: service.evidence.clone(),
        code: 1,
    });
    let arrows = report.graph.calls.iter().map(|call| {
        let kinds: Vec<&str> = call.kinds.iter().map(|kind| kind.label()).collect();
        let label = kinds.join(", ");
        (1, Arrow { from: call.from, to: call.to, label, evidence: call.evidence.clone() })
    });
    placed(Level::Services, None, plans.collect(), arrows.collect())
}

fn modules(report: &Report, focus: Option<&str>) -> Option<Diagram> {
    let Some(folder) = focus.filter(|folder| !folder.is_empty()) else {
        let arrows = report.graph.module_edges.iter().map(arrow);
        return Some(placed(Level::Modules, None, boxes(&report.graph.modules), arrows.collect()));
    };
    let kept: Vec<usize> = below(report, folder);
    if kept.is_empty() {
        return None;
    }
    let files: Vec<StructureFile<'_>> = kept
        .iter()
        .filter_map(|index| report.files.get(*index))
        .map(|file| StructureFile {
            path: &file.path,
            language: &file.language,
            lines: file.lines.code,
            test: file.test,
            syntax: None,
        })
        .collect();
    let inside = within(folder, &files, &BTreeSet::new());
    let mut counts: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for (count, arrow) in among(&kept, &report.graph.file_edges) {
        let part = |file: u32| inside.of_file.get(file as usize).and_then(|part| u32::try_from(*part).ok());
        if let (Some(from), Some(to)) = (part(arrow.from), part(arrow.to)) {
            *counts.entry((from, to)).or_default() += count;
        }
    }
    let edges = counts.into_iter().filter(|((from, to), _)| from != to);
    let arrows = edges.map(|((from, to), count)| arrow(&Edge { from, to, count }));
    Some(placed(Level::Modules, focus, boxes(&inside.modules), arrows.collect()))
}

fn boxes(modules: &[Module]) -> Vec<Plan> {
    let plan = |module: &Module| Plan {
        id: module.path.clone(),
        label: module.label.clone(),
        detail: lines(module.code),
        opens: Some(module.path.clone()),
        evidence: Vec::new(),
        code: module.code,
    };
    modules.iter().map(plan).collect()
}

/// The files below a folder.
fn below(report: &Report, folder: &str) -> Vec<usize> {
    let inside = report.files.iter().enumerate().filter(|(_, file)| is_in(&file.path, folder));
    inside.map(|(index, _)| index).collect()
}

/// The files of a module; those below a folder that is none.
fn files(report: &Report, focus: &str) -> Option<Diagram> {
    let kept: Vec<usize> = match report.graph.modules.iter().position(|module| module.path == focus) {
        Some(module) => {
            let all = report.files.iter().enumerate();
            let own = all.filter(|(_, file)| module_of(report, &file.path) == Some(module));
            own.map(|(index, _)| index).collect()
        }
        None => Some(below(report, focus)).filter(|kept| !kept.is_empty())?,
    };
    let plans = kept.iter().filter_map(|index| report.files.get(*index)).map(|file| {
        let within = file.path.strip_prefix(focus).map_or(&*file.path, |rest| rest.trim_start_matches('/'));
        Plan {
            id: file.path.clone(),
            label: within.to_owned(),
            detail: lines(file.lines.code),
            opens: Some(file.path.clone()),
            evidence: Vec::new(),
            code: file.lines.code,
        }
    });
    Some(placed(Level::Files, Some(focus), plans.collect(), among(&kept, &report.graph.file_edges)))
}

fn symbols(report: &Report, focus: &str) -> Option<Diagram> {
    let file = report.files.iter().position(|file| file.path == focus)?;
    let listed = report.graph.symbols.iter().find(|one| usize::try_from(one.file) == Ok(file));
    let plans = listed.map_or(&[][..], |listed| &listed.symbols).iter().map(|symbol| {
        let kind = match symbol.kind {
            SymbolKind::Function => "function",
            SymbolKind::Type => "type",
            SymbolKind::Value => "value",
            SymbolKind::Module => "module",
        };
        let last = if symbol.end > symbol.start { format!("-{}", symbol.end) } else { String::new() };
        Plan {
            id: symbol.name.clone(),
            label: symbol.name.clone(),
            detail: format!("{kind}, {}{last}", symbol.start),
            opens: None,
            evidence: vec![Span::lines(focus, symbol.start, symbol.end)],
            code: symbol.end.saturating_sub(symbol.start) + 1,
        }
    });
    Some(placed(Level::Symbols, Some(focus), plans.collect(), Vec::new()))
}

/// The module that a file belongs to: that of the nearest folder above it.
fn module_of(report: &Report, path: &str) -> Option<usize> {
    let above = report.graph.modules.iter().enumerate().filter(|(_, module)| is_in(path, &module.path));
    above.max_by_key(|(index, module)| (module.path.len(), usize::MAX - index)).map(|(index, _)| index)
}

fn is_in(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// A letter of the repository as a drawing may have it: characters that XML 1.0 does not know, and those that turn text
/// around, become the sign for what cannot be shown.
fn visible(letter: char) -> char {
    match letter {
        '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{fffe}'
        | '\u{ffff}' => '\u{fffd}',
        control if control.is_control() => '\u{fffd}',
        plain => plain,
    }
}

fn lines(code: u32) -> String {
    if code == 1 { "1 line".to_owned() } else { format!("{code} lines") }
}

/// The edges between the nodes that are kept, by their new positions.
fn among(kept: &[usize], edges: &[Edge]) -> Vec<(u32, Arrow)> {
    let position: BTreeMap<u32, u32> =
        (0_u32..).zip(kept).filter_map(|(new, old)| Some((u32::try_from(*old).ok()?, new))).collect();
    let both = edges.iter().filter_map(|edge| {
        let (from, to) = (*position.get(&edge.from)?, *position.get(&edge.to)?);
        (from != to).then(|| arrow(&Edge { from, to, count: edge.count }))
    });
    both.collect()
}

/// The arrow of some imports, with how many they are.
fn arrow(edge: &Edge) -> (u32, Arrow) {
    let label = if edge.count > 1 { edge.count.to_string() } else { String::new() };
    (edge.count, Arrow { from: edge.from, to: edge.to, label, evidence: Vec::new() })
}

/// Leaves the [`MOST`] boxes that have the most arrows, and of those with equally many the larger ones, in their order.
/// Says how many are left out.
fn keep_most(plans: &mut Vec<Plan>, arrows: &mut Vec<(u32, Arrow)>) -> usize {
    let hidden = plans.len().saturating_sub(MOST);
    if hidden == 0 {
        return 0;
    }
    let mut weights: Vec<u64> = vec![0; plans.len()];
    for (count, arrow) in arrows.iter() {
        for end in [arrow.from, arrow.to] {
            if let Some(weight) = usize::try_from(end).ok().and_then(|end| weights.get_mut(end)) {
                *weight += u64::from(*count);
            }
        }
    }
    let mut order: Vec<(Reverse<u64>, Reverse<u32>, usize)> = plans
        .iter()
        .zip(weights)
        .enumerate()
        .map(|(index, (plan, weight))| (Reverse(weight), Reverse(plan.code), index))
        .collect();
    order.sort_unstable();
    let kept: BTreeSet<usize> = order.into_iter().take(MOST).map(|(_, _, index)| index).collect();
    let position: BTreeMap<u32, u32> =
        kept.iter().zip(0_u32..).filter_map(|(old, new)| Some((u32::try_from(*old).ok()?, new))).collect();
    arrows.retain_mut(|(_, arrow)| match (position.get(&arrow.from), position.get(&arrow.to)) {
        (Some(from), Some(to)) => {
            (arrow.from, arrow.to) = (*from, *to);
            true
        }
        _ => false,
    });
    let mut index = 0;
    plans.retain(|_| {
        index += 1;
        kept.contains(&(index - 1))
    });
    hidden
}

/// Places the boxes.
fn placed(level: Level, focus: Option<&str>, mut plans: Vec<Plan>, mut arrows: Vec<(u32, Arrow)>) -> Diagram {
    let hidden = keep_most(&mut plans, &mut arrows);
    let edge = |(count, arrow): &(u32, Arrow)| Edge { from: arrow.from, to: arrow.to, count: *count };
    let edges: Vec<Edge> = arrows.iter().map(edge).collect();
    let tile =
        |plan: &Plan| Tile::new(plan.label.chars().count().max(plan.detail.chars().count()), plan.code);
    let mut tiles: Vec<Tile> = plans.iter().map(tile).collect();
    layout::place(&mut tiles, &edges);
    let nodes: Vec<Node> = plans
        .into_iter()
        .zip(&tiles)
        .map(|(plan, tile)| Node {
            id: plan.id,
            label: plan.label,
            detail: plan.detail,
            opens: plan.opens,
            evidence: plan.evidence,
            layer: tile.layer,
            cyclic: tile.cyclic,
            x: tile.x,
            y: tile.y,
            width: tile.width,
            height: tile.height,
        })
        .collect();
    Diagram {
        level,
        focus: focus.map(str::to_owned),
        width: tiles.iter().map(|tile| tile.x + tile.width).fold(0.0, f64::max),
        height: tiles.iter().map(|tile| tile.y + tile.height).fold(0.0, f64::max),
        nodes,
        edges: arrows.into_iter().map(|(_, arrow)| arrow).collect(),
        hidden: u32::try_from(hidden).unwrap_or(u32::MAX),
    }
}
