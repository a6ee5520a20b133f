//! Language models that the operator configures for everybody.

use std::path::PathBuf;

use base::Secret;
use llm::Limit;
use models::model::address;
use models::{Allowance, Kind, Route, Server, ServerProvider, Which};
use serde::Deserialize;
use url::Url;

use super::ConfigError;

/// Language models.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Models {
    /// Services that every workspace may use.
    pub providers: Vec<Provider>,
    /// Whom workspaces ask that decided nothing.
    pub routes: Vec<ModelRoute>,
    /// Tokens that each workspace may use in a day.
    pub workspace_tokens_per_day: Option<u64>,
    /// What each workspace may spend in a day, in millionths of the currency of the prices.
    pub workspace_micros_per_day: Option<u64>,
    /// Tokens that a person may use in a day: in each workspace, and of the server's providers in all of them together.
    pub person_tokens_per_day: Option<u64>,
    /// What a person may spend in a day, counted likewise.
    pub person_micros_per_day: Option<u64>,
}

/// A service with language models.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Its name.
    pub name: String,
    /// What it speaks.
    pub kind: Kind,
    /// Where it is.
    #[serde(default)]
    pub address: Option<String>,
    /// Its key.
    #[serde(default)]
    pub key: Option<Secret>,
    /// A file with its key, instead.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
}

/// A model that is asked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelRoute {
    /// The provider's name.
    pub provider: String,
    /// The model's name there.
    pub model: String,
    /// Millionths of the currency for a million tokens of a prompt.
    #[serde(default)]
    pub input_price: u64,
    /// The same for those of an answer.
    #[serde(default)]
    pub output_price: u64,
    /// Tokens of a prompt and its answer together.
    #[serde(default)]
    pub context_tokens: Option<u32>,
    /// Seconds that the first word may take.
    #[serde(default)]
    pub first_word_seconds: Option<u32>,
}

impl Models {
    /// What is handed to the context, once all of it fits together.
    pub(crate) fn server(&self) -> Result<Server, ConfigError> {
        self.made_of(Provider::provider)
    }

    /// Whether all of it fits together, the files of keys aside: commands that ask no model may not be allowed to read those.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        self.made_of(Provider::without_file).map(drop)
    }

    fn made_of(
        &self,
        provider: fn(&Provider) -> Result<ServerProvider, ConfigError>,
    ) -> Result<Server, ConfigError> {
        let providers = self.providers.iter().map(provider).collect::<Result<_, _>>()?;
        let route = |route: &ModelRoute| Route {
            provider: Which::Server(route.provider.clone()),
            model: route.model.clone(),
            input_price: route.input_price,
            output_price: route.output_price,
            context_tokens: route.context_tokens,
            first_word_seconds: route.first_word_seconds,
        };
        let server = Server {
            providers,
            routes: self.routes.iter().map(route).collect(),
            allowance: Allowance {
                workspace: Limit {
                    tokens: self.workspace_tokens_per_day,
                    micros: self.workspace_micros_per_day,
                },
                person: Limit { tokens: self.person_tokens_per_day, micros: self.person_micros_per_day },
            },
        };
        server.check().map_err(|error| ConfigError(format!("`models`: {error}")))?;
        Ok(server)
    }
}

impl Provider {
    fn address(&self) -> Result<Url, ConfigError> {
        let written = self.address.as_deref().unwrap_or(self.kind.usual_address());
        address(written).map_err(|error| ConfigError(format!("`models.providers`: `{}`: {error}", self.name)))
    }

    fn wrong(&self, what: &str) -> ConfigError {
        ConfigError(format!("`models.providers`: `{}`: {what}", self.name))
    }

    /// The provider, its key read from the file that holds it.
    fn provider(&self) -> Result<ServerProvider, ConfigError> {
        let mut provider = self.without_file()?;
        if let Some(file) = &self.key_file {
            let text = std::fs::read_to_string(file)
                .map_err(|error| self.wrong(&format!("{} cannot be read: {error}", file.display())))?;
            provider.key = Some(Secret::new(text.trim()));
        }
        Ok(provider)
    }

    /// The provider, without the key of a file.
    fn without_file(&self) -> Result<ServerProvider, ConfigError> {
        let key = match (&self.key, &self.key_file) {
            (Some(_), Some(_)) => {
                return Err(self.wrong("`key` and `key_file` are both set: keep one of them"));
            }
            (None, None) if self.kind == Kind::Anthropic => {
                return Err(self.wrong("this service answers nobody without a key: set `key` or `key_file`"));
            }
            (key, _) => key.clone(),
        };
        Ok(ServerProvider { name: self.name.clone(), kind: self.kind, address: self.address()?, key })
    }
}
