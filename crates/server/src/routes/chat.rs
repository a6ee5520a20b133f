//! Conversations with the mentor.

mod stream;
mod wire;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::id::{MessageId, RepoId, RequestId, ThreadId};
use base::{Actor, Clock};
use chat::{Error, Filter, Invalid, NewQuestion, NewThread, ThreadChange, Turn};
use mentor::Mentor;
use mentor::answer::{AskError, Full, Preview, PreviewError};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Json, Path, Permitted, Query, may};
use crate::layers::idempotency::{KeptAt, ShownOnce};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::models::models_problem;
use crate::routes::page;
use crate::routes::tasks::VersionQuery;
use crate::state::AppState;
use wire::{
    asked_from, destination_to_api, left_out_to_api, message_to_api, mode_from, prompt_to_api, rating_from,
    source_to_api, thread_to_api,
};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(chat_threads, begin_chat))
        .routes(routes!(chat_thread, update_chat, delete_chat))
        .routes(routes!(preview_chat))
        .routes(routes!(ask_mentor))
        .routes(routes!(rate_chat_message))
        .routes(routes!(chat_sent))
}

/// Characters of a search: more does not fit into an address everywhere.
const QUERY: usize = 2_000;

/// Which conversations to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ThreadsQuery {
    /// With this text in the title or in what was said, at most 2,000 characters; the letters a to z in any case.
    q: Option<String>,
    /// About this repository, by its id.
    repo: Option<String>,
    /// Those that were put away, instead of the others.
    archived: Option<bool>,
    /// Where to read on: `next` of the page before.
    cursor: Option<String>,
    /// How many rows at most, by default 50. More than 500 are never given: a larger number counts as 500, and 0 as 1.
    limit: Option<u32>,
}

/// Which conversation.
#[derive(Deserialize)]
struct ThreadPath {
    thread: String,
}

impl ThreadPath {
    /// What is not written like an id is the id of nothing.
    fn id(&self) -> Result<ThreadId, Problem> {
        self.thread.parse().map_err(|_| Problem::not_found())
    }
}

/// Which message.
#[derive(Deserialize)]
struct MessagePath {
    message: String,
}

impl MessagePath {
    fn id(&self) -> Result<MessageId, Problem> {
        self.message.parse().map_err(|_| Problem::not_found())
    }
}

/// The caller's conversations and those that are shared: pinned ones first, then those where something was said last.
#[utoipa::path(
    get,
    path = "/chat/threads",
    tag = "chat",
    params(ThreadsQuery),
    responses((status = 200, description = "Conversations", body = api::Listing<api::ChatThread>))
)]
async fn chat_threads(
    State(mentor): State<Mentor>,
    State(clock): State<Clock>,
    reader: Permitted<may::MentorRead>,
    Query(query): Query<ThreadsQuery>,
) -> Result<Reply<api::Listing<api::ChatThread>>, Problem> {
    let (after, size) = page(query.cursor, query.limit);
    let repo = query.repo.map(|repo| repo.parse::<RepoId>());
    let repo = repo.transpose().map_err(|error| Problem::invalid("repo", error))?;
    let text = query.q.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().nth(QUERY).is_some()) {
        return Err(Problem::invalid("q", format!("look for at most {QUERY} characters")));
    }
    let filter = Filter { text, repo, archived: query.archived.unwrap_or(false) };
    let actor = reader.actor();
    let found = mentor.chats().threads(actor, &filter, after.as_ref(), size).await.map_err(chat_problem)?;
    let found = found.map(|thread| thread_to_api(thread, actor));
    Ok(Reply(api::Listing {
        meta: api::Meta::live(clock.now()),
        items: found.items,
        next: found.next.map(|cursor| cursor.0),
        total: found.total,
    }))
}

/// Begins a conversation: the caller's alone until it is shared.
#[utoipa::path(
    post,
    path = "/chat/threads",
    tag = "chat",
    request_body = api::NewChatThread,
    responses((status = 201, description = "Begun", body = api::ChatThread))
)]
async fn begin_chat(
    State(app): State<AppState>,
    asker: Permitted<may::MentorAsk>,
    Json(body): Json<api::NewChatThread>,
) -> Result<(StatusCode, Json<api::ChatThread>), Problem> {
    let actor = asker.actor();
    known(&app, actor, body.repo).await?;
    let new = NewThread { title: body.title, repo: body.repo };
    let thread = app.mentor.chats().begin(actor, new).await.map_err(chat_problem)?;
    Ok((StatusCode::CREATED, Json(thread_to_api(thread, actor))))
}

