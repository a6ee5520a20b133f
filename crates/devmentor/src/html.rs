//! `--html FILE`: a report as one page that stands alone: no script, no font, no address of another file.
//!
//! All names and messages come from the analysed repository. What is written is markup of this source or escaped text
//! ([`markup`]), and the page's own policy forbids a browser everything but its one style sheet and the drawings that
//! are part of it. The length is bounded: what is cut is said where it is cut and at the end.
//!
//! Reading order: this file (what stands where), then one module for each part.

mod architecture;
mod code;
mod markup;
mod overview;
mod packages;
mod past;
#[cfg(test)]
mod tests;

use analysis::compare::Comparison;
use analysis::report::{Report, Severity, Span};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use crate::render::View;
use crate::render::text::place;
use markup::Html;

const STYLE: &str = include_str!("html/style.css");

/// The page of a report, and of what changed where there is something to compare with.
pub(crate) fn page(report: &Report, comparison: Option<&Comparison>, view: &View<'_>) -> String {
    let mut html = Html::default();
    head(&mut html, view);
    html.raw("<body>\n");
    overview::header(&mut html, report, view);
    html.raw("<main>\n");
    overview::facts(&mut html, report);
    overview::insights(&mut html, report);
    if let Some(comparison) = comparison {
        overview::changes(&mut html, comparison);
    }
    overview::grade(&mut html, report);
    overview::made_of(&mut html, report);
    packages::section(&mut html, report, view);
    code::findings(&mut html, report);
    past::secrets(&mut html, report);
    code::suppressed(&mut html, report);
    code::hotspots(&mut html, report);
    code::duplication(&mut html, report);
    architecture::section(&mut html, report);
    overview::not_looked_at(&mut html, report);
    html.raw("</main>\n");
    foot(&mut html, report);
    html.raw("</body>\n</html>\n");
    html.finish()
}

fn head(html: &mut Html, view: &View<'_>) {
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'sha256-")
        .text(&hash)
        .raw("'; base-uri 'none'; form-action 'none'\">\n")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .raw("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n")
        .raw("<title>")
        .text(view.name)
        .raw(" – DevMentor</title>\n<style>")
        .raw(STYLE)
        .raw("</style>\n</head>\n");
}

/// What made the page, and everything that it does not show.
fn foot(html: &mut Html, report: &Report) {
    html.raw("<footer>\n");
    if !html.cuts().is_empty() {
        let cuts = html.cuts().to_vec();
        html.raw("<h2>Cut from this page</h2>\n<ul>");
        for cut in &cuts {
            html.prose_in("li", "", cut);
        }
        html.raw("</ul>\n<p><code>devmentor analyze</code> with <code>--json</code> prints all of it.</p>\n");
    }
    html.raw("<p>Made by DevMentor from commit <code>")
        .text(&report.commit.id)
        .raw("</code>, analyser <code>");
    html.text(&report.analyzer).raw("</code>. The same commit gives the same page.</p>\n</footer>\n");
}

/// A section with its heading, to which the contents of the page lead.
fn section(
    html: &mut Html,
    id: &'static str,
    title: &'static str,
    beside: &str,
    content: impl FnOnce(&mut Html),
) {
    html.raw("<section id=\"").raw(id).raw("\">\n<h2>").raw(title);
    if !beside.is_empty() {
        html.raw(" <small>").prose(beside).raw("</small>");
    }
    html.raw("</h2>\n");
    content(html);
    html.raw("</section>\n");
}

/// The severity as a word on its colour.
fn severity(html: &mut Html, severity: Severity) {
    let class = match severity {
        Severity::Critical => "severity critical",
        Severity::High => "severity high",
        Severity::Medium => "severity medium",
        Severity::Low => "severity low",
        Severity::Info => "severity info",
    };
    html.text_in("span", class, severity.as_str());
}

/// A place in the commit.
fn spot(html: &mut Html, span: &Span) {
    html.text_in("code", "place", &place(span));
}
