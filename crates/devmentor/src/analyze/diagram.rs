//! `--diagram FILE`: the architecture as a file, in the format that the file's extension names.

use std::fs;
use std::path::Path;

use analysis::diagram::{Diagram, Level, diagram};
use analysis::report::Report;

use crate::cli::Analyze;
use crate::exit::Failure;

/// Formats by their extensions.
#[derive(Debug, Clone, Copy)]
enum Format {
    Svg,
    Mermaid,
    Json,
}

fn format(target: &Path) -> Result<Format, Failure> {
    match target.extension().and_then(|extension| extension.to_str()) {
        Some("svg") => Ok(Format::Svg),
        Some("mmd" | "mermaid") => Ok(Format::Mermaid),
        Some("json") => Ok(Format::Json),
        _ => Err(Failure::usage(format!("{} ends in none of .svg, .mmd and .json", target.display()))
            .hint("the ending decides what is written: a picture, Mermaid, or the boxes and arrows as data")),
    }
}

/// Refuses, before any work is done, what cannot be drawn.
pub(super) fn check(args: &Analyze) -> Result<(), Failure> {
    let Some(target) = &args.diagram else { return Ok(()) };
    format(target)?;
    let level = args.diagram_level.level();
    if args.diagram_focus.is_none() && matches!(level, Level::Files | Level::Symbols) {
        let needed = if level == Level::Files { "the folder of a module" } else { "the path of a file" };
        return Err(Failure::usage(format!(
            "--diagram-level {} needs --diagram-focus: {needed}",
            level.as_str()
        ))
        .hint("`--diagram-level modules --diagram x.json` names in `opens` what can be looked into"));
    }
    Ok(())
}

/// Draws what was asked for.
pub(super) fn write(args: &Analyze, report: &Report) -> Result<(), Failure> {
    let Some(target) = &args.diagram else { return Ok(()) };
    let focus = args.diagram_focus.as_deref();
    let level = args.diagram_level.level();
    let drawn = diagram(report, level, focus)
        .ok_or_else(|| nothing_there(report, level, focus.unwrap_or_default()))?;
    let text = written(&drawn, format(target)?)?;
    fs::write(target, text).map_err(|error| super::write::unwritable(target, &error))
}

fn written(drawn: &Diagram, format: Format) -> Result<String, Failure> {
    Ok(match format {
        Format::Svg => drawn.svg(),
        Format::Mermaid => drawn.mermaid(),
        Format::Json => serde_json::to_string_pretty(drawn)? + "\n",
    })
}

/// What is not there, and for modules what is.
fn nothing_there(report: &Report, level: Level, focus: &str) -> Failure {
    if level == Level::Symbols {
        return Failure::usage(format!("there is no source file {focus} in the report"))
            .hint("write the path as it stands in the repository, from its root");
    }
    let known: Vec<&str> = report.graph.modules.iter().take(10).map(|module| module.path.as_str()).collect();
    let more = if report.graph.modules.len() > known.len() { " and others" } else { "" };
    Failure::usage(format!("there is no module {focus}"))
        .hint(format!("there are: {}{more}", crate::terminal::clean(&known.join(", "))))
}
