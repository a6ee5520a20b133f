//! Files that `devmentor analyze` writes beside its output.

use std::fs;
use std::path::Path;

use analysis::export;
use analysis::report::Report;
use serde_json::Value;

use crate::cli::Analyze;
use crate::exit::Failure;

/// Refuses, before any work is done, targets that cannot be written.
pub(super) fn check_targets(args: &Analyze) -> Result<(), Failure> {
    super::diagram::check(args)?;
    for target in [&args.sarif, &args.sbom, &args.diagram].into_iter().flatten() {
        let folder =
            target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if target.is_dir() {
            return Err(Failure::usage(format!("{} is a folder", target.display())));
        }
        if !folder.is_dir() {
            return Err(Failure::usage(format!("there is no folder {}", folder.display())));
        }
    }
    if args.sarif.is_some() && args.sarif == args.sbom {
        return Err(Failure::usage("--sarif and --sbom name the same file"));
    }
    Ok(())
}

/// Writes what was asked for, but for the diagram.
pub(super) fn files(args: &Analyze, report: &Report) -> Result<(), Failure> {
    if let Some(target) = &args.sarif {
        write(target, &export::sarif(report))?;
    }
    if let Some(target) = &args.sbom {
        write(target, &export::cyclonedx(report))?;
    }
    Ok(())
}

fn write(target: &Path, document: &Value) -> Result<(), Failure> {
    let mut text = serde_json::to_string_pretty(document)?;
    text.push('\n');
    fs::write(target, text)
        .map_err(|error| Failure::failed(format!("cannot write {}: {error}", target.display())))
}
