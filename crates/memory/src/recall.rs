//! How what was found becomes what is shown: few, each with its reasons, none twice. Pure.

use std::collections::{BTreeMap, BTreeSet};

use base::Timestamp;
use base::id::MemoryId;
use retrieval::Fused;

use crate::memory::{Memory, Trust};

/// What part of its neighbours' scores a memory gets: what stands beside an answer often belongs to it.
const NEIGHBOURS: f64 = 0.3;
/// The most that being recent adds.
const RECENCY: f64 = 0.03;
/// Days after which half of that is left.
const HALF_LIFE_DAYS: f64 = 180.0;
/// What being confirmed adds, and being unseen by anybody takes.
const TRUST: f64 = 0.03;
/// Below it nothing is an answer.
const FLOOR: f64 = 0.05;

/// How much may be recalled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Memories at most.
    pub memories: usize,
    /// Characters of their titles and texts at most; the first one always fits.
    pub characters: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { memories: 8, characters: 12_000 }
    }
}

/// Why a memory was recalled: the parts of its score.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// How well it fits by words and by meaning; `None` when only its neighbours do.
    pub fit: Option<Fused>,
    /// The words of the question that it has, as they are indexed.
    pub terms: Vec<String>,
    /// What its neighbours add.
    pub neighbours: f64,
    /// What its age adds.
    pub recency: f64,
    /// What trust adds or takes.
    pub trust: f64,
}

/// A memory that was recalled.
#[derive(Debug, Clone, PartialEq)]
pub struct Recalled {
    /// The memory.
    pub memory: Memory,
    /// The sum of the parts.
    pub score: f64,
    /// The parts.
    pub why: Why,
    /// Others that say the same, left out.
    pub same: Vec<MemoryId>,
}

/// What each memory gets from those it is linked to.
pub(crate) fn from_neighbours(
    scores: &BTreeMap<MemoryId, f64>,
    links: &[(MemoryId, MemoryId)],
) -> BTreeMap<MemoryId, f64> {
    let both: BTreeSet<(MemoryId, MemoryId)> =
        links.iter().flat_map(|&(a, b)| [(a, b), (b, a)]).filter(|(a, b)| a != b).collect();
    let mut added = BTreeMap::new();
    for (to, from) in both {
        if let Some(score) = scores.get(&from) {
            *added.entry(to).or_insert(0.0) += NEIGHBOURS * score;
        }
    }
    added
}

/// What age adds: the more, the more recently it was confirmed or changed.
fn recency(memory: &Memory, now: Timestamp) -> f64 {
    let last = memory.confirmed_at.map_or(memory.updated_at, |at| at.max(memory.updated_at));
    RECENCY * (-(now.since(last).as_secs_f64() / 86_400.0) / HALF_LIFE_DAYS).exp2()
}

/// The reasons for one memory, and their sum.
pub(crate) fn weigh(
    memory: Memory,
    fit: Option<(Fused, Vec<String>)>,
    neighbours: f64,
    now: Timestamp,
) -> Recalled {
    let (fit, terms) = fit.map_or((None, Vec::new()), |(fit, terms)| (Some(fit), terms));
    let trust = match memory.trust {
        Trust::Low => -TRUST,
        Trust::Normal => 0.0,
        Trust::High => TRUST,
    };
    let why = Why { fit, terms, neighbours, recency: recency(&memory, now), trust };
    let score = fit.map_or(0.0, |fit| fit.score) + why.neighbours + why.recency + why.trust;
    Recalled { memory, score, why, same: Vec::new() }
}

/// The best within the budget, the best first; of equals, the older id first. What says the same as a better one is only
/// named beside it.
pub(crate) fn within(mut all: Vec<Recalled>, budget: Budget) -> Vec<Recalled> {
    all.retain(|it| it.why.fit.map_or(0.0, |fit| fit.score) + it.why.neighbours >= FLOOR);
    all.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.memory.id.cmp(&b.memory.id)));
    let mut kept: Vec<Recalled> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut left = budget.characters;
    for it in all {
        let said = said(&it.memory);
        if let Some(&place) = places.get(&said) {
            kept[place].same.push(it.memory.id);
            continue;
        }
        let length = it.memory.title.chars().count() + it.memory.text.chars().count();
        if kept.len() >= budget.memories || (length > left && !kept.is_empty()) {
            continue;
        }
        left = left.saturating_sub(length);
        places.insert(said, kept.len());
        kept.push(it);
    }
    kept
}

/// What a memory says, whatever its spaces, marks and capitals.
fn said(memory: &Memory) -> String {
    let text = format!("{} {}", memory.title, memory.text);
    retrieval::words::words(&text).map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
