//! Memories.

mod wire;

use axum::extract::State;
use axum::http::StatusCode;
use base::id::MemoryId;
use base::{Actor, Clock};
use memory::{Budget, Change, ChangeError, Edit, Filter, InvalidMemory, Memories, Question, SaveError};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Json, Path, Permitted, Query, may};
use crate::layers::idempotency;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::page;
use crate::routes::tasks::VersionQuery;
use crate::state::AppState;
use wire::{evidence_from, facets, kind_from, memory_to_api, new_from, recalled_to_api, state_from};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(memories, remember))
        .routes(routes!(memory, update_memory, forget_memory))
        .routes(routes!(confirm_memory))
        .routes(routes!(archive_memory))
        .routes(routes!(restore_memory))
        .routes(routes!(supersede_memory))
        .routes(routes!(relate_memory))
        .routes(routes!(note_memory_use))
        .routes(routes!(recall))
}

/// Which memories to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MemoriesQuery {
    /// Only of this kind.
    kind: Option<api::MemoryKind>,
    /// Only in this state.
    state: Option<api::MemoryState>,
    /// Only with this tag.
    tag: Option<String>,
    /// Only what the caller alone may see; `workspace` gives all that they may see.
    scope: Option<api::MemoryScope>,
    /// Where to read on: `next` of the page before.
    cursor: Option<String>,
    /// How many rows at most, by default 50. More than 500 are never given: a larger number counts as 500, and 0 as 1.
    limit: Option<u32>,
}

/// Which memory.
#[derive(Deserialize)]
struct MemoryPath {
    memory: String,
}

impl MemoryPath {
    /// What is not written like an id is the id of nothing.
    fn id(&self) -> Result<MemoryId, Problem> {
        self.memory.parse().map_err(|_| Problem::not_found())
    }
}

/// What the caller may see of what was learned, the newest first.
#[utoipa::path(
    get,
    path = "/memories",
    tag = "memories",
    params(MemoriesQuery),
    responses((status = 200, description = "Memories", body = api::Memories))
)]
async fn memories(
    State(memories): State<Memories>,
    State(clock): State<Clock>,
    reader: Permitted<may::MemoryRead>,
    Query(query): Query<MemoriesQuery>,
) -> Result<Reply<api::Memories>, Problem> {
    let (after, size) = page(query.cursor, query.limit);
    let filter = Filter {
        kinds: query.kind.map(kind_from).into_iter().collect(),
        states: query.state.map(state_from).into_iter().collect(),
        tags: query.tag.into_iter().collect(),
        private: query.scope == Some(api::MemoryScope::Private),
    };
    let actor = reader.actor();
    let listed = memories.memories(actor, &filter, after.as_ref(), size).await?;
    Ok(Reply(api::Memories {
        meta: api::Meta::live(clock.now()),
        items: listed.page.items.into_iter().map(|memory| memory_to_api(memory, actor)).collect(),
        next: listed.page.next.map(|cursor| cursor.0),
        total: listed.page.total,
        kinds: facets(listed.kinds),
        states: facets(listed.states),
        tags: facets(listed.tags),
    }))
}

/// Saves what was learned; a title is enough. It is found from now on.
#[utoipa::path(
    post,
    path = "/memories",
    tag = "memories",
    request_body = api::NewMemory,
    responses((status = 201, description = "Saved", body = api::Memory))
)]
async fn remember(
    State(memories): State<Memories>,
    member: Permitted<may::MemoryWrite>,
    Json(body): Json<api::NewMemory>,
) -> Result<(StatusCode, Json<api::Memory>), Problem> {
    let saved = memories.remember(member.actor(), new_from(body)).await.map_err(save_problem)?;
    Ok((StatusCode::CREATED, Json(memory_to_api(saved, member.actor()))))
}

/// One memory.
#[utoipa::path(
    get,
    path = "/memories/{memory}",
    tag = "memories",
    responses((status = 200, description = "The memory", body = api::Answer<api::Memory>))
)]
async fn memory(
    State(memories): State<Memories>,
    State(clock): State<Clock>,
    reader: Permitted<may::MemoryRead>,
    Path(path): Path<MemoryPath>,
) -> Result<Reply<api::Answer<api::Memory>>, Problem> {
    let memory = memories.memory(reader.actor(), path.id()?).await?.ok_or_else(Problem::not_found)?;
    let data = memory_to_api(memory, reader.actor());
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data }))
}

