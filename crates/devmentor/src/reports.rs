//! Reports that an earlier run printed.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use analysis::report::{Report, SCHEMA};
use serde::Deserialize;

use crate::exit::Failure;

/// The longest report that is read: what a child may answer at most.
const LONGEST: u64 = repos::child::protocol::MESSAGE_BYTES;

/// The beginning of a report of any version.
#[derive(Deserialize)]
struct Version {
    schema: u32,
}

/// Reads a report that `devmentor analyze --json` printed.
pub(crate) fn read(path: &Path) -> Result<Report, Failure> {
    let shown = path.display();
    let refused =
        |what: String| Failure::usage(what).hint("a report is what `devmentor analyze SOURCE --json` prints");
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| refused(format!("{shown} cannot be read: {error}")))?;
    if bytes.len() as u64 > LONGEST {
        return Err(refused(format!("{shown} is larger than any report")));
    }
    let no_report = |error: serde_json::Error| refused(format!("{shown} is no report: {error}"));
    let version: Version = serde_json::from_slice(&bytes).map_err(no_report)?;
    if version.schema != SCHEMA {
        return Err(refused(format!(
            "{shown} has version {} of the format; this program reads version {SCHEMA}",
            version.schema
        )));
    }
    serde_json::from_slice(&bytes).map_err(no_report)
}
