//! Credentials that were taken out of the files, but are still in the history.

use super::Draft;
use super::rank::{Proposal, worth};
use super::reach::is_strong;
use super::security::metric;
use crate::check::Check;
use crate::report::{Effort, Evidence, PastSecret, counted};

/// What is gone from the files can still be used by whoever has a copy: one proposal for all of it, since it is dealt
/// with together. What is still in a file is proposed as such.
pub(super) fn secrets(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let Some(past) = draft.past_secrets else { return };
    let sure = |secret: &&PastSecret| {
        let finding = &secret.finding;
        let shipped = !finding.in_test && !draft.is_beside(&finding.span.path);
        is_strong(finding, &[]) && shipped && !secret.at_tip
    };
    let found: Vec<&PastSecret> = past.secrets.iter().filter(sure).collect();
    let Some(first) = found.first() else { return };
    let path = &first.finding.span.path;
    let mut evidence = Vec::new();
    for secret in found.iter().take(4) {
        let finding = &secret.finding;
        let place = format!("{} in {} line {}", finding.message, finding.span.path, finding.span.start);
        evidence.push(Evidence::Commit {
            id: secret.commit.id.clone(),
            note: format!("\"{}\" brought it: {place}", secret.commit.subject),
        });
    }
    let searched = format!("{} searched", counted(past.commits as usize, "commit"));
    // What was skipped may still have it.
    let all_read = draft.coverage.skipped_total == 0;
    let (gone, files) = if all_read {
        ("no longer in any file", "files")
    } else {
        ("in no file that was read", "files that were read")
    };
    evidence.push(metric("History", format!("{searched}, {} {gone}", found.len())));
    let severity = first.finding.severity;
    let mut fingerprints: Vec<String> =
        found.iter().map(|secret| secret.finding.fingerprint.clone()).collect();
    fingerprints.sort();
    out.push(Proposal {
        kind: "past_secret",
        // An answer about these holds for no other that is found later.
        subject: fingerprints.join(" "),
        severity,
        title: match found.len() {
            1 => format!("Revoke the secret that `{path}` once held"),
            more => format!("Revoke {more} secrets that files once held"),
        },
        why: format!(
            "Nothing in the {files} shows it any more, but every copy of the repository still has it: whoever reads the history can use it until it is revoked. Once it is, suppress the finding with that reason."
        ),
        evidence,
        effort: Effort {
            min_minutes: 15,
            max_minutes: 60,
            reason: format!("{}; revoke at the issuer, and look for uses by others", counted(found.len(), "secret")),
        },
        check: Check::PastSecretsGone { fingerprints },
        value: worth(severity) * 0.95,
    });
}
