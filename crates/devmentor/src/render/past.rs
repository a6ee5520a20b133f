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
    let beside =
        format!("{}, {} no longer in any file; {searched}", count(u64::from(past.total)), count(gone as u64));
    let shown = if view.all { past.secrets.len() } else { FINDINGS };
    let rows: Vec<Row> = past.secrets.iter().take(shown).map(row).collect();
    let mut text = heading(view.style, "Secrets in the history", &beside) + &listed(&rows, view.style);
    let more = (past.total as usize).saturating_sub(shown);
    if more > 0 {
        text += &fold(view.style, 1, &format!("and {} more: --all shows them", count(more as u64)));
    }
    text
}

fn row(secret: &PastSecret) -> Row {
    let finding = &secret.finding;
    let id: String = secret.commit.id.chars().take(10).collect();
    let still = if secret.at_tip { "still there" } else { "no longer in any file" };
    let test = if finding.in_test { " (test code)" } else { "" };
    let what = format!("{}, since {id}, {still}{test}", clean(&finding.message));
    (finding.severity, place(&finding.span), what)
}
