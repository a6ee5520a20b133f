//! Between models as the domain knows them and as they travel.

use llm::{Limit, Spend};
use models::{Checked, Kind, Provider, Route, ServerProvider, State, Used, Which};

use crate::problem::Problem;

/// Seconds of a day.
const DAY: i64 = 86_400;

pub(super) fn kind_from(kind: api::ModelProviderKind) -> Kind {
    match kind {
        api::ModelProviderKind::Anthropic => Kind::Anthropic,
        api::ModelProviderKind::OpenAi => Kind::OpenAi,
        api::ModelProviderKind::Ollama => Kind::Ollama,
    }
}

fn kind_to_api(kind: Kind) -> api::ModelProviderKind {
    match kind {
        Kind::Anthropic => api::ModelProviderKind::Anthropic,
        Kind::OpenAi => api::ModelProviderKind::OpenAi,
        Kind::Ollama => api::ModelProviderKind::Ollama,
    }
}

fn state_to_api(state: State) -> api::ModelProviderState {
    match state {
        State::Untested => api::ModelProviderState::Untested,
        State::Working => api::ModelProviderState::Working,
        State::KeyRefused => api::ModelProviderState::KeyRefused,
        State::Unreachable => api::ModelProviderState::Unreachable,
    }
}

pub(super) fn provider_to_api(provider: Provider) -> api::ModelProvider {
    api::ModelProvider {
        provider: Which::Own(provider.id).to_string(),
        id: Some(provider.id),
        kind: kind_to_api(provider.kind),
        name: provider.name,
        address: provider.address.into(),
        has_key: provider.has_key,
        enabled: provider.enabled,
        state: state_to_api(provider.state),
        detail: provider.detail,
        checked_at: provider.checked_at.map(Into::into),
        version: provider.version,
    }
}

/// Where a provider of the operator's is, only those learn who manage a workspace.
pub(super) fn server_provider_to_api(provider: &ServerProvider, manage: bool) -> api::ModelProvider {
    api::ModelProvider {
        provider: Which::Server(provider.name.clone()).to_string(),
        id: None,
        kind: kind_to_api(provider.kind),
        name: provider.name.clone(),
        address: if manage { provider.address.to_string() } else { String::new() },
        has_key: provider.key.is_some(),
        enabled: true,
        state: api::ModelProviderState::Untested,
        detail: None,
        checked_at: None,
        version: 0,
    }
}

pub(super) fn check_to_api(checked: Checked) -> api::ModelCheck {
    let model = |model: llm::Model| api::OfferedModel { name: model.name, context_tokens: model.context };
    api::ModelCheck {
        state: state_to_api(checked.state),
        detail: checked.detail,
        models: checked.models.into_iter().map(model).collect(),
        took_ms: u64::try_from(checked.took.as_millis()).unwrap_or(u64::MAX),
    }
}

pub(super) fn route_from(route: &api::ModelRoute, at: usize) -> Result<Route, Problem> {
    let provider = Which::parse(&route.provider).ok_or_else(|| {
        Problem::invalid(
            &format!("/routes/{at}/provider"),
            "name a provider that is there, by its `provider`",
        )
    })?;
    Ok(Route {
        provider,
        model: route.model.trim().to_owned(),
        input_price: route.input_price,
        output_price: route.output_price,
        context_tokens: route.context_tokens,
        first_word_seconds: route.first_word_seconds,
    })
}

pub(super) fn route_to_api(route: &Route) -> api::ModelRoute {
    api::ModelRoute {
        provider: route.provider.to_string(),
        model: route.model.clone(),
        input_price: route.input_price,
        output_price: route.output_price,
        context_tokens: route.context_tokens,
        first_word_seconds: route.first_word_seconds,
    }
}

pub(super) fn limit_from(limit: api::ModelLimit) -> Limit {
    Limit { tokens: limit.tokens, micros: limit.micros }
}

fn limit_to_api(limit: Limit) -> api::ModelLimit {
    api::ModelLimit { tokens: limit.tokens, micros: limit.micros }
}

pub(super) fn budget_to_api(decided: Limit, limit: Limit, spent: Spend) -> api::ModelBudget {
    api::ModelBudget {
        decided: limit_to_api(decided),
        limit: limit_to_api(limit),
        spent: api::ModelSpend { tokens: spent.tokens, micros: spent.micros },
    }
}

/// A day of the books.
pub(super) fn day_to_api((day, used): (i64, Used)) -> api::ModelDay {
    let date = api::Time::from(base::Timestamp::from_seconds(day.saturating_mul(DAY))).to_string();
    api::ModelDay {
        date: date.chars().take(10).collect(),
        questions: used.questions,
        input_tokens: used.input,
        output_tokens: used.output,
        micros: used.micros,
    }
}

/// An account of the books; `None` for one that this version does not know.
pub(super) fn account_to_api((account, used): (String, Used)) -> Option<api::ModelAccount> {
    let (kind, name) = account.split_once(':')?;
    let kind = match kind {
        "user" => api::ModelAccountKind::Person,
        "feature" => api::ModelAccountKind::Feature,
        "model" => api::ModelAccountKind::Model,
        _ => return None,
    };
    Some(api::ModelAccount {
        kind,
        name: name.to_owned(),
        questions: used.questions,
        input_tokens: used.input,
        output_tokens: used.output,
        micros: used.micros,
    })
}