/// A conversation with all that was said.
#[utoipa::path(
    get,
    path = "/chat/threads/{thread}",
    tag = "chat",
    responses((status = 200, description = "The conversation", body = api::Answer<api::ChatThreadDetail>))
)]
async fn chat_thread(
    State(mentor): State<Mentor>,
    State(clock): State<Clock>,
    reader: Permitted<may::MentorRead>,
    Path(path): Path<ThreadPath>,
) -> Result<Reply<api::Answer<api::ChatThreadDetail>>, Problem> {
    let actor = reader.actor();
    let (thread, messages) = mentor.conversation(actor, path.id()?).await.map_err(chat_problem)?;
    let data = api::ChatThreadDetail {
        thread: thread_to_api(thread, actor),
        messages: messages.into_iter().map(message_to_api).collect(),
    };
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Changes a conversation: what is left out stays. Sharing one whose answers rest on memories of the caller's alone answers 409
/// `rests_on_private` unless `with_private` is given.
#[utoipa::path(
    patch,
    path = "/chat/threads/{thread}",
    tag = "chat",
    request_body = api::UpdateChatThread,
    responses((status = 200, description = "Changed", body = api::ChatThread))
)]
async fn update_chat(
    State(mentor): State<Mentor>,
    asker: Permitted<may::MentorAsk>,
    Path(path): Path<ThreadPath>,
    Json(body): Json<api::UpdateChatThread>,
) -> Result<Json<api::ChatThread>, Problem> {
    let api::UpdateChatThread { version, title, pinned, archived, shared, with_private } = body;
    let with_private = with_private.unwrap_or(false);
    let change = ThreadChange { title, pinned, archived, shared, with_private };
    let actor = asker.actor();
    let changed = mentor.chats().change(actor, path.id()?, version, change).await.map_err(chat_problem)?;
    Ok(Json(thread_to_api(changed, actor)))
}

/// Deletes a conversation for good, with all that was said.
#[utoipa::path(
    delete,
    path = "/chat/threads/{thread}",
    tag = "chat",
    params(VersionQuery),
    responses((status = 204, description = "Deleted"))
)]
async fn delete_chat(
    State(mentor): State<Mentor>,
    asker: Permitted<may::MentorAsk>,
    Path(path): Path<ThreadPath>,
    Query(query): Query<VersionQuery>,
) -> Result<StatusCode, Problem> {
    mentor.chats().delete(asker.actor(), path.id()?, query.version).await.map_err(chat_problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// What would be sent for a question, and to whom, before it is.
#[utoipa::path(
    post,
    path = "/chat/preview",
    tag = "chat",
    request_body = api::PreviewChat,
    responses((status = 200, description = "What would be sent", body = api::ChatPreview))
)]
async fn preview_chat(
    State(app): State<AppState>,
    asker: Permitted<may::MentorAsk>,
    Json(body): Json<api::PreviewChat>,
) -> Result<Json<api::ChatPreview>, Problem> {
    let actor = asker.actor();
    known(&app, actor, body.repo).await?;
    let wanted = Preview {
        thread: body.thread,
        repo: body.repo,
        text: body.text,
        mode: mode_from(body.mode),
        asked: asked_from(body.attached, body.excluded),
    };
    let found = app.mentor.preview(actor, wanted).await.map_err(preview_problem)?;
    Ok(Json(api::ChatPreview {
        meta: api::Meta::live(app.clock.now()),
        pieces: found.pieces.into_iter().map(source_to_api).collect(),
        left_out: left_out_to_api(found.left_out),
        tokens: found.tokens,
        limit: found.limit,
        prompt: found.prompt.map(prompt_to_api),
        to: found.to.into_iter().map(destination_to_api).collect(),
    }))
}

/// Asks in a conversation of the caller's. The answer comes as server-sent events; to close the connection stops it, here
/// and at the model, and keeps what was said. Sent again under the same `Idempotency-Key` nothing is asked twice: 409
/// `asked_already` says where the conversation is.
#[utoipa::path(
    post,
    path = "/chat/threads/{thread}/messages",
    tag = "chat",
    request_body = api::AskMentor,
    responses((status = 200, description = "`ChatEvent` as data of each event", content_type = "text/event-stream", body = api::ChatEvent))
)]
async fn ask_mentor(
    State(mentor): State<Mentor>,
    asker: Permitted<may::MentorAsk>,
    Path(path): Path<ThreadPath>,
    Extension(request): Extension<RequestId>,
    Json(body): Json<api::AskMentor>,
) -> Result<Response, Problem> {
    let turn = match (body.again, body.instead_of) {
        (Some(_), Some(_)) => {
            return Err(Problem::invalid("/again", "give `again` or `instead_of`, not both"));
        }
        (Some(answer), None) if body.text.is_none() => Turn::Again(answer),
        (Some(_), None) => {
            return Err(Problem::invalid("/text", "`again` asks what was asked: leave the text out"));
        }
        (None, Some(question)) => Turn::InsteadOf(question),
        (None, None) => Turn::Next,
    };
    let new = NewQuestion {
        text: body.text.unwrap_or_default(),
        mode: mode_from(body.mode),
        asked: asked_from(body.attached, body.excluded),
        turn,
    };
    let (actor, thread, evidence) = (*asker.actor(), path.id()?, body.evidence_only.unwrap_or(false));
    let answering = mentor.ask(&actor, thread, new, evidence).await.map_err(ask_problem)?;
    let mut response = stream::stream(answering, actor, request);
    response.extensions_mut().insert(KeptAt(format!("chat/threads/{thread}")));
    Ok(response)
}

