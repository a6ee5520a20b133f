//! Who answers, and how that can fail.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::request::Request;

/// Something that will be there later.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A service with language models.
pub trait Provider: Send + Sync {
    /// Its name, as people know it.
    fn name(&self) -> &str;

    /// Asks a model. Returns as soon as the answer begins; dropping what it returns ends the call upstream.
    fn ask<'a>(
        &'a self,
        model: &'a str,
        request: &'a Request,
    ) -> Pending<'a, Result<Box<dyn Parts>, Failure>>;

    /// Takes note that it kept somebody waiting until they gave up.
    fn silent(&self) {}

    /// The models that it has, by name. That it answers also says that it can be reached and that the key is good.
    fn models(&self) -> Pending<'_, Result<Vec<Model>, Failure>>;
}

/// A model that a service has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Model {
    /// Its name, as requests give it.
    pub name: String,
    /// Tokens that a prompt and its answer may have together, where the service says so.
    pub context: Option<u64>,
}

/// An answer on its way.
pub trait Parts: Send {
    /// The next part; `None` after the last one. An answer that ends without [`Part::Ended`] is
    /// [`Failure::BrokeOff`].
    fn next(&mut self) -> Pending<'_, Result<Option<Part>, Failure>>;
}

/// A part of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// More text.
    Text(String),
    /// What was counted so far; a later one replaces it, zeros aside.
    Used(Usage),
    /// The model is done.
    Ended(Stop),
}

/// The most tokens, or millionths of a currency, that one call is believed to have taken: a million million. A service may
/// count whatever it likes, and sums of what it says are kept for a day and a workspace.
pub(crate) const MOST: u64 = 1 << 40;

/// Tokens, as the provider counted them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Of the prompt.
    pub input: u64,
    /// Of the answer.
    pub output: u64,
}

impl Usage {
    /// Both together. A service may count whatever it likes, so no sum overflows.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            output: self.output.saturating_add(other.output),
        }
    }

    /// No more of either than a call can have taken.
    pub(crate) fn bounded(self) -> Self {
        Self { input: self.input.min(MOST), output: self.output.min(MOST) }
    }

    /// With what a later count says; what it leaves out stays.
    #[must_use]
    pub fn then(self, later: Self) -> Self {
        let newer = |old, new| if new == 0 { old } else { new };
        Self { input: newer(self.input, later.input), output: newer(self.output, later.output) }
    }
}

/// Why a model ended its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// It had said everything.
    Done,
    /// It had no tokens left.
    Length,
    /// It, or a filter around it, refused to say more.
    Refused,
}

/// Why a provider gave no answer, or no whole one. No text of it holds a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The key is missing, wrong or not allowed to do this.
    #[error("{0} refused the key: check it in the settings of the provider")]
    Key(String),
    /// It has no such model.
    #[error("{provider} has no model `{model}`: choose one of its list")]
    UnknownModel {
        /// The provider.
        provider: String,
        /// What it was asked for.
        model: String,
    },
    /// The prompt is longer than the model's context.
    #[error("the prompt is too long for the model: {0}")]
    TooLong(String),
    /// It has too much to do.
    #[error("{provider} has too much to do")]
    Busy {
        /// The provider.
        provider: String,
        /// When to ask again, where it says so.
        retry_after: Option<Duration>,
    },
    /// It understood and said no.
    #[error("{provider} refused the request with status {status}: {detail}")]
    Refused {
        /// The provider.
        provider: String,
        /// The status.
        status: u16,
        /// Its reason, shortened.
        detail: String,
    },
    /// It cannot be reached or does not work.
    #[error("{provider} cannot be reached: {detail}")]
    Down {
        /// The provider.
        provider: String,
        /// What happened.
        detail: String,
    },
    /// What it sent is not what its interface says.
    #[error("{0} sent something that is no answer")]
    Garbage(String),
    /// The answer ended in the middle.
    #[error("the answer of {0} broke off")]
    BrokeOff(String),
}
