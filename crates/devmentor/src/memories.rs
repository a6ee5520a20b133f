//! `devmentor remember`, `recall` and `reindex`: what was learned, without a server; beside one that runs they see the
//! same memories.

use std::io::Read as _;

use anyhow::Context as _;
use base::{Actor, Clock, Ids};
use events::Events;
use memory::{
    Budget, Evidence, EvidenceKind, Memories, Memory, NewMemory, Origin, Question, Recalled, SaveError,
};
use retrieval::Embedder;
use serde_json::{Value, json};
use storage::Db;

use crate::cli;
use crate::exit::{Exit, Failure, Outcome};
use crate::render::text::counted;
use crate::terminal::{self, Look, Style};
use crate::wiring;
use crate::{Context, one_thread};

/// The longest text that is read from the standard input, in bytes: what is longer is neither saved nor asked for.
const INPUT: u64 = 1 << 20;

/// `devmentor remember`: saves something that was learned.
pub(crate) fn remember(context: &Context, args: &cli::Remember) -> Outcome {
    let new = NewMemory {
        kind: args.kind.kind(),
        title: args.title.clone(),
        text: given(&args.text)?,
        tags: args.tags.clone(),
        evidence: args.files.iter().map(|place| file(place)).collect(),
        private: args.private,
        origin: Origin::Person,
        expires_at: None,
    };
    one_thread()?.block_on(async {
        let (memories, owner) = open(context).await?;
        let saved = memories.remember(&owner, new).await.map_err(|error| match error {
            SaveError::Invalid(invalid) => Failure::usage(invalid),
            SaveError::Failed(error) => Failure::failed(error),
        })?;
        if args.json.json {
            terminal::print_json(&document(&saved))?;
        } else {
            terminal::print(&format!("Saved: {}\n", terminal::clean(&saved.title)))?;
        }
        Ok(Exit::Done)
    })
}

/// `devmentor recall`: what was learned that helps.
pub(crate) fn recall(context: &Context, args: &cli::Recall) -> Outcome {
    let question = Question {
        text: given(&args.text)?,
        kinds: args.kinds.iter().map(|kind| kind.kind()).collect(),
        tags: args.tags.clone(),
        shared: false,
        budget: Budget { memories: args.limit.into(), ..Budget::default() },
    };
    one_thread()?.block_on(async {
        let (memories, owner) = open(context).await?;
        let found = memories.recall(&owner, &question).await.map_err(Failure::failed)?;
        if args.json.json {
            terminal::print_json(&json!({ "memories": found.iter().map(recalled).collect::<Vec<_>>() }))?;
        } else if found.is_empty() {
            terminal::print(
                "Nothing that was learned is about this. `devmentor remember` saves what you find out.\n",
            )?;
        } else {
            let style = context.style();
            terminal::print(&found.iter().map(|found| shown(found, style)).collect::<Vec<_>>().join("\n"))?;
        }
        Ok(Exit::Done)
    })
}

/// `devmentor reindex`: builds the search index anew from the database.
pub(crate) fn reindex(context: &Context, args: cli::Json) -> Outcome {
    one_thread()?.block_on(async {
        let (memories, _) = open(context).await?;
        let many = memories.reindex().await.map_err(Failure::failed)?;
        if args.json {
            terminal::print_json(&json!({ "memories": many }))?;
        } else {
            let many = counted(many, "memory", "memories");
            terminal::print(&format!("The search index was built anew: {many}.\n"))?;
        }
        Ok(Exit::Done)
    })
}

/// The memories, and the owner who acts.
async fn open(context: &Context) -> Result<(Memories, Actor), Failure> {
    let config = context.config()?;
    let db = Db::open(&config.storage()).await.context("the database cannot be opened")?;
    let clock = Clock::system();
    let ids = Ids::random(clock.clone());
    let owner = wiring::identity_alone(db.clone(), clock.clone(), ids.clone()).ensure_owner().await?;
    // A server over the same database reads the outbox, and its index follows with the next recall.
    let events = Events::without_hub(clock.clone(), ids.clone());
    Ok((wiring::memories(&config, &db, events, &Embedder::new(), &clock, &ids), owner))
}

/// What was typed, or the standard input for `-`.
pub(crate) fn given(text: &str) -> Result<String, Failure> {
    if text != "-" {
        return Ok(text.to_owned());
    }
    let mut bytes = Vec::new();
    std::io::stdin().take(INPUT).read_to_end(&mut bytes).context("the standard input cannot be read")?;
    Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
}

fn file(place: &str) -> Evidence {
    Evidence { kind: EvidenceKind::File, target: place.to_owned(), repo: None, commit: None }
}

fn document(memory: &Memory) -> Value {
    json!({
        "id": memory.id,
        "kind": memory.kind,
        "title": memory.title,
        "text": memory.text,
        "tags": memory.tags,
        "evidence": memory.evidence,
        "private": memory.owner.is_some(),
        "state": memory.state,
        "trust": memory.trust,
        "version": memory.version,
    })
}

fn recalled(found: &Recalled) -> Value {
    let why = &found.why;
    json!({
        "memory": document(&found.memory),
        "score": found.score,
        "why": {
            "meaning": why.fit.map_or(0.0, |fit| fit.from_meaning),
            "words": why.fit.map_or(0.0, |fit| fit.from_words),
            "terms": why.terms,
            "neighbours": why.neighbours,
            "recency": why.recency,
            "trust": why.trust,
        },
        "same": found.same,
    })
}

/// A memory as a person reads it: what it says, then why it is here.
fn shown(found: &Recalled, style: Style) -> String {
    let memory = &found.memory;
    let mut text = format!("{}\n", style.paint(Look::Heading, &terminal::clean(&memory.title)));
    for line in memory.text.lines() {
        text = text + "  " + &terminal::clean(line) + "\n";
    }
    for piece in &memory.evidence {
        text = text + "  " + &terminal::clean(&piece.target) + "\n";
    }
    let mut why = vec![memory.kind.as_str().replace('_', " ")];
    why.extend(memory.tags.iter().map(|tag| format!("#{tag}")));
    if !found.why.terms.is_empty() {
        why.push(format!("says {}", found.why.terms.join(", ")));
    } else if found.why.fit.is_some() {
        why.push("means something alike".to_owned());
    } else {
        why.push("belongs to another one here".to_owned());
    }
    text + "  " + &style.paint(Look::Dim, &terminal::clean(&why.join(" · "))) + "\n"
}
