//! How the figures of the pages come about.

mod insights;

use analysis::history::MIN_COMMITS;
use analysis::report::{AdvisoryState, Report};
use axum::extract::State;
use repos::Repos;
use serde::Deserialize;
use utoipa::IntoParams;

use super::hotspots::HOTSPOT_FORMULA;
use super::overview::gaps;
use super::{Found, newest};
use crate::extract::{Path, Permitted, Query, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::findings::tally_to_api;
use crate::routes::repos::{RepoPath, repos_problem};

/// Which figure.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ExplainQuery {
    /// `findings`, `dependencies`, `vulnerable`, `modules`, `cycles`, `hotspots`, `lines`, `language`, `commits`,
    /// `contributors`, `absence_factor`, `fixes`, `unchanged_files`, `hotspot_score`, `hotspot_share`, `owners`,
    /// `duplicates`, `grade`, `insights`, `insight_rank`, `insight_effort`.
    figure: String,
    /// Of what: the name of a language, the path of a hotspot, the folder of owners, the id of an insight.
    of: Option<String>,
}

/// How one figure comes about: the formula, what it is made from, which time it is about, and what is missing.
#[utoipa::path(
    get,
    path = "/repos/{repo}/explain",
    tag = "report",
    params(ExplainQuery),
    responses((status = 200, description = "What stands behind the figure", body = api::Answer<api::Explain>))
)]
pub(super) async fn explain(
    State(repos): State<Repos>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
    Query(query): Query<ExplainQuery>,
) -> Result<Reply<api::Answer<api::Explain>>, Problem> {
    let found = newest(&repos, reader.actor(), &path.repo).await?;
    let of = query.of.as_deref();
    let about_insights = query.figure.starts_with("insight");
    let insights = if about_insights {
        repos.insights(reader.actor(), found.repo.id).await.map_err(repos_problem)?
    } else {
        Vec::new()
    };
    let behind = if about_insights {
        insights::behind(&query.figure, of, &insights)
    } else {
        behind(&found, &query.figure, of)
    };
    let data = told(&found, &query.figure, of, behind.ok_or_else(Problem::not_found)?);
    Ok(Reply(api::Answer { meta: found.meta(), data }))
}

