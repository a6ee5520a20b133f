//! An answer as whoever asked for it sees it.

use tokio::sync::watch;

use crate::gateway::Refusal;
use crate::provider::{Failure, Stop, Usage};

/// What happens next in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// More text.
    Text(String),
    /// It is over; nothing follows.
    Ended(Result<Outcome, Refusal>),
}

/// How an answer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Whose model it was.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Why it ended; `None` when it broke off.
    pub stop: Option<Stop>,
    /// What it took: as counted by the provider, or estimated where it did not count.
    pub usage: Usage,
    /// What that costs, in millionths of the currency of the prices. Nothing for an answer that was kept.
    pub micros: u64,
    /// Who was asked before and did not answer, and for a partial answer how it broke off.
    pub missed: Vec<Missed>,
    /// It was given before, to the same prompt over the same code.
    pub kept: bool,
}

impl Outcome {
    /// Whether there should be more of it.
    pub fn is_partial(&self) -> bool {
        self.stop.is_none()
    }
}

/// Somebody who was asked and gave no answer, or no whole one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// Whose model it was.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Why.
    pub failure: Failure,
}

/// What was said so far. It only grows.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) over: Option<Result<Outcome, Refusal>>,
}

/// An answer on its way. Once nobody holds it any more, the call upstream ends.
#[derive(Debug)]
pub struct Answer {
    said: watch::Receiver<Said>,
    at: usize,
    over: bool,
}

impl Answer {
    pub(crate) fn new(said: watch::Receiver<Said>) -> Self {
        Self { said, at: 0, over: false }
    }

    /// The next piece; `None` after [`Piece::Ended`]. It loses nothing when it is dropped before it is done.
    pub async fn next(&mut self) -> Option<Piece> {
        while !self.over {
            {
                let said = self.said.borrow_and_update();
                if let Some(more) = said.text.get(self.at..).filter(|more| !more.is_empty()) {
                    self.at = said.text.len();
                    return Some(Piece::Text(more.to_owned()));
                }
                if let Some(over) = &said.over {
                    self.over = true;
                    return Some(Piece::Ended(over.clone()));
                }
            }
            if self.said.changed().await.is_err() {
                self.over = true;
                return Some(Piece::Ended(Err(Refusal::Stopped)));
            }
        }
        None
    }

    /// All of it, and how it ended.
    pub async fn whole(mut self) -> (String, Result<Outcome, Refusal>) {
        let mut text = String::new();
        loop {
            match self.next().await {
                Some(Piece::Text(more)) => text.push_str(&more),
                Some(Piece::Ended(over)) => return (text, over),
                None => return (text, Err(Refusal::Stopped)),
            }
        }
    }
}
