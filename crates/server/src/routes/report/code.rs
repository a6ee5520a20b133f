//! The files of an analysed commit: folders, lines, and where the lines come from.

use std::ops::RangeInclusive;

use analysis::report::Report;
use analysis::syntax::SymbolKind;
use axum::extract::State;
use axum::http::StatusCode;
use base::Timestamp;
use repos::child::{Blame, Folder, Form, Lines, PartKind};
use repos::git::folder::EntryKind;
use repos::model::unnamed;
use repos::{FailureCode, RepoError, Repos};
use serde::Deserialize;
use utoipa::IntoParams;

use super::newest;
use crate::extract::{Path, Permitted, Query, may};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::repos::{RepoPath, repos_problem};

/// Lines in one answer where no end is asked for, and at most.
const LINES: u32 = 400;
const MOST_LINES: u32 = 2_000;

/// Files that are found by a part of their path, at most.
const MOST_FILES: usize = 50;

/// Who is not among the people of the report, where nobody is to be named.
const SOMEBODY: &str = "Another contributor";

/// Which file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct BlameQuery {
    /// The file.
    path: String,
    /// A commit that was analysed, in full; by default the one of the newest analysis.
    commit: Option<String>,
}

/// Which folder, or which files.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct TreeQuery {
    /// Path of the folder from the repository's root; by default the root.
    #[serde(default)]
    path: String,
    /// A commit that was analysed, in full; by default the one of the newest analysis.
    commit: Option<String>,
    /// Instead of one folder: the files anywhere that the newest analysis looked at and that have this in their path,
    /// whatever its case.
    q: Option<String>,
}

/// Which lines to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceQuery {
    /// The file.
    path: String,
    /// A commit that was analysed, in full; by default the one of the newest analysis.
    commit: Option<String>,
    /// First line, from 1; by default the first.
    start: Option<u32>,
    /// Last line, inclusive; by default 400 lines are given, at most 2,000.
    end: Option<u32>,
}

/// What is in one folder of an analysed commit, or the files whose path has something in it.
#[utoipa::path(
    get,
    path = "/repos/{repo}/tree",
    tag = "report",
    params(TreeQuery),
    responses((status = 200, description = "The folder", body = api::Answer<api::SourceFolder>))
)]
pub(super) async fn folder(
    State(repos): State<Repos>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
    Query(query): Query<TreeQuery>,
) -> Result<Reply<api::Answer<api::SourceFolder>>, Problem> {
    let found = newest(&repos, reader.actor(), &path.repo).await?;
    if let Some(text) = &query.q {
        if query.commit.is_some() {
            return Err(Problem::malformed("`q` looks at the newest analysis: leave `commit` out."));
        }
        return Ok(Reply(api::Answer { meta: found.meta(), data: files_to_api(&found.report, text) }));
    }
    let read = repos.folder(reader.actor(), found.repo.id, query.commit.as_deref(), &query.path).await;
    let (commit, folder) = read.map_err(code_problem)?;
    let meta = api::Meta { commit: Some(commit.clone()), ..found.meta() };
    Ok(Reply(api::Answer { meta, data: folder_to_api(query.path, commit, folder) }))
}

/// A file of an analysed commit with some of its lines, as text.
#[utoipa::path(
    get,
    path = "/repos/{repo}/source",
    tag = "report",
    params(SourceQuery),
    responses((status = 200, description = "Lines", body = api::Answer<api::SourceLines>))
)]
pub(super) async fn source_lines(
    State(repos): State<Repos>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
    Query(query): Query<SourceQuery>,
) -> Result<Reply<api::Answer<api::SourceLines>>, Problem> {
    let found = newest(&repos, reader.actor(), &path.repo).await?;
    let range = range(query.start, query.end);
    let read = repos.lines(reader.actor(), found.repo.id, query.commit.as_deref(), &query.path, range).await;
    let (commit, lines) = read.map_err(code_problem)?;
    let meta = api::Meta { commit: Some(commit.clone()), ..found.meta() };
    Ok(Reply(api::Answer { meta, data: lines_to_api(query.path, commit, lines, query.end) }))
}

/// Which commit each line of a file comes from. People are named as the workspace wishes; nobody is rated.
#[utoipa::path(
    get,
    path = "/repos/{repo}/blame",
    tag = "report",
    params(BlameQuery),
    responses((status = 200, description = "Where the lines come from", body = api::Answer<api::Blame>))
)]
pub(super) async fn blame(
    State(repos): State<Repos>,
    reader: Permitted<may::RepoRead>,
    Path(path): Path<RepoPath>,
    Query(query): Query<BlameQuery>,
) -> Result<Reply<api::Answer<api::Blame>>, Problem> {
    let actor = reader.actor();
    let found = newest(&repos, actor, &path.repo).await?;
    let read = repos.blame(actor, found.repo.id, query.commit.as_deref(), &query.path).await;
    let (commit, blame) = read.map_err(code_problem)?;
    let named = repos.name_people(actor).await.map_err(repos_problem)?;
    let people: Vec<&str> = found.report.history.people.iter().map(|person| person.name.as_str()).collect();
    let meta = api::Meta { commit: Some(commit.clone()), partial: blame.notes.clone(), ..found.meta() };
    let data = blame_to_api(query.path, commit, &blame, (!named).then_some(&people));
    Ok(Reply(api::Answer { meta, data }))
}

