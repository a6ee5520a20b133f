//! Credentials of the history.

use analysis::report::{PastSecret, Report};
use axum::extract::State;
use base::Timestamp;
use repos::Repos;

use super::newest;
use crate::extract::{Path, Permitted, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::findings::{rule_to_api, severity_to_api};
use crate::routes::repos::RepoPath;

/// Credentials that were ever committed, as far as the history was searched. None is quoted.
#[utoipa::path(
    get,
    path = "/repos/{repo}/past-secrets",
    tag = "report",
    responses((status = 200, description = "Credentials of the history", body = api::Answer<api::PastSecrets>))
)]
pub(super) async fn past_secrets(
    State(repos): State<Repos>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
) -> Result<Reply<api::Answer<api::PastSecrets>>, Problem> {
    let found = newest(&repos, reader.actor(), &path.repo).await?;
    Ok(Reply(api::Answer { meta: found.meta(), data: past_to_api(&found.report) }))
}

fn past_to_api(report: &Report) -> api::PastSecrets {
    let past = report.past_secrets.clone().unwrap_or_default();
    let rules = past.secrets.iter().filter_map(|secret| {
        let id = &secret.finding.rule;
        Some((id.clone(), rule_to_api(report.rules.get(id)?)))
    });
    // Notes about this search alone are told apart by the beginning of their code.
    let gaps = report.coverage.notes.iter().filter(|note| note.code.starts_with("past_"));
    api::PastSecrets {
        searched: report.past_secrets.is_some(),
        commits: past.commits,
        truncated: past.truncated,
        total: past.total,
        rules: rules.collect(),
        gaps: gaps.map(|note| note.text.clone()).collect(),
        items: past.secrets.iter().map(secret_to_api).collect(),
    }
}

fn secret_to_api(secret: &PastSecret) -> api::PastSecret {
    let finding = &secret.finding;
    api::PastSecret {
        id: finding.fingerprint.clone(),
        rule: finding.rule.clone(),
        severity: severity_to_api(finding.severity),
        message: finding.message.clone(),
        path: finding.span.path.clone(),
        line: finding.span.start,
        in_test: finding.in_test,
        commit: api::CommitRef {
            id: secret.commit.id.clone(),
            subject: secret.commit.subject.clone(),
            time: Timestamp::from_seconds(secret.commit.time).into(),
        },
        at_tip: secret.at_tip,
        files: secret.files,
    }
}
