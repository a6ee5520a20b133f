//! What was done: for those who manage a workspace theirs, for who runs the server all of it.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::id::{UserId, WorkspaceId};
use base::{Actor, Clock, Page, PageSize};
use identity::audit::{Act, Entry, Filter, Outcome, action};
use identity::{Client, Identity, User};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::{Caller, Operator, Permitted, Query, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::session::person_to_api;
use crate::state::AppState;

/// Entries that an export holds.
const EXPORTED: usize = 10_000;

/// What the operator reaches.
pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(server_audit)).routes(routes!(export_server_audit))
}

/// What is in a workspace.
pub(crate) fn inside() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(audit)).routes(routes!(export_audit))
}

/// The names of acts that are no business of `identity`: what is changed about repositories and code hosts.
pub(super) mod acts {
    /// A repository was connected.
    pub(crate) const REPO_CONNECTED: &str = "repo.connected";
    /// How a repository is analysed was changed.
    pub(crate) const REPO_CHANGED: &str = "repo.changed";
    /// A repository was removed, with what was known of it.
    pub(crate) const REPO_REMOVED: &str = "repo.removed";
    /// An account on a code host was connected.
    pub(crate) const HOST_CONNECTED: &str = "host.connected";
    /// A connection got another token.
    pub(crate) const HOST_RECONNECTED: &str = "host.reconnected";
    /// An account on a code host was disconnected.
    pub(crate) const HOST_DISCONNECTED: &str = "host.disconnected";
    /// Findings were taken out of lists and counts.
    pub(crate) const SUPPRESSED: &str = "suppression.created";
    /// That was taken back.
    pub(crate) const UNSUPPRESSED: &str = "suppression.removed";
    /// Somebody decided from when on findings are new.
    pub(crate) const BASELINE: &str = "baseline.set";
    /// Somebody decided for all pages of a workspace.
    pub(crate) const SETTINGS: &str = "settings.changed";
}

/// Notes what was done in a workspace, and to what.
pub(super) async fn note(
    identity: &Identity,
    actor: &Actor,
    client: &Client,
    action: &str,
    object: &str,
) -> Result<(), Problem> {
    let act = Act::done(action, actor.user, client).within(actor.workspace);
    identity.note(if object.is_empty() { act } else { act.to(object) }).await?;
    Ok(())
}

/// Which acts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AuditQuery {
    /// Only by that person: their id.
    #[param(value_type = Option<String>, format = "uuid")]
    actor: Option<UserId>,
    /// Only this act, such as `member.removed`.
    action: Option<String>,
    /// Only those that were done (`true`) or refused (`false`).
    done: Option<bool>,
    /// From then on, RFC 3339.
    #[param(value_type = Option<String>, format = "date-time")]
    since: Option<api::Time>,
    /// Before then, RFC 3339.
    #[param(value_type = Option<String>, format = "date-time")]
    until: Option<api::Time>,
    /// Where the page starts: `next` of the page before.
    cursor: Option<String>,
    /// How many rows at most, by default 50. More than 500 are never given: a larger number counts as 500, and 0 as 1.
    limit: Option<u32>,
}

/// A file of acts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExportQuery {
    /// `json` or `csv`.
    #[param(inline)]
    format: ExportFormat,
    /// Only by that person: their id.
    #[param(value_type = Option<String>, format = "uuid")]
    actor: Option<UserId>,
    /// Only this act, such as `member.removed`.
    action: Option<String>,
    /// Only those that were done (`true`) or refused (`false`).
    done: Option<bool>,
    /// From then on, RFC 3339.
    #[param(value_type = Option<String>, format = "date-time")]
    since: Option<api::Time>,
    /// Before then, RFC 3339.
    #[param(value_type = Option<String>, format = "date-time")]
    until: Option<api::Time>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
enum ExportFormat {
    Json,
    Csv,
}

/// What was done in the workspace, refused acts too, the newest first.
#[utoipa::path(
    get,
    path = "/audit",
    tag = "people",
    params(AuditQuery),
    responses((status = 200, description = "Acts", body = api::Listing<api::AuditEntry>))
)]
async fn audit(
    State(identity): State<Identity>,
    State(clock): State<Clock>,
    admin: Permitted<may::AuditRead>,
    Query(query): Query<AuditQuery>,
) -> Result<Reply<api::Listing<api::AuditEntry>>, Problem> {
    list(&identity, &clock, Some(admin.actor().workspace), query).await
}

/// What was done on this server, refused acts too, the newest first.
#[utoipa::path(
    get,
    path = "/admin/audit",
    tag = "admin",
    params(AuditQuery),
    responses((status = 200, description = "Acts", body = api::Listing<api::AuditEntry>))
)]
async fn server_audit(
    State(identity): State<Identity>,
    State(clock): State<Clock>,
    _operator: Operator,
    Query(query): Query<AuditQuery>,
) -> Result<Reply<api::Listing<api::AuditEntry>>, Problem> {
    list(&identity, &clock, None, query).await
}