/// Changes a memory: what is left out stays.
#[utoipa::path(
    patch,
    path = "/memories/{memory}",
    tag = "memories",
    request_body = api::UpdateMemory,
    responses((status = 200, description = "Changed", body = api::Memory))
)]
async fn update_memory(
    State(memories): State<Memories>,
    member: Permitted<may::MemoryWrite>,
    Path(path): Path<MemoryPath>,
    Json(body): Json<api::UpdateMemory>,
) -> Result<Json<api::Memory>, Problem> {
    let never = body.never_expires.unwrap_or(false);
    let edit = Edit {
        kind: body.kind.map(kind_from),
        title: body.title,
        text: body.text,
        tags: body.tags,
        evidence: body.evidence.map(evidence_from),
        expires_at: if never { Some(None) } else { body.expires_at.map(|at| Some(at.timestamp())) },
    };
    change(&memories, member.actor(), path.id()?, body.version, Change::Edit(edit)).await
}

/// Deletes a memory for good: text, vector, links and tags, here, in every index and in answers that were kept.
#[utoipa::path(
    delete,
    path = "/memories/{memory}",
    tag = "memories",
    params(VersionQuery),
    responses((status = 204, description = "Forgotten"))
)]
async fn forget_memory(
    State(app): State<AppState>,
    member: Permitted<may::MemoryWrite>,
    Path(path): Path<MemoryPath>,
    Query(query): Query<VersionQuery>,
) -> Result<StatusCode, Problem> {
    let (actor, id) = (*member.actor(), path.id()?);
    // Once it is deleted, what shows it is looked for whether or not somebody still waits.
    let working = app.clone();
    let work = async move {
        working.mentor.forget_memory(&actor, id, query.version).await.map_err(change_problem)?;
        if let Err(error) = idempotency::forget(&working.db, actor.workspace, &id.to_string()).await {
            tracing::warn!(%error, "answers that show a forgotten memory stay until their day is over");
        }
        Ok(StatusCode::NO_CONTENT)
    };
    app.to_its_end(work).await?
}

/// Says that a memory still holds.
#[utoipa::path(
    post,
    path = "/memories/{memory}/confirm",
    tag = "memories",
    params(VersionQuery),
    responses((status = 200, description = "Confirmed", body = api::Memory))
)]
async fn confirm_memory(
    State(memories): State<Memories>,
    member: Permitted<may::MemoryWrite>,
    Path(path): Path<MemoryPath>,
    Query(query): Query<VersionQuery>,
) -> Result<Json<api::Memory>, Problem> {
    change(&memories, member.actor(), path.id()?, query.version, Change::Confirm).await
}

/// Puts a memory away: it is listed, and no longer recalled.
#[utoipa::path(
    post,
    path = "/memories/{memory}/archive",
    tag = "memories",
    params(VersionQuery),
    responses((status = 200, description = "Put away", body = api::Memory))
)]
async fn archive_memory(
    State(memories): State<Memories>,
    member: Permitted<may::MemoryWrite>,
    Path(path): Path<MemoryPath>,
    Query(query): Query<VersionQuery>,
) -> Result<Json<api::Memory>, Problem> {
    change(&memories, member.actor(), path.id()?, query.version, Change::Archive).await
}

/// Brings a memory back that was put away or whose time was over.
#[utoipa::path(
    post,
    path = "/memories/{memory}/restore",
    tag = "memories",
    params(VersionQuery),
    responses((status = 200, description = "Brought back", body = api::Memory))
)]
async fn restore_memory(
    State(memories): State<Memories>,
    member: Permitted<may::MemoryWrite>,
    Path(path): Path<MemoryPath>,
    Query(query): Query<VersionQuery>,
) -> Result<Json<api::Memory>, Problem> {
    change(&memories, member.actor(), path.id()?, query.version, Change::Restore).await
}

