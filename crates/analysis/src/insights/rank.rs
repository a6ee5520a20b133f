//! Value for effort.

use crate::check::Check;
use crate::finding::fingerprint;
use crate::report::{Effort, Evidence, Insight, Severity};

use super::MAX_INSIGHTS;

/// Shown of one kind while other kinds have something to say.
const MAX_OF_A_KIND: usize = 2;

/// Shown of one kind, at most: a fourth of the same says nothing new.
const MOST_OF_A_KIND: usize = 3;

/// Fewest things a reader can follow.
const MIN_EVIDENCE: usize = 2;

/// Most things a reader will follow.
const MAX_EVIDENCE: usize = 6;

/// Effort of a quick win, at most.
const QUICK_MINUTES: u32 = 30;

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

/// Value for effort, 0 to 100: half an hour costs nothing, and each doubling of the middle of the effort beyond it a
/// twentieth of the value. Effort matters, but not as much as what is at stake.
fn rank_of(proposal: &Proposal) -> u32 {
    let middle = f64::from(proposal.effort.min_minutes + proposal.effort.max_minutes) / 2.0;
    let doublings = (middle / f64::from(QUICK_MINUTES)).log2().max(0.0);
    let rank = proposal.value * (1.0 - 0.05 * doublings).max(0.4);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
    let rank = rank.clamp(0.0, 100.0).round() as u32;
    rank
}

/// The best of the proposals: by rank, but a third of one kind only when no other kind is left.
pub(super) fn best(proposals: Vec<Proposal>) -> Vec<Insight> {
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
    let mut rest = Vec::new();
    for one in ranked {
        let same = chosen.iter().filter(|other| other.1.kind == one.1.kind).count();
        if same < MAX_OF_A_KIND && chosen.len() < MAX_INSIGHTS {
            chosen.push(one);
        } else {
            rest.push(one);
        }
    }
    for one in rest {
        let same = chosen.iter().filter(|other| other.1.kind == one.1.kind).count();
        if same < MOST_OF_A_KIND && chosen.len() < MAX_INSIGHTS {
            chosen.push(one);
        }
    }
    chosen.sort_by_key(|one| std::cmp::Reverse(one.0));
    chosen.into_iter().map(|(rank, proposal)| insight(rank, proposal)).collect()
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

/// `1 file`, `3 files`.
pub(super) fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}
