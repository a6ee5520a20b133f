//! The last lines: what can be done with this from here.

use analysis::report::{AdvisoryState, Report};

use super::text::fold;
use super::{View, heading};
use crate::terminal::clean;

pub(super) fn steps(report: &Report, view: &View<'_>) -> String {
    let source = quoted(view.source);
    let mut steps = Vec::new();
    if matches!(report.advisories.state, AdvisoryState::NotChecked { .. }) && !report.dependencies.is_empty()
    {
        steps.push(format!(
            "`devmentor analyze {source} --advisories online` looks up known vulnerabilities; it sends the names of \
             the packages to the OSV service"
        ));
    }
    steps.push(
        "`devmentor serve --open` shows it in the browser, beside the code, and makes tasks of it".to_owned(),
    );
    steps.push(format!(
        "`devmentor analyze {source} --fail-on high --sarif findings.sarif` does the same in a pipeline"
    ));
    let lines = steps.iter().map(|step| fold(view.style, 1, step));
    heading(view.style, "Next", "") + &lines.collect::<String>()
}

/// The source as a shell takes it.
fn quoted(source: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-:@~+".contains(c);
    let shown = clean(source);
    if !source.is_empty() && source.chars().all(plain) {
        shown.into_owned()
    } else {
        format!("'{}'", shown.replace('\'', r"'\''"))
    }
}
