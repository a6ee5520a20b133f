//! A change that is sent twice happens once.
//!
//! A client that did not get its answer cannot know whether its change was made. So it names each change with an
//! `Idempotency-Key`; the name is claimed before the handler runs, and the answer is kept beside it for a day. The
//! same request again gets that answer; another request under the same name is refused.
//!
//! Only success is kept: after a failure nothing was changed, and trying again is the point. If the server dies
//! between a change and the note of its answer, the claim stays without one, and the client is told that the outcome
//! is not known, rather than that it may try again. So it is when the database was lost while it committed the change.
//!
//! What only looks, though it is no GET because of what it is given, is done each time and not kept: it shows what may be
//! deleted the next moment.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::id::WorkspaceId;
use base::{Actor, Timestamp};
use sha2::{Digest, Sha256};
use storage::{Db, Sql, SqlBuilder};

use crate::extract;
use crate::problem::{OUTCOME_UNKNOWN, Problem};
use crate::routes::LOOKS;
use crate::state::AppState;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// How long an answer is kept.
const KEPT: Duration = Duration::from_hours(24);
/// Noted in place of a success when nobody knows whether the change was made.
const UNKNOWN: StatusCode = StatusCode::CONFLICT;
/// Noted in place of a success whose thing was forgotten since.
const FORGOTTEN: StatusCode = StatusCode::NOT_FOUND;
/// Noted in place of a success that was told as it came, with where it is kept.
const TOLD: StatusCode = StatusCode::SEE_OTHER;
/// Whether a body has some bytes in it, around them.
const HOLDS: (Sql, Sql) =
    (Sql::per_engine("instr(body, ", "position("), Sql::per_engine(") > 0", " IN body) > 0"));
/// Answers of changes are small; one that is larger than this is not kept and its key is given free.
const ANSWER_LIMIT: usize = 1024 * 1024;

