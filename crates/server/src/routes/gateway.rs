//! The workspace's language models for other programs, in the shape of OpenAI's Chat Completions: whatever speaks that goes
//! through the same gateway as the mentor, under the same budgets, and nothing of it leaves unredacted.
//!
//! Paths, answers and failures are OpenAI's, so these routes are no part of the API's own document. A program shows an API
//! token, which says whose workspace it is and who pays.
//!
//! Reading order: this file (who may ask, and whom), [`ask`] (what they send), [`wire`] (what they get), [`refusal`] (why they
//! do not), [`stream`] (an answer as it is written).

mod ask;
mod refusal;
mod stream;
mod wire;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Extension, Json, Router};
use base::id::{RequestId, WorkspaceId};
use base::{Actor, Permission};
use models::{Feature, Line, Question};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

use crate::extract::{Caller, CurrentToken, Path, refuse, too_large};
use crate::layers::limits;
use crate::live::{Connection, Connections};
use crate::problem::Problem;
use crate::routes::models::models_problem;
use crate::state::AppState;
use ask::Ask;
pub(crate) use refusal::in_its_words;
use wire::Head;

/// Answers that are on their way at once. They take minutes and next to nothing of this server but their prompts, so that
/// they have places of their own.
const AT_ONCE: usize = 64;

/// How many of these one person's programs may have.
const EACH: usize = 16;

/// Bytes of a request: a context of a million tokens.
const BODY: usize = 4 << 20;

/// Bytes of a request from which on it is read and redacted beside everything else: that takes milliseconds.
const LARGE: usize = 32 << 10;

/// How many times longer than the context a prompt may be before it is redacted: more than that is hardly taken out.
const SHORTENED: u64 = 2;

/// Tokens of an answer at most where the program does not say.
const ANSWER: u32 = 4_096;

/// The model that is whomever the workspace asks, in its order.
const ANY: &str = "devmentor";

/// What OpenAI's clients ask for below their base address; `known` learns who asks.
///
/// A first word may take minutes, so that answers are not bounded as other requests are, but by places of their own.
pub(crate) fn router(
    app: &AppState,
    known: impl Fn(Router<AppState>) -> Router<AppState>,
) -> Router<AppState> {
    let lists = Router::new()
        .route("/v1/models", get(models).fallback(unknown))
        .route("/v1/models/{*model}", get(model).fallback(unknown))
        .route("/v1", any(unknown))
        .route("/v1/", any(unknown))
        .route("/v1/{*rest}", any(unknown));
    let people = Connections::shown_as("gateway_answers");
    let answers = Router::new()
        .route("/v1/chat/completions", post(complete).fallback(unknown))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(Extension(people));
    known(lists)
        .layer(from_fn_with_state(app.clone(), limits::limits))
        .merge(known(answers).layer(from_fn_with_state(Arc::new(Semaphore::new(AT_ONCE)), places)))
}

/// Whether the path is one of this interface, where failures are told in its words.
pub(crate) fn is_gateway(path: &str) -> bool {
    path.strip_prefix("/v1").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Takes one of the server's places before anything is read, or turns the request away.
async fn places(State(all): State<Arc<Semaphore>>, mut request: Request, next: Next) -> Response {
    let Ok(permit) = all.try_acquire_owned() else {
        metrics::counter!("http_requests_shed_total").increment(1);
        return Problem::busy(1).into_response();
    };
    request.extensions_mut().insert(OfAll { _permit: Arc::new(permit) });
    next.run(request).await
}

/// A program that may ask the models of its token's workspace.
struct Program(Actor);

impl FromRequestParts<AppState> for Program {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let Some(CurrentToken(token)) = parts.extensions.get::<CurrentToken>().cloned() else {
            return Err(refusal::no_token());
        };
        let actor = app.identity.actor(token.user.id, &token.workspace.slug).await?;
        let actor = actor.and_then(|actor| token.narrows(actor)).ok_or_else(Problem::token_refused)?;
        if actor.may(Permission::ModelUse) {
            return Ok(Self(actor));
        }
        let Caller(client) = Caller::from_request_parts(parts, app).await?;
        Err(refuse(app, &actor, Permission::ModelUse, &client).await?)
    }
}

/// A place among all answers of the server.
#[derive(Clone)]
struct OfAll {
    _permit: Arc<OwnedSemaphorePermit>,
}

/// The place of an answer; free again when dropped.
struct Place {
    _of_all: OfAll,
    _of_person: Connection,
}

/// The models that can be named: the one that stands for all of them, then each in the order they are asked.
async fn models(State(app): State<AppState>, Program(actor): Program) -> Result<Response, Problem> {
    let all = offered(&app, actor.workspace).await?;
    Ok(Json(serde_json::json!({ "object": "list", "data": all })).into_response())
}

/// One of them.
async fn model(
    State(app): State<AppState>,
    Program(actor): Program,
    Path(model): Path<String>,
) -> Result<Response, Problem> {
    let all = offered(&app, actor.workspace).await?;
    let found = all.into_iter().find(|known| known["id"] == model);
    Ok(Json(found.ok_or_else(|| refusal::no_such_model(&model))?).into_response())
}

