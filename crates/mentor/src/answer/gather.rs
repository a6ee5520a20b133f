//! What is found for a question: what the person brought along, what was learned, and what the analysis knows.

use std::sync::Arc;

use analysis::report::Report;
use base::id::{MemoryId, RepoId};
use base::{Actor, PageSize};
use chat::{Asked, Attachment, Place, SourceKind, Thread};
use memory::{Budget, Memory, Question};
use repos::{FindingFilter, FindingStand, RepoError, SearchCode};

use super::mention::{Mention, mentions};
use super::piece::{self, Piece};
use super::weigh::Weigher;
use super::{Step, StepState, report};
use crate::Mentor;

/// How much is recalled for one question.
const MEMORIES: Budget = Budget { memories: 6, characters: 8_000 };
/// Passages of code that are looked at for one question.
const PASSAGES: usize = 12;
/// Lines of a file that comes along without saying which.
const WHOLE: u32 = 400;
/// How well what a question names itself fits.
const NAMED: f64 = 0.8;

/// Takes what is being read.
pub(crate) type Steps<'a> = &'a (dyn Fn(Step) + Send + Sync);

/// What a question belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About {
    /// The repository.
    pub(crate) repo: Option<RepoId>,
    /// Whether others read the answer: then it rests on nothing that is the asker's alone.
    pub(crate) shared: bool,
}

impl About {
    /// Of a conversation.
    pub(crate) fn of(thread: &Thread) -> Self {
        Self { repo: thread.repo, shared: thread.shared }
    }
}

/// What was found for a question.
pub(crate) struct Gathered {
    /// What counts, the best first.
    pub(crate) pieces: Vec<Piece>,
    /// Whether one of them speaks directly to the question.
    pub(crate) direct: bool,
}

/// Tells how one step goes.
async fn step<T>(
    steps: Steps<'_>,
    what: &str,
    work: impl Future<Output = Result<(T, String), String>>,
) -> Option<T> {
    let tell = |state, detail| steps(Step { what: what.to_owned(), state, detail });
    tell(StepState::Begun, None);
    match work.await {
        Ok((found, detail)) => {
            tell(StepState::Done, Some(detail));
            Some(found)
        }
        Err(why) => {
            tell(StepState::Failed, Some(why));
            None
        }
    }
}

