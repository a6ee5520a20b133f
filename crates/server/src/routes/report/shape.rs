//! The diagram.

use std::collections::BTreeSet;

use analysis::report;
use base::Timestamp;

use super::span_to_api;

pub(super) fn graph_to_api(graph: &report::Graph) -> api::Graph {
    let right = graph.modules.iter().map(|module| module.x + module.width).fold(0.0, f64::max);
    let bottom = graph.modules.iter().map(|module| module.y + module.height).fold(0.0, f64::max);
    let pairs: BTreeSet<(u32, u32)> = graph
        .module_edges
        .iter()
        .filter(|edge| edge.from != edge.to)
        .map(|edge| (edge.from, edge.to))
        .collect();
    let fan = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    api::Graph {
        width: right,
        height: bottom,
        modules: (0_u32..)
            .zip(&graph.modules)
            .map(|(index, module)| api::GraphModule {
                path: module.path.clone(),
                label: module.label.clone(),
                language: module.language.clone(),
                files: module.files,
                code: module.code,
                layer: module.layer,
                cyclic: module.cyclic,
                last_change: module.last_change.map(|time| Timestamp::from_seconds(time).into()),
                fan_in: fan(pairs.iter().filter(|(_, to)| *to == index).count()),
                fan_out: fan(pairs.range((index, 0)..=(index, u32::MAX)).count()),
                x: module.x,
                y: module.y,
                width: module.width,
                height: module.height,
            })
            .collect(),
        edges: graph
            .module_edges
            .iter()
            .map(|edge| api::GraphEdge { from: edge.from, to: edge.to, count: edge.count })
            .collect(),
        entries: graph.entries.iter().map(entry_to_api).collect(),
        cycles: graph.cycles.clone(),
        unresolved: graph.unresolved,
        unparsed: graph.unparsed.clone(),
    }
}

fn entry_to_api(entry: &report::Entry) -> api::GraphEntry {
    api::GraphEntry {
        path: entry.path.clone(),
        kind: match entry.kind {
            report::EntryKind::Program => api::EntryKind::Program,
            report::EntryKind::Library => api::EntryKind::Library,
            report::EntryKind::Script => api::EntryKind::Script,
        },
        name: entry.name.clone(),
        evidence: entry.evidence.iter().map(span_to_api).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fans_count_modules_and_not_imports() {
        let module = |path: &str, x: f64| report::Module {
            path: path.into(),
            label: path.into(),
            language: None,
            files: 1,
            code: 1,
            layer: 0,
            cyclic: false,
            last_change: None,
            x,
            y: 1.0,
            width: 10.0,
            height: 5.0,
        };
        let edge = |from, to, count| report::Edge { from, to, count };
        let graph = graph_to_api(&report::Graph {
            modules: vec![module("a", 0.0), module("b", 20.0)],
            module_edges: vec![edge(0, 0, 9), edge(0, 1, 5)],
            ..report::Graph::default()
        });
        let fans: Vec<_> = graph.modules.iter().map(|module| (module.fan_in, module.fan_out)).collect();
        assert_eq!(fans, [(0, 1), (1, 0)]);
        assert_eq!((graph.width, graph.height), (30.0, 6.0));
    }
}