async fn offered(app: &AppState, workspace: WorkspaceId) -> Result<Vec<serde_json::Value>, Problem> {
    let line = app.models.line(workspace).await.map_err(models_problem)?;
    let mut all: Vec<serde_json::Value> = Vec::new();
    for route in &line.routes {
        if all.is_empty() {
            all.push(wire::model(ANY, "devmentor"));
        }
        if !all.iter().any(|known| known["id"] == route.model.as_str()) {
            all.push(wire::model(&route.model, route.provider.name()));
        }
    }
    Ok(all)
}

/// Whatever else such an interface may have elsewhere.
async fn unknown(method: Method, uri: Uri) -> Problem {
    let detail = format!(
        "There is no {method} {} here, only /v1/models and /v1/chat/completions: docs/models.md says what they take.",
        uri.path()
    );
    Problem::new(StatusCode::NOT_FOUND, "unknown_url", "Not found", detail)
}

/// Answers, whole or as it is written.
async fn complete(
    State(app): State<AppState>,
    Program(actor): Program,
    Extension(of_all): Extension<OfAll>,
    Extension(people): Extension<Connections>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Result<Response, Problem> {
    // Before the body is read: what all of them hold is bounded by the places.
    let of_person = people.open(actor.user, EACH).ok_or_else(|| refusal::too_many(EACH))?;
    let place = Place { _of_all: of_all, _of_person: of_person };
    let body = body(&app, request).await?;
    let large = body.len() >= LARGE;
    let (place, ask) = aside(large, place, move || ask::read(&body)).await?;
    let Ask { model, prompt, most_tokens, stream, ignored } = ask?;
    let line = line(&app, actor.workspace, &model).await?;
    let long = prompt.estimated_tokens();
    if long > SHORTENED * u64::from(line.context) {
        return Err(no_room(&line, long));
    }
    let redactor = app.models.redactor().clone();
    let redacted = aside(large, place, move || llm::Request::of(&prompt, &redactor));
    let (place, (mut request, removed)) = redacted.await?;
    request.most_tokens = room(&line, request.estimated_tokens(), most_tokens)?;
    let head = Head { id, at: app.clock.now(), model, removed, ignored };
    let question = Question { feature: Feature::Gateway, request, cited: Vec::new(), reuse: false };
    let answer = app.models.ask(&actor, line, question).await.map_err(models_problem)?;
    let Some(shown) = stream else {
        // Dropped, the answer ends upstream, and is in the books.
        let (text, over) = tokio::select! {
            whole = answer.whole() => whole,
            () = app.stop.cancelled() => return Err(refusal::stopping()),
        };
        let outcome = over.map_err(|refused| refusal::refused(&refused, head.at))?;
        let stop = outcome.stop.ok_or_else(|| refusal::broke_off(&outcome))?;
        return Ok(Json(head.whole(&text, stop, &outcome)).into_response());
    };
    stream::stream(&app, head, answer, shown, place).await
}

/// The body, as long as it comes in time: whoever sends it slowly would hold a place.
async fn body(app: &AppState, request: Request) -> Result<Bytes, Problem> {
    let read = tokio::time::timeout(app.config.request_timeout, Bytes::from_request(request, app));
    let read = read.await.map_err(|_| refusal::late())?;
    read.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Problem::malformed("The body could not be read.").because(rejection),
    })
}

/// The models of that name, or all of them.
async fn line(app: &AppState, workspace: WorkspaceId, model: &str) -> Result<Line, Problem> {
    if model == ANY {
        let line = app.models.line(workspace).await.map_err(models_problem)?;
        return if line.routes.is_empty() { Err(refusal::no_model()) } else { Ok(line) };
    }
    let line = app.models.line_of(workspace, model).await.map_err(models_problem)?;
    if !line.routes.is_empty() {
        return Ok(line);
    }
    let all = app.models.line(workspace).await.map_err(models_problem)?;
    Err(if all.routes.is_empty() { refusal::no_model() } else { refusal::no_such_model(model) })
}

/// Does what a request asks for, beside everything else where that is large. The place goes along: such work goes on when
/// its reader has left, and counts until it is done.
async fn aside<T: Send + 'static>(
    large: bool,
    place: Place,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<(Place, T), Problem> {
    if !large {
        return Ok((place, work()));
    }
    spawn_blocking(move || (place, work())).await.map_err(Problem::internal)
}

/// Tokens that the answer may have.
fn room(line: &Line, prompt: u64, wanted: Option<u32>) -> Result<u32, Problem> {
    let left = u64::from(line.context).saturating_sub(prompt);
    let left = u32::try_from(left).unwrap_or(u32::MAX);
    if left == 0 {
        return Err(no_room(line, prompt));
    }
    Ok(wanted.unwrap_or(ANSWER).clamp(1, left))
}

fn no_room(line: &Line, prompt: u64) -> Problem {
    let most = line.context;
    refusal::too_long(&format!(
        "it has about {prompt} tokens, and with an answer there is room for {most}: send less"
    ))
}
