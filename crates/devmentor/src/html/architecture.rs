//! Modules and services: as a drawing, and the same as tables.

use analysis::diagram::{Level, diagram};
use analysis::report::{Module, Report, ServiceKind};

use super::markup::Html;
use super::spot;
use crate::render::overview::entry_kind;
use crate::render::text::{count, counted};

/// Bytes of one drawing; with more arrows than this holds nobody follows any.
const DRAWING: usize = 512 << 10;
/// Modules in the table, the largest first.
const MODULES: usize = 60;
/// Services in the table.
const SERVICES: usize = 60;
/// Files in the table in which execution starts.
const ENTRIES: usize = 100;
/// Cycles shown, and the files of each.
const CYCLES: usize = 10;
const MEMBERS: usize = 12;

fn content(html: &mut Html, report: &Report) {
    let graph = &report.graph;
    if !graph.entries.is_empty() {
        html.raw("<h3>Where it starts</h3>\n");
        entries(html, report);
    }
    if !graph.services.is_empty() {
        html.raw("<h3>Services</h3>\n");
        drawing(
            html,
            report,
            Level::Services,
            "What runs and which part needs which; the table has the same.",
        );
        services(html, report);
    }
    if graph.modules.is_empty() {
        html.paragraph("", "No imports between files of this repository were found.");
        return;
    }
    html.raw("<h3>Modules</h3>\n");
    drawing(html, report, Level::Modules, "Modules and what they import; the table has the same modules.");
    modules(html, report);
    if !graph.cycles.is_empty() {
        html.raw("<h3>Files that import each other in a circle</h3>\n<ul>");
        for cycle in graph.cycles.iter().take(CYCLES) {
            html.raw("<li>");
            for path in cycle.iter().take(MEMBERS) {
                html.raw("<code class=\"place\">").text(path).raw("</code> ");
            }
            if cycle.len() > MEMBERS {
                html.text(&format!("and {} more", count((cycle.len() - MEMBERS) as u64)));
            }
            html.raw("</li>\n");
        }
        html.raw("</ul>\n").cut(CYCLES, graph.cycles.len(), "circles of imports");
    }
}

pub(super) fn section(html: &mut Html, report: &Report) {
    let beside = counted(report.graph.modules.len() as u64, "module", "modules");
    super::section(html, "architecture", "Architecture", &beside, |html| content(html, report));
}

/// As an image, so that nothing in it is part of the page.
fn drawing(html: &mut Html, report: &Report, level: Level, about: &'static str) {
    let Some(drawn) = diagram(report, level, None).filter(|drawn| !drawn.nodes.is_empty()) else { return };
    let svg = drawn.svg();
    if svg.len() > DRAWING {
        html.left_out("A drawing has so many arrows that it is left out; `--diagram FILE` draws it.");
        return;
    }
    html.raw(
        "<div class=\"scroll drawing\" tabindex=\"0\" role=\"group\" aria-label=\"Drawing\"><img alt=\"",
    )
    .raw(about);
    html.raw("\" src=\"data:image/svg+xml,").address(&svg).raw("\"></div>\n");
}

fn modules(html: &mut Html, report: &Report) {
    let mut in_order: Vec<&Module> = report.graph.modules.iter().collect();
    in_order.sort_by(|a, b| (b.code, &a.path).cmp(&(a.code, &b.path)));
    html.table(&["Module", "Language", "*Files", "*Lines of code", "*Layer"], |html| {
        for module in in_order.iter().take(MODULES) {
            let path = if module.path.is_empty() { "the root folder" } else { &module.path };
            html.raw("<tr><td><code class=\"place\">").text(path).raw("</code>");
            if module.cyclic {
                html.raw(" <span class=\"tag\">in a cycle</span>");
            }
            html.raw("</td>").cell(module.language.as_deref().unwrap_or(""));
            for number in [module.files, module.code, module.layer] {
                html.number_cell(&count(number.into()));
            }
            html.raw("</tr>\n");
        }
    });
    html.cut(MODULES, in_order.len(), "modules");
}

fn entries(html: &mut Html, report: &Report) {
    let entries = &report.graph.entries;
    html.table(&["File", "As", "Name", "Shown by"], |html| {
        for entry in entries.iter().take(ENTRIES) {
            html.raw("<tr><td><code class=\"place\">").text(&entry.path).raw("</code></td>");
            html.cell(entry_kind(entry.kind)).cell(entry.name.as_deref().unwrap_or("")).raw("<td>");
            for span in &entry.evidence {
                spot(html, span);
                html.raw(" ");
            }
            html.raw("</td></tr>\n");
        }
    });
    html.cut(ENTRIES, entries.len(), "files in which execution starts");
}

fn services(html: &mut Html, report: &Report) {
    let graph = &report.graph;
    html.table(&["Service", "Kind", "Needs", "Where"], |html| {
        for (at, service) in (0_u32..).zip(graph.services.iter().take(SERVICES)) {
            html.raw("<tr>").cell(&service.name).cell(match service.kind {
                ServiceKind::Own => "built here",
                ServiceKind::Image => "ready-made image",
                ServiceKind::Database => "database",
                ServiceKind::Cache => "cache",
                ServiceKind::Queue => "queue",
                ServiceKind::Gateway => "gateway",
            });
            let needs = graph.calls.iter().filter(|call| call.from == at);
            let names = needs.filter_map(|call| graph.services.get(usize::try_from(call.to).ok()?));
            let names: Vec<&str> = names.map(|service| service.name.as_str()).take(MEMBERS).collect();
            html.cell(&names.join(", ")).raw("<td>");
            if let Some(span) = service.evidence.first() {
                spot(html, span);
            }
            html.raw("</td></tr>\n");
        }
    });
    html.cut(SERVICES, graph.services.len(), "services");
}
