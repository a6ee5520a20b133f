//! `devmentor doctor` and `devmentor migrate`: is everything there, and what to do where it is not.

use std::fs;
use std::path::Path;
use std::process::Command;

use repos::kept::{Kept, Usage};
use serde::Serialize;
use storage::{Db, Engine};

use crate::config::Config;
use crate::exit::{Exit, Failure, Outcome};
use crate::render::text::item;
use crate::terminal::{self, Look};
use crate::{Context, cli, wiring};

/// How one thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// As it should be.
    Ok,
    /// Something will not work, or is weaker than it could be.
    Warning,
    /// The program cannot do its work.
    Broken,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    state: State,
    detail: String,
}

impl Check {
    fn new(name: &'static str, state: State, detail: impl Into<String>) -> Self {
        Self { name, state, detail: detail.into() }
    }
}

pub(crate) fn run(context: &Context, args: cli::Json) -> Outcome {
    let config = context.config()?;
    let checks = crate::runtime()?.block_on(async {
        let mut checks = vec![data_folder(&config.data_dir)];
        checks.push(database(&config).await);
        checks.push(git());
        checks.extend(wiring::cache(&config, &context.environment).map(|cache| kept(&cache)));
        checks.push(sandbox(&config).await?);
        checks.push(listen(&config));
        Ok::<_, Failure>(checks)
    })?;
    let broken = checks.iter().any(|check| check.state == State::Broken);
    if args.json {
        terminal::print_json(&checks)?;
    } else {
        let style = context.style();
        let lines = checks.iter().fold(String::new(), |text, check| {
            let (word, look) = match check.state {
                State::Ok => ("ok     ", Look::Good),
                State::Warning => ("warning", Look::Warn),
                State::Broken => ("broken ", Look::Alarm),
            };
            let mark = format!("{word}  {:<12} ", check.name);
            text + &item(style, 0, &mark, &terminal::clean(&check.detail)).replacen(
                word,
                &style.paint(look, word),
                1,
            )
        });
        terminal::print(&lines)?;
    }
    Ok(if broken { Exit::Failed } else { Exit::Done })
}

/// Whether the data folder is there, or can be made, and can be written.
fn data_folder(folder: &Path) -> Check {
    let name = "data folder";
    if let Err(error) = fs::create_dir_all(folder) {
        return Check::new(name, State::Broken, format!("{} cannot be made: {error}", folder.display()));
    }
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    match fs::write(&probe, b"") {
        Ok(()) => {
            let _ = fs::remove_file(&probe);
            Check::new(name, State::Ok, folder.display().to_string())
        }
        Err(error) => {
            Check::new(name, State::Broken, format!("{} cannot be written: {error}", folder.display()))
        }
    }
}

/// What the command line keeps between analyses. Deleting it costs nothing but time.
fn kept(cache: &Kept) -> Check {
    let name = "cache";
    let folder = cache.folder().display();
    match cache.usage() {
        Ok(Usage { repositories: 0, .. }) => Check::new(name, State::Ok, format!("{folder}: empty")),
        Ok(Usage { repositories, bytes }) => {
            let of = if repositories == 1 { "repository" } else { "repositories" };
            let mib = bytes.div_ceil(1 << 20);
            Check::new(
                name,
                State::Ok,
                format!("{folder}: {mib} MiB of {repositories} {of}; it can be deleted at any time"),
            )
        }
        Err(error) => Check::new(name, State::Warning, format!("{folder} cannot be read: {error}")),
    }
}

async fn database(config: &Config) -> Check {
    let name = "database";
    match open(config).await.map(|db| db.engine()) {
        Ok(Engine::Sqlite) => {
            Check::new(name, State::Ok, "SQLite, in the data folder; the schema is current")
        }
        Ok(Engine::Postgres) => Check::new(name, State::Ok, "PostgreSQL; the schema is current"),
        Err(failure) => {
            let hint = failure.hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            Check::new(name, State::Broken, format!("{:#}{hint}", failure.error))
        }
    }
}

