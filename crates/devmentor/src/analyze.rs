//! `devmentor analyze`: one repository, in the terminal, without a server.
//!
//! The repository is read by a child process under limits, exactly as the server does it.

mod advice;
mod checkout;
mod diagram;
mod progress;
mod refusal;
mod write;

use std::time::Instant;

use analysis::report::Report;
use base::Clock;
use repos::Source;
use repos::child::Target;
use tokio_util::sync::CancellationToken;

use crate::Context;
use crate::cli;
use crate::config::Config;
use crate::exit::{Exit, Failure, Outcome};
use crate::render::{self, View};
use crate::{terminal, wiring};
use progress::Progress;
use refusal::refused;

pub(crate) fn run(context: &Context, args: &cli::Analyze) -> Outcome {
    let config = context.config()?;
    let source = source(&args.source)?;
    write::check_targets(args)?;
    crate::runtime()?.block_on(analyze(context, &config, args, &source))
}

/// What the user named. A local path wins over everything that merely looks like an address, and a relative one is as
/// good as an absolute one; the server has no such thing.
fn source(text: &str) -> Result<Source, Failure> {
    let path = std::path::absolute(text).ok().filter(|path| path.exists());
    let path = path.and_then(|path| Source::parse(&path.to_string_lossy()).ok());
    path.map_or_else(|| Source::parse(text).map_err(refused), Ok)
}

async fn analyze(context: &Context, config: &Config, args: &cli::Analyze, source: &Source) -> Outcome {
    let start = Instant::now();
    // A question waits for the keyboard: there Ctrl-C must end the program as it always does.
    let advice = advice::Advice::choose(context, config, args).await?;
    let cancel = cancel_on_interrupt();
    let progress = Progress::new(context.global.quiet);
    let checkout =
        checkout::obtain(context, config, source, args.branch.as_deref(), &cancel, &progress).await?;

    let supervisor = wiring::supervisor(config, crate::program()?);
    let target = Target {
        path: checkout.path(),
        roots: &[],
        branch: checkout.branch(args.branch.as_deref()),
        commit: None,
    };
    let analyzed = supervisor
        .analyze(target, &cancel, |step| progress.show(&step), |packages| advice.answer(packages))
        .await;
    progress.finish();
    let report = analyzed.map_err(refused)?.report;

    write::files(args, &report)?;
    if args.json {
        terminal::print_json(&report)?;
    } else {
        let imported = advice.imported().await?;
        let view = View {
            style: context.style(),
            source: &args.source,
            took: start.elapsed(),
            all: args.all,
            imported: &imported,
            now: Clock::system().now(),
        };
        terminal::print(&render::report(&report, &view))?;
    }
    // Whether the focus is there shows only now, and a wrong one must not cost the report.
    diagram::write(args, &report)?;
    Ok(verdict(&report, args.fail_on))
}

/// Whether something was found that the user wants to fail on. Tests and examples fail nobody: their findings are
/// often on purpose, and none of them runs in production.
fn verdict(report: &Report, fail_on: Option<cli::FailOn>) -> Exit {
    let mut counted = report.findings.iter().filter(|finding| !finding.in_test);
    let found = |limit: cli::FailOn| counted.any(|finding| finding.severity >= limit.severity());
    if fail_on.is_some_and(found) { Exit::Found } else { Exit::Done }
}

/// Fires when the user presses Ctrl-C or the program is asked to end; the second time nothing is waited for.
pub(crate) fn cancel_on_interrupt() -> CancellationToken {
    let cancel = CancellationToken::new();
    let fired = cancel.clone();
    #[expect(
        clippy::disallowed_methods,
        reason = "it lives as long as the program; there is no task to wait for"
    )]
    tokio::spawn(async move {
        while crate::stop_requested().await {
            if fired.is_cancelled() {
                std::process::exit(130);
            }
            fired.cancel();
        }
    });
    cancel
}
