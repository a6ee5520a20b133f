//! Credentials of the history.

use analysis::report::{PastSecret, Report};

use super::markup::Html;
use super::{section, severity, spot};
use crate::render::text::{count, counted};

/// Credentials shown.
const SHOWN: usize = 200;

/// What the history holds; nothing where it was not searched.
pub(super) fn secrets(html: &mut Html, report: &Report) {
    let Some(past) = &report.past_secrets else { return };
    let newest = if past.truncated { "the newest " } else { "" };
    let searched = counted(past.commits.into(), "commit", "commits");
    let beside = format!("{}; {newest}{searched} searched", count(past.total.into()));
    section(html, "past-secrets", "Secrets in the history", &beside, |html| {
        if past.secrets.is_empty() {
            html.paragraph("", "None was found.");
            return;
        }
        html.paragraph(
            "",
            "Whoever has a copy of the repository has them, also those that no file shows any more. Revoke each where \
             it was issued: taking it out of a file does not take it out of the history.",
        );
        // A file that was skipped may still have it.
        let nowhere = if report.coverage.skipped_total == 0 { "gone" } else { "in no file that was read" };
        html.table(&["Severity", "Where it came first", "What", "Commit", "Today"], |html| {
            for secret in past.secrets.iter().take(SHOWN) {
                row(html, secret, nowhere);
            }
        });
        html.cut(past.secrets.len().min(SHOWN), past.total as usize, "secrets of the history");
    });
}

fn row(html: &mut Html, secret: &PastSecret, nowhere: &str) {
    let id: String = secret.commit.id.chars().take(10).collect();
    html.raw("<tr><td>");
    severity(html, secret.finding.severity);
    html.raw("</td><td>");
    spot(html, &secret.finding.span);
    html.raw("</td>").cell(&secret.finding.message).raw("<td>");
    html.text_in("code", "", &id);
    html.raw(" ").text(&secret.commit.subject).raw("</td><td>");
    html.text(if secret.at_tip { "still in a file" } else { nowhere });
    if let Some(apart) = secret.finding.apart() {
        html.raw(" <span class=\"muted\">(").text(apart).raw(")</span>");
    }
    html.raw("</td></tr>\n");
}