/// The newest 10,000 acts in the workspace that fit, as a file. Taking them along is an act, too.
#[utoipa::path(
    get,
    path = "/audit/export",
    tag = "people",
    params(ExportQuery),
    responses((
        status = 200,
        description = "JSON, or CSV (RFC 4180)",
        content((Vec<api::AuditEntry> = "application/json"), (String = "text/csv")),
    ))
)]
async fn export_audit(
    State(identity): State<Identity>,
    admin: Permitted<may::AuditRead>,
    Caller(client): Caller,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let actor = admin.actor();
    export(&identity, Some(actor.workspace), actor.user, &client, query).await
}

/// The newest 10,000 acts on this server that fit, as a file. Taking them along is an act, too.
#[utoipa::path(
    get,
    path = "/admin/audit/export",
    tag = "admin",
    params(ExportQuery),
    responses((
        status = 200,
        description = "JSON, or CSV (RFC 4180)",
        content((Vec<api::AuditEntry> = "application/json"), (String = "text/csv")),
    ))
)]
async fn export_server_audit(
    State(identity): State<Identity>,
    Operator(session): Operator,
    Caller(client): Caller,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    export(&identity, None, session.user.id, &client, query).await
}

async fn list(
    identity: &Identity,
    clock: &Clock,
    workspace: Option<WorkspaceId>,
    query: AuditQuery,
) -> Result<Reply<api::Listing<api::AuditEntry>>, Problem> {
    let (after, size) = super::page(query.cursor, query.limit);
    let filter = Filter {
        workspace,
        actor: query.actor,
        action: query.action,
        outcome: query.done.map(outcome),
        since: query.since.map(api::Time::timestamp),
        until: query.until.map(api::Time::timestamp),
    };
    let page: Page<Entry> = identity.audit().find(&filter, after.as_ref(), size).await?;
    let items = entries_to_api(identity, page.items).await?;
    Ok(Reply(api::Listing {
        meta: api::Meta::live(clock.now()),
        items,
        next: page.next.map(|cursor| cursor.0),
        total: page.total,
    }))
}

fn outcome(done: bool) -> Outcome {
    if done { Outcome::Done } else { Outcome::Refused }
}

async fn export(
    identity: &Identity,
    workspace: Option<WorkspaceId>,
    user: UserId,
    client: &Client,
    query: ExportQuery,
) -> Result<Response, Problem> {
    let filter = Filter {
        workspace,
        actor: query.actor,
        action: query.action,
        outcome: query.done.map(outcome),
        since: query.since.map(api::Time::timestamp),
        until: query.until.map(api::Time::timestamp),
    };
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = identity.audit().find(&filter, after.as_ref(), PageSize::clamped(PageSize::MAX)).await?;
        all.extend(page.items);
        after = page.next;
        if after.is_none() || all.len() >= EXPORTED {
            break;
        }
    }
    let mut act = Act::done(action::AUDIT_EXPORTED, user, client);
    act.workspace = workspace;
    identity.note(act).await?;
    let entries = entries_to_api(identity, all).await?;
    let (kind, file, text) = match query.format {
        ExportFormat::Json => (
            "application/json",
            "attachment; filename=\"devmentor-audit.json\"",
            serde_json::to_string(&entries).map_err(Problem::internal)?,
        ),
        ExportFormat::Csv => {
            ("text/csv; charset=utf-8", "attachment; filename=\"devmentor-audit.csv\"", csv(&entries))
        }
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(file)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, text).into_response())
}

async fn entries_to_api(identity: &Identity, all: Vec<Entry>) -> Result<Vec<api::AuditEntry>, Problem> {
    let people = identity.people(all.iter().filter_map(|entry| entry.actor)).await?;
    let known: HashMap<UserId, User> = people.into_iter().map(|user| (user.id, user)).collect();
    let to_api = |entry: Entry| api::AuditEntry {
        id: entry.id,
        at: entry.at.into(),
        actor: entry.actor.and_then(|id| known.get(&id)).cloned().map(person_to_api),
        action: entry.action,
        object: entry.object,
        done: entry.outcome == Outcome::Done,
        place: entry.place,
        user_agent: entry.agent,
        detail: entry.detail,
    };
    Ok(all.into_iter().map(to_api).collect())
}

/// The entries as CSV (RFC 4180).
fn csv(entries: &[api::AuditEntry]) -> String {
    let mut text = "at,actor,action,object,result,place,client,detail\r\n".to_owned();
    for entry in entries {
        let at = serde_json::to_value(entry.at).unwrap_or_default();
        let cells = [
            at.as_str().unwrap_or_default(),
            entry.actor.as_ref().map_or("", |person| &person.handle),
            &entry.action,
            entry.object.as_deref().unwrap_or_default(),
            if entry.done { "done" } else { "refused" },
            entry.place.as_deref().unwrap_or_default(),
            &entry.user_agent,
            &entry.detail,
        ];
        text.push_str(&cells.map(cell).join(","));
        text.push_str("\r\n");
    }
    text
}

/// A cell. What a spreadsheet would take for a formula is made text: a client's name is chosen by the client.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_whatever_a_client_calls_itself() {
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(cell("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
    }
}