/// What is not in the commit is not found, as anything else that is not there.
pub(super) fn code_problem(error: RepoError) -> Problem {
    match error {
        RepoError::Refused(failure) if failure.code == FailureCode::NotFound => {
            Problem::new(StatusCode::NOT_FOUND, "not_in_commit", "Not in this commit", failure.detail)
        }
        other => repos_problem(other),
    }
}

/// The range to read: what was asked for, within the bounds of one answer.
fn range(start: Option<u32>, end: Option<u32>) -> RangeInclusive<u32> {
    let start = start.unwrap_or(1).max(1);
    let last = |lines: u32| start.saturating_add(lines - 1);
    start..=end.map_or(last(LINES), |end| end.clamp(start, last(MOST_LINES)))
}

fn folder_to_api(path: String, commit: String, folder: Folder) -> api::SourceFolder {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    let entries = folder.entries.into_iter().map(|entry| api::SourceEntry {
        path: below(&entry.name),
        name: entry.name,
        kind: match entry.kind {
            EntryKind::Folder => api::SourceEntryKind::Folder,
            EntryKind::File => api::SourceEntryKind::File,
            EntryKind::Link => api::SourceEntryKind::Link,
            EntryKind::Submodule => api::SourceEntryKind::Submodule,
        },
        bytes: entry.bytes,
    });
    api::SourceFolder { entries: entries.collect(), truncated: folder.more, path, commit }
}

/// Files whose path has a text in it: those first that have it in their name, and of these the shortest.
fn files_to_api(report: &Report, text: &str) -> api::SourceFolder {
    let text = text.trim().to_lowercase();
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let mut found: Vec<_> = report
        .files
        .iter()
        .filter(|file| !text.is_empty() && file.path.to_lowercase().contains(&text))
        .map(|file| ((!name(&file.path).to_lowercase().contains(&text), file.path.len(), &file.path), file))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    let truncated = found.len() > MOST_FILES;
    let entries = found.into_iter().take(MOST_FILES).map(|(_, file)| api::SourceEntry {
        name: name(&file.path),
        path: file.path.clone(),
        kind: api::SourceEntryKind::File,
        bytes: Some(file.bytes),
    });
    api::SourceFolder {
        path: String::new(),
        commit: report.commit.id.clone(),
        entries: entries.collect(),
        truncated,
    }
}

fn form_to_api(form: Form) -> (api::SourceForm, Option<String>) {
    match form {
        Form::Text => (api::SourceForm::Text, None),
        Form::Binary => (api::SourceForm::Binary, None),
        Form::TooLarge => (api::SourceForm::TooLarge, None),
        Form::LfsPointer => (api::SourceForm::LfsPointer, None),
        Form::Link(target) => (api::SourceForm::Link, Some(target)),
        Form::Submodule(commit) => (api::SourceForm::Submodule, Some(commit)),
    }
}

pub(super) fn kind_to_api(kind: SymbolKind) -> api::SourceDefinitionKind {
    match kind {
        SymbolKind::Function => api::SourceDefinitionKind::Function,
        SymbolKind::Type => api::SourceDefinitionKind::Type,
        SymbolKind::Value => api::SourceDefinitionKind::Value,
        SymbolKind::Module => api::SourceDefinitionKind::Module,
    }
}

/// What a part of a line is, as [`api::SourceLine::tokens`] says it.
fn token(kind: PartKind) -> u32 {
    match kind {
        PartKind::Comment => 1,
        PartKind::String => 2,
        PartKind::Number => 3,
        PartKind::Keyword => 4,
        PartKind::Type => 5,
        PartKind::Function => 6,
        PartKind::Constant => 7,
        PartKind::Property => 8,
        PartKind::Attribute => 9,
    }
}

fn lines_to_api(path: String, commit: String, found: Lines, wanted_end: Option<u32>) -> api::SourceLines {
    let (form, target) = form_to_api(found.form);
    let mut colours = found.colours.into_iter();
    let lines: Vec<api::SourceLine> = (found.start..)
        .zip(found.lines)
        .map(|(number, text)| {
            let parts = colours.next().unwrap_or_default();
            let tokens = parts.into_iter().flat_map(|(start, length, kind)| [start, length, token(kind)]);
            api::SourceLine { number, text, cut: found.cut.contains(&number), tokens: tokens.collect() }
        })
        .collect();
    let end = lines.last().map_or(0, |line| line.number);
    let definitions = found.definitions.into_iter().map(|it| api::SourceDefinition {
        name: it.name,
        kind: kind_to_api(it.kind),
        start: it.start,
        end: it.end,
        cognitive: it.cognitive,
    });
    api::SourceLines {
        path,
        commit,
        form,
        target,
        bytes: found.bytes,
        language: found.language,
        start: lines.first().map_or(0, |line| line.number),
        end,
        total_lines: found.total,
        truncated: !found.cut.is_empty()
            || (end > 0 && end < wanted_end.unwrap_or(u32::MAX).min(found.total)),
        lines,
        definitions: definitions.collect(),
    }
}

