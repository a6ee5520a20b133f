//! Whole answers, kept for who asks the same about the same code.

use std::sync::Arc;

use moka::future::Cache;
use sha2::{Digest as _, Sha256};

use crate::answer::Outcome;
use crate::gateway::Ask;
use crate::request::Speaker;

/// What an answer depends on.
pub(crate) type Key = [u8; 32];

/// A whole answer.
pub(crate) struct Kept {
    pub(crate) text: String,
    pub(crate) outcome: Outcome,
}

/// The answers that are kept: those asked for last, up to a size.
pub(crate) fn cache(bytes: u64) -> Cache<Key, Arc<Kept>> {
    let weight = |_: &Key, kept: &Arc<Kept>| u32::try_from(kept.text.len() + 256).unwrap_or(u32::MAX);
    Cache::builder().max_capacity(bytes).weigher(weight).build()
}

/// The digest of everything that an answer depends on: whose it is, who is asked, the prompt, and the content of the code
/// that it cites. So a push that changes that code makes another key, and kills exactly the answers that rested on it.
pub(crate) fn key(ask: &Ask) -> Key {
    let mut digest = Sha256::new();
    let mut say = |text: &str| {
        // With their lengths, so that no two lists of texts read alike.
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text.as_bytes());
    };
    say(&ask.workspace.to_string());
    say(&ask.routes.len().to_string());
    for route in &ask.routes {
        say(route.provider.name());
        say(&route.model);
    }
    say(&ask.request.most_tokens.to_string());
    say(ask.request.system.as_str());
    say(&ask.request.turns.len().to_string());
    for turn in &ask.request.turns {
        say(match turn.speaker {
            Speaker::Person => "person",
            Speaker::Model => "model",
        });
        say(turn.text.as_str());
    }
    let mut cited = ask.cited.clone();
    cited.sort_unstable();
    cited.dedup();
    for content in &cited {
        say(content);
    }
    digest.finalize().into()
}
