//! The diagram, and lines of source.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use analysis::report;
use repos::child::Lines;

use crate::problem::Problem;

/// Lines in one answer.
const LINE_LIMIT: u32 = 400;
/// Characters of one line; what is longer is generated or minified.
const WIDTH_LIMIT: usize = 2_000;

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
        cycles: graph.cycles.clone(),
        unresolved: graph.unresolved,
        unparsed: graph.unparsed.clone(),
    }
}

/// The range to read: what was asked for, within the bounds of one answer.
pub(super) fn range(start: Option<u32>, end: Option<u32>) -> RangeInclusive<u32> {
    let start = start.unwrap_or(1).max(1);
    let last = start.saturating_add(LINE_LIMIT - 1);
    start..=end.map_or(last, |end| end.clamp(start, last))
}

/// The lines that were read, as text. What is no text has no lines to show.
pub(super) fn lines_to_api(
    path: String,
    commit: String,
    found: Lines,
    wanted_end: Option<u32>,
) -> Result<api::SourceLines, Problem> {
    if found.lines.iter().any(|line| line.contains('\0')) {
        let detail = "This file is not text, so there are no lines to show.";
        return Err(Problem::new(
            axum::http::StatusCode::UNPROCESSABLE_ENTITY,
            "not_text",
            "Not text",
            detail,
        ));
    }
    let mut cut = false;
    let lines: Vec<api::SourceLine> = (found.start..)
        .zip(found.lines)
        .map(|(number, line)| {
            let text: String = line.chars().take(WIDTH_LIMIT).collect();
            cut |= text.len() < line.len();
            api::SourceLine { number, text }
        })
        .collect();
    let end = lines.last().map_or(0, |line| line.number);
    Ok(api::SourceLines {
        path,
        commit,
        start: lines.first().map_or(0, |line| line.number),
        end,
        total_lines: found.total,
        truncated: cut || (end > 0 && end < wanted_end.unwrap_or(u32::MAX).min(found.total)),
        lines,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(start: u32, lines: &[&str], total: u32, wanted_end: Option<u32>) -> api::SourceLines {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        lines_to_api("a".into(), "c".into(), Lines { start, lines, total }, wanted_end).unwrap()
    }

    #[test]
    fn the_range_is_what_was_asked_for_within_bounds() {
        assert_eq!(range(None, None), 1..=400);
        assert_eq!(range(Some(5), Some(7)), 5..=7);
        assert_eq!(range(Some(5), Some(3)), 5..=5);
        assert_eq!(range(Some(0), Some(10_000)), 1..=400);
        assert_eq!(range(Some(u32::MAX), None), u32::MAX..=u32::MAX);
    }

    #[test]
    fn what_was_left_out_is_said() {
        let two = given(2, &["b", "c"], 3, Some(3));
        assert_eq!((two.start, two.end, two.truncated), (2, 3, false));
        assert!(given(1, &["a", "b"], 3, None).truncated);
        assert!(!given(1, &["a", "b"], 2, Some(9)).truncated);
        let nothing = given(9, &[], 2, None);
        assert_eq!((nothing.start, nothing.end, nothing.truncated), (0, 0, false));
        let wide = given(1, &[&"é".repeat(5_000)], 1, None);
        assert_eq!((wide.lines[0].text.chars().count(), wide.truncated), (2_000, true));
    }

    #[test]
    fn what_is_no_text_is_not_shown_as_lines() {
        let found = Lines { start: 1, lines: vec!["\u{7f}ELF\0".into()], total: 1 };
        assert_eq!(lines_to_api("a".into(), "c".into(), found, None).unwrap_err().code(), "not_text");
    }

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
