//! Looking for something in the files of an analysed commit.

use std::time::Duration;

use base::Actor;
use base::id::RepoId;
use retrieval::passages::Weights;

use super::{RepoError, Repos};
use crate::child::{SearchFound, Sought, What};
use crate::failure::{Failure, FailureCode};
use crate::store::repositories;

/// Passages of one file in one answer, at most: a long file about the question would leave no room for others.
const PER_FILE: usize = 3;

/// The most that is found at once.
const MOST: usize = 100;

/// Characters of a question: a long stack trace is one.
const QUESTION: usize = 20_000;

/// How long reading what is not known yet may take: well below the time that a request has.
const WITHIN: Duration = Duration::from_secs(8);

/// What is looked for in a repository.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchCode {
    /// A question, an error, names: whatever words there are.
    pub text: String,
    /// How many passages or definitions at most: 1 to 100.
    pub limit: usize,
    /// The analysed commit, by default the one that was analysed last.
    pub commit: Option<String>,
    /// Whether names of definitions are looked for instead of passages.
    pub symbols: bool,
}

impl SearchCode {
    /// The passages that fit best, in the commit that was analysed last.
    pub fn passages(text: impl Into<String>, limit: usize) -> Self {
        Self { text: text.into(), limit, commit: None, symbols: false }
    }
}

impl Repos {
    /// What fits best in the files of an analysed commit. The first search of a commit reads what is not known of it
    /// yet; where that took too long, [`SearchFound::partial`] says so, and the next search goes on from there. To drop
    /// the future ends the search.
    ///
    /// # Errors
    /// Also [`RepoError::Unsuitable`], where nothing or too much is looked for.
    pub async fn search(
        &self,
        actor: &Actor,
        repo: RepoId,
        wanted: SearchCode,
    ) -> Result<SearchFound, RepoError> {
        suitable(&wanted.text)?;
        let at = self.analysed_at(actor, repo, wanted.commit.as_deref()).await?;
        let what = if wanted.symbols {
            What::Symbols
        } else {
            What::Passages { weights: Weights::default(), per_file: PER_FILE }
        };
        let vector = if wanted.symbols { None } else { Some(self.meaning(&wanted.text).await?) };
        let sought = Sought {
            commit: Some(at.commit.clone()),
            text: wanted.text,
            vector,
            what,
            limit: wanted.limit.clamp(1, MOST),
            milliseconds: u64::try_from(WITHIN.as_millis()).unwrap_or(u64::MAX),
        };
        let slot = self.slot(actor.workspace, repo);
        let supervisor = self.config.supervisor.keeping(slot.clone());
        if self.reading.is_prepared(repo, &at.commit) {
            let _turns = self.reading.search_turn(actor).await;
            // That it is prepared is a guess, and whoever goes by it reads nothing for seconds.
            let hurried = Sought { milliseconds: 0, ..sought.clone() };
            let found = supervisor.search(&at.folder, self.lenders(), hurried).await?;
            if found.whole {
                let used = tokio::task::spawn_blocking(move || slot.used_search()).await;
                if let Ok(Err(error)) = used {
                    tracing::warn!(%error, "what a search is made in could not be noted as used");
                }
                return Ok(found);
            }
        }
        // Whoever reads a whole repository takes both processors for seconds; others do not wait for that.
        let _turns = self.reading.long_turn(actor).await;
        let found = supervisor.search(&at.folder, self.lenders(), sought).await?;
        // Something may have been kept after all that was kept of a repository was deleted with it.
        if repositories::by_id(&self.db, actor.workspace, repo).await?.is_none() {
            self.forget_kept(slot).await;
            return Err(RepoError::NotFound);
        }
        if found.whole {
            self.reading.prepared(repo, at.commit);
        }
        Ok(found)
    }

    /// What a question means, as bytes. Only the reader's own words are looked at here.
    async fn meaning(&self, text: &str) -> Result<Vec<u8>, Failure> {
        let (embedder, text) = (self.embedder.clone(), text.to_owned());
        let vector = tokio::task::spawn_blocking(move || embedder.embed(&text)).await;
        let internal = |what: String| Failure::new(FailureCode::Internal, what);
        let vector = vector.map_err(|error| internal(error.to_string()))?;
        Ok(vector.map_err(|error| internal(error.to_string()))?.to_bytes())
    }
}

/// Whether a question can be looked for.
fn suitable(text: &str) -> Result<(), RepoError> {
    let refuse = |detail: &str| Err(RepoError::Unsuitable { field: "q", detail: detail.to_owned() });
    if text.trim().is_empty() {
        return refuse("Say what to look for: words of a question, an error, or a name.");
    }
    if text.chars().nth(QUESTION).is_some() {
        return refuse("Look for at most 20,000 characters: of a log, the lines about the error.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_and_too_much_are_refused() {
        for (text, fits) in [("", false), (" \n", false), ("a", true)] {
            assert_eq!(suitable(text).is_ok(), fits, "{text:?}");
        }
        assert!(suitable(&"ä".repeat(QUESTION)).is_ok());
        assert!(suitable(&"ä".repeat(QUESTION + 1)).is_err());
    }
}
