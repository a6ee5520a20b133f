//! What is set up: providers, whom to ask in which order, and budgets. Pure.

use base::id::{ProviderId, UserId};
use base::{Secret, Timestamp};
use llm::{Limit, Price};
use serde::{Deserialize, Serialize};
use url::Url;

/// The longest name of a provider or a model, in characters.
pub const NAME_LIMIT: usize = 100;

/// Models that can be asked one after the other.
pub const ROUTES_LIMIT: usize = 10;

/// Providers of one workspace.
pub const PROVIDERS_LIMIT: usize = 50;

/// The longest key, in bytes.
const KEY_LIMIT: usize = 4_096;

/// What a model's context is taken for where nobody said: what Ollama gives one by default.
const OLLAMA_CONTEXT: u32 = 4_096;

/// The same for services that others run.
const USUAL_CONTEXT: u32 = 32_768;

/// How long a first word may take, in seconds, where nobody said.
const FIRST_WORD: u32 = 30;

/// The interface that a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Anthropic's Messages API.
    Anthropic,
    /// The Chat Completions API, which many servers speak.
    OpenAi,
    /// Ollama's own.
    Ollama,
}

impl Kind {
    /// The word it is stored as.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anthropic => "anthropic",
            Self::OpenAi => "openai",
            Self::Ollama => "ollama",
        }
    }

    /// The kind of that word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Anthropic, Self::OpenAi, Self::Ollama].into_iter().find(|kind| kind.as_str() == word)
    }

    /// Where it usually is.
    pub fn usual_address(self) -> &'static str {
        match self {
            Self::Anthropic => "https://api.anthropic.com",
            Self::OpenAi => "https://api.openai.com/v1",
            Self::Ollama => llm::ollama::USUAL,
        }
    }

    /// Tokens of a prompt and its answer together, where nobody said.
    pub fn usual_context(self) -> u32 {
        match self {
            Self::Ollama => OLLAMA_CONTEXT,
            Self::Anthropic | Self::OpenAi => USUAL_CONTEXT,
        }
    }
}

/// What the last check of a provider found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody has checked it since it was changed.
    Untested,
    /// It answered, and took the key.
    Working,
    /// It did not take the key.
    KeyRefused,
    /// It did not answer, or not as such a service does.
    Unreachable,
}

impl State {
    /// The word it is stored as.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Untested => "untested",
            Self::Working => "working",
            Self::KeyRefused => "key_refused",
            Self::Unreachable => "unreachable",
        }
    }

    /// The state of that word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Untested, Self::Working, Self::KeyRefused, Self::Unreachable]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// A service that a workspace set up. Its key is not part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Identifies it.
    pub id: ProviderId,
    /// What it speaks.
    pub kind: Kind,
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub address: Url,
    /// Whether a key is kept for it.
    pub has_key: bool,
    /// Whether it may be asked.
    pub enabled: bool,
    /// What the last check found.
    pub state: State,
    /// More about that, in words.
    pub detail: Option<String>,
    /// When it was checked.
    pub checked_at: Option<Timestamp>,
    /// When it was set up.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: UserId,
    /// Counts changes.
    pub version: i64,
}

/// A service that the operator wrote into the configuration: every workspace may use it.
#[derive(Debug, Clone)]
pub struct ServerProvider {
    /// Its name there.
    pub name: String,
    /// What it speaks.
    pub kind: Kind,
    /// Where it is.
    pub address: Url,
    /// Its key.
    pub key: Option<Secret>,
}

/// Which provider: one of the workspace, or one of the server's configuration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Which {
    /// The workspace's own.
    Own(ProviderId),
    /// The one of that name in the server's configuration.
    Server(String),
}

/// What stands before the name of a provider of the server's.
const SERVER: &str = "server:";

impl std::fmt::Display for Which {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Own(id) => id.fmt(f),
            Self::Server(name) => write!(f, "{SERVER}{name}"),
        }
    }
}

