//! What a new report means for the insights that were known before. Pure.

use analysis::report::{self, Report};
use base::Timestamp;
use base::id::{AnalysisId, InsightId, RepoId};
use events::Closed;

use crate::model::{CheckResult, Insight, InsightState};

/// What happens to one insight.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Verdict {
    /// It is new.
    Opened(Insight),
    /// It was closed and is found again.
    Reopened(Insight),
    /// It is still there; only what is said about it may have changed.
    Kept(Insight),
    /// It needs no more attention.
    Closed(Insight, Closed),
}

/// Where and when a report was made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) repo: RepoId,
    pub(super) analysis: AnalysisId,
    pub(super) at: Timestamp,
}

/// Holds the known insights against the report. The verdicts come in the report's order, then those of insights
/// that it no longer names.
pub(super) fn judge(
    report: &Report,
    known: Vec<Insight>,
    moment: Moment,
    mut new_id: impl FnMut() -> InsightId,
) -> Vec<Verdict> {
    let mut known = known;
    let mut verdicts = Vec::new();
    for body in &report.insights {
        let place = known.iter().position(|insight| insight.body.fingerprint == body.fingerprint);
        verdicts.push(match place {
            Some(place) => seen_again(known.remove(place), body, report, moment),
            None => Verdict::Opened(Insight {
                id: new_id(),
                repo: moment.repo,
                body: body.clone(),
                state: InsightState::Open,
                last_check: None,
                task: None,
                first_analysis: moment.analysis,
                last_analysis: moment.analysis,
                created_at: moment.at,
                closed_at: None,
                version: 1,
            }),
        });
    }
    verdicts.extend(known.into_iter().filter_map(|insight| no_longer_named(insight, report, moment)));
    verdicts
}

fn seen_again(mut insight: Insight, body: &report::Insight, report: &Report, moment: Moment) -> Verdict {
    insight.body = body.clone();
    insight.last_analysis = moment.analysis;
    match insight.state {
        // Whoever put it away does not want to hear of it again.
        InsightState::Dismissed => Verdict::Kept(insight),
        InsightState::Open => {
            insight.last_check = Some(check(&insight, report, moment.analysis));
            Verdict::Kept(insight)
        }
        InsightState::Closed => {
            insight.last_check = Some(check(&insight, report, moment.analysis));
            insight.state = InsightState::Open;
            insight.closed_at = None;
            Verdict::Reopened(insight)
        }
    }
}

/// An insight that the report does not name is done, or others are worth more now. It stays open only where
/// somebody made a task of it and it is not done.
fn no_longer_named(mut insight: Insight, report: &Report, moment: Moment) -> Option<Verdict> {
    if insight.state != InsightState::Open {
        return None;
    }
    let result = check(&insight, report, moment.analysis);
    let passed = result.outcome.passed;
    insight.last_check = Some(result);
    if passed != Some(true) && insight.task.is_some() {
        return Some(Verdict::Kept(insight));
    }
    insight.state = InsightState::Closed;
    insight.closed_at = Some(moment.at);
    let reason = if passed == Some(true) { Closed::CheckPassed } else { Closed::Gone };
    Some(Verdict::Closed(insight, reason))
}

/// Runs an insight's check against a report.
pub(super) fn check(insight: &Insight, report: &Report, analysis: AnalysisId) -> CheckResult {
    CheckResult { outcome: insight.body.check.evaluate(report), analysis, dismissed: None }
}
