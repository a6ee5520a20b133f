//! The way to providers over the network: who reaches what, and who shares what is known of a service.

use std::sync::Arc;

use base::Secret;
use base::id::ProviderId;
use llm::Failure;
use llm::anthropic::Anthropic;
use llm::ollama::Ollama;
use llm::openai::OpenAi;
use moka::sync::Cache;
use outbound::{Client, Dependency, Limits, Outbound, Protection, RetryPolicy};
use url::Url;

use crate::model::Kind;

/// Services of workspaces whose health is remembered; those asked for last.
const REMEMBERED: u64 = 10_000;

/// A service, with all that it takes to ask it.
pub struct Service<'a> {
    /// Whose it is.
    pub whose: Whose,
    /// What it speaks.
    pub kind: Kind,
    /// What people call it.
    pub name: &'a str,
    /// Where it is.
    pub address: &'a Url,
    /// Its key.
    pub key: Option<Secret>,
}

/// Who set a service up: that says where it may be, and who learns that it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whose {
    /// Whoever runs the server. Its address is allowed by that, and what is known of it is shown to them.
    Server,
    /// A workspace, as it was at that version. What is known of it concerns nobody else.
    Own(ProviderId, i64),
    /// A workspace, which only wants to know whether it answers: nothing is remembered.
    Tried,
}

/// Makes of a service what can be asked.
pub type Connect = Arc<dyn Fn(Service<'_>) -> Result<Arc<dyn llm::Provider>, Failure> + Send + Sync>;

/// The way to providers over the network.
pub fn over(outbound: Outbound) -> Connect {
    // A service is made anew for each question, and would never learn otherwise.
    let own: Cache<Whose, Client> = Cache::new(REMEMBERED);
    Arc::new(move |Service { whose, kind, name, address, key }| {
        let client = match whose {
            Whose::Server => {
                let dependency = Dependency::new(format!("model:{name}"));
                outbound.client(dependency, Limits::default()).also_to([address])
            }
            Whose::Own(..) => own.get_with(whose, || stranger(&outbound, Protection::default())),
            // Whoever wants to know sees the answer, and is the one to try again.
            Whose::Tried => {
                let retry = RetryPolicy { tries: 1, ..RetryPolicy::default() };
                stranger(&outbound, Protection { retry, ..Protection::default() })
            }
        };
        let address = address.clone();
        Ok(match (kind, key) {
            (Kind::Anthropic, Some(key)) => Arc::new(Anthropic::new(name, address, key, client)),
            (Kind::Anthropic, None) => return Err(Failure::Key(name.to_owned())),
            (Kind::OpenAi, key) => Arc::new(OpenAi::new(name, address, key, client)),
            (Kind::Ollama, _) => Arc::new(Ollama::new(name, address, client)),
        })
    })
}

/// HTTP to what somebody typed: under one name for all of them, with a guard of its own.
fn stranger(outbound: &Outbound, protection: Protection) -> Client {
    outbound.stranger(Dependency::new("model:of a workspace"), protection, Limits::default())
}
