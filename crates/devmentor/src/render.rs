//! A report as a person reads it in a terminal: pure functions from the report to text.
//!
//! What was measured comes first, what to do about it last, because the end of the output is what stands next
//! to the prompt. Everything that came out of the repository goes through [`crate::terminal::clean`].

pub(crate) mod advisories;
mod changes;
pub(crate) mod findings;
pub(crate) mod insights;
mod languages;
mod next;
pub(crate) mod order;
pub(crate) mod overview;
mod past;
pub(crate) mod text;

use std::time::Duration;

use analysis::compare::Comparison;
use analysis::inventory::Survey;
use analysis::report::Report;
use base::Timestamp;
use repos::model::AdvisorySource;

use crate::terminal::{Look, Style};

/// How much is shown, and of what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    /// The terminal.
    pub(crate) style: Style,
    /// What was analysed, as the user wrote it.
    pub(crate) source: &'a str,
    /// What it is called.
    pub(crate) name: &'a str,
    /// How long it took.
    pub(crate) took: Duration,
    /// Every finding, not only the first ones.
    pub(crate) all: bool,
    /// The advisory data that was used, by ecosystem, where it was imported.
    pub(crate) imported: &'a [AdvisorySource],
    /// The time on the wall, for the age of that data.
    pub(crate) now: Timestamp,
}

/// The report as text. It ends with a line break.
pub(crate) fn report(report: &Report, comparison: Option<&Comparison>, view: &View<'_>) -> String {
    let sections = [
        overview::header(report, view),
        overview::languages(report, view),
        overview::stack(report, view),
        overview::entries(report, view),
        overview::dependencies(report, view),
        findings::findings(report, view),
        past::secrets(report, view),
        findings::hotspots(report, view),
        overview::quality(report, view),
        overview::not_read(report, view),
        insights::insights(report, view),
        comparison.map_or_else(String::new, |it| changes::since(it, view.style, view.all)),
        next::steps(report, view),
    ];
    joined(&sections)
}

/// Languages and lines as text. It ends with a line break.
pub(crate) fn languages(survey: &Survey, source: &str, style: Style, all: bool) -> String {
    joined(&languages::sections(survey, source, style, all))
}

/// A comparison as text. It ends with a line break.
pub(crate) fn comparison(comparison: &Comparison, style: Style, all: bool) -> String {
    joined(&changes::sections(comparison, style, all))
}

/// The sections that say something, an empty line between them.
fn joined(sections: &[String]) -> String {
    let mut text = String::new();
    for section in sections.iter().filter(|section| !section.is_empty()) {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(section.trim_end());
        text.push('\n');
    }
    text
}

/// A section's heading with what stands beside it.
fn heading(style: Style, title: &str, beside: &str) -> String {
    let title = style.paint(Look::Heading, title);
    let length = text::columns(&title) + 2 + text::columns(beside);
    if beside.is_empty() {
        format!("{title}\n")
    } else if style.width.is_some_and(|width| length > usize::from(width)) {
        format!("{title}\n{}", text::fold(style, 1, beside))
    } else {
        format!("{title}  {beside}\n")
    }
}

#[cfg(test)]
pub(crate) mod tests;