/// Says what an answer is worth; only in a conversation of the caller's.
#[utoipa::path(
    put,
    path = "/chat/messages/{message}/rating",
    tag = "chat",
    request_body = api::RateChatMessage,
    responses((status = 200, description = "Noted", body = api::ChatMessage))
)]
async fn rate_chat_message(
    State(mentor): State<Mentor>,
    asker: Permitted<may::MentorAsk>,
    Path(path): Path<MessagePath>,
    Json(body): Json<api::RateChatMessage>,
) -> Result<(Extension<ShownOnce>, Json<api::ChatMessage>), Problem> {
    let (rating, reasons) = (body.rating.map(rating_from), body.reasons.unwrap_or_default());
    let actor = asker.actor();
    let rated = mentor.chats().rate(actor, path.id()?, rating, reasons).await.map_err(chat_problem)?;
    let mut rated = [rated];
    mentor.hide(actor, &mut rated).await.map_err(chat_problem)?;
    let [rated] = rated;
    // It has the names of memories that others may delete; the same rating again changes nothing.
    Ok((Extension(ShownOnce), Json(message_to_api(rated))))
}

/// What a model was sent for an answer, and whom it was meant for; only in a conversation of the caller's.
#[utoipa::path(
    get,
    path = "/chat/messages/{message}/sent",
    tag = "chat",
    responses((status = 200, description = "What was sent", body = api::Answer<api::ChatSent>))
)]
async fn chat_sent(
    State(mentor): State<Mentor>,
    State(clock): State<Clock>,
    asker: Permitted<may::MentorAsk>,
    Path(path): Path<MessagePath>,
) -> Result<Reply<api::Answer<api::ChatSent>>, Problem> {
    let sent = mentor.sent(asker.actor(), path.id()?).await.map_err(chat_problem)?;
    let data = match sent {
        None => api::ChatSent { prompt: None, to: Vec::new() },
        Some((prompt, to)) => api::ChatSent {
            prompt: Some(prompt_to_api(prompt)),
            to: to.into_iter().map(destination_to_api).collect(),
        },
    };
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Whether the repository is one of the workspace.
async fn known(app: &AppState, actor: &Actor, repo: Option<RepoId>) -> Result<(), Problem> {
    let Some(repo) = repo else { return Ok(()) };
    match app.repos.repo(actor, repo).await {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(Problem::not_found()),
        Err(error) => Err(crate::routes::repos::repos_problem(error)),
    }
}

fn preview_problem(error: PreviewError) -> Problem {
    match error {
        PreviewError::Chat(error) => chat_problem(error),
        PreviewError::TooLong(why) => Problem::invalid("/text", why.trim_end_matches('.')),
        PreviewError::Models(error) => models_problem(error),
        PreviewError::Search(error) => Problem::internal(error),
    }
}

fn ask_problem(error: AskError) -> Problem {
    let full = match error {
        AskError::Chat(error) => return chat_problem(error),
        AskError::Full(full) => full,
    };
    let (status, code, detail) = match full {
        Full::Person => (
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_answers",
            "As many answers are being written for you as one person may have at once. Wait for one of them, or stop it.",
        ),
        Full::Node => (
            StatusCode::SERVICE_UNAVAILABLE,
            "answers_busy",
            "This server writes as many answers as it can at once. Ask again in a moment.",
        ),
    };
    Problem::new(status, code, "Too many answers at once", detail).retry_after(5)
}

fn chat_problem(error: Error) -> Problem {
    match error {
        Error::NotFound => Problem::not_found(),
        Error::Conflict => Problem::changed(),
        Error::Answering => {
            let detail = "An answer is being written in this conversation: wait for it or stop it first.";
            Problem::conflict("answering", detail).retry_after(5)
        }
        Error::Private(answers) => {
            let (answers, rest) = if answers == 1 {
                ("One answer".to_owned(), "rests")
            } else {
                (format!("{answers} answers"), "rest")
            };
            let detail = format!(
                "{answers} here {rest} on memories that are yours alone, and what was said may repeat them. Others would read it: \
                 look first, then share with `with_private`."
            );
            Problem::conflict("rests_on_private", detail)
        }
        Error::NotAuthor => {
            let detail = "Only who began this conversation goes on with it: begin one of your own.";
            Problem::new(StatusCode::FORBIDDEN, "not_author", "Not yours", detail)
        }
        Error::Invalid(invalid) => Problem::invalid(field(&invalid), invalid),
        Error::Storage(error) => error.into(),
    }
}

fn field(invalid: &Invalid) -> &'static str {
    match invalid {
        Invalid::Title => "/title",
        Invalid::NoText | Invalid::LongText => "/text",
        Invalid::Attached | Invalid::Attachment => "/attached",
        Invalid::Excluded => "/excluded",
        Invalid::Reasons => "/reasons",
        Invalid::Full => "",
    }
}