impl Which {
    /// What is written as an id, or as `server:` and a name.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix(SERVER) {
            Some(name) => Some(Self::Server(name.to_owned())),
            None => text.parse().ok().map(Self::Own),
        }
    }
}

impl From<Which> for String {
    fn from(which: Which) -> Self {
        which.to_string()
    }
}

impl TryFrom<String> for Which {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is no provider"))
    }
}

/// A model that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Whose.
    #[serde(with = "which")]
    pub provider: Which,
    /// Its name there.
    pub model: String,
    /// Millionths of the currency for a million tokens of a prompt.
    pub input_price: u64,
    /// The same for those of an answer.
    pub output_price: u64,
    /// Tokens of a prompt and its answer together; without it, what is usual for the kind of provider.
    pub context_tokens: Option<u32>,
    /// Seconds until the first word of an answer to a short prompt; without it, half a minute.
    pub first_word_seconds: Option<u32>,
}

impl Route {
    /// What it costs.
    pub fn price(&self) -> Price {
        Price { input: self.input_price, output: self.output_price }
    }

    /// How long its first word may take.
    pub fn first_word(&self) -> std::time::Duration {
        std::time::Duration::from_secs(self.first_word_seconds.unwrap_or(FIRST_WORD).into())
    }
}

mod which {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    use super::Which;

    pub(super) fn serialize<S: Serializer>(which: &Which, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(which)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Which, D::Error> {
        Which::try_from(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// What may be spent in a day, in UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Allowance {
    /// By everybody in the workspace together.
    pub workspace: Limit,
    /// By each person.
    pub person: Limit,
}

/// What a workspace decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whom it asks, the first one first: nobody where that is empty, those of the server's configuration where it did not
    /// decide.
    pub routes: Option<Vec<Route>>,
    /// What may be spent.
    pub allowance: Allowance,
    /// Counts changes; 0 before the first.
    pub version: i64,
}

/// What the operator wrote into the configuration.
#[derive(Debug, Clone, Default)]
pub struct Server {
    /// Services that every workspace may use.
    pub providers: Vec<ServerProvider>,
    /// Whom workspaces ask that decided nothing.
    pub routes: Vec<Route>,
    /// What may be spent at most, whatever workspaces decide.
    pub allowance: Allowance,
}

impl Server {
    /// A route as it is asked: one of a workspace's own provider as it is written, one of the server's as the operator
    /// wrote it, whatever a workspace says about prices and patience. `None` for a model that the operator does not list.
    pub fn current(&self, route: &Route) -> Option<Route> {
        match &route.provider {
            Which::Own(_) => Some(route.clone()),
            Which::Server(_) => {
                let same =
                    |listed: &&Route| (&listed.provider, &listed.model) == (&route.provider, &route.model);
                self.routes.iter().find(same).cloned()
            }
        }
    }

    /// What does not fit, or not together, in words.
    pub fn check(&self) -> Result<(), String> {
        for (at, provider) in self.providers.iter().enumerate() {
            let wrong = |invalid: Invalid| format!("the provider `{}`: {invalid}", provider.name);
            name(&provider.name).map_err(wrong)?;
            provider.key.as_ref().map(key).transpose().map_err(wrong)?;
            if self.providers[..at].iter().any(|earlier| earlier.name == provider.name) {
                return Err(format!("two providers are called `{}`: give each its own name", provider.name));
            }
        }
        for route in &self.routes {
            let known = |name: &str| self.providers.iter().any(|provider| provider.name == name);
            match &route.provider {
                Which::Server(name) if known(name) => {}
                other => return Err(format!("a route names the provider `{other}`, which is not there")),
            }
        }
        routes(&self.routes).map_err(|invalid| format!("the routes: {invalid}"))
    }
}

/// A provider as somebody wants it.
#[derive(Debug, Clone)]
pub struct NewProvider {
    /// What it speaks.
    pub kind: Kind,
    /// What people call it.
    pub name: String,
    /// Where it is; without it, where such services usually are.
    pub address: Option<String>,
    /// Its key, where it needs one.
    pub key: Option<Secret>,
}

/// A change of a provider: what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct ProviderChange {
    /// Another name.
    pub name: Option<String>,
    /// Another address.
    pub address: Option<String>,
    /// Another key; `Some(None)` takes it away.
    pub key: Option<Option<Secret>>,
    /// Whether it may be asked.
    pub enabled: Option<bool>,
}

/// What does not make a provider, a route or a budget.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// The name.
    #[error("a name has 1 to {NAME_LIMIT} characters")]
    Name,
    /// The name is taken.
    #[error("there is a provider of that name: choose another one")]
    Taken,
    /// The address.
    #[error(
        "an address is http:// or https:// with a host, without user, query and fragment, such as https://api.example.org/v1"
    )]
    Address,
    /// Prompts and keys would travel in the clear.
    #[error(
        "prompts and keys are only sent over https: write https:// in front, or have whoever runs the server name this \
         host and its port in `outbound.allowed_hosts`"
    )]
    NotEncrypted,
    /// The key.
    #[error("a key has 1 to {KEY_LIMIT} visible characters, without spaces")]
    Key,
    /// A key would go elsewhere.
    #[error(
        "with another address the key has to be given again, so that it goes nowhere it was not meant for"
    )]
    KeyMoves,
    /// A service of that kind needs one.
    #[error("this service answers nobody without a key")]
    NoKey,
    /// Too many providers.
    #[error("a workspace has {PROVIDERS_LIMIT} providers at most: remove one first")]
    Providers,
    /// The routes.
    #[error("there are {ROUTES_LIMIT} models at most")]
    Routes,
    /// A route leads nowhere.
    #[error("`{0}` is no provider of this workspace or server")]
    Unknown(String),
    /// A model that the operator's key is not for.
    #[error(
        "`{1}` is the server's: of it only models that its configuration lists are asked, and `{0}` is none"
    )]
    NotOffered(String, String),
    /// A model without a name.
    #[error("the name of a model has 1 to {NAME_LIMIT} characters")]
    Model,
    /// A number that cannot be meant.
    #[error("`{0}` is out of bounds: {1}")]
    Bound(&'static str, &'static str),
}

