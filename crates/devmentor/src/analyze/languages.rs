//! `devmentor languages`: the languages of a repository and its lines, and nothing else.
//!
//! The repository is read as an analysis reads it: by a child process under limits.

use repos::Source;

use super::progress::Progress;
use super::refusal::refused_folder;
use super::{cancel_on_interrupt, checkout, source};
use crate::Context;
use crate::cli;
use crate::config::Config;
use crate::exit::{Exit, Outcome};
use crate::{render, terminal, wiring};

pub(crate) fn run(context: &Context, args: &cli::Languages) -> Outcome {
    let config = context.config()?;
    let source = source(&args.source)?;
    crate::one_thread()?.block_on(languages(context, &config, args, &source))
}

async fn languages(context: &Context, config: &Config, args: &cli::Languages, source: &Source) -> Outcome {
    let cancel = cancel_on_interrupt();
    let progress = Progress::new(context.global.quiet, "");
    let branch = args.branch.as_deref();
    let checkout = checkout::obtain(context, config, source, branch, &cancel, &progress).await?;
    progress.finish();
    let survey = wiring::supervisor(config, crate::program()?)
        .languages(checkout.path(), checkout.branch(branch), &cancel)
        .await
        .map_err(|refusal| refused_folder(checkout.path(), refusal))?;
    if args.json.json {
        terminal::print_json(&survey)?;
    } else {
        terminal::print(&render::languages(&survey, &args.source, context.style(), args.all))?;
    }
    Ok(Exit::Done)
}
