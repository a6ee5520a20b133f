//! The gate: whether what was found ends a command with [`Exit::Found`].

use analysis::compare::Comparison;
use analysis::report::{Finding, Report, Severity};

use crate::exit::Exit;
use crate::render::text::counted;
use crate::terminal::note;

/// What may be found without failing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gate {
    /// The least severity that fails; `None` lets everything pass.
    pub(crate) fail_on: Option<Severity>,
    /// Say nothing about it.
    pub(crate) quiet: bool,
}

impl Gate {
    /// Only what a comparison calls new counts.
    pub(crate) fn of_changes(self, comparison: &Comparison) -> Exit {
        self.decide(&comparison.findings.new, "new finding", "new findings")
    }

    /// Everything that was found counts.
    pub(crate) fn of_report(self, report: &Report) -> Exit {
        self.decide(&report.findings, "finding", "findings")
    }

    /// Tests and examples fail nobody: their findings are often on purpose, and none of them runs in production.
    fn decide(self, findings: &[Finding], one: &str, many: &str) -> Exit {
        let Some(least) = self.fail_on else { return Exit::Done };
        let failing = findings.iter().filter(|finding| finding.severity >= least && !finding.in_test).count();
        if failing == 0 {
            return Exit::Done;
        }
        if !self.quiet {
            let above = if least == Severity::Critical { "" } else { " or worse" };
            note(&format!("gate: {}, {}{above}", counted(failing as u64, one, many), least.as_str()));
        }
        Exit::Found
    }
}
