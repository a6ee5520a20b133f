//! A diagram as SVG 1.1: boxes and arrows, colours that hold on light and dark ground.

pub(super) mod routes;

use std::fmt::Write as _;

use super::{Diagram, Node, visible};
use routes::Route;

/// Space around the picture.
const MARGIN: f64 = 24.0;
/// Space below it for what the signs mean.
const LEGEND: f64 = 22.0;
/// The width of a letter of a label.
const LETTER: f64 = 8.6;
/// Arrows from which on those that stand for one or two imports are drawn faintly.
const MANY: usize = 40;

const STYLE: &str = "\
.box{fill:#fff;stroke:#57606a}.cyclic{stroke:#b35900;stroke-dasharray:4 2}\
.label{font:600 13px system-ui,sans-serif;fill:#1f2328}.detail{font:11px system-ui,sans-serif;fill:#57606a}\
.edge{fill:none;stroke:#6e7781;marker-end:url(#tip)}.back{stroke:#b35900;marker-end:url(#tip-back)}\
.light{stroke-opacity:.35}\
.count{font:10px system-ui,sans-serif;fill:#424a53;paint-order:stroke;stroke:#fff;stroke-width:3px}\
@media(prefers-color-scheme:dark){.ground{fill:#0d1117}.box{fill:#161b22;stroke:#8b949e}.cyclic,.back{stroke:#f0883e}\
.label{fill:#e6edf3}.detail{fill:#9da7b3}.count{fill:#c9d1d9;stroke:#0d1117}}";

pub(super) fn svg(diagram: &Diagram) -> String {
    let routes = routes::of(diagram);
    let legend = legend(diagram, &routes);
    // Arrows may pass above the first row and beside the widest one.
    let (left, top, right) = room(&routes, diagram.width);
    let below = if legend.is_empty() { 0.0 } else { LEGEND };
    let (width, height) = (left + right + 2.0 * MARGIN, top + diagram.height + below + 2.0 * MARGIN);
    let (width, height) = (rounded(width), rounded(height));
    let title = match &diagram.focus {
        Some(focus) if !focus.is_empty() => format!("{} of {focus}", diagram.level.as_str()),
        _ => diagram.level.as_str().to_owned(),
    };
    let tip = |id: &str, colour: &str| {
        format!(
            "<marker id=\"{id}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
             markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"{colour}\"/></marker>"
        )
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>\n\
         <defs>{}{}</defs>\n\
         <rect class=\"ground\" width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <g transform=\"translate({} {})\">\n",
        escaped(&title),
        tip("tip", "#6e7781"),
        tip("tip-back", "#c4650a"),
        rounded(MARGIN + left),
        rounded(MARGIN + top),
    );
    for route in &routes {
        arrow(&mut out, diagram, route, routes.len() > MANY);
    }
    for node in &diagram.nodes {
        boxed(&mut out, node);
    }
    for route in &routes {
        if let Some((x, y)) = route.label {
            let (x, y) = (rounded(x), rounded(y));
            let label = escaped(&route.arrow.label);
            let _ = writeln!(
                out,
                "<text class=\"count\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{label}</text>"
            );
        }
    }
    out.push_str("</g>\n");
    if !legend.is_empty() {
        let y = height - MARGIN / 2.0;
        let _ = writeln!(out, "<text class=\"detail\" x=\"{MARGIN}\" y=\"{y}\">{}</text>", escaped(&legend));
    }
    out.push_str("</svg>\n");
    out
}

/// What the signs of this drawing mean, and what is not in it.
fn legend(diagram: &Diagram, routes: &[Route<'_>]) -> String {
    let mut parts = Vec::new();
    if diagram.nodes.iter().any(|node| node.cyclic) {
        parts.push("Dashed: in a cycle.".to_owned());
    }
    if routes.iter().any(|route| route.back) {
        parts.push("Orange arrows lead back, against the others.".to_owned());
    }
    if diagram.hidden > 0 {
        parts.push(format!("{} more not shown.", diagram.hidden));
    }
    parts.join(" ")
}

/// How far the arrows reach to the left of the boxes and above them, and how far to the right everything does.
fn room(routes: &[Route<'_>], width: f64) -> (f64, f64, f64) {
    let points = routes.iter().flat_map(|route| &route.points);
    points.fold((0.0_f64, 0.0_f64, width), |(left, top, right), (x, y)| {
        (left.max(-x), top.max(-y), right.max(*x))
    })
}

fn rounded(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

// Writing to a string cannot fail.
fn arrow(out: &mut String, diagram: &Diagram, route: &Route<'_>, many: bool) {
    let Some(((x, y), rest)) = route.points.split_first() else { return };
    let mut way = format!("M{} {}", rounded(*x), rounded(*y));
    let (mut x, mut y) = (*x, *y);
    for (next_x, next_y) in rest {
        if (x - next_x).abs() < 0.05 {
            let _ = write!(way, "V{}", rounded(*next_y));
        } else if route.points.len() == 3 && route.back {
            // Along the row: up, over, and down again.
            let (x, y, to, end) = (rounded(x), rounded(y), rounded(*next_x), rounded(*next_y));
            let _ = write!(way, "Q{} {} {to} {end}", if end < y { x } else { to }, end.min(y));
        } else {
            let (middle, to, end) = (rounded(f64::midpoint(y, *next_y)), rounded(*next_x), rounded(*next_y));
            let _ = write!(way, "C{} {middle} {to} {middle} {to} {end}", rounded(x));
        }
        (x, y) = (*next_x, *next_y);
    }
    let weight = routes::weight(route.arrow);
    let back = if route.back { " back" } else { "" };
    let light = if many && weight <= 2 { " light" } else { "" };
    let stroke = rounded((0.9 + 0.6 * f64::from(weight).log10()).min(3.0));
    let name = |index: u32| node(diagram, index).map_or("", |node| &node.id);
    let label = if route.arrow.label.is_empty() { String::new() } else { format!(": {}", route.arrow.label) };
    let _ = writeln!(
        out,
        "<path class=\"edge{back}{light}\" stroke-width=\"{stroke}\" d=\"{way}\"><title>{} → {}{}</title></path>",
        escaped(name(route.arrow.from)),
        escaped(name(route.arrow.to)),
        escaped(&label),
    );
}

fn node(diagram: &Diagram, index: u32) -> Option<&Node> {
    diagram.nodes.get(usize::try_from(index).ok()?)
}

fn boxed(out: &mut String, node: &Node) {
    let cyclic = if node.cyclic { " cyclic" } else { "" };
    let _ = writeln!(
        out,
        "<g><title>{}</title><rect class=\"box{cyclic}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\"/>",
        escaped(&node.id),
        node.x,
        node.y,
        node.width,
        node.height
    );
    let (middle, top) = (node.x + node.width / 2.0, node.y + node.height / 2.0);
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
    while (room + 1) as f64 * letter <= width - 8.0 {
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
