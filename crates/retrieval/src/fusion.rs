//! Two kinds of likeness become one score. Pure.
//!
//! Ranks alone would make the best of a bad list as good as the best of a good one. So both scores are brought to the
//! same scale, 0 to 1, first: likeness is a cosine already; BM25 is held against the best that the query could
//! have got. The rest is a weighted sum, and each part of it can be shown.

use uuid::Uuid;

/// How the two are mixed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mix {
    /// What part of the score comes from meaning, 0 to 1; the rest comes from words.
    pub dense: f64,
}

impl Default for Mix {
    fn default() -> Self {
        // Tuned on two conversations and judged on a third: docs/reports/recall.md.
        Self { dense: 0.4 }
    }
}

/// A document that may fit, with what each list says of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Which.
    pub id: Uuid,
    /// Its BM25; `None` when it has none of the words, or is not among the best by them.
    pub words: Option<f64>,
    /// How alike the meanings are, -1 to 1; `None` when that was not asked.
    pub likeness: Option<f64>,
}

/// How well a document fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fused {
    /// 0 to 1; the sum of the two parts.
    pub score: f64,
    /// How alike the meanings are, -1 to 1.
    pub likeness: Option<f64>,
    /// BM25 as it is.
    pub words: Option<f64>,
    /// What meaning adds to the score.
    pub from_meaning: f64,
    /// What words add to the score.
    pub from_words: f64,
}

/// The candidates, the best first; of equals, the older id first. `best` is the BM25 of a document that has all the
/// query asks for.
pub fn rank(candidates: &[Candidate], best: f64, mix: Mix) -> Vec<(Uuid, Fused)> {
    let mut ranked: Vec<(Uuid, Fused)> =
        candidates.iter().map(|candidate| (candidate.id, fuse(candidate, best, mix))).collect();
    ranked.sort_by(|a, b| b.1.score.total_cmp(&a.1.score).then_with(|| a.0.cmp(&b.0)));
    ranked
}

fn fuse(candidate: &Candidate, best: f64, mix: Mix) -> Fused {
    let Candidate { words, likeness, .. } = *candidate;
    let dense = mix.dense.clamp(0.0, 1.0);
    let from_meaning = dense * likeness.unwrap_or(0.0).clamp(0.0, 1.0);
    let covered = if best > 0.0 { (words.unwrap_or(0.0) / best).clamp(0.0, 1.0) } else { 0.0 };
    let from_words = (1.0 - dense) * covered;
    Fused { score: from_meaning + from_words, likeness, words, from_meaning, from_words }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
        let one = (any::<u128>(), prop::option::of(0.0..40.0_f64), prop::option::of(-1.0..1.0_f64));
        let one =
            one.prop_map(|(id, words, likeness)| Candidate { id: Uuid::from_u128(id), words, likeness });
        prop::collection::vec(one, 0..40)
    }

    proptest! {
        #[test]
        fn scores_are_the_sum_of_their_parts_between_nothing_and_one(
            candidates in candidates(), best in 0.0..50.0_f64, dense in -0.5..1.5_f64,
        ) {
            let ranked = rank(&candidates, best, Mix { dense });
            prop_assert_eq!(ranked.len(), candidates.len());
            for (_, fused) in &ranked {
                prop_assert!((0.0..=1.0 + 1e-9).contains(&fused.score));
                prop_assert!((fused.score - fused.from_meaning - fused.from_words).abs() < 1e-9);
            }
            prop_assert!(ranked.is_sorted_by(|a, b| a.1.score > b.1.score || (a.1.score >= b.1.score && a.0 <= b.0)));
        }

        #[test]
        fn the_order_of_the_candidates_does_not_matter(candidates in candidates(), best in 0.0..50.0_f64) {
            let mut turned = candidates.clone();
            turned.reverse();
            turned.dedup_by_key(|candidate| candidate.id);
            let scores = |candidates: &[Candidate]| {
                rank(candidates, best, Mix::default()).into_iter().map(|(_, fused)| fused.score).collect::<Vec<_>>()
            };
            if turned.len() == candidates.len() {
                prop_assert_eq!(scores(&candidates), scores(&turned));
            }
        }

        #[test]
        fn who_fits_better_in_both_ways_is_never_behind(
            words in 0.0..40.0_f64, likeness in -1.0..1.0_f64, more in 0.0..1.0_f64, best in 1.0..50.0_f64,
        ) {
            let worse = Candidate { id: Uuid::from_u128(1), words: Some(words), likeness: Some(likeness) };
            let better = Candidate {
                id: Uuid::from_u128(2),
                words: Some(words + more),
                likeness: Some((likeness + more).min(1.0)),
            };
            let fused = |candidate| fuse(&candidate, best, Mix::default()).score;
            prop_assert!(fused(better) >= fused(worse));
        }
    }
}
