//! How many insights there are, why one stands where it stands, and where its effort comes from.

use analysis::insights::MAX_INSIGHTS;
use analysis::report::QUICK_MINUTES;
use repos::model::{Insight, InsightState};

use super::Behind;

/// `insights`, or `insight_rank` and `insight_effort` of one of them, by its id.
pub(super) fn behind(figure: &str, of: Option<&str>, insights: &[Insight]) -> Option<Behind> {
    let one = || insights.iter().find(|insight| Some(insight.id.to_string().as_str()) == of);
    match figure {
        "insights" => Some(count(insights)),
        "insight_rank" => one().map(rank),
        "insight_effort" => one().map(effort),
        _ => None,
    }
}

fn count(insights: &[Insight]) -> Behind {
    let of = |state| insights.iter().filter(|insight| insight.state == state).count();
    Behind::of(
        of(InsightState::Open),
        format!(
            "Open insights of the newest analysis, at most {MAX_INSIGHTS}. An insight needs at least two proofs that a \
             reader can follow and a check that closes it; a third of one kind is shown only where no other kind is left."
        ),
        vec![
            ("closed, not counted", of(InsightState::Closed).to_string()),
            ("dismissed, not counted", of(InsightState::Dismissed).to_string()),
        ],
    )
}

fn rank(insight: &Insight) -> Behind {
    let body = &insight.body;
    let left = body.effort.leaves();
    Behind::of(
        body.rank,
        format!(
            "Value for effort, 0 to 100, which is the order of the list. The value comes from how bad it is, or from how \
             often and how much of the code it touches; each time the middle of the effort doubles beyond {QUICK_MINUTES} min, \
             a twentieth of it goes, at most 60 %."
        ),
        vec![
            ("severity", body.severity.as_str().to_owned()),
            ("value before the effort, about", format!("{:.0}", (f64::from(body.rank) / left).min(100.0))),
            ("middle of the effort", format!("{} min", body.effort.middle())),
            ("left after the effort", format!("{:.0} %", left * 100.0)),
        ],
    )
    .inferred()
}

fn effort(insight: &Insight) -> Behind {
    let effort = &insight.body.effort;
    let quick = if insight.body.quick_win { "yes" } else { "no" };
    Behind::of(
        effort.range(),
        "A rule of thumb for work of this kind, stretched by what was counted: the work alone, for somebody who knows the \
         code, without review and without waiting. Nobody's time was measured.",
        vec![
            ("at least", format!("{} min", effort.min_minutes)),
            ("at most", format!("{} min", effort.max_minutes)),
            ("counted", effort.reason.clone()),
            ("quick win: at most half an hour", quick.to_owned()),
        ],
    )
    .inferred()
}
