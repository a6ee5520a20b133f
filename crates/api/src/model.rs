//! Language models: who can be asked, in which order, and what may be spent.

use base::id::ProviderId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Meta, Time};

/// The interface that a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ModelProviderKind {
    /// Anthropic's Messages API.
    Anthropic,
    /// The Chat Completions API, which many servers speak.
    OpenAi,
    /// Ollama's own.
    Ollama,
}

/// What the last check of a provider found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelProviderState {
    /// Nobody has checked it since it was changed.
    Untested,
    /// It answered, and took the key.
    Working,
    /// It did not take the key.
    KeyRefused,
    /// It did not answer, or not as such a service does.
    Unreachable,
}

/// A service with language models. Its key is never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelProvider {
    /// What routes name it by: an id, or `server:` and a name.
    pub provider: String,
    /// The id of one that the workspace set up; `null` for one of the server's configuration, which cannot be changed here.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub id: Option<ProviderId>,
    /// What it speaks.
    pub kind: ModelProviderKind,
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Whether a key is kept for it.
    pub has_key: bool,
    /// Whether it may be asked.
    pub enabled: bool,
    /// What the last check found.
    pub state: ModelProviderState,
    /// More about that, in words; `null` where there is nothing to say.
    pub detail: Option<String>,
    /// When it was checked; `null`: never.
    pub checked_at: Option<Time>,
    /// Counts changes; 0 for one of the server's configuration.
    pub version: i64,
}

/// Sets up a provider.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddModelProvider {
    /// What it speaks.
    pub kind: ModelProviderKind,
    /// What people call it: 1 to 100 characters, once in the workspace.
    pub name: String,
    /// Where it is; by default where such services usually are. Of Chat Completions it usually ends with `/v1`.
    pub address: Option<String>,
    /// Its key, where it needs one. It is sealed, and never shown again.
    pub key: Option<String>,
}

/// Changes a provider: what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateModelProvider {
    /// The version that was seen.
    pub version: i64,
    /// Another name.
    pub name: Option<String>,
    /// Another address. Where there is a key it has to be given again, so that it goes nowhere it was not meant for.
    pub address: Option<String>,
    /// Another key; an empty text takes it away.
    pub key: Option<String>,
    /// Whether it may be asked.
    pub enabled: Option<bool>,
}

/// What a check of a provider found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelCheck {
    /// How it went.
    pub state: ModelProviderState,
    /// What was wrong and what to do; `null` when it works.
    pub detail: Option<String>,
    /// The models it has, by name.
    pub models: Vec<OfferedModel>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// A model that a provider has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferedModel {
    /// Its name, as routes give it.
    pub name: String,
    /// Tokens of a prompt and its answer together; `null` where the provider does not say.
    pub context_tokens: Option<u64>,
}

/// A model that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelRoute {
    /// Whose: `provider` of one that is there.
    pub provider: String,
    /// Its name there: 1 to 100 characters.
    pub model: String,
    /// What a million tokens of a prompt cost, in millionths of the currency: 3000000 is 3.00.
    #[serde(default)]
    pub input_price: u64,
    /// The same for those of an answer.
    #[serde(default)]
    pub output_price: u64,
    /// Tokens of a prompt and its answer together, 1,024 to 10,000,000; `null`: what is usual for the kind of provider.
    pub context_tokens: Option<u32>,
    /// Seconds that the first word of an answer to a short prompt may take, 1 to 3,600; `null`: 30.
    pub first_word_seconds: Option<u32>,
}

/// What may be spent in a day, in UTC. `null`: as much as there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelLimit {
    /// Tokens, of prompts and answers.
    pub tokens: Option<u64>,
    /// Money, in millionths of the currency of the prices.
    pub micros: Option<u64>,
}

/// What was spent, of tokens and money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelSpend {
    /// Tokens, of prompts and answers.
    pub tokens: u64,
    /// Money, in millionths of the currency of the prices.
    pub micros: u64,
}

/// A budget, and what of it was spent today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelBudget {
    /// What the workspace decided.
    pub decided: ModelLimit,
    /// What holds: never more than the server's configuration allows.
    pub limit: ModelLimit,
    /// What was spent today, in UTC.
    pub spent: ModelSpend,
}

/// Which models a workspace asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelSettings {
    /// Who could be asked: those of the workspace, the oldest first, then those of the server's configuration.
    pub providers: Vec<ModelProvider>,
    /// Whom the workspace asks, the first one first; the others when those before do not answer. Empty: nobody. `null`: it
    /// did not decide, and `server_routes` are asked.
    pub routes: Option<Vec<ModelRoute>>,
    /// Whom the server's configuration has asked where a workspace decided nothing.
    pub server_routes: Vec<ModelRoute>,
    /// Whether there is somebody to ask now: a provider that is switched on and has what it needs.
    pub answers: bool,
    /// What everybody together may spend.
    pub workspace: ModelBudget,
    /// What each person may spend; `spent` is the caller's.
    pub person: ModelBudget,
    /// Counts decisions; 0 before the first.
    pub version: i64,
    /// What the caller may do.
    pub can: ModelSettingsCan,
}

/// What the caller may do with the models of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelSettingsCan {
    /// Set up providers, and decide about routes and budgets.
    pub manage: bool,
}

/// Decides whom a workspace asks and what may be spent: all of it at once.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetModels {
    /// The version that was seen.
    pub version: i64,
    /// Whom to ask, the first one first: 10 at most. Empty: nobody. `null`: as the server's configuration says. Of the
    /// server's providers only models of `server_routes` are asked, at the prices that stand there.
    pub routes: Option<Vec<ModelRoute>>,
    /// What everybody together may spend in a day.
    pub workspace: ModelLimit,
    /// What each person may spend in a day.
    pub person: ModelLimit,
}

/// What an account of the books stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelAccountKind {
    /// One person: `name` is their id.
    Person,
    /// What was asked for: `name` is `chat`, or `gateway` for other programs.
    Feature,
    /// Who answered: `name` is provider and model.
    Model,
}

/// What everybody together spent on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelDay {
    /// The day, in UTC: `2026-01-31`.
    pub date: String,
    /// Questions, those without an answer too.
    pub questions: u64,
    /// Tokens of prompts.
    pub input_tokens: u64,
    /// Tokens of answers.
    pub output_tokens: u64,
    /// What that cost, in millionths of the currency of the prices.
    pub micros: u64,
}

/// What one account spent over all days of the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelAccount {
    /// What kind of account.
    pub kind: ModelAccountKind,
    /// Which of its kind.
    pub name: String,
    /// Questions, those without an answer too.
    pub questions: u64,
    /// Tokens of prompts.
    pub input_tokens: u64,
    /// Tokens of answers.
    pub output_tokens: u64,
    /// What that cost, in millionths of the currency of the prices.
    pub micros: u64,
}

/// The books: what was spent in the last 30 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelUse {
    /// How fresh this is.
    pub meta: Meta,
    /// The days on which something was asked, the newest first.
    pub days: Vec<ModelDay>,
    /// Over all of them by feature, model and person, each in the order of names. Who does not manage the workspace sees of
    /// people only themselves.
    pub accounts: Vec<ModelAccount>,
}