/// The name without what surrounds it, if it is one.
pub(crate) fn name(text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    let fits = (1..=NAME_LIMIT).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(Invalid::Name) }
}

/// The address, if it is one.
pub fn address(text: &str) -> Result<Url, Invalid> {
    let url: Url = text.trim().parse().map_err(|_| Invalid::Address)?;
    let web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    let bare = url.username().is_empty() && url.password().is_none();
    let plain = url.query().is_none() && url.fragment().is_none();
    if web && bare && plain && url.as_str().len() <= 2_000 { Ok(url) } else { Err(Invalid::Address) }
}

/// The key without what surrounds it, if it is one.
pub(crate) fn key(key: &Secret) -> Result<Secret, Invalid> {
    let text = key.expose().trim();
    let fits = (1..=KEY_LIMIT).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic());
    if fits { Ok(Secret::new(text)) } else { Err(Invalid::Key) }
}

/// What does not fit of routes, besides whether their providers are there.
pub(crate) fn routes(routes: &[Route]) -> Result<(), Invalid> {
    const PRICE: u64 = 1_000_000_000_000;
    if routes.len() > ROUTES_LIMIT {
        return Err(Invalid::Routes);
    }
    for route in routes {
        let letters = route.model.trim().chars().count();
        if !(1..=NAME_LIMIT).contains(&letters) || route.model.chars().any(char::is_control) {
            return Err(Invalid::Model);
        }
        if route.input_price > PRICE || route.output_price > PRICE {
            return Err(Invalid::Bound("price", "at most a million for a million tokens"));
        }
        if route.context_tokens.is_some_and(|tokens| !(1_024..=10_000_000).contains(&tokens)) {
            return Err(Invalid::Bound("context_tokens", "1,024 to 10,000,000"));
        }
        if route.first_word_seconds.is_some_and(|seconds| !(1..=3_600).contains(&seconds)) {
            return Err(Invalid::Bound("first_word_seconds", "1 to 3,600"));
        }
    }
    Ok(())
}

