//! Documents that `devmentor analyze` writes beside its tables, or to the standard output instead of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use analysis::compare::Comparison;
use analysis::export;
use analysis::report::Report;
use serde::Serialize;
use serde_json::Value;

use crate::cli::Analyze;
use crate::exit::Failure;
use crate::render::View;
use crate::{html, terminal};

/// The name that stands for the standard output.
const STDOUT: &str = "-";

/// Formats that can be written, in the order of their options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Sarif,
    Sbom,
    CodeQuality,
    Html,
}

/// What was found, and what has changed since.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Found<'a> {
    /// The report.
    #[serde(flatten)]
    pub(super) report: &'a Report,
    /// What changed, where there is something to compare with. A reader of plain reports passes over it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) comparison: Option<&'a Comparison>,
}

/// The documents that are wanted: their options, their targets.
fn wanted(args: &Analyze) -> Vec<(Format, &'static str, &Path)> {
    [
        (Format::Sarif, "--sarif", &args.sarif),
        (Format::Sbom, "--sbom", &args.sbom),
        (Format::CodeQuality, "--code-quality", &args.code_quality),
        (Format::Html, "--html", &args.html),
    ]
    .into_iter()
    .filter_map(|(format, option, target)| Some((format, option, target.as_deref()?)))
    .collect()
}

/// Whether nothing is wanted but the tables of this one report.
pub(super) fn only_tables(args: &Analyze) -> bool {
    let compared = args.baseline.is_some() || args.since.is_some();
    !(args.json || compared || args.diagram.is_some()) && wanted(args).is_empty()
}

/// Refuses, before any work is done, targets that cannot be written.
pub(super) fn check_targets(args: &Analyze) -> Result<(), Failure> {
    super::diagram::check(args)?;
    let mut targets: BTreeMap<&Path, &str> = BTreeMap::new();
    if args.json {
        targets.insert(Path::new(STDOUT), "--json");
    }
    let diagram = args.diagram.as_deref().map(|target| ("--diagram", target));
    let documents = wanted(args).into_iter().map(|(_, option, target)| (option, target));
    for (option, target) in documents.chain(diagram) {
        if let Some(other) = targets.insert(target, option) {
            return Err(Failure::usage(if target == Path::new(STDOUT) {
                format!("{other} and {option} both want the standard output")
            } else {
                format!("{other} and {option} name the same file")
            })
            .hint("name a file of its own for one of them"));
        }
        if target == Path::new(STDOUT) {
            continue;
        }
        let folder =
            target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if target.is_dir() {
            return Err(Failure::usage(format!("{} is a folder", target.display()))
                .hint("name the file to write in it"));
        }
        if !folder.is_dir() {
            return Err(Failure::usage(format!("there is no folder {}", folder.display()))
                .hint("make the folder first, or name a file in one that is there"));
        }
    }
    Ok(())
}

/// Writes what was asked for, but for the diagram; `true` when a document took the standard output.
pub(super) fn documents(args: &Analyze, found: Found<'_>, view: &View<'_>) -> Result<bool, Failure> {
    let mut printed = args.json;
    for (format, _, target) in wanted(args) {
        let text = match format {
            Format::Sarif => pretty(&export::sarif(found.report, found.comparison))?,
            Format::Sbom => pretty(&export::cyclonedx(found.report))?,
            Format::CodeQuality => pretty(&export::code_quality(found.report))?,
            Format::Html => html::page(found.report, found.comparison, view),
        };
        if target == Path::new(STDOUT) {
            printed = true;
            terminal::print(&text)?;
        } else {
            fs::write(target, text).map_err(|error| unwritable(target, &error))?;
        }
    }
    if args.json {
        terminal::print_json(&found)?;
    }
    Ok(printed)
}

/// A target that could not be written after all.
pub(super) fn unwritable(target: &Path, error: &std::io::Error) -> Failure {
    Failure::failed(format!("cannot write {}: {error}", target.display()))
        .hint("check who may write there, and whether the disk is full; `-` is the standard output")
}

fn pretty(document: &Value) -> Result<String, Failure> {
    Ok(serde_json::to_string_pretty(document)? + "\n")
}
