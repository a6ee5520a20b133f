//! Layers of the modules and where the diagram draws them: computed here, so that every client shows the same.

mod levels;

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef as _;

use crate::report::{Edge, Module};

/// Diagram units: one is about a pixel at the natural size.
const MIN_WIDTH: f64 = 120.0;
const MAX_WIDTH: f64 = 260.0;
const LETTER: f64 = 8.0;
const PADDING: f64 = 32.0;
const MIN_HEIGHT: f64 = 44.0;
const MAX_HEIGHT: f64 = 96.0;
const GAP_X: f64 = 36.0;
const GAP_Y: f64 = 72.0;
/// Space between the rows that one layer is broken into.
const GAP_ROWS: f64 = 44.0;
/// Boxes side by side, where there are few.
const MAX_ROW: usize = 8;
/// Passes over the layers that move each box towards its neighbours.
const PASSES: usize = 4;

/// A box of a diagram, whatever it stands for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Tile {
    pub(crate) layer: u32,
    pub(crate) cyclic: bool,
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Tile {
    /// A box for a label of so many letters, taller for more lines of code.
    pub(crate) fn new(letters: usize, code: u32) -> Self {
        Self { width: width(letters), height: height(code), ..Self::default() }
    }
}

/// Sets the layers, the cycles and the places of the modules.
pub(crate) fn arrange(modules: &mut [Module], edges: &[Edge]) {
    let tile = |module: &Module| Tile::new(module.label.chars().count(), module.code);
    let mut tiles: Vec<Tile> = modules.iter().map(tile).collect();
    place(&mut tiles, edges);
    for (module, tile) in modules.iter_mut().zip(tiles) {
        (module.layer, module.cyclic) = (tile.layer, tile.cyclic);
        (module.x, module.y, module.width, module.height) = (tile.x, tile.y, tile.width, tile.height);
    }
}

/// Sets the layers, the cycles and the places of boxes: what has an edge to another is above it. Boxes of a cycle lie
/// over a few layers, by where most of their edges point.
pub(crate) fn place(tiles: &mut [Tile], edges: &[Edge]) {
    set_layers(tiles, edges);
    order(tiles, edges);
}

fn ends(edge: &Edge) -> (usize, usize) {
    (usize::try_from(edge.from).unwrap_or(usize::MAX), usize::try_from(edge.to).unwrap_or(usize::MAX))
}

/// Layer 0 has an edge to nothing; each other is one above the highest that it has an edge to. A cycle as a whole is
/// above all that it leads to.
fn set_layers(tiles: &mut [Tile], edges: &[Edge]) {
    let mut graph: DiGraph<(), u32, u32> = DiGraph::default();
    for _ in tiles.iter() {
        graph.add_node(());
    }
    for edge in edges {
        let (from, to) = ends(edge);
        if from < tiles.len() && to < tiles.len() {
            graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), edge.count);
        }
    }
    // Tarjan gives each component after all that it leads to, so that one pass in this order is enough.
    let mut layer_of: BTreeMap<usize, u32> = BTreeMap::new();
    for component in tarjan_scc(&graph) {
        let inside: BTreeMap<usize, usize> =
            component.iter().map(|node| node.index()).collect::<BTreeSet<_>>().into_iter().zip(0..).collect();
        let below_it = component.iter().flat_map(|node| graph.neighbors(*node)).map(NodeIndex::index);
        let below = below_it.filter(|to| !inside.contains_key(to)).filter_map(|to| layer_of.get(&to)).max();
        let layer = below.map_or(0, |below| below + 1);
        let around = component.iter().flat_map(|node| graph.edges(*node));
        let inner: Vec<levels::Inner> = around
            .filter_map(|edge| {
                let end = |node: NodeIndex<u32>| inside.get(&node.index()).copied();
                Some((end(edge.source())?, end(edge.target())?, *edge.weight()))
            })
            .collect();
        for (index, level) in inside.keys().zip(levels::of(inside.len(), &inner)) {
            layer_of.insert(*index, layer + level);
            if let Some(tile) = tiles.get_mut(*index) {
                tile.layer = layer + level;
                tile.cyclic = inside.len() > 1;
            }
        }
    }
}

fn width(letters: usize) -> f64 {
    let letters = letters.min(60) as f64;
    (letters * LETTER + PADDING).clamp(MIN_WIDTH, MAX_WIDTH)
}

/// Taller for more code, by the order of magnitude: ten times the lines, one step.
fn height(code: u32) -> f64 {
    let steps = f64::from(code.max(1)).log10();
    (MIN_HEIGHT + 10.0 * (steps - 1.0).max(0.0)).clamp(MIN_HEIGHT, MAX_HEIGHT).round()
}

/// Boxes of one row: more where there are many, so that the picture is not much taller than wide.
fn row(count: usize) -> usize {
    // A row of so many boxes is about as wide as this many rows are tall.
    let mut side = MAX_ROW;
    while side * side * 2 < count * 3 {
        side += 1;
    }
    side
}