/// The narrower of two limits.
pub(crate) fn narrower(a: Limit, b: Limit) -> Limit {
    let least = |a: Option<u64>, b: Option<u64>| match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    };
    Limit { tokens: least(a.tokens, b.tokens), micros: least(a.micros, b.micros) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_where_and_nothing_else() {
        for good in ["https://api.example.org/v1", "http://127.0.0.1:11434"] {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in ["", "api.example.org", "ftp://x", "https://me:pw@x/", "https://x/?key=1", "https://x/#a"]
        {
            assert_eq!(address(bad), Err(Invalid::Address), "{bad}");
        }
    }

    #[test]
    fn a_key_is_one_word() {
        assert_eq!(key(&Secret::new(" abc\n")).unwrap().expose(), "abc");
        for bad in ["", " ", "a b", "a\nb", "schlüssel"] {
            assert_eq!(key(&Secret::new(bad)).map(drop), Err(Invalid::Key), "{bad}");
        }
    }

    #[test]
    fn what_the_operator_writes_is_held_to_the_same_bounds() {
        let house = ServerProvider {
            name: "house".into(),
            kind: Kind::OpenAi,
            address: address("https://api.example.org/v1").unwrap(),
            key: Some(Secret::new("sk-1")),
        };
        let route = Route {
            provider: Which::Server("house".into()),
            model: "m".into(),
            input_price: 0,
            output_price: 0,
            context_tokens: None,
            first_word_seconds: None,
        };
        let with = |provider: ServerProvider, routes: Vec<Route>| {
            Server { providers: vec![provider], routes, allowance: Allowance::default() }.check()
        };
        assert_eq!(with(house.clone(), vec![route.clone(); 10]), Ok(()));
        for (provider, routes, says) in [
            (ServerProvider { name: " ".into(), ..house.clone() }, vec![], "a name has 1 to 100 characters"),
            (ServerProvider { key: Some(Secret::new("")), ..house.clone() }, vec![], "a key has 1 to"),
            (ServerProvider { key: Some(Secret::new("a\nb")), ..house.clone() }, vec![], "a key has 1 to"),
            (house.clone(), vec![route.clone(); 11], "10 models at most"),
            (house.clone(), vec![Route { model: String::new(), ..route.clone() }], "the name of a model"),
            (
                house.clone(),
                vec![Route { first_word_seconds: Some(0), ..route.clone() }],
                "first_word_seconds",
            ),
            (house.clone(), vec![Route { context_tokens: Some(0), ..route.clone() }], "context_tokens"),
            (house, vec![Route { provider: Which::Server("gone".into()), ..route }], "is not there"),
        ] {
            let said = with(provider, routes).unwrap_err();
            assert!(said.contains(says), "{said}");
        }
    }

    #[test]
    fn which_survives_its_text() {
        let own = Which::Own("00000000-0000-7000-8000-000000000001".parse().unwrap());
        for which in [own, Which::Server("house".to_owned())] {
            assert_eq!(Which::parse(&which.to_string()), Some(which));
        }
        assert_eq!(Which::parse("house"), None);
    }

    #[test]
    fn the_operators_limit_holds_whatever_a_workspace_decides() {
        let limit = |tokens| Limit { tokens, micros: None };
        assert_eq!(narrower(limit(Some(5)), limit(Some(9))), limit(Some(5)));
        assert_eq!(narrower(limit(None), limit(Some(9))), limit(Some(9)));
        assert_eq!(narrower(limit(None), limit(None)), limit(None));
    }
}
