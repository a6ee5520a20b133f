//! What is said when no model writes: why, and whether the sources answer the question. Pure.

use chat::{Missed, NoWriter, Writer};
use llm::{Failure, Refusal};

/// Why no model writes, with what can be done about it.
pub(crate) fn nobody(why: NoWriter, words: impl Into<String>, retry_after: Option<u64>) -> Writer {
    Writer::Nobody { why, words: words.into(), retry_after }
}

/// No model is set up.
pub(crate) fn no_model() -> Writer {
    nobody(NoWriter::NoModel, "No language model is set up: add a provider in the settings.", None)
}

/// The person wanted evidence alone.
pub(crate) fn wanted() -> Writer {
    nobody(NoWriter::Evidence, "No language model was asked, as you wanted.", None)
}

/// What a refusal of the gateway means, and who did not answer.
pub(crate) fn refused(refusal: &Refusal) -> (Writer, Vec<Missed>) {
    let sentence = |text: String| {
        let mut letters = text.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
        format!("{first}{}.", letters.as_str().trim_end_matches('.'))
    };
    match refusal {
        Refusal::NoModel => (no_model(), Vec::new()),
        Refusal::OverBudget(over) => {
            (nobody(NoWriter::OverBudget, sentence(over.to_string()), None), Vec::new())
        }
        Refusal::Unanswered(all) => {
            let after = all.iter().filter_map(|missed| match &missed.failure {
                Failure::Busy { retry_after, .. } => retry_after.map(|after| after.as_secs().max(1)),
                _ => None,
            });
            let words = sentence(refusal.to_string());
            (nobody(NoWriter::Unanswered, words, after.min()), all.iter().map(missed).collect())
        }
        Refusal::Stopped => {
            (nobody(NoWriter::Unanswered, "The server stops: ask again in a moment.", Some(5)), Vec::new())
        }
    }
}

/// Somebody who was asked and did not answer.
pub(crate) fn missed(missed: &llm::Missed) -> Missed {
    Missed { provider: missed.provider.clone(), model: missed.model.clone(), why: missed.failure.to_string() }
}

/// The sentence in the place of an answer.
pub(crate) fn sentence(sources: usize, direct: bool) -> String {
    match (sources, direct) {
        (0, _) => "Nothing was found for this question. Ask with other words, or name a file.".to_owned(),
        (_, false) => "No passage answers this directly. What is nearest to it stands below.".to_owned(),
        (1, true) => "One source speaks to this question.".to_owned(),
        // How many of them do is not known: one is enough.
        (count, true) => format!("This was found for the question: {count} sources, the best first."),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_refusal_says_why_and_when_to_ask_again() {
        let miss = |provider: &str, failure| llm::Missed {
            provider: provider.to_owned(),
            model: "m".to_owned(),
            failure,
        };
        let busy =
            |after| Failure::Busy { provider: "a".to_owned(), retry_after: Some(Duration::from_secs(after)) };
        let refusal = Refusal::Unanswered(vec![
            miss("a", busy(30)),
            miss("b", busy(12)),
            miss("c", Failure::Key("c".to_owned())),
        ]);
        let (writer, missed) = refused(&refusal);
        let Writer::Nobody { why, words, retry_after } = writer else { panic!("a model wrote") };
        assert_eq!((why, retry_after), (NoWriter::Unanswered, Some(12)));
        assert!(words.starts_with("No model answered: ") && words.ends_with('.'), "{words}");
        assert_eq!(missed.len(), 3);
        assert!(missed[2].why.contains("check it in the settings"));
    }

    #[test]
    fn what_does_not_answer_is_not_sold_as_an_answer() {
        assert!(sentence(3, false).starts_with("No passage answers this directly"));
        assert!(sentence(0, false).starts_with("Nothing was found"));
        assert_eq!(sentence(3, true), "This was found for the question: 3 sources, the best first.");
    }
}
