//! The binary: what is typed, what is configured, and how the parts are joined.
//!
//! It reads the command line and the environment, builds every part of the product in one function, and shows
//! results in a terminal. It deliberately knows no SQL and no rule of any context: a command says *what* is
//! wanted, the context decides.
//!
//! Reading order: [`cli`] (what can be typed), [`config`] (what can be set), `wiring` (how the parts are
//! joined), then one file for each command; [`exit`] (how a command ends) and [`terminal`] (what may be shown).

mod advisories;
mod analyze;
mod ask;
mod cache;
mod cli;
mod commands;
mod compare;
pub mod config;
mod doctor;
mod exit;
mod gate;
mod html;
mod keys;
mod knowledge;
mod memories;
pub mod nodes;
mod remote;
mod render;
mod reports;
mod rules;
mod serve;
mod telemetry;
mod terminal;
pub mod wiring;

use std::process::ExitCode;

use cli::{Cli, Command};
use config::Environment;
use exit::{Exit, Failure, Outcome};
use terminal::Style;

/// What every command is told.
struct Context {
    environment: Environment,
    global: cli::Global,
    flags: Vec<config::Flag>,
}

impl Context {
    /// The configuration in force; a mistake in it ends the command.
    fn config(&self) -> Result<config::Config, Failure> {
        config::Config::load(&self.flags, &self.environment, self.global.config.as_deref())
            .map_err(Failure::setting)
    }

    /// How the standard output shows results.
    fn style(&self) -> Style {
        Style::of_stdout(self.global.no_color || self.environment.declines_color())
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = Cli::of_process();
    let environment = Environment::of_process();
    let flags = config::flags(&cli.global, &cli.command);
    let context = Context { environment, global: cli.global, flags };
    let outcome = run(&context, cli.command);
    end(outcome).into()
}

fn run(context: &Context, command: Command) -> Outcome {
    match command {
        Command::Config(args) => commands::config(context, &args),
        Command::Cache(args) => cache::run(context, &args),
        Command::Rules(args) => rules::list(context, &args),
        Command::Explain(args) => rules::explain(context, &args),
        Command::Completions { shell } => commands::completions(shell),
        Command::Man { command } => commands::man(command.as_deref()),
        Command::Analyze(args) => analyze::run(context, &args),
        Command::Languages(args) => analyze::languages::run(context, &args),
        Command::Search(args) => analyze::search::run(context, &args),
        Command::AnalyzeChild => child(),
        Command::Serve(args) => serve::run(context, &args),
        Command::Link(json) => serve::link(context, json),
        Command::Login(args) => remote::login(context, &args),
        Command::Logout(json) => remote::logout(context, json),
        Command::Whoami(json) => remote::whoami(context, json),
        Command::Task(command) => remote::task(context, &command),
        Command::Ask(args) => ask::run(context, &args),
        Command::Remember(args) => memories::remember(context, &args),
        Command::Recall(args) => memories::recall(context, &args),
        Command::Reindex(json) => memories::reindex(context, json),
        Command::Doctor(args) => doctor::run(context, args),
        Command::Migrate(json) => doctor::migrate(context, json),
        Command::Schema { of } => commands::schema(of),
        Command::Compare(args) => compare::run(context, &args),
        Command::Openapi => commands::openapi(),
        Command::Secrets(command) => keys::run(context, &command),
        Command::Advisories(command) => advisories::run(context, &command),
    }
}

/// The other side of an analysis: reads its task from the standard input, answers on the standard output.
///
/// It ends the process itself, because nothing of this program may run after it gave up its rights.
fn child() -> Outcome {
    let code = repos::child::main(std::io::stdin(), std::io::stdout());
    std::process::exit(i32::from(code))
}

/// This program, to be started again as a child.
fn program() -> Result<std::path::PathBuf, Failure> {
    std::env::current_exe()
        .map_err(|error| Failure::failed(format!("the program cannot find itself: {error}")))
}

/// The asynchronous runtime of a command, which waits for one thing at a time: other threads would only be started.
fn one_thread() -> Result<tokio::runtime::Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

/// The asynchronous runtime of what does several things at a time.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// Waits for Ctrl-C or the wish of the system that the program ends.
async fn stop_requested() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return tokio::signal::ctrl_c().await.is_ok();
    };
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed.is_ok(),
        asked = terminate.recv() => asked.is_some(),
    }
}

/// Says what went wrong, once, and how the program ends.
fn end(outcome: Outcome) -> Exit {
    match outcome {
        Ok(exit) => exit,
        Err(failure) if failure.is_broken_pipe() => Exit::Done,
        Err(failure) => {
            if failure.exit != Exit::Interrupted {
                terminal::note(&format!("error: {}", terminal::clean(&format!("{:#}", failure.error))));
                terminal::note(&format!("hint: {}", terminal::clean(failure.next_step())));
            }
            failure.exit
        }
    }
}
