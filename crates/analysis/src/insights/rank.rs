//! Value for effort.

use crate::check::Check;
use crate::finding::fingerprint;
use crate::report::{Effort, Evidence, Insight, QUICK_MINUTES, Quality, Severity, Span};

use super::{MAX_INSIGHTS, in_order};

/// Shown of one kind while other kinds have something to say.
const MAX_OF_A_KIND: usize = 2;

/// Shown of one kind, at most: a fourth of the same says nothing new.
const MOST_OF_A_KIND: usize = 3;

/// Points of the grade from which on a part has an insight that answers it, before anything else is shown.
const FELT_LOSS: f64 = 1.0;

/// Fewest things a reader can follow.
const MIN_EVIDENCE: usize = 2;

/// Most things a reader will follow.
const MAX_EVIDENCE: usize = 6;

/// What a finder proposes.
pub(super) struct Proposal {
    pub kind: &'static str,
    /// What it is about, across analyses: lines do not enter.
    pub subject: String,
    pub severity: Severity,
    pub title: String,
    pub why: String,
    pub evidence: Vec<Evidence>,
    pub effort: Effort,
    pub check: Check,
    /// What doing it is worth, 0 to 100, whatever it costs.
    pub value: f64,
}

/// The worth that goes with a severity.
pub(super) fn worth(severity: Severity) -> f64 {
    match severity {
        Severity::Critical => 95.0,
        Severity::High => 78.0,
        Severity::Medium => 52.0,
        Severity::Low => 28.0,
        Severity::Info => 12.0,
    }
}

/// Value for effort, 0 to 100; see [`Effort::leaves`].
fn rank_of(proposal: &Proposal) -> u32 {
    let rank = proposal.value * proposal.effort.leaves();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
    let rank = rank.clamp(0.0, 100.0).round() as u32;
    rank
}

/// The best of the proposals: first the best answer to each part of the grade that lost something, then by rank, but
/// a third of one kind only when no other kind is left.
pub(super) fn best(proposals: Vec<Proposal>, quality: &Quality) -> Vec<Insight> {
    let mut ranked: Vec<(u32, Proposal)> = proposals
        .into_iter()
        .filter(|proposal| proposal.evidence.len() >= MIN_EVIDENCE)
        .map(|proposal| (rank_of(&proposal), proposal))
        .collect();
    ranked.sort_by(|a, b| {
        let key =
            |one: &(u32, Proposal)| (std::cmp::Reverse(one.0), std::cmp::Reverse(one.1.severity), one.1.kind);
        key(a).cmp(&key(b)).then_with(|| a.1.subject.cmp(&b.1.subject))
    });
    let mut chosen: Vec<(u32, Proposal)> = Vec::new();
    for part in quality.parts.iter().filter(|part| part.lost.is_some_and(|lost| lost >= FELT_LOSS)) {
        if chosen.iter().any(|(_, one)| part.is_answered_by(one.kind)) {
            continue;
        }
        let wanted = |one: &Proposal| part.is_answered_by(one.kind) && !is_told(one, &chosen);
        if let Some(at) = ranked.iter().position(|(_, one)| wanted(one)) {
            chosen.push(ranked.remove(at));
        }
    }
    for most in [MAX_OF_A_KIND, MOST_OF_A_KIND] {
        let mut rest = Vec::new();
        for one in ranked {
            let same = chosen.iter().filter(|other| other.1.kind == one.1.kind).count();
            if same < most && chosen.len() < MAX_INSIGHTS && !is_told(&one.1, &chosen) {
                chosen.push(one);
            } else {
                rest.push(one);
            }
        }
        ranked = rest;
    }
    let mut insights: Vec<Insight> =
        chosen.into_iter().map(|(rank, proposal)| insight(rank, proposal)).collect();
    insights.sort_by(in_order);
    insights
}

/// Whether the first place of a proposal is that of one that was chosen: one place is one thing to do.
fn is_told(proposal: &Proposal, chosen: &[(u32, Proposal)]) -> bool {
    fn place(proposal: &Proposal) -> Option<&Span> {
        proposal.evidence.iter().find_map(|evidence| match evidence {
            Evidence::Span { span, .. } => Some(span),
            _ => None,
        })
    }
    let Some(here) = place(proposal).filter(|span| span.end > span.start) else { return false };
    chosen.iter().any(|(_, one)| place(one) == Some(here))
}

fn insight(rank: u32, proposal: Proposal) -> Insight {
    let mut evidence = proposal.evidence;
    evidence.truncate(MAX_EVIDENCE);
    Insight {
        fingerprint: fingerprint(&["insight", proposal.kind, &proposal.subject]),
        kind: proposal.kind.to_owned(),
        severity: proposal.severity,
        title: proposal.title,
        why: proposal.why,
        evidence,
        quick_win: proposal.effort.max_minutes <= QUICK_MINUTES,
        effort: proposal.effort,
        check: proposal.check,
        rank,
    }
}
