//! A diagram as SVG 1.1: boxes and arrows, colours that hold on light and dark ground.

use std::fmt::Write as _;

use super::{Diagram, Node, visible};

/// Space around the picture.
const MARGIN: f64 = 24.0;
/// Letters that fit into a unit of width.
const LETTER: f64 = 8.0;

const STYLE: &str = "\
.box{fill:#fff;stroke:#57606a}.cyclic{stroke:#b35900;stroke-dasharray:4 2}\
.label{font:600 13px system-ui,sans-serif;fill:#1f2328}.detail{font:11px system-ui,sans-serif;fill:#57606a}\
.edge{fill:none;stroke:#6e7781;stroke-width:1.2}.count{font:10px system-ui,sans-serif;fill:#57606a}\
@media(prefers-color-scheme:dark){.ground{fill:#0d1117}.box{fill:#161b22;stroke:#8b949e}.label{fill:#e6edf3}\
.detail,.count{fill:#9da7b3}.edge{stroke:#8b949e}}";

pub(super) fn svg(diagram: &Diagram) -> String {
    let (width, height) = (diagram.width + 2.0 * MARGIN, diagram.height + 2.0 * MARGIN);
    let title = match &diagram.focus {
        Some(focus) if !focus.is_empty() => format!("{} of {focus}", diagram.level.as_str()),
        _ => diagram.level.as_str().to_owned(),
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>\n\
         <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
         orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#6e7781\"/></marker></defs>\n\
         <rect class=\"ground\" width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        escaped(&title)
    );
    for edge in &diagram.edges {
        let ends = (node(diagram, edge.from), node(diagram, edge.to));
        if let (Some(from), Some(to)) = ends {
            arrow(&mut out, from, to, &edge.label);
        }
    }
    for node in &diagram.nodes {
        boxed(&mut out, node);
    }
    if diagram.hidden > 0 {
        let y = height - MARGIN / 3.0;
        let _ = writeln!(
            out,
            "<text class=\"detail\" x=\"{MARGIN}\" y=\"{y}\">{} more not shown</text>",
            diagram.hidden
        );
    }
    out.push_str("</svg>\n");
    out
}

fn node(diagram: &Diagram, index: u32) -> Option<&Node> {
    diagram.nodes.get(usize::try_from(index).ok()?)
}

// Writing to a string cannot fail.
fn arrow(out: &mut String, from: &Node, to: &Node, label: &str) {
    let (from_x, to_x) = (MARGIN + from.x + from.width / 2.0, MARGIN + to.x + to.width / 2.0);
    // From the lower edge down to what is below, or from the upper edge up.
    let down = from.y <= to.y;
    let from_y = MARGIN + from.y + if down { from.height } else { 0.0 };
    let to_y = MARGIN + to.y + if down { 0.0 } else { to.height };
    let middle = f64::midpoint(from_y, to_y);
    let _ = writeln!(
        out,
        "<path class=\"edge\" marker-end=\"url(#tip)\" d=\"M{from_x} {from_y}C{from_x} {middle} {to_x} {middle} {to_x} {to_y}\"/>"
    );
    if !label.is_empty() {
        let x = f64::midpoint(from_x, to_x);
        let _ = writeln!(
            out,
            "<text class=\"count\" x=\"{x}\" y=\"{middle}\" text-anchor=\"middle\">{}</text>",
            escaped(label)
        );
    }
}

fn boxed(out: &mut String, node: &Node) {
    let (x, y) = (MARGIN + node.x, MARGIN + node.y);
    let cyclic = if node.cyclic { " cyclic" } else { "" };
    let _ = writeln!(
        out,
        "<g><title>{}</title><rect class=\"box{cyclic}\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"6\"/>",
        escaped(&node.id),
        node.width,
        node.height
    );
    let (middle, top) = (x + node.width / 2.0, y + node.height / 2.0);
    let (label_y, detail_y) = (top - 2.0, top + 13.0);
    let _ = writeln!(
        out,
        "<text class=\"label\" x=\"{middle}\" y=\"{label_y}\" text-anchor=\"middle\">{}</text>\
         <text class=\"detail\" x=\"{middle}\" y=\"{detail_y}\" text-anchor=\"middle\">{}</text></g>",
        escaped(&fitting(&node.label, node.width, LETTER)),
        escaped(&fitting(&node.detail, node.width, LETTER * 0.8)),
    );
}

/// As much of the end of a text as fits: the ends of paths tell them apart.
fn fitting(text: &str, width: f64, letter: f64) -> String {
    let count = text.chars().count();
    let mut room = 1_usize;
    while (room + 1) as f64 * letter <= width - 12.0 {
        room += 1;
    }
    if count <= room {
        return text.to_owned();
    }
    ['…'].into_iter().chain(text.chars().skip(count - room + 1)).collect()
}

/// Text for XML: markup escaped, and every character [`visible`].
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().map(visible) {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            plain => out.push(plain),
        }
    }
    out
}