/// The database, brought up to date and answering.
async fn open(config: &Config) -> Result<Db, Failure> {
    let opened = async {
        let db = Db::open(&config.storage()).await?;
        db.ping().await?;
        Ok::<_, storage::Error>(db)
    };
    opened.await.map_err(|error| {
        Failure::from(error).hint(match config.storage() {
            storage::Config::Sqlite { .. } => "check `data_dir`: its folder must be there and yours to write",
            storage::Config::Postgres { .. } => {
                "check that the server named by `database.url` runs and lets you in"
            }
        })
    })
}

/// Git is needed for addresses only: repositories on this machine are read without it.
fn git() -> Check {
    let name = "git";
    let version = Command::new("git").arg("--version").output().ok().filter(|output| output.status.success());
    match version {
        Some(output) => {
            Check::new(name, State::Ok, String::from_utf8_lossy(&output.stdout).trim().to_owned())
        }
        None => Check::new(
            name,
            State::Warning,
            "not found; repositories on this machine work, addresses need it",
        ),
    }
}

async fn sandbox(config: &Config) -> Result<Check, Failure> {
    let name = "containment";
    let report = match wiring::supervisor(config, crate::program()?).sandbox().await {
        Ok(report) => report,
        Err(refusal) => return Ok(Check::new(name, State::Broken, refusal.detail)),
    };
    let measures = [
        (report.limits, "limits of memory and time"),
        (report.system_calls, "no network and no programs (seccomp)"),
        (report.files, "no files but the repository (Landlock)"),
    ];
    let list = |wanted: bool| {
        let named: Vec<&str> =
            measures.iter().filter(|(on, _)| *on == wanted).map(|(_, what)| *what).collect();
        named.join(", ")
    };
    Ok(if measures.iter().all(|(on, _)| *on) {
        Check::new(name, State::Ok, list(true))
    } else {
        Check::new(
            name,
            State::Warning,
            format!("in force: {}; this kernel does not give: {}", list(true), list(false)),
        )
    })
}

fn listen(config: &Config) -> Check {
    let name = "network";
    let elsewhere = config.address().is_ok_and(|address| !address.ip().is_loopback());
    if let Some(url) = config.server.public_url.as_ref().filter(|_| elsewhere)
        && config.server.trusted_proxies.is_empty()
    {
        let detail = format!(
            "{}: reached as {url}. Where requests through a proxy on another machine come from is not known, so that \
             limits by address do not count: name it in `server.trusted_proxies`",
            config.server.listen
        );
        return Check::new(name, State::Warning, detail);
    }
    if let Some(url) = &config.server.public_url {
        return Check::new(
            name,
            State::Ok,
            format!("{}: reached as {url}, through a proxy", config.server.listen),
        );
    }
    match config.address() {
        Ok(address) if address.ip().is_loopback() => {
            Check::new(name, State::Ok, format!("{address}: only this machine reaches the server"))
        }
        Ok(address) => Check::new(
            name,
            State::Warning,
            format!("{address}: other machines reach the server, over plain HTTP"),
        ),
        Err(error) => Check::new(name, State::Broken, error.to_string()),
    }
}

/// `devmentor migrate`: opening the database is what brings it up to date.
pub(crate) fn migrate(context: &Context, json: cli::Json) -> Outcome {
    let config = context.config()?;
    crate::runtime()?.block_on(async {
        let db = open(&config).await?;
        if json.json {
            let engine = match db.engine() {
                Engine::Sqlite => "sqlite",
                Engine::Postgres => "postgresql",
            };
            terminal::print_json(&serde_json::json!({ "engine": engine, "schema": "current" }))?;
        } else if !context.global.quiet {
            terminal::note("the database has the schema of this version");
        }
        db.close().await;
        Ok(Exit::Done)
    })
}
