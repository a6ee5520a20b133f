//! `cargo xtask run`: from a fresh clone to the app in the browser.

use std::time::Instant;

use anyhow::Result;

use crate::{shell, web};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Build without optimisations: sooner there after a change, but analyses take several times as long.
    #[arg(long)]
    debug: bool,
    /// Do not open a browser; the link is printed all the same.
    #[arg(long)]
    no_open: bool,
    /// Passed on to `devmentor serve`.
    #[arg(last = true)]
    serve: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let start = Instant::now();
    web::install()?;
    web::build()?;
    let mut build = shell::cargo(&["build", "--package", "devmentor"]);
    if !args.debug {
        build.arg("--release");
    }
    shell::must(build)?;
    shell::say(&format!("built in {:.0} s", start.elapsed().as_secs_f64()));

    let mut serve = shell::command(shell::binary(!args.debug), &["serve"]);
    if !args.no_open {
        serve.arg("--open");
    }
    serve.args(&args.serve);
    shell::must(serve)
}