/// Saves a memory in the place of another; the old one stays, dated, and leads to it.
#[utoipa::path(
    post,
    path = "/memories/{memory}/supersede",
    tag = "memories",
    request_body = api::SupersedeMemory,
    responses((status = 201, description = "Saved; the answer is the new one", body = api::Memory))
)]
async fn supersede_memory(
    State(memories): State<Memories>,
    member: Permitted<may::MemoryWrite>,
    Path(path): Path<MemoryPath>,
    Json(body): Json<api::SupersedeMemory>,
) -> Result<(StatusCode, Json<api::Memory>), Problem> {
    let new = new_from(body.memory);
    let saved = memories.supersede(member.actor(), path.id()?, body.version, new).await;
    Ok((StatusCode::CREATED, Json(memory_to_api(saved.map_err(change_problem)?, member.actor()))))
}

/// Says that two memories belong together: each is recalled more easily with the other.
#[utoipa::path(
    post,
    path = "/memories/{memory}/links",
    tag = "memories",
    request_body = api::RelateMemory,
    responses((status = 204, description = "Linked; twice is once"))
)]
async fn relate_memory(
    State(memories): State<Memories>,
    member: Permitted<may::MemoryWrite>,
    Path(path): Path<MemoryPath>,
    Json(body): Json<api::RelateMemory>,
) -> Result<StatusCode, Problem> {
    memories.relate(member.actor(), path.id()?, body.to).await.map_err(change_problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says that a memory helped.
#[utoipa::path(
    post,
    path = "/memories/{memory}/uses",
    tag = "memories",
    responses((status = 204, description = "Counted"))
)]
async fn note_memory_use(
    State(memories): State<Memories>,
    member: Permitted<may::MemoryWrite>,
    Path(path): Path<MemoryPath>,
) -> Result<StatusCode, Problem> {
    let known = memories.note_use(member.actor(), path.id()?).await?;
    if known { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

/// What was learned that helps with a question, an error text or code: few, the best first, each with its reasons.
#[utoipa::path(
    post,
    path = "/recall",
    tag = "memories",
    request_body = api::Recall,
    responses((status = 200, description = "What was recalled", body = api::Recalled))
)]
async fn recall(
    State(memories): State<Memories>,
    State(clock): State<Clock>,
    reader: Permitted<may::MemoryRead>,
    Json(body): Json<api::Recall>,
) -> Result<Json<api::Recalled>, Problem> {
    let actor = reader.actor();
    let usual = Budget::default();
    let question = Question {
        text: body.text,
        kinds: body.kinds.unwrap_or_default().into_iter().map(kind_from).collect(),
        tags: body.tags.unwrap_or_default(),
        shared: false,
        budget: Budget {
            memories: body.memories.map_or(usual.memories, |memories| memories.clamp(1, 50).into()),
            characters: body
                .characters
                .map_or(usual.characters, |characters| characters.clamp(100, 100_000) as usize),
        },
    };
    let found = memories.recall(actor, &question).await.map_err(failed)?;
    Ok(Json(api::Recalled {
        meta: api::Meta::live(clock.now()),
        items: found.into_iter().map(|found| recalled_to_api(found, actor)).collect(),
    }))
}

async fn change(
    memories: &Memories,
    actor: &Actor,
    id: MemoryId,
    version: i64,
    change: Change,
) -> Result<Json<api::Memory>, Problem> {
    let changed = memories.change(actor, id, version, change).await.map_err(change_problem)?;
    Ok(Json(memory_to_api(changed, actor)))
}

fn save_problem(error: SaveError) -> Problem {
    match error {
        SaveError::Invalid(invalid) => invalid_problem(&invalid),
        SaveError::Failed(error) => failed(error),
    }
}

fn change_problem(error: ChangeError) -> Problem {
    match error {
        ChangeError::NotFound => Problem::not_found(),
        ChangeError::Conflict => Problem::changed(),
        ChangeError::Invalid(invalid) => invalid_problem(&invalid),
        ChangeError::Failed(error) => failed(error),
    }
}

fn failed(error: memory::Error) -> Problem {
    match error {
        memory::Error::Storage(error) => error.into(),
        memory::Error::Search(error) => Problem::internal(error),
    }
}

fn invalid_problem(invalid: &InvalidMemory) -> Problem {
    let field = match invalid {
        InvalidMemory::NoTitle | InvalidMemory::LongTitle => "/title",
        InvalidMemory::LongText => "/text",
        InvalidMemory::Tags => "/tags",
        InvalidMemory::Evidence => "/evidence",
        InvalidMemory::Expiry => "/expires_at",
        InvalidMemory::Private => "/memory/scope",
        InvalidMemory::Superseded => "",
    };
    Problem::invalid(field, invalid)
}
