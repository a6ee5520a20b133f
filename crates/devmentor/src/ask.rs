//! `devmentor ask`: a question about the repository of a folder, answered in the terminal. It is the same use case as on a
//! server, over the data of this machine: the conversation is there too when a server is started.

use std::path::Path;
use std::time::Duration;

use base::id::RepoId;
use base::{Actor, Clock, Ids};
use chat::{Asked, Message, Mode, NewQuestion, NewThread, Source, State, Turn, Writer};
use mentor::answer::{AskError, Said, Step, StepState};
use repos::AnalysisState;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::cli;
use crate::exit::{Exit, Failure, Outcome};
use crate::memories::given;
use crate::terminal::{self, Look, Style, clean};
use crate::wiring::{self, Outside, System};
use crate::{Context, runtime};

/// How often it is looked whether an analysis is over.
const LOOK: Duration = Duration::from_millis(100);
/// How long what is still being written is waited for.
const ENDING: Duration = Duration::from_secs(5);

/// Runs the command.
pub(crate) fn run(context: &Context, args: &cli::Ask) -> Outcome {
    let question = given(&args.question)?;
    let config = context.config()?;
    let runtime = runtime()?;
    let outcome = runtime.block_on(async {
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        let clock = Clock::system();
        let ids = Ids::random(clock.clone());
        let outside = Outside::new(&config, &context.environment, crate::program()?, &clock, &ids)?;
        let system = System::build(&config, outside, clock, ids, &tracker, &stop).await?;
        let owner = system.identity.ensure_owner().await?;
        let asking = Asking { context, system: &system, owner };
        let outcome = tokio::select! {
            outcome = asking.ask(args, question) => outcome,
            _ = crate::stop_requested() => Ok(Exit::Interrupted),
        };
        // What was said by now is kept before the program ends.
        stop.cancel();
        tracker.close();
        let _ = tokio::time::timeout(ENDING, tracker.wait()).await;
        outcome
    });
    runtime.shutdown_timeout(Duration::from_millis(200));
    outcome
}

struct Asking<'a> {
    context: &'a Context,
    system: &'a System,
    owner: Actor,
}

impl Asking<'_> {
    async fn ask(&self, args: &cli::Ask, question: String) -> Outcome {
        let repo = match &args.path {
            Some(path) => Some(self.repository(path).await?),
            None => match self.repository(Path::new(".")).await {
                Ok(repo) => Some(repo),
                // Where nothing was named, what was learned is enough.
                Err(failure) => {
                    self.note(&format!("Without a repository: {}", clean(&failure.error.to_string())));
                    None
                }
            },
        };
        let mentor = &self.system.mentor;
        let failed = |error: chat::Error| match error {
            chat::Error::Invalid(invalid) => Failure::usage(invalid),
            error => Failure::failed(error),
        };
        let new = NewThread { title: None, repo };
        let thread = mentor.chats().begin(&self.owner, new).await.map_err(failed)?;
        let new =
            NewQuestion { text: question, mode: args.mode.mode(), asked: Asked::default(), turn: Turn::Next };
        let asked = mentor.ask(&self.owner, thread.id, new, args.no_model).await;
        let mut answering = asked.map_err(|error| match error {
            AskError::Chat(error) => failed(error),
            error @ AskError::Full(_) => Failure::failed(error),
        })?;
        let json = args.json.json;
        while let Some(said) = answering.said.recv().await {
            match said {
                Said::Step(step) => self.step(&step),
                Said::Text(text) if !json => terminal::print(&cleaned(&text))?,
                Said::Sources(..) | Said::Text(_) => {}
                Said::Ended(message) if json => {
                    terminal::print_json(&document(thread.id, &message))?;
                    return ended(&message);
                }
                Said::Ended(message) => {
                    terminal::print(&shown(&message, usize::from(args.limit), self.context.style()))?;
                    return ended(&message);
                }
                Said::Failed(why) => return Err(Failure::failed(why)),
            }
        }
        Err(Failure::failed("the answer ended before it was whole"))
    }

    /// The repository of a folder or an address, with an analysis of its newest commit.
    async fn repository(&self, path: &Path) -> Result<RepoId, Failure> {
        let repos = &self.system.repos;
        let source = path.to_string_lossy();
        let source = match std::path::absolute(path) {
            Ok(folder) if folder.exists() => folder.to_string_lossy().into_owned(),
            // What is no address can only be meant as a folder.
            Ok(folder) if !source.contains(':') => {
                return Err(Failure::usage(format!("there is no folder {}", folder.display()))
                    .hint("name a folder with a Git repository, or leave it out"));
            }
            _ => source.into_owned(),
        };
        let connected = repos.connect(&self.owner, &source, None, None).await.map_err(Failure::usage)?;
        let repo = connected.repo.id;
        let asked = repos.analyze(&self.owner, repo, false).await.map_err(Failure::failed)?;
        if !asked.fresh && asked.analysis.state == AnalysisState::Done {
            return Ok(repo);
        }
        self.note(&format!("Analysing {} …", clean(&connected.repo.name)));
        let mut runner = self.system.runner(wiring::runner_options(&self.context.config()?));
        // Where a server runs over the same data it may be the one that does it.
        let _ = runner.run_until_idle().await.map_err(Failure::failed)?;
        loop {
            let analysis = repos.analysis(&self.owner, asked.analysis.id).await.map_err(Failure::failed)?;
            let Some(analysis) = analysis else { return Ok(repo) };
            match analysis.state {
                AnalysisState::Queued | AnalysisState::Running => tokio::time::sleep(LOOK).await,
                AnalysisState::Failed => {
                    let why = analysis.failure.map_or_else(String::new, |failure| failure.detail);
                    self.note(&format!("The analysis failed: {}", clean(&why)));
                    return Ok(repo);
                }
                AnalysisState::Done | AnalysisState::Cancelled => return Ok(repo),
            }
        }
    }

    fn step(&self, step: &Step) {
        let detail = step.detail.as_deref().unwrap_or_default();
        match step.state {
            StepState::Begun => {}
            StepState::Done => self.note(&format!("{}: {}", clean(&step.what), clean(detail))),
            StepState::Failed => self.note(&format!("{} failed: {}", clean(&step.what), clean(detail))),
        }
    }

    fn note(&self, text: &str) {
        if !self.context.global.quiet {
            terminal::note(text);
        }
    }
}

