//! The gateway to language models: one way in, whichever model answers.
//!
//! A [`Request`] can only be made of [`Redacted`] text, and only a [`Redactor`] makes that, so no secret and no personal
//! data that it knows how to find leaves in a prompt. The [`Gateway`] asks the models of a route one after the other until
//! one begins to answer, holds the callers to their [`Budgets`] before each, shares one answer among those who ask the same
//! at the same moment, keeps whole answers, and ends a call upstream as soon as nobody listens any more.
//!
//! Deliberately unknown here: who people are, what is asked and why, the database, which rules find secrets (they are
//! handed in), prices other than those that the route states.
//!
//! Reading order: [`request`] (what is asked), [`redact`] (what is taken out of it), [`provider`] (who answers, and how it
//! can fail), [`Gateway`] and [`Answer`] (how it is asked), [`budget`]; inside, `lines` and `sse` split streams, `reading`
//! joins them with the decoders of [`anthropic`], [`openai`] and [`ollama`]; [`scripted`] is a provider for tests.

mod answer;
pub mod anthropic;
pub mod budget;
mod cache;
mod flight;
mod gateway;
mod lines;
pub mod ollama;
pub mod openai;
pub mod provider;
mod reading;
pub mod redact;
pub mod request;
pub mod scripted;
mod sse;

pub use answer::{Answer, Missed, Outcome, Piece};
pub use budget::{Account, Budgets, Helps, Limit, OverBudget, Spend};
pub use gateway::{Ask, Charge, Gateway, Options, Price, Record, Refusal, Route};
pub use provider::{Failure, Model, Part, Parts, Pending, Provider, Stop, Usage};
pub use redact::{Pass, Redacted, Redactor, Removed, SecretFinder, What};
pub use request::{Prompt, Request, Speaker, Turn, estimated_tokens};
