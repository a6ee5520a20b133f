//! Looking for something in the files of an analysed commit.

use axum::extract::State;
use repos::child::SearchFound;
use repos::model::RepoOverview;
use repos::{RepoError, Repos, SearchCode};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::code::{code_problem, kind_to_api};
use super::not_analysed;
use crate::extract::{Path, Permitted, Query, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::repos::{RepoPath, find_repo};

/// What is found where no number is asked for, and at most.
const FEW: usize = 20;
const MOST: usize = 100;

/// Characters of a question: more does not fit into an address everywhere. Conversations take whole logs.
const QUESTION: usize = 2_000;

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct SearchQuery {
    /// A question, an error, names: at most 2,000 characters.
    q: String,
    /// Passages of the code, or definitions by their names; by default passages.
    #[serde(default)]
    #[param(inline)]
    kind: SearchKind,
    /// A commit that was analysed, in full; by default the one of the newest analysis.
    commit: Option<String>,
    /// How many at most, by default 20. More than 100 are never given: a larger number counts as 100, and 0 as 1.
    limit: Option<usize>,
}

/// What of a repository's code is looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SearchKind {
    /// Lines that fit.
    #[default]
    Passage,
    /// Definitions whose name fits.
    Symbol,
}

/// Passages of an analysed commit that fit a question by their words, names and meaning, or definitions by their names.
///
/// The first search of a commit reads its files, which may take some seconds; where it takes longer, `meta.partial` says
/// how much is missing, and the next search goes on from there.
#[utoipa::path(
    get,
    path = "/repos/{repo}/search",
    tag = "report",
    params(SearchQuery),
    responses((status = 200, description = "What fits, the best first", body = api::Answer<api::CodeFound>))
)]
pub(super) async fn search_code(
    State(repos): State<Repos>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
    Query(query): Query<SearchQuery>,
) -> Result<Reply<api::Answer<api::CodeFound>>, Problem> {
    if query.q.chars().nth(QUESTION).is_some() {
        return Err(Problem::malformed(
            "Look for at most 2,000 characters: of a log, the lines about the error.",
        ));
    }
    let RepoOverview { repo, latest, .. } = find_repo(&repos, reader.actor(), &path.repo).await?;
    let latest = latest.ok_or_else(not_analysed)?;
    let wanted = SearchCode {
        text: query.q,
        limit: query.limit.unwrap_or(FEW).clamp(1, MOST),
        commit: query.commit,
        symbols: query.kind == SearchKind::Symbol,
    };
    let found = repos.search(reader.actor(), repo.id, wanted).await.map_err(|error| match error {
        RepoError::Unsuitable { detail, .. } => Problem::malformed(detail),
        other => code_problem(other),
    })?;
    let meta = api::Meta {
        as_of: latest.finished_at.unwrap_or(latest.created_at).into(),
        source: api::Freshness::Cache,
        commit: Some(found.commit.clone()),
        analyzer: None,
        partial: found.partial.clone(),
    };
    Ok(Reply(api::Answer { meta, data: found_to_api(found) }))
}

fn found_to_api(found: SearchFound) -> api::CodeFound {
    let passages = found.passages.into_iter().map(|passage| api::CodePassage {
        path: passage.path,
        blob: passage.blob,
        start: *passage.lines.start(),
        end: *passage.lines.end(),
        symbol: passage.symbol,
        text: passage.text,
        score: passage.score,
        from_meaning: passage.from_meaning,
        terms: passage.terms,
    });
    let symbols = found.symbols.into_iter().map(|symbol| api::CodeSymbol {
        name: symbol.name,
        kind: kind_to_api(symbol.kind),
        path: symbol.path,
        start: *symbol.lines.start(),
        end: *symbol.lines.end(),
    });
    api::CodeFound {
        passages: passages.collect(),
        symbols: symbols.collect(),
        commit: found.commit,
        files: found.files,
    }
}