/// How the command ends after that answer.
fn ended(message: &Message) -> Outcome {
    match message.state {
        State::Done => Ok(Exit::Done),
        State::Stopped => Ok(Exit::Interrupted),
        State::Answering | State::Partial | State::Failed => {
            let why = message.facts.note.clone();
            Err(Failure::failed(why.unwrap_or_else(|| "the answer is not whole".to_owned()))
                .hint("ask again, or add --no-model for the evidence alone"))
        }
    }
}

/// Text with its lines, and nothing in it that acts on the terminal.
fn cleaned(text: &str) -> String {
    text.split('\n').map(clean).collect::<Vec<_>>().join("\n")
}

/// What stands below the words of a model, or in their place.
fn shown(message: &Message, limit: usize, style: Style) -> String {
    let facts = &message.facts;
    let mut lines = Vec::new();
    let by_model = matches!(facts.writer, Some(Writer::Model { .. }));
    if by_model {
        lines.extend([String::new(), String::new()]);
    }
    if let Some(Writer::Nobody { words, .. }) = &facts.writer {
        lines.extend([
            style.paint(Look::Dim, &clean(words)),
            clean(&message.text).into_owned(),
            String::new(),
        ]);
    }
    for missed in &facts.missed {
        let line = format!("{} {}: {}", missed.provider, missed.model, missed.why);
        lines.push(style.paint(Look::Warn, &clean(&line)));
    }
    let cites = |source: &&Source| facts.citations.iter().any(|citation| citation.number == source.number);
    // Of what a model wrote, what it cites; otherwise what was found, the best first.
    let sources: Vec<&Source> = if by_model && !facts.citations.is_empty() {
        facts.sources.iter().filter(cites).collect()
    } else {
        facts.sources.iter().collect()
    };
    for source in sources.into_iter().take(limit) {
        let name = style.paint(Look::Name, &clean(&source.name));
        let why = style.paint(Look::Dim, &clean(&source.why));
        lines.push(format!("[{}] {name}  {why}", source.number));
        if !by_model {
            lines.extend(source.text.lines().take(12).map(|line| format!("      {}", clean(line))));
        }
    }
    for citation in facts.citations.iter().filter(|citation| !citation.supported) {
        let line = format!("[{}] names no source: what stands before it rests on nothing.", citation.number);
        lines.push(style.paint(Look::Warn, &line));
    }
    if let Some(Writer::Model { provider, model, input, output, kept, .. }) = &facts.writer {
        let again = if *kept { " · as answered before" } else { "" };
        let line = format!("{provider} · {model} · {} tokens{again}", input + output);
        lines.push(style.paint(Look::Dim, &clean(&line)));
    }
    // The last line ends as well.
    lines.push(String::new());
    lines.join("\n")
}

fn document(thread: base::id::ThreadId, message: &Message) -> serde_json::Value {
    json!({
        "thread": thread,
        "message": message.id,
        "state": message.state,
        "text": message.text,
        "answer": message.facts,
    })
}

impl cli::AskMode {
    fn mode(self) -> Mode {
        match self {
            Self::Answer => Mode::Answer,
            Self::Guide => Mode::Guide,
            Self::Review => Mode::Review,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_model_keep_their_lines_and_nothing_that_acts() {
        assert_eq!(cleaned("a\nb\x1b[2J\n"), "a\nb\\u{1b}[2J\n");
    }
}