fn counted(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

impl Mentor {
    /// Finds what an answer can rest on. What fails is told as a step, and the answer goes on without it.
    pub(crate) async fn gather(
        &self,
        actor: &Actor,
        about: About,
        question: &str,
        asked: &Asked,
        steps: Steps<'_>,
    ) -> Result<Gathered, retrieval::Error> {
        let repo = about.repo;
        let (text, embedder) = (question.to_owned(), self.embedder.clone());
        let weigher = self.thinking.run(move || Weigher::new(&text, &embedder)).await?;
        let words = weigher.words().to_vec();
        let mut found = Vec::new();
        let known = match repo {
            Some(repo) => step(steps, "Reading the analysis", self.analysis(actor, repo)).await,
            None => None,
        };
        for attached in &asked.attached {
            let what = format!("Reading {}", called(attached));
            let piece = self.attachment(actor, about, known.as_deref(), attached);
            found.extend(step(steps, &what, piece).await.flatten());
        }
        let recalled = step(steps, "Recalling what was learned", self.recalled(actor, about, question)).await;
        found.extend(recalled.unwrap_or_default());
        if let (Some(repo), Some(report)) = (repo, &known) {
            let (text, all) = (question.to_owned(), Arc::clone(report));
            let named = move || Ok(mentions(&text, all.files.iter().map(|file| file.path.as_str())));
            for mention in self.thinking.run(named).await? {
                let what = format!("Reading {}", mention.path);
                found.extend(step(steps, &what, self.mentioned(actor, repo, &mention)).await);
            }
            let passages = step(steps, "Searching the code", self.passages(actor, repo, question)).await;
            found.extend(passages.unwrap_or_default());
            let facts = self.facts(actor, repo, Arc::clone(report), weigher);
            found.extend(step(steps, "Looking at findings and insights", facts).await.unwrap_or_default());
        }
        let pieces = piece::choose(found, &asked.excluded);
        let direct = piece::is_direct(&pieces, &words);
        Ok(Gathered { pieces, direct })
    }

    /// The newest report.
    async fn analysis(&self, actor: &Actor, repo: RepoId) -> Result<(Arc<Report>, String), String> {
        match self.repos.report(actor, repo).await {
            Ok(Some((_, report))) => {
                let commit = report.commit.id.chars().take(10).collect::<String>();
                Ok((report, format!("commit {commit}")))
            }
            Ok(None) => Err("this repository has no analysis yet".to_owned()),
            Err(error) => Err(told(&error)),
        }
    }

    async fn recalled(
        &self,
        actor: &Actor,
        about: About,
        question: &str,
    ) -> Result<(Vec<Piece>, String), String> {
        let question = Question {
            text: question.to_owned(),
            kinds: Vec::new(),
            tags: Vec::new(),
            shared: about.shared,
            budget: MEMORIES,
        };
        let found = self.memories.recall(actor, &question).await.map_err(|error| told(&error))?;
        let pieces: Vec<Piece> = found
            .into_iter()
            .map(|it| {
                let why = match (&it.why.fit, it.why.terms.as_slice()) {
                    (None, _) => "a memory that belongs to another one here".to_owned(),
                    (Some(_), []) => "a memory that means something alike".to_owned(),
                    (Some(_), terms) => format!("a memory that says {}", terms.join(", ")),
                };
                let (score, terms) = (it.score.clamp(0.0, 1.0), it.why.terms.clone());
                Piece { terms, score, ..memory_piece(&it.memory, why) }
            })
            .collect();
        let mut detail = counted(pieces.len(), "memory", "memories");
        if about.shared {
            detail.push_str(". What is yours alone stays out: others read here");
        }
        Ok((pieces, detail))
    }

    async fn passages(
        &self,
        actor: &Actor,
        repo: RepoId,
        question: &str,
    ) -> Result<(Vec<Piece>, String), String> {
        let wanted = SearchCode::passages(question.chars().take(20_000).collect::<String>(), PASSAGES);
        let found = self.repos.search(actor, repo, wanted).await.map_err(|error| told(&error))?;
        let commit = found.commit;
        let pieces: Vec<Piece> = found
            .passages
            .into_iter()
            .map(|passage| {
                let place = Place {
                    repo: repo.to_string(),
                    commit: commit.clone(),
                    path: passage.path,
                    start: *passage.lines.start(),
                    end: *passage.lines.end(),
                };
                let why = match (&passage.symbol, passage.terms.as_slice()) {
                    (_, []) => "code that means something alike".to_owned(),
                    (Some(symbol), terms) => format!("`{symbol}` says {}", terms.join(", ")),
                    (None, terms) => format!("code that says {}", terms.join(", ")),
                };
                let (score, terms, blob) = (passage.score, passage.terms, Some(passage.blob));
                Piece { terms, score, blob, ..code_piece(place, passage.text, why) }
            })
            .collect();
        let mut detail = counted(pieces.len(), "passage", "passages");
        for partial in found.partial {
            detail = format!("{detail}. {partial}");
        }
        Ok((pieces, detail))
    }

    async fn facts(
        &self,
        actor: &Actor,
        repo: RepoId,
        known: Arc<Report>,
        mut weigher: Weigher,
    ) -> Result<(Vec<Piece>, String), String> {
        let open = FindingFilter { state: Some(FindingStand::Open), ..FindingFilter::default() };
        let size = PageSize::clamped(PageSize::MAX);
        let all = self.repos.findings(actor, repo, &open, None, size).await.map_err(|error| told(&error))?;
        let insights = self.repos.insights(actor, repo).await.map_err(|error| told(&error))?;
        let near = move || {
            let findings = report::findings(&all.page.items, &known, &mut weigher)?;
            let insights = report::insights(&insights, &mut weigher)?;
            let detail = format!(
                "{}, {}",
                counted(findings.len(), "finding", "findings"),
                counted(insights.len(), "insight", "insights")
            );
            let topics = report::topics(&known, &mut weigher);
            Ok((findings.into_iter().chain(insights).chain(topics).collect(), detail))
        };
        self.thinking.run(near).await.map_err(|error| told(&error))
    }

    async fn mentioned(
        &self,
        actor: &Actor,
        repo: RepoId,
        mention: &Mention,
    ) -> Result<(Piece, String), String> {
        let lines = mention.lines.clone();
        let why = "the question names this file".to_owned();
        let piece = self.file(actor, repo, &mention.path, lines, why).await?;
        let detail = piece.name.clone();
        Ok((Piece { score: NAMED, ..piece }, detail))
    }

    /// Lines of a file of the commit that was analysed last.
    async fn file(
        &self,
        actor: &Actor,
        repo: RepoId,
        path: &str,
        lines: std::ops::RangeInclusive<u32>,
        why: String,
    ) -> Result<Piece, String> {
        let (commit, found) =
            self.repos.lines(actor, repo, None, path, lines).await.map_err(|error| told(&error))?;
        if found.lines.is_empty() {
            return Err(format!("{path} has no such lines of text"));
        }
        let end = found.start + u32::try_from(found.lines.len()).unwrap_or(u32::MAX) - 1;
        let place = Place { repo: repo.to_string(), commit, path: path.to_owned(), start: found.start, end };
        Ok(code_piece(place, found.lines.join("\n"), why))
    }

    /// What came along with the question, as a piece; nothing where it says nothing.
    async fn attachment(
        &self,
        actor: &Actor,
        About { repo, shared }: About,
        known: Option<&Report>,
        attached: &Attachment,
    ) -> Result<(Option<Piece>, String), String> {
        const YOU: &str = "you added it";
        let gone = || "it is not there, or not shared with you".to_owned();
        let piece = match attached {
            Attachment::Snippet { name, text } => snippet_piece(name, text),
            Attachment::File { path, start, end } => {
                let repo = repo.ok_or_else(|| "this conversation is about no repository".to_owned())?;
                let start = start.unwrap_or(1).max(1);
                let end = end.unwrap_or(start.saturating_add(WHOLE - 1)).max(start);
                self.file(actor, repo, path, start..=end, YOU.to_owned()).await?
            }
            Attachment::Memory { id } => {
                let id = id.parse().map_err(|_| gone())?;
                let memory = self.memories.memory(actor, id).await.map_err(|error| told(&error))?;
                let memory = memory.ok_or_else(gone)?;
                if shared && memory.owner.is_some() {
                    return Err("it is yours alone, and others read this conversation".to_owned());
                }
                memory_piece(&memory, YOU.to_owned())
            }
            Attachment::Finding { id } => {
                let id = id.parse().map_err(|_| gone())?;
                let finding = self.repos.finding(actor, id).await.map_err(|error| told(&error))?;
                let finding = finding.filter(|finding| Some(finding.repo) == repo).ok_or_else(gone)?;
                report::finding_piece(&finding, known.ok_or_else(gone)?, YOU.to_owned())
            }
            Attachment::Insight { id } => {
                let id = id.parse().map_err(|_| gone())?;
                let insight = self.repos.insight(actor, id).await.map_err(|error| told(&error))?;
                let insight = insight.filter(|insight| Some(insight.repo) == repo).ok_or_else(gone)?;
                report::insight_piece(&insight, YOU.to_owned())
            }
            Attachment::Task { key } => {
                let key = key.parse().map_err(|_| gone())?;
                let task = self.projects.task(actor, &key).await.map_err(|error| told(&error))?;
                let task = task.filter(|task| task.deleted_at.is_none()).ok_or_else(gone)?;
                Piece {
                    kind: SourceKind::Task,
                    key: format!("task:{}", task.key),
                    name: format!("{} {}", task.key, task.title),
                    text: format!("{}\n{}", task.title, task.description),
                    id: Some(task.key.to_string()),
                    ..snippet_piece("", "")
                }
            }
        };
        let detail = piece.name.clone();
        Ok((Some(Piece { by_person: true, score: 1.0, ..piece }), detail))
    }
}

/// What an attachment is called while it is read.
fn called(attached: &Attachment) -> String {
    match attached {
        Attachment::Snippet { name, .. } => name.chars().take(100).collect(),
        Attachment::File { path, .. } => path.clone(),
        Attachment::Memory { .. } => "a memory".to_owned(),
        Attachment::Finding { .. } => "a finding".to_owned(),
        Attachment::Insight { .. } => "an insight".to_owned(),
        Attachment::Task { key } => key.clone(),
    }
}

fn snippet_piece(name: &str, text: &str) -> Piece {
    Piece {
        kind: SourceKind::Snippet,
        key: format!("snippet:{name}"),
        name: name.to_owned(),
        why: "you added it".to_owned(),
        terms: Vec::new(),
        by_person: true,
        score: 1.0,
        text: text.to_owned(),
        place: None,
        id: None,
        owner: None,
        blob: None,
    }
}

fn code_piece(place: Place, text: String, why: String) -> Piece {
    Piece {
        kind: SourceKind::Code,
        key: format!("code:{}", report::named(&place)),
        name: report::named(&place),
        why,
        by_person: false,
        text,
        place: Some(place),
        ..snippet_piece("", "")
    }
}

fn memory_piece(memory: &Memory, why: String) -> Piece {
    let why = match memory.state {
        memory::State::NeedsReview => format!("{why}; it needs review"),
        _ => why,
    };
    Piece {
        kind: SourceKind::Memory,
        key: memory_key(memory.id),
        name: memory.title.clone(),
        why,
        by_person: false,
        text: format!("{}\n{}", memory.title, memory.text).trim_end().to_owned(),
        id: Some(memory.id.to_string()),
        owner: memory.owner.map(|owner| owner.to_string()),
        ..snippet_piece("", "")
    }
}

/// What a memory is called among sources.
pub(crate) fn memory_key(id: MemoryId) -> String {
    format!("memory:{id}")
}

/// The memory that a key is of.
pub(crate) fn memory_of(key: &str) -> Option<MemoryId> {
    key.strip_prefix("memory:")?.parse().ok()
}

/// Why something was not read, for the person. What only the operator can mend goes to the log.
fn told(error: &(impl std::error::Error + 'static)) -> String {
    match (error as &dyn std::error::Error).downcast_ref::<RepoError>() {
        Some(RepoError::Refused(failure)) => failure.detail.clone(),
        Some(error @ (RepoError::NotFound | RepoError::NotAnalysed)) => error.to_string(),
        _ => {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                "something could not be read for an answer"
            );
            "it could not be read; the server's log says why".to_owned()
        }
    }
}
