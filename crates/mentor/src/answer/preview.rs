//! What would be sent for a question, to whom, and what was sent.

use base::Actor;
use base::id::{MessageId, RepoId, ThreadId};
use chat::{Asked, Exchange, LeftOut, Mode, Removed, Source};
use llm::{Request, Speaker, Usage};
use models::Line;
use serde::{Deserialize, Serialize};
use url::Url;

use super::gather::About;
use super::piece::Piece;
use super::prompt::{self, Fitted, TooLong};
use super::write::numbered;
use crate::Mentor;

/// What is asked, before it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The thread; without it, a new one.
    pub thread: Option<ThreadId>,
    /// The repository of a new thread.
    pub repo: Option<RepoId>,
    /// The question.
    pub text: String,
    /// What kind of answer is wanted.
    pub mode: Mode,
    /// What belongs to it.
    pub asked: Asked,
}

/// What would be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Previewed {
    /// What the answer would rest on, by number.
    pub pieces: Vec<Source>,
    /// What would not fit.
    pub left_out: Vec<LeftOut>,
    /// Tokens of the whole prompt.
    pub tokens: u64,
    /// Tokens that it may have; `None` without a model.
    pub limit: Option<u64>,
    /// Exactly what would be sent; `None` without a model.
    pub prompt: Option<SentPrompt>,
    /// Whom it would go to, in order.
    pub to: Vec<Destination>,
}

/// A prompt as it leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentPrompt {
    /// What the model is to be.
    pub system: String,
    /// What was said so far, and what was found.
    pub turns: Vec<SentTurn>,
    /// Tokens of the answer at most.
    pub most_tokens: u32,
    /// What was taken out.
    pub removed: Vec<Removed>,
}

/// One thing that is said in a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentTurn {
    /// Whether the person says it, with what was found for them; otherwise the model.
    pub by_person: bool,
    /// What.
    pub text: String,
}

/// A model that would be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// Whose.
    pub provider: String,
    /// Which.
    pub model: String,
    /// The host it is asked at, where that is known.
    pub host: Option<String>,
    /// Whether the prompt leaves this server.
    pub leaves: bool,
    /// What the prompt and the longest answer would cost, in millionths of the currency of the prices.
    pub most_micros: u64,
}

/// What is kept of a prompt that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) prompt: SentPrompt,
    pub(super) to: Vec<Destination>,
}

/// Why nothing can be shown.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// The thread or the question does not fit.
    #[error(transparent)]
    Chat(#[from] chat::Error),
    /// The question is too long for the model.
    #[error("{0}")]
    TooLong(String),
    /// The models cannot be read.
    #[error(transparent)]
    Models(#[from] models::Error),
    /// Nothing can be looked for.
    #[error(transparent)]
    Search(#[from] retrieval::Error),
}

impl From<TooLong> for PreviewError {
    fn from(error: TooLong) -> Self {
        Self::TooLong(error.to_string())
    }
}

impl Mentor {
    /// What would be sent for a question: the same, to the byte, as asking it sends, as long as nothing changes meanwhile.
    pub async fn preview(&self, actor: &Actor, wanted: Preview) -> Result<Previewed, PreviewError> {
        let Preview { thread, repo, text, mode, asked } = wanted;
        let text = chat::thread::question(&text, &asked).map_err(chat::Error::from)?;
        let (about, before) = match thread {
            Some(id) => {
                let thread = self.chats.thread(actor, id).await?;
                (About::of(&thread), self.chats.exchanges(actor, id).await?)
            }
            None => (About { repo, shared: false }, Vec::new()),
        };
        let found = self.gather(actor, about, &text, &asked, &|_| {}).await?;
        let line = self.models.line(actor.workspace).await?;
        if line.routes.is_empty() {
            let (pieces, left_out) = prompt::shown(found.pieces);
            let pieces = numbered(pieces);
            let tokens = pieces.iter().map(|piece| piece.tokens).sum();
            return Ok(Previewed { pieces, left_out, tokens, limit: None, prompt: None, to: Vec::new() });
        }
        let Fitted { request, removed, pieces, left_out, limit } =
            self.fitted(mode, text, before, found.pieces, line.context).await??;
        Ok(Previewed {
            pieces: numbered(pieces),
            left_out,
            tokens: request.estimated_tokens(),
            limit: Some(limit),
            to: destinations(&line, &request),
            prompt: Some(sent(&request, &removed)),
        })
    }

    /// [`prompt::fit`] in its turn: a whole context is redacted for a while.
    pub(super) async fn fitted(
        &self,
        mode: Mode,
        question: String,
        before: Vec<Exchange>,
        pieces: Vec<Piece>,
        context: u32,
    ) -> Result<Result<Fitted, TooLong>, retrieval::Error> {
        let redactor = self.models.redactor().clone();
        let fit = move || Ok(prompt::fit(mode, &question, &before, pieces, context, &redactor));
        self.thinking.run(fit).await
    }

    /// What a model was sent for an answer of the actor's own thread, and whom it was meant for; `None` when none was asked.
    pub async fn sent(
        &self,
        actor: &Actor,
        id: MessageId,
    ) -> Result<Option<(SentPrompt, Vec<Destination>)>, chat::Error> {
        let Some(text) = self.chats.sent(actor, id).await? else { return Ok(None) };
        let kept: Kept = serde_json::from_str(&text).map_err(storage::Error::corrupt)?;
        Ok(Some((kept.prompt, kept.to)))
    }
}

/// A request as it leaves.
pub(super) fn sent(request: &Request, removed: &[llm::Removed]) -> SentPrompt {
    SentPrompt {
        system: request.system.as_str().to_owned(),
        turns: request
            .turns
            .iter()
            .map(|turn| SentTurn {
                by_person: turn.speaker == Speaker::Person,
                text: turn.text.as_str().to_owned(),
            })
            .collect(),
        most_tokens: request.most_tokens,
        removed: removed
            .iter()
            .map(|removed| Removed {
                what: removed.what.as_str().to_owned(),
                placeholder: removed.placeholder.clone(),
                times: removed.times,
            })
            .collect(),
    }
}

/// Whom a request would go to, in order.
pub(super) fn destinations(line: &Line, request: &Request) -> Vec<Destination> {
    let most = Usage { input: request.estimated_tokens(), output: request.most_tokens.into() };
    let asked = line.routes.iter().zip(&line.addresses);
    let to = asked.map(|(route, address)| Destination {
        provider: route.provider.name().to_owned(),
        model: route.model.clone(),
        host: address.host_str().map(str::to_owned),
        leaves: !is_here(address),
        most_micros: route.price.of(most).micros,
    });
    to.collect()
}

/// Whether an address is on this machine.
fn is_here(address: &Url) -> bool {
    match address.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_on_this_machine_is_told_from_what_leaves_it() {
        let here = |address: &str| is_here(&address.parse().unwrap());
        assert!(here("http://localhost:11434") && here("http://127.0.0.2/") && here("http://[::1]:80/"));
        assert!(
            !here("https://api.example.org/v1")
                && !here("http://10.0.0.7/")
                && !here("http://localhost.example.org/")
        );
    }

    #[test]
    fn a_prompt_survives_being_kept() {
        let kept = Kept {
            prompt: SentPrompt {
                system: "s".into(),
                turns: vec![SentTurn { by_person: true, text: "t".into() }],
                most_tokens: 3,
                removed: Vec::new(),
            },
            to: Vec::new(),
        };
        let again: Kept = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
        assert_eq!(again, kept);
    }
}
