//! Development tasks: `cargo xtask run`, `test`, `tidy`, `bench`, `bombs`, `crash` and `codegen`.
//!
//! It drives the same programs a contributor would type, and adds nothing that only it could do. It imports no
//! crate of the product: a broken product must not take its own checks down with it.
//!
//! Reading order: [`shell`] (how programs are run and their output read), then one file for each task.

mod bench;
mod bombs;
mod codegen;
mod crash;
mod http;
mod measure;
mod run;
mod services;
mod shell;
mod statements;
mod test;
mod tidy;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Development tasks of DevMentor")]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the web app and the binary, start the server and open the owner's link.
    Run(run::Args),
    /// Run every check and every test; installs what they need where it may.
    Test(test::Args),
    /// Check the structure of the sources: imports, SQL ownership, file sizes, licences, documents.
    Tidy,
    /// Measure what things cost, beside programs that do a part of the same.
    Bench(bench::Args),
    /// Analyse files made to exhaust whoever reads them, and measure what they cost.
    Bombs(bombs::Args),
    /// Kill the server in the middle of an analysis, again and again, and compare what is left.
    Crash(crash::Args),
    /// Write the OpenAPI document and the TypeScript client made from it.
    Codegen(codegen::Args),
    /// Run a program and write down what it cost.
    #[command(hide = true)]
    Measure(measure::Args),
    /// Pass requests on, and do nothing else.
    #[command(hide = true)]
    Proxy(bench::gateway::proxy::Args),
}

fn main() -> ExitCode {
    let done = match Args::parse().task {
        Task::Run(args) => run::run(&args),
        Task::Test(args) => test::run(&args),
        Task::Tidy => tidy::run(),
        Task::Bench(args) => bench::run(&args),
        Task::Bombs(args) => bombs::run(&args),
        Task::Crash(args) => crash::run(&args),
        Task::Codegen(args) => codegen::run(&args),
        Task::Measure(args) => measure::run(&args),
        Task::Proxy(args) => bench::gateway::proxy::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            shell::complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
