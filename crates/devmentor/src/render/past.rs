//! Credentials of the history.

use analysis::report::{PastSecret, Report};

use super::findings::{FINDINGS, Row, listed};
use super::text::{count, counted, fold, place};
use super::{View, heading};
use crate::terminal::clean;

/// What the history holds; nothing where it was not searched.
pub(super) fn secrets(report: &Report, view: &View<'_>) -> String {
    let Some(past) = &report.past_secrets else { return String::new() };
    let newest = if past.truncated { "the newest " } else { "" };
    let searched = format!("{newest}{} searched", counted(u64::from(past.commits), "commit", "commits"));
    if past.secrets.is_empty() {
        return heading(view.style, "Secrets in the history", &format!("none found, {searched}"));
    }
    let gone = past.secrets.iter().filter(|secret| !secret.at_tip).count();
    let nowhere = nowhere(report);
    let some = past.total as usize > past.secrets.len();
    let of = if some { format!(" of the first {}", count(past.secrets.len() as u64)) } else { String::new() };
    let total = count(u64::from(past.total));
    let beside = format!("{total}, {}{of} {nowhere}; {searched}", count(gone as u64));
    let shown = if view.all { past.secrets.len() } else { FINDINGS };
    let rows: Vec<Row> = past.secrets.iter().take(shown).map(|secret| row(secret, nowhere)).collect();
    let mut text = heading(view.style, "Secrets in the history", &beside) + &listed(&rows, true, view.style);
    let more = (past.total as usize).saturating_sub(shown);
    if more > 0 {
        text += &fold(view.style, 1, &format!("and {} more: --all shows them", count(more as u64)));
    }
    text
}

/// How it is said that a secret is gone: a file that was skipped may still have it.
fn nowhere(report: &Report) -> &'static str {
    if report.coverage.skipped_total == 0 { "no longer in any file" } else { "in no file that was read" }
}

fn row(secret: &PastSecret, nowhere: &str) -> Row {
    let finding = &secret.finding;
    let id: String = secret.commit.id.chars().take(10).collect();
    let still = if secret.at_tip { "still there" } else { nowhere };
    let test = finding.apart().map_or_else(String::new, |apart| format!(" ({apart})"));
    let what = format!("{}, since {id}, {still}{test}", clean(&finding.message));
    (finding.severity, place(&finding.span), what)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use analysis::report::{CommitRef, PastSecrets};

    use super::super::tests::sample;
    use super::*;
    use crate::terminal::Style;

    #[test]
    fn what_is_gone_is_counted_of_what_is_listed_and_only_in_files_that_were_read() {
        let mut report = sample();
        let commit = CommitRef { id: "0123456789abcdef".into(), subject: "Add".into(), time: 0 };
        let secret = PastSecret { finding: report.findings[0].clone(), commit, at_tip: false, files: 1 };
        let found = PastSecrets { commits: 9, truncated: false, total: 7, secrets: vec![secret] };
        let view = View {
            style: Style { color: false, width: None },
            source: ".",
            name: "a",
            took: Duration::ZERO,
            all: true,
            imported: &[],
            now: base::Timestamp::from_seconds(1_763_164_800),
        };
        let told = |report: &Report| secrets(report, &view).lines().next().unwrap_or_default().to_owned();
        report.past_secrets = Some(found.clone());
        let text = told(&report);
        assert!(text.ends_with("7, 1 of the first 1 in no file that was read; 9 commits searched"), "{text}");
        report.coverage.skipped_total = 0;
        report.past_secrets = Some(PastSecrets { total: 1, ..found });
        let text = told(&report);
        assert!(text.ends_with("1, 1 no longer in any file; 9 commits searched"), "{text}");
    }
}