/// What somebody is called where nobody is to be named. People of one name cannot be told apart by it: all are meant.
pub(super) fn letters(people: &[&str], name: &str) -> String {
    let alike = people.iter().enumerate().filter(|(_, other)| **other == name);
    let called: Vec<String> = alike.map(|(position, _)| unnamed(position)).collect();
    let Some((first, others)) = called.split_first() else { return SOMEBODY.to_owned() };
    others.iter().fold(first.clone(), |told, other| {
        format!("{told} or {}", other.rsplit(' ').next().unwrap_or_default())
    })
}

/// `letters_for`: where people are not to be named, those of the report, whose letters hold here too.
fn blame_to_api(path: String, commit: String, blame: &Blame, letters_for: Option<&Vec<&str>>) -> api::Blame {
    let author = |index: u32| {
        let name = blame.people.get(index as usize).map_or("", String::as_str);
        match letters_for {
            None => name.to_owned(),
            Some(people) => letters(people, name),
        }
    };
    let commits = blame.commits.iter().map(|commit| api::BlameCommit {
        id: commit.id.clone(),
        author: author(commit.author),
        authored: Timestamp::from_seconds(commit.authored).into(),
        subject: commit.subject.clone(),
        edge: commit.edge,
    });
    let runs =
        blame.runs.iter().map(|run| api::BlameRun { start: run.start, end: run.end, commit: run.commit });
    let (form, _) = form_to_api(blame.form.clone());
    api::Blame {
        path,
        commit,
        form,
        named: letters_for.is_none(),
        runs: runs.collect(),
        commits: commits.collect(),
    }
}

#[cfg(test)]
mod tests {
    use repos::child::{BlameCommit, BlameRun};

    use super::*;

    fn given(start: u32, lines: &[&str], total: u32, wanted_end: Option<u32>) -> api::SourceLines {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        lines_to_api("a".into(), "c".into(), Lines { start, lines, total, ..Lines::default() }, wanted_end)
    }

    #[test]
    fn the_range_is_what_was_asked_for_within_bounds() {
        assert_eq!(range(None, None), 1..=400);
        assert_eq!(range(Some(5), Some(7)), 5..=7);
        assert_eq!(range(Some(5), Some(3)), 5..=5);
        assert_eq!(range(Some(0), Some(10_000)), 1..=2_000);
        assert_eq!(range(Some(u32::MAX), None), u32::MAX..=u32::MAX);
    }

    #[test]
    fn what_was_left_out_is_said() {
        let two = given(2, &["b", "c"], 3, Some(3));
        assert_eq!((two.start, two.end, two.truncated), (2, 3, false));
        assert!(given(1, &["a", "b"], 3, None).truncated);
        assert!(!given(1, &["a", "b"], 2, Some(9)).truncated);
        let nothing = given(9, &[], 2, None);
        assert_eq!((nothing.start, nothing.end, nothing.truncated), (0, 0, false));
    }

    #[test]
    fn parts_of_lines_travel_as_numbers() {
        let found = Lines {
            start: 1,
            lines: vec!["let a".into(), "b".into()],
            colours: vec![vec![(0, 3, PartKind::Keyword)], vec![]],
            cut: vec![2],
            total: 2,
            ..Lines::default()
        };
        let given = lines_to_api("a".into(), "c".into(), found, None);
        assert_eq!((given.lines[0].tokens.as_slice(), given.lines[0].cut), (&[0, 3, 4][..], false));
        assert!(given.lines[1].tokens.is_empty() && given.lines[1].cut && given.truncated);
    }

    #[test]
    fn people_are_letters_where_they_are_not_to_be_named() {
        let commit = |author| BlameCommit {
            id: "1".into(),
            author,
            authored: 0,
            subject: "Begin".into(),
            edge: false,
        };
        let blame = Blame {
            runs: vec![BlameRun { start: 1, end: 2, commit: Some(1) }],
            commits: vec![commit(1), commit(0)],
            people: vec!["Ada".into(), "Ben".into()],
            ..Blame::default()
        };
        let authors = |letters_for| -> Vec<String> {
            let given = blame_to_api("a".into(), "c".into(), &blame, letters_for);
            given.commits.into_iter().map(|commit| commit.author).collect()
        };
        assert_eq!(authors(None), ["Ben", "Ada"]);
        let (one, alike) = (vec!["Cem", "Ada"], vec!["Ada", "Ben", "Ada"]);
        assert_eq!(authors(Some(&one)), [SOMEBODY, "Contributor B"]);
        // Two people have the name.
        assert_eq!(authors(Some(&alike)), ["Contributor B", "Contributor A or C"]);
    }
}