/// What is behind a figure, before its name is put to it.
struct Behind {
    value: Option<String>,
    formula: String,
    inputs: Vec<(&'static str, String)>,
    window: bool,
    missing: Vec<String>,
    inferred: bool,
}

impl Behind {
    #[expect(clippy::needless_pass_by_value, reason = "numbers and texts are given as they come")]
    fn of(value: impl ToString, formula: impl Into<String>, inputs: Vec<(&'static str, String)>) -> Self {
        let value = Some(value.to_string());
        Self { value, formula: formula.into(), inputs, window: false, missing: Vec::new(), inferred: false }
    }

    /// About the commits of the window.
    fn in_window(self) -> Self {
        Self { window: true, ..self }
    }

    /// From a rule of thumb.
    fn inferred(self) -> Self {
        Self { inferred: true, ..self }
    }

    fn without(self, missing: Vec<String>) -> Self {
        Self { missing, ..self }
    }
}

fn behind(found: &Found, figure: &str, of: Option<&str>) -> Option<Behind> {
    let report = &*found.report;
    match figure {
        "findings" => Some(findings(found)),
        "grade" => Some(grade(report)),
        "dependencies" | "vulnerable" | "lines" | "language" => of_contents(report, figure, of),
        "modules" | "cycles" => Some(of_structure(report, figure)),
        "hotspots" | "hotspot_score" | "hotspot_share" | "duplicates" => of_hotspots(report, figure, of),
        _ => of_history(report, figure, of),
    }
}

fn told(found: &Found, figure: &str, of: Option<&str>, behind: Behind) -> api::Explain {
    api::Explain {
        figure: figure.to_owned(),
        // An id says nothing to a reader.
        of: of.filter(|_| !figure.starts_with("insight")).map(str::to_owned),
        value: behind.value,
        formula: behind.formula,
        inputs: behind
            .inputs
            .into_iter()
            .map(|(name, value)| api::ExplainInput { name: name.to_owned(), value })
            .collect(),
        window: behind.window.then(|| found.report.history.window_text()),
        missing: behind.missing,
        origin: if behind.inferred { api::Origin::Inferred } else { api::Origin::Measured },
    }
}

/// The grade, with what each part lost.
fn grade(report: &Report) -> Behind {
    let quality = &report.quality;
    let name = |code: &str| match code {
        "complexity" => "lost by complexity",
        "duplication" => "lost by duplication",
        "tests" => "lost by test evidence",
        "dependencies" => "lost by dependency health",
        "security" => "lost by security",
        "change_risk" => "lost by change risk",
        _ => "lost by documentation",
    };
    let lost = quality.parts.iter().filter_map(|part| Some((name(&part.part), part.lost?.to_string())));
    let inputs = quality.score.map(|score| ("score of 100", score.to_string())).into_iter().chain(lost);
    let not_measured =
        quality.parts.iter().filter_map(|part| part.missing.clone().filter(|missing| !missing.is_empty()));
    let missing = not_measured.chain(quality.held.clone()).collect();
    Behind {
        value: quality.grade.map(String::from),
        ..Behind::of("", analysis::quality::FORMULA, inputs.collect()).without(missing)
    }
}

fn findings(found: &Found) -> Behind {
    let counts = tally_to_api(found.tally);
    let shipped = counts.shipped;
    Behind::of(
        shipped.total(),
        "Every place in shipped code of the analysed commit that a rule or an advisory names and nobody suppresses.",
        vec![
            ("critical", shipped.critical.to_string()),
            ("high", shipped.high.to_string()),
            ("medium", shipped.medium.to_string()),
            ("low", shipped.low.to_string()),
            ("info", shipped.info.to_string()),
            ("in tests and examples, not counted", counts.tests.total().to_string()),
            ("suppressed by the repository, not counted", found.report.suppressed.len().to_string()),
            ("suppressed here, not counted", counts.suppressed.to_string()),
        ],
    )
    .without(gaps(&found.report.coverage))
}

fn of_contents(report: &Report, figure: &str, of: Option<&str>) -> Option<Behind> {
    let text = |count: usize| count.to_string();
    Some(match figure {
        "dependencies" => {
            let direct = report.direct_dependencies();
            Behind::of(
                report.dependencies.len(),
                "Package versions that a manifest or a lockfile of the repository names: the same package in two versions counts twice.",
                vec![
                    ("asked for by a manifest", text(direct)),
                    ("through others", text(report.dependencies.len().saturating_sub(direct))),
                    ("manifests and lockfiles read", text(report.manifests.len())),
                ],
            )
            .without(gaps(&report.coverage))
        }
        "vulnerable" => vulnerable(report),
        "lines" => {
            let sum = |of: fn(&analysis::report::LineCount) -> u32| -> u64 {
                report.languages.iter().map(|language| u64::from(of(&language.lines))).sum()
            };
            Behind::of(
                sum(|lines| lines.code),
                "Lines with code in files of the listed languages: no vendored, generated or documentation file, no comment, no blank line.",
                vec![
                    ("lines with comments alone", sum(|lines| lines.comment).to_string()),
                    ("blank lines", sum(|lines| lines.blank).to_string()),
                    ("languages", text(report.languages.len())),
                ],
            )
            .without(gaps(&report.coverage))
        }
        _ => {
            let language = report.languages.iter().find(|language| Some(language.name.as_str()) == of)?;
            let all: u64 = report.languages.iter().map(|language| language.bytes).sum();
            Behind::of(
                format!("{:.1} %", language.percent),
                "Its bytes as a share of the bytes of all listed languages. Vendored, generated and documentation files do not count.",
                vec![
                    ("bytes", language.bytes.to_string()),
                    ("bytes of all", all.to_string()),
                    ("files", language.files.to_string()),
                    ("lines of code", language.lines.code.to_string()),
                ],
            )
            .without(gaps(&report.coverage))
        }
    })
}

fn vulnerable(report: &Report) -> Behind {
    let check = &report.advisories;
    let mut missing: Vec<String> = Vec::new();
    if check.unpinned > 0 {
        missing.push(format!("{} without a pinned version: nothing to compare.", check.unpinned));
    }
    if !check.uncovered.is_empty() {
        missing.push(format!("The data does not cover {}.", check.uncovered.join(", ")));
    }
    let source = match &check.state {
        AdvisoryState::Checked { source, .. } => source.clone(),
        AdvisoryState::NotChecked { reason } => {
            missing.insert(0, reason.clone());
            "not looked up".to_owned()
        }
    };
    Behind {
        value: report.vulnerable_dependencies().map(|count| count.to_string()),
        ..Behind::of(
            "",
            "Package versions in use that an advisory names as affected, by the version order of their ecosystem.",
            vec![("versions compared", check.compared.to_string()), ("source", source)],
        )
        .without(missing)
    }
}

fn of_structure(report: &Report, figure: &str) -> Behind {
    let graph = &report.graph;
    let mut missing = Vec::new();
    if graph.unresolved > 0 {
        missing.push(format!(
            "{} imports of the repository's own files could not be resolved.",
            graph.unresolved
        ));
    }
    if !graph.unparsed.is_empty() {
        missing.push(format!("Imports of {} are not read.", graph.unparsed.join(", ")));
    }
    let between: u64 =
        graph.module_edges.iter().filter(|edge| edge.from != edge.to).map(|edge| u64::from(edge.count)).sum();
    if figure == "cycles" {
        let largest = graph.cycles.iter().map(Vec::len).max().unwrap_or(0);
        let inputs = vec![("files in the largest", largest.to_string())];
        Behind::of(graph.cycles.len(), "Groups of files that import each other in a circle.", inputs)
            .without(missing)
    } else {
        Behind::of(
            graph.modules.len(),
            "The boxes of the diagram: folders or packages with source files, small ones drawn together with their neighbours.",
            vec![
                ("source files in them", graph.modules.iter().map(|it| u64::from(it.files)).sum::<u64>().to_string()),
                ("imports between them", between.to_string()),
            ],
        )
        .without(missing)
    }
}

/// Why the history says less than it could.
fn cut(report: &Report) -> Vec<String> {
    let cut = "Older commits were not read: the window may not be whole.";
    if report.history.truncated { vec![cut.to_owned()] } else { Vec::new() }
}

/// How many there are: none is looked for, and that is no zero, where the window has too little to rank.
fn hotspots(report: &Report) -> Behind {
    let commits = report.history.window_commits;
    let mut missing = cut(report);
    let ranked = commits >= MIN_COMMITS;
    if !ranked {
        missing.push(format!(
            "Hotspots are looked for from {MIN_COMMITS} commits that count on: with fewer, the ranking would be chance."
        ));
    } else if report.hotspots.is_empty() {
        missing
            .push("No file stands out: those that change have no branches, or change too seldom.".to_owned());
    }
    let told = Behind::of(
        report.hotspots.len(),
        format!(
            "Source files outside tests that change and have branches, by their score, at most 50. Score: {HOTSPOT_FORMULA}"
        ),
        vec![("commits that count", commits.to_string()), ("commits needed", MIN_COMMITS.to_string())],
    );
    let value = told.value.clone().filter(|_| ranked);
    Behind { value, ..told }.in_window().inferred().without(missing)
}

fn of_hotspots(report: &Report, figure: &str, of: Option<&str>) -> Option<Behind> {
    let hotspot = || report.hotspots.iter().find(|hotspot| Some(hotspot.path.as_str()) == of);
    Some(match figure {
        "hotspots" => hotspots(report),
        "hotspot_score" => {
            let hotspot = hotspot()?;
            Behind::of(
                hotspot.score,
                HOTSPOT_FORMULA,
                vec![
                    ("commits", hotspot.commits.to_string()),
                    ("cognitive complexity", hotspot.complexity.to_string()),
                    ("lines of code", hotspot.code.to_string()),
                ],
            )
            .in_window()
            .inferred()
            .without(cut(report))
        }
        "hotspot_share" => {
            let hotspot = hotspot()?;
            let load = |it: &analysis::report::Hotspot| u64::from(it.commits) * u64::from(it.complexity);
            let all: u64 = report.hotspots.iter().map(load).sum();
            let share = if all == 0 { 0.0 } else { 100.0 * load(hotspot) as f64 / all as f64 };
            Behind::of(
                format!("{share:.1} %"),
                "Its commits times its cognitive complexity, as a share of the same over all listed files.",
                vec![
                    ("commits", hotspot.commits.to_string()),
                    ("cognitive complexity", hotspot.complexity.to_string()),
                    ("product", load(hotspot).to_string()),
                    ("sum over the listed files", all.to_string()),
                ],
            )
            .in_window()
            .inferred()
            .without(cut(report))
        }
        _ => {
            let duplication = &report.duplication;
            Behind::of(
                duplication.duplicated,
                "Lines of code outside tests that stand word for word in another place, but for layout and comments.",
                vec![
                    ("lines compared", duplication.lines.to_string()),
                    ("groups listed", duplication.groups.iter().filter(|group| !group.in_test).count().to_string()),
                ],
            )
            .without(gaps(&report.coverage))
        }
    })
}

fn of_history(report: &Report, figure: &str, of: Option<&str>) -> Option<Behind> {
    let history = &report.history;
    let left_out = &history.left_out;
    let counted = ("commits that count", history.window_commits.to_string());
    let in_window =
        [left_out.merges, left_out.bots, left_out.sweeping, left_out.copies, history.window_commits]
            .iter()
            .sum::<u32>();
    let outside = history.commits.saturating_sub(in_window);
    let behind = match figure {
        "commits" => Behind::of(
            history.window_commits,
            "Commits of the window that are work on the code. Merges, commits of bots, sweeping ones and copies of a change do not count.",
            vec![
                ("commits read", history.commits.to_string()),
                ("outside the window", outside.to_string()),
                ("merges left out", left_out.merges.to_string()),
                ("by bots, left out", left_out.bots.to_string()),
                ("sweeping, left out", left_out.sweeping.to_string()),
                ("copies, left out", left_out.copies.to_string()),
            ],
        ),
        "contributors" => Behind::of(
            history.contributors,
            "Different authors of these commits, after the repository's own mailmap.",
            vec![counted],
        ),
        "absence_factor" => Behind {
            value: history.absence_factor.map(|factor| factor.to_string()),
            ..Behind::of(
                "",
                "Smallest number of people who together made more than half of the changes to source files; newer changes count more.",
                vec![("people", history.contributors.to_string()), ("changes to source files", history.source_changes.to_string())],
            )
            .inferred()
        },
        "fixes" => Behind::of(
            history.fixes,
            "Commits that count whose message says that they fix something.",
            vec![counted, ("taken back by a later commit", history.reverts.to_string())],
        )
        .inferred(),
        "unchanged_files" => Behind::of(
            history.unchanged_files,
            "Source files that no commit of the window that counts changed. Vendored, generated and documentation files are \
             none of them.",
            vec![counted],
        ),
        "owners" => {
            let row = history.ownership.iter().find(|row| Some(row.folder.as_str()) == of)?;
            Behind::of(
                format!("{} %", row.main_share),
                "Share of the changes to the folder's source files, tests left out, by the person with the most; a change counts half after 180 days.",
                vec![
                    ("commits", row.commits.to_string()),
                    ("people", row.people.to_string()),
                    ("people who together made more than half", row.absence_factor.to_string()),
                    ("lines of code", row.code.to_string()),
                ],
            )
        }
        _ => return None,
    };
    Some(behind.in_window().without(cut(report)))
}