/// Puts the highest layer on top, each layer in rows of at most [`row`], and orders the boxes of a layer by the
/// middle of their neighbours, so that few edges cross.
fn order(tiles: &mut [Tile], edges: &[Edge]) {
    let mut layers: BTreeMap<std::cmp::Reverse<u32>, Vec<usize>> = BTreeMap::new();
    for (index, tile) in tiles.iter().enumerate() {
        layers.entry(std::cmp::Reverse(tile.layer)).or_default().push(index);
    }
    let mut layers: Vec<Vec<usize>> = layers.into_values().collect();
    let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); tiles.len()];
    for edge in edges {
        let (from, to) = ends(edge);
        for (one, other) in [(from, to), (to, from)] {
            if let Some(list) = neighbours.get_mut(one).filter(|_| other < tiles.len()) {
                list.push(other);
            }
        }
    }
    let mut position: Vec<f64> = vec![0.0; tiles.len()];
    let spread = |layer: &[usize], position: &mut [f64]| {
        for (place, index) in layer.iter().enumerate() {
            if let Some(slot) = position.get_mut(*index) {
                *slot = (place as f64 + 0.5) / layer.len() as f64;
            }
        }
    };
    for layer in &layers {
        spread(layer, &mut position);
    }
    for pass in 0..PASSES {
        let count = layers.len();
        for step in 0..count {
            let at = if pass % 2 == 0 { step } else { count - 1 - step };
            let Some(layer) = layers.get_mut(at) else { continue };
            let middle = |index: usize| {
                let around = neighbours.get(index).map_or(&[][..], Vec::as_slice);
                let sum: f64 = around.iter().filter_map(|other| position.get(*other)).sum();
                let own = position.get(index).copied().unwrap_or_default();
                if around.is_empty() { own } else { sum / around.len() as f64 }
            };
            let mut keyed: Vec<(f64, usize)> = layer.iter().map(|index| (middle(*index), *index)).collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
            *layer = keyed.into_iter().map(|(_, index)| index).collect();
            spread(layer, &mut position);
        }
    }
    set_places(tiles, &layers);
}

fn set_places(tiles: &mut [Tile], layers: &[Vec<usize>]) {
    let most = row(tiles.len());
    let mut rows: Vec<(bool, Vec<usize>)> = Vec::new();
    for layer in layers {
        let count = layer.len().div_ceil(most).max(1);
        let size = layer.len().div_ceil(count).max(1);
        rows.extend(layer.chunks(size).enumerate().map(|(number, row)| (number == 0, row.to_vec())));
    }
    let row_width = |tiles: &[Tile], row: &[usize]| {
        let boxes: f64 = row.iter().filter_map(|index| tiles.get(*index)).map(|tile| tile.width).sum();
        boxes + GAP_X * row.len().saturating_sub(1) as f64
    };
    let widest = rows.iter().map(|(_, row)| row_width(tiles, row)).fold(0.0, f64::max);
    let mut y = 0.0;
    for (number, (first_of_layer, row)) in rows.iter().enumerate() {
        if number > 0 {
            y += if *first_of_layer { GAP_Y } else { GAP_ROWS };
        }
        let mut x = ((widest - row_width(tiles, row)) / 2.0).round();
        let mut tallest = 0.0_f64;
        for index in row {
            let Some(tile) = tiles.get_mut(*index) else { continue };
            tile.x = x;
            tile.y = y;
            x += tile.width + GAP_X;
            tallest = tallest.max(tile.height);
        }
        y += tallest;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn module(number: usize, code: u32) -> Module {
        Module {
            path: format!("folder/number{number}"),
            label: "n".repeat(1 + number % 40),
            language: None,
            files: 1,
            code,
            layer: 0,
            cyclic: false,
            last_change: None,
            x: 0.0,
            y: 0.0,
            width: 0.0,
            height: 0.0,
        }
    }

    proptest! {
        #[test]
        fn boxes_never_overlap_and_layers_rise(
            code in prop::collection::vec(0_u32..1_000_000, 1..60),
            pairs in prop::collection::vec((0_u32..60, 0_u32..60), 0..200),
        ) {
            let mut modules: Vec<Module> = code.iter().enumerate().map(|(number, code)| module(number, *code)).collect();
            let count = u32::try_from(modules.len()).unwrap();
            let edges: Vec<Edge> = pairs
                .iter()
                .map(|(from, to)| Edge { from: from % count, to: to % count, count: 1 })
                .filter(|edge| edge.from != edge.to)
                .collect();
            arrange(&mut modules, &edges);
            for (number, one) in modules.iter().enumerate() {
                prop_assert!(one.x >= 0.0 && one.y >= 0.0 && one.width > 0.0 && one.height > 0.0);
                for other in &modules[number + 1..] {
                    let apart = one.x + one.width <= other.x
                        || other.x + other.width <= one.x
                        || one.y + one.height <= other.y
                        || other.y + other.height <= one.y;
                    prop_assert!(apart, "{one:?} and {other:?}");
                }
            }
            for edge in &edges {
                let (from, to) = (&modules[edge.from as usize], &modules[edge.to as usize]);
                prop_assert!(from.layer > to.layer || (from.cyclic && to.cyclic));
                if from.layer > to.layer {
                    prop_assert!(from.y < to.y, "what imports is drawn above");
                }
            }
            let again = {
                let mut again: Vec<Module> =
                    code.iter().enumerate().map(|(number, code)| module(number, *code)).collect();
                arrange(&mut again, &edges);
                again
            };
            prop_assert_eq!(again, modules);
        }
    }
}
