//! How well a text fits a question, for what no index has. On the scale of the indexes: 0 to 1.

use std::collections::BTreeSet;

use retrieval::words::Terms;
use retrieval::{Embedder, Mix, Vector};

/// Letters of a question or a text that are weighed: an error with its trace fits.
const LONGEST: usize = 8_000;

/// Words that make a sentence a question and are not what it asks for.
const ASKING: &str =
    "how what why when where which who does do did can could should would often many much I we you our my me";

/// A question, ready to be held against texts.
pub(crate) struct Weigher {
    terms: Vec<String>,
    finder: Terms,
    embedder: Embedder,
    vector: Vector,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weight {
    /// 0 to 1.
    pub(crate) score: f64,
    /// The words of the question that the text has.
    pub(crate) terms: Vec<String>,
}

impl Weigher {
    /// For that question.
    pub(crate) fn new(question: &str, embedder: &Embedder) -> Result<Self, retrieval::Error> {
        let question = first(question);
        let mut finder = Terms::default();
        let (all, asking) = (finder.of(question), finder.of(ASKING));
        let mut terms = all.clone();
        terms.retain(|term| !asking.contains(term));
        if terms.is_empty() {
            terms = all;
        }
        Ok(Self { terms, finder, embedder: embedder.clone(), vector: embedder.embed(question)? })
    }

    /// Words of the question that count.
    pub(crate) fn words(&self) -> &[String] {
        &self.terms
    }

    /// How well a text fits: the share of the question's words that it has, and how alike the meanings are.
    pub(crate) fn weigh(&mut self, text: &str) -> Result<Weight, retrieval::Error> {
        let text = first(text);
        let has: BTreeSet<String> = self.finder.of(text).into_iter().collect();
        let terms: Vec<String> = self.terms.iter().filter(|term| has.contains(*term)).cloned().collect();
        let share = terms.len() as f64 / self.terms.len().max(1) as f64;
        let likeness = f64::from(self.vector.likeness(&self.embedder.embed(text)?)).max(0.0);
        let dense = Mix::default().dense;
        Ok(Weight { score: (1.0 - dense) * share + dense * likeness, terms })
    }

    /// The words that a question and a text have in common.
    pub(crate) fn common(&mut self, text: &str) -> Vec<String> {
        let has: BTreeSet<String> = self.finder.of(first(text)).into_iter().collect();
        self.terms.iter().filter(|term| has.contains(*term)).cloned().collect()
    }
}

/// What of a text is weighed.
fn first(text: &str) -> &str {
    text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_the_words_fits_better_than_what_has_none() {
        let mut weigher = Weigher::new("How does the client retry requests?", &Embedder::new()).unwrap();
        let near = weigher.weigh("retries a request of the client three times").unwrap();
        let far = weigher.weigh("paints the sky blue").unwrap();
        assert!(near.score > 0.5 && far.score < 0.3, "{near:?} {far:?}");
        assert_eq!(near.terms.len(), 3, "{near:?}");
        assert!(far.terms.is_empty());
    }

    #[test]
    fn of_a_long_text_the_beginning_is_weighed() {
        let mut weigher = Weigher::new("retry", &Embedder::new()).unwrap();
        let long = "ä ".repeat(LONGEST / 2);
        assert_eq!(weigher.weigh(&format!("{long}retry")).unwrap().terms, [""; 0]);
        assert_eq!(weigher.weigh(&format!("retry {long}")).unwrap().terms, ["retri"]);
        assert!(weigher.common(&format!("{long}retry")).is_empty());
    }

    #[test]
    fn words_that_only_ask_are_not_looked_for() {
        let words = |question| Weigher::new(question, &Embedder::new()).unwrap().words().to_vec();
        assert_eq!(words("How often does the client retry?"), ["client", "retri"]);
        assert_eq!(words("How many?"), ["how", "mani"], "where there is nothing else, they are all there is");
    }

    #[test]
    fn a_question_without_words_fits_nothing() {
        let mut weigher = Weigher::new("???", &Embedder::new()).unwrap();
        assert_eq!(weigher.words(), [""; 0]);
        assert!(weigher.weigh("anything").unwrap().score.abs() < f64::EPSILON);
    }
}
