//! Development tasks: `cargo xtask run`, `test`, `tidy`, `bench`, `crash` and `codegen`.
//!
//! It drives the same programs a contributor would type, and adds nothing that only it could do. It imports no
//! crate of the product: a broken product must not take its own checks down with it.
//!
//! Reading order: [`shell`] (how programs are run and their output read), then one file for each task.

mod bench;
mod codegen;
mod crash;
mod http;
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
    /// Measure the analysis of a repository.
    Bench(bench::Args),
    /// Kill the server in the middle of an analysis, again and again, and compare what is left.
    Crash(crash::Args),
    /// Write the OpenAPI document and the TypeScript client made from it.
    Codegen(codegen::Args),
}

fn main() -> ExitCode {
    let done = match Args::parse().task {
        Task::Run(args) => run::run(&args),
        Task::Test(args) => test::run(&args),
        Task::Tidy => tidy::run(),
        Task::Bench(args) => bench::run(&args),
        Task::Crash(args) => crash::run(&args),
        Task::Codegen(args) => codegen::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            shell::complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