/// Runs a named change at most once.
pub(crate) async fn idempotency(
    State(app): State<AppState>,
    axum::Extension(actor): axum::Extension<Actor>,
    request: Request,
    next: Next,
) -> Response {
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let looks = request.extensions().get::<MatchedPath>().is_some_and(|path| LOOKS.contains(&path.as_str()));
    let key = match request.headers().get(KEY) {
        Some(key) if !only_reads && !looks => key.clone(),
        _ => return next.run(request).await,
    };
    run_once(app, actor, &key, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

async fn run_once(
    app: AppState,
    actor: Actor,
    key: &HeaderValue,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let key = key
        .to_str()
        .ok()
        .filter(|key| (1..=128).contains(&key.len()))
        .ok_or_else(|| Problem::malformed("`Idempotency-Key` has 1 to 128 visible characters."))?;
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, app.config.body_limit).await.map_err(|_| extract::too_large())?;
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let claim = Claim {
        actor,
        key: key.to_owned(),
        route: format!("{} {}", parts.method, parts.uri.path()),
        request_hash: Sha256::digest(
            [parts.method.as_str().as_bytes(), b" ", target.as_bytes(), b"\n", &body].concat(),
        )
        .to_vec(),
    };
    let now = app.clock.now();
    if let Some(earlier) = claim.take(&app.db, now).await? {
        return earlier.answer(&claim, now, app.config.long_request_timeout);
    }
    // On its own task: a client that goes away must not leave the change without its answer noted.
    let request = Request::from_parts(parts, Body::from(body));
    let db = app.db.clone();
    let work = async move {
        let response = next.run(request).await;
        claim.settle(&db, response).await
    };
    app.to_its_end(work).await?
}

/// Marks an answer that is not kept: there is a secret in it, or the name of what may be deleted the next moment. Doing such
/// a change again replaces what it made, or changes nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ShownOnce;

/// Marks an answer that is told as it comes and kept elsewhere, at this address below the workspace's: it is not told twice.
#[derive(Debug, Clone)]
pub(crate) struct KeptAt(pub(crate) String);

/// Takes the content out of kept answers that name a thing, because that was deleted for good and they may show more of it
/// than its name. Their own names stay taken: the change behind one must not be made a second time.
pub(crate) async fn forget(db: &Db, workspace: WorkspaceId, id: &str) -> Result<(), storage::Error> {
    let (head, tail) = HOLDS;
    let mut tx = db.begin().await?;
    let mut update = SqlBuilder::new("UPDATE http_idempotency SET body = NULL, status = ");
    update.bind(i64::from(FORGOTTEN.as_u16())).push(" WHERE workspace_id = ").bind(workspace);
    update.push(" AND body IS NOT NULL AND ").push(head).bind(id.as_bytes().to_vec()).push(tail);
    tx.query(update).execute().await?;
    tx.commit().await
}

/// A name for a change.
struct Claim {
    actor: Actor,
    key: String,
    route: String,
    request_hash: Vec<u8>,
}

/// What is known about a name that was used before.
#[derive(storage::FromRow)]
struct Earlier {
    request_hash: Vec<u8>,
    status: Option<i64>,
    body: Option<Vec<u8>>,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
}

impl Claim {
    /// Claims the name, or says what is known about it.
    async fn take(&self, db: &Db, now: Timestamp) -> Result<Option<Earlier>, storage::Error> {
        let mut tx = db.begin().await?;
        tx.query("DELETE FROM http_idempotency WHERE created_at < $1")
            .bind(now.minus(KEPT))
            .execute()
            .await?;
        let claimed = tx
            .query(
                "INSERT INTO http_idempotency (workspace_id, user_id, key, route, request_hash, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            )
            .bind(self.actor.workspace)
            .bind(self.actor.user)
            .bind(self.key.as_str())
            .bind(self.route.as_str())
            .bind(self.request_hash.clone())
            .bind(now)
            .execute()
            .await?;
        let earlier = if claimed == 1 {
            None
        } else {
            tx.query(
                "SELECT request_hash, status, body, created_at FROM http_idempotency
                 WHERE workspace_id = $1 AND user_id = $2 AND key = $3",
            )
            .bind(self.actor.workspace)
            .bind(self.actor.user)
            .bind(self.key.as_str())
            .optional::<Earlier>()
            .await?
        };
        tx.commit().await?;
        Ok(earlier)
    }

    /// Notes the answer of a success, or that nobody knows; gives the name free after a failure.
    async fn settle(&self, db: &Db, response: Response) -> Result<Response, Problem> {
        let status = response.status();
        if response.extensions().get::<Problem>().is_some_and(|problem| problem.code() == OUTCOME_UNKNOWN) {
            self.note(db, UNKNOWN, Vec::new()).await;
            return Ok(response);
        }
        if !status.is_success() {
            self.give_free(db).await?;
            return Ok(response);
        }
        if response.extensions().get::<ShownOnce>().is_some() {
            self.give_free(db).await?;
            return Ok(response);
        }
        if let Some(KeptAt(place)) = response.extensions().get() {
            self.note(db, TOLD, place.clone().into_bytes()).await;
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        let Ok(body) = to_bytes(body, ANSWER_LIMIT).await else {
            self.give_free(db).await?;
            return Err(Problem::internal("the answer of a change is larger than what can be kept"));
        };
        self.note(db, status, body.to_vec()).await;
        Ok(Response::from_parts(parts, Body::from(body)))
    }

    /// Notes an answer beside the claim. The change has been made or lost by now, so that its client must have the
    /// answer even when it cannot be noted; who asks again is then told that the outcome is not known.
    async fn note(&self, db: &Db, status: StatusCode, body: Vec<u8>) {
        if let Err(error) = self.try_note(db, status, body).await {
            tracing::warn!(%error, route = self.route, "the answer of a change could not be noted");
        }
    }

    async fn try_note(&self, db: &Db, status: StatusCode, body: Vec<u8>) -> Result<(), storage::Error> {
        let mut tx = db.begin().await?;
        tx.query(
            "UPDATE http_idempotency SET status = $4, body = $5
             WHERE workspace_id = $1 AND user_id = $2 AND key = $3",
        )
        .bind(self.actor.workspace)
        .bind(self.actor.user)
        .bind(self.key.as_str())
        .bind(i64::from(status.as_u16()))
        .bind(body)
        .execute()
        .await?;
        tx.commit().await
    }

    async fn give_free(&self, db: &Db) -> Result<(), storage::Error> {
        let mut tx = db.begin().await?;
        tx.query("DELETE FROM http_idempotency WHERE workspace_id = $1 AND user_id = $2 AND key = $3")
            .bind(self.actor.workspace)
            .bind(self.actor.user)
            .bind(self.key.as_str())
            .execute()
            .await?;
        tx.commit().await
    }
}

impl Earlier {
    fn answer(self, claim: &Claim, now: Timestamp, longest: Duration) -> Result<Response, Problem> {
        if self.request_hash != claim.request_hash {
            let detail = "This `Idempotency-Key` was used for another change. Use a new one for each change.";
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
                "Key used before",
                detail,
            ));
        }
        let Some(status) = self.status else {
            let detail = "The same change is being made at this moment.";
            if now.since(self.created_at) <= longest {
                return Err(Problem::conflict("in_progress", detail).retry_after(1));
            }
            return Err(Problem::outcome_unknown("The server stopped while it made this change"));
        };
        let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
        let status = status.ok_or_else(|| Problem::internal("a kept answer has no valid status"))?;
        if status == UNKNOWN {
            return Err(Problem::outcome_unknown("The database was lost while it kept this change"));
        }
        if status == FORGOTTEN {
            return Err(Problem::not_found());
        }
        let body = self.body.unwrap_or_default();
        if status == TOLD {
            let place = String::from_utf8_lossy(&body);
            let detail =
                format!("This was asked already, and its answer was told as it came: read it in {place}.");
            return Err(Problem::conflict("asked_already", detail));
        }
        let is_empty = body.is_empty();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
        if is_empty {
            headers.remove(header::CONTENT_TYPE);
        } else {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        Ok(response)
    }
}
