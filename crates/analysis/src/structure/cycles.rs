//! Files that import each other in a circle.

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::{Link, StructureFile};
use crate::syntax::ImportKind;

/// Whether files of the language refer to each other in circles as a matter of course, or never can: circles say
/// nothing about it.
pub(super) fn by_design(language: &str) -> bool {
    matches!(language, "Rust" | "Go")
}

/// Whether files of the language refer to each other by the names of their types. Types that know each other are
/// no fault, and loading them in a circle does no harm; circles between packages still say something.
fn refers_by_name(language: &str) -> bool {
    matches!(language, "Java" | "Kotlin" | "C#" | "PHP")
}

/// Groups of files in a circle, the largest first.
///
/// Only imports that exist when the program loads make a circle: not those for the type checker, not those inside
/// functions. Rust is left out: its modules of one crate are compiled as one and refer to each other by design.
/// Go is left out because its compiler refuses circles, and the languages that refer to types by name are.
pub(super) fn of_files(files: &[StructureFile<'_>], links: &[Link]) -> Vec<Vec<String>> {
    let counts = |index: usize| {
        files.get(index).is_some_and(|file| !by_design(file.language) && !refers_by_name(file.language))
    };
    let mut graph: DiGraph<(), (), u32> = DiGraph::default();
    for _ in files {
        graph.add_node(());
    }
    for link in links {
        let loads = matches!(link.kind, ImportKind::Static | ImportKind::Reexport);
        if loads && counts(link.from) && counts(link.to) {
            graph.add_edge(NodeIndex::new(link.from), NodeIndex::new(link.to), ());
        }
    }
    let circles = tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1);
    let mut found: Vec<Vec<String>> = circles
        .map(|circle| {
            let mut paths: Vec<String> =
                circle.iter().filter_map(|node| Some(files.get(node.index())?.path.to_owned())).collect();
            paths.sort();
            paths
        })
        .collect();
    found.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    found
}
