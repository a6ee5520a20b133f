//! Diagrams at their four levels, and as files.

use std::sync::Arc;

use analysis::diagram::{self, Level};
use analysis::report::Report;
use axum::extract::State;
use repos::Repos;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{newest, span_to_api};
use crate::extract::{Path, Permitted, Query, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::repos::RepoPath;

/// Which diagram to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct DiagramQuery {
    /// `services`, `modules` (the default), `files` or `symbols`.
    level: Option<api::DiagramLevel>,
    /// The folder of a module for `files`, the path of a file for `symbols`, a folder around the modules for `modules`.
    focus: Option<String>,
    /// `svg` or `mermaid`: gives the drawing as a file, too.
    #[param(inline)]
    format: Option<Format>,
}

/// Formats of the file.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    Svg,
    Mermaid,
}

/// The architecture: services, modules, the files of a module, the symbols of a file.
#[utoipa::path(
    get,
    path = "/repos/{repo}/diagram",
    tag = "report",
    params(DiagramQuery),
    responses((status = 200, description = "The diagram", body = api::Answer<api::Diagram>))
)]
pub(super) async fn diagram(
    State(repos): State<Repos>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
    Query(query): Query<DiagramQuery>,
) -> Result<Reply<api::Answer<api::Diagram>>, Problem> {
    let found = newest(&repos, reader.actor(), &path.repo).await?;
    let level = query.level.unwrap_or(api::DiagramLevel::Modules);
    let report = Arc::clone(&found.report);
    // Placing boxes keeps a processor busy, and the requests of others must not wait for it.
    let drawn =
        tokio::task::spawn_blocking(move || draw(&report, level, query.focus.as_deref(), query.format));
    let drawn = drawn.await.map_err(Problem::internal)?.ok_or_else(Problem::not_found)?;
    Ok(Reply(api::Answer { meta: found.meta(), data: drawn }))
}

/// `None` when there is no such part of the repository.
fn draw(
    report: &Report,
    level: api::DiagramLevel,
    focus: Option<&str>,
    format: Option<Format>,
) -> Option<api::Diagram> {
    let drawn = diagram::diagram(report, level_of(level), focus)?;
    let text = format.map(|format| match format {
        Format::Svg => drawn.svg(),
        Format::Mermaid => drawn.mermaid(),
    });
    Some(to_api(drawn, level, text))
}

fn level_of(level: api::DiagramLevel) -> Level {
    match level {
        api::DiagramLevel::Services => Level::Services,
        api::DiagramLevel::Modules => Level::Modules,
        api::DiagramLevel::Files => Level::Files,
        api::DiagramLevel::Symbols => Level::Symbols,
    }
}

fn to_api(drawn: diagram::Diagram, level: api::DiagramLevel, text: Option<String>) -> api::Diagram {
    let node = |node: diagram::Node| api::DiagramNode {
        id: node.id,
        label: node.label,
        detail: node.detail,
        opens: node.opens,
        evidence: node.evidence.iter().map(span_to_api).collect(),
        layer: node.layer,
        cyclic: node.cyclic,
        x: node.x,
        y: node.y,
        width: node.width,
        height: node.height,
    };
    let edge = |edge: diagram::Arrow| api::DiagramEdge {
        from: edge.from,
        to: edge.to,
        label: edge.label,
        evidence: edge.evidence.iter().map(span_to_api).collect(),
    };
    api::Diagram {
        level,
        focus: drawn.focus,
        width: drawn.width,
        height: drawn.height,
        nodes: drawn.nodes.into_iter().map(node).collect(),
        edges: drawn.edges.into_iter().map(edge).collect(),
        hidden: drawn.hidden,
        text,
    }
}
