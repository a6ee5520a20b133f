//! `devmentor advisories`: import the data, see what is there, choose how to look things up.

use std::path::Path;

use base::Clock;
use repos::advisories::import::{ImportError, Imported};
use repos::model::{AdvisoryMode, AdvisorySource, AdvisoryStatus};
use serde_json::{Value, json};

use crate::Context;
use crate::cli;
use crate::exit::{Exit, Failure, Outcome};
use crate::knowledge::Knowledge;
use crate::render::advisories::Age;
use crate::render::text::{Rows, count, counted, date};
use crate::terminal::{self, clean};

/// What an import reads.
const LAYOUT: &str = "a mirror is a folder in the layout of the OSV export, with `PyPI/all.zip`, `npm/all.zip`, and so on; \
                      `devmentor advisories mode online` works without one";
const NOTHING_IMPORTED: &str = "Nothing was imported yet; `devmentor advisories import FOLDER` does it.";

pub(crate) fn run(context: &Context, command: &cli::Advisories) -> Outcome {
    let config = context.config()?;
    crate::runtime()?.block_on(async {
        let knowledge = Knowledge::open(&config).await?;
        match command {
            cli::Advisories::Import { folder, json } => {
                import_command(context, &knowledge, folder, *json).await
            }
            cli::Advisories::Status(json) => status(context, &knowledge, *json).await,
            cli::Advisories::Mode { mode, json } => set_mode(context, &knowledge, *mode, *json).await,
        }
    })
}

async fn import_command(context: &Context, knowledge: &Knowledge, folder: &Path, json: cli::Json) -> Outcome {
    let imported = import(context.global.quiet, knowledge, folder).await?;
    // Whoever imports a mirror and has not chosen otherwise wants it used.
    if knowledge.advisories.mode(knowledge.workspace).await? == AdvisoryMode::Undecided {
        knowledge.advisories.set_mode(knowledge.workspace, AdvisoryMode::Mirror).await?;
    }
    if json.json {
        let document = json!({
            "sources": imported.sources.iter().map(source_json).collect::<Vec<_>>(),
            "malformed": imported.malformed,
            "malformed_total": imported.malformed_total,
        });
        terminal::print_json(&document)?;
    } else {
        terminal::print(&sources_table(context, &imported.sources))?;
        if imported.malformed_total > 0 {
            let named: Vec<String> = imported.malformed.iter().map(|name| clean(name).into_owned()).collect();
            terminal::note(&format!(
                "{} could not be understood and left out: {}",
                counted(imported.malformed_total, "record", "records"),
                named.join(", ")
            ));
        }
    }
    Ok(Exit::Done)
}

/// Imports a folder and says on the error output how far it is.
pub(crate) async fn import(quiet: bool, knowledge: &Knowledge, folder: &Path) -> Result<Imported, Failure> {
    let say = |progress: repos::advisories::import::ImportProgress| {
        if !quiet {
            terminal::note(&format!(
                "{}/{} {}: {}",
                progress.done,
                progress.total,
                clean(&progress.ecosystem),
                counted(progress.records, "record", "records")
            ));
        }
    };
    knowledge.advisories.import(folder, say).await.map_err(|error| match error {
        ImportError::NotAnExport(_) => Failure::usage(error).hint(LAYOUT),
        ImportError::Unreadable(..) if !folder.is_dir() => {
            Failure::usage(format!("there is no folder {}", folder.display())).hint(LAYOUT)
        }
        ImportError::TooLarge(_) => Failure { exit: Exit::Limit, ..error.into() }.hint(LAYOUT),
        ImportError::Unreadable(..) | ImportError::Storage(_) => error.into(),
    })
}

async fn status(context: &Context, knowledge: &Knowledge, json: cli::Json) -> Outcome {
    let AdvisoryStatus { mode, sources, .. } = knowledge.advisories.status(knowledge.workspace).await?;
    if json.json {
        let document = json!({
            "mode": mode.as_str(),
            "sources": sources.iter().map(source_json).collect::<Vec<_>>(),
        });
        terminal::print_json(&document)?;
        return Ok(Exit::Done);
    }
    let mut text = format!("{}\n", mode_text(mode));
    if sources.is_empty() {
        text = text + NOTHING_IMPORTED + "\n";
    } else {
        text += &sources_table(context, &sources);
    }
    terminal::print(&text)?;
    Ok(Exit::Done)
}

async fn set_mode(
    context: &Context,
    knowledge: &Knowledge,
    wanted: Option<cli::AdvisoryMode>,
    json: cli::Json,
) -> Outcome {
    if let Some(wanted) = wanted {
        knowledge.advisories.set_mode(knowledge.workspace, mode(wanted)).await?;
    }
    let now = knowledge.advisories.mode(knowledge.workspace).await?;
    if json.json {
        terminal::print_json(&json!({ "mode": now.as_str() }))?;
    } else if wanted.is_none() || !context.global.quiet {
        terminal::print(&format!("{}\n", mode_text(now)))?;
        if now == AdvisoryMode::Mirror
            && knowledge.advisories.status(knowledge.workspace).await?.sources.is_empty()
        {
            terminal::note(NOTHING_IMPORTED);
        }
    }
    Ok(Exit::Done)
}

/// The choice as the domain knows it.
pub(crate) fn mode(wanted: cli::AdvisoryMode) -> AdvisoryMode {
    match wanted {
        cli::AdvisoryMode::Online => AdvisoryMode::Online,
        cli::AdvisoryMode::Mirror => AdvisoryMode::Mirror,
        cli::AdvisoryMode::None => AdvisoryMode::None,
    }
}

fn mode_text(mode: AdvisoryMode) -> &'static str {
    match mode {
        AdvisoryMode::Undecided => "undecided: nothing is looked up until you choose online, mirror or none",
        AdvisoryMode::Online => "online: the names of the packages in use are sent to the OSV service",
        AdvisoryMode::Mirror => "mirror: what was imported is used; nothing leaves this machine",
        AdvisoryMode::None => "none: nothing is looked up",
    }
}

fn sources_table(context: &Context, sources: &[AdvisorySource]) -> String {
    let now = Clock::system().now();
    let columns = ["ecosystem", "records", "newest record", "age", "imported"];
    let mut rows = Rows::new(context.style(), &columns).right(&[1, 3]);
    for source in sources {
        let age = Age::of(source.as_of, now);
        rows.add([
            (clean(&source.ecosystem).into_owned(), None),
            (count(source.records), None),
            (date(source.as_of.as_seconds()), None),
            (age.text(), age.look()),
            (date(source.imported_at.as_seconds()), None),
        ]);
    }
    rows.text()
}

fn source_json(source: &AdvisorySource) -> Value {
    json!({
        "ecosystem": source.ecosystem,
        "records": source.records,
        "as_of": source.as_of.as_seconds(),
        "imported_at": source.imported_at.as_seconds(),
        "source": source.source,
    })
}
