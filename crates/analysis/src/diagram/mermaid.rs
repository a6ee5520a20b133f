//! A diagram as a flowchart of Mermaid. Names never reach its grammar: boxes are numbered, and text is quoted with
//! everything but letters, digits and a few signs written as numeric entities, which renderers turn back into the signs.

use std::fmt::Write as _;

use super::{Diagram, visible};

// Writing to a string cannot fail.
pub(super) fn mermaid(diagram: &Diagram) -> String {
    let mut out = "flowchart TD\n".to_owned();
    for (number, node) in diagram.nodes.iter().enumerate() {
        let detail =
            if node.detail.is_empty() { String::new() } else { format!("<br/>{}", escaped(&node.detail)) };
        let _ = writeln!(out, "  n{number}[\"{}{detail}\"]", escaped(&node.label));
    }
    for edge in &diagram.edges {
        let label =
            if edge.label.is_empty() { String::new() } else { format!("|\"{}\"|", escaped(&edge.label)) };
        let _ = writeln!(out, "  n{} -->{label} n{}", edge.from, edge.to);
    }
    if diagram.hidden > 0 {
        let _ = writeln!(out, "  %% {} more not shown", diagram.hidden);
    }
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().map(visible) {
        if letter.is_alphanumeric() || matches!(letter, ' ' | '.' | ',' | '-' | '_' | '/' | ':' | '@') {
            out.push(letter);
        } else {
            let _ = write!(out, "#{};", u32::from(letter));
        }
    }
    out
}
