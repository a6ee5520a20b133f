//! `devmentor analyze`: one repository, in the terminal, without a server.
//!
//! The repository is read by a child process under limits, exactly as the server does it.

mod advice;
mod checkout;
mod diagram;
mod earlier;
pub(crate) mod languages;
mod progress;
mod refusal;
pub(crate) mod search;
mod write;

use std::time::Instant;

use analysis::compare::compare;
use analysis::finding::fingerprint;
use analysis::quality::settings::FILE as GATE_FILE;
use analysis::report::{Report, Severity, SkipReason, Skipped};
use base::Clock;
use repos::Source;
use repos::child::{Supervisor, Target};
use repos::kept::Slot;
use repos::source::folder_name;
use tokio_util::sync::CancellationToken;

use crate::Context;
use crate::cli;
use crate::config::Config;
use crate::exit::{Failure, Outcome};
use crate::gate::Gate;
use crate::render::{self, View};
use crate::{terminal, wiring};
use advice::Advice;
use checkout::Checkout;
#[cfg(test)]
pub(crate) use checkout::copy_name;
pub(crate) use checkout::{copies, is_name_of_copy};
use earlier::Earlier;
use progress::Progress;
use refusal::{refused, refused_folder};
use write::Found;

pub(crate) fn run(context: &Context, args: &cli::Analyze) -> Outcome {
    let config = context.config()?;
    let source = source(&args.source)?;
    write::check_targets(args)?;
    crate::one_thread()?.block_on(analyze(context, &config, args, &source))
}

/// What the user named. A local path wins over everything that merely looks like an address, and a relative one is as
/// good as an absolute one; the server has no such thing.
fn source(text: &str) -> Result<Source, Failure> {
    let path = std::path::absolute(text).ok().filter(|path| path.exists());
    let path = path.and_then(|path| Source::parse(&path.to_string_lossy()).ok());
    path.map_or_else(|| Source::parse(text).map_err(refused), Ok)
}

/// What the source is called: the last part of its path or address.
fn name(source: &Source) -> String {
    let text = match source {
        // A folder may have been named by a dot.
        Source::Local(path) => {
            std::fs::canonicalize(path).unwrap_or_else(|_| path.clone()).to_string_lossy().into_owned()
        }
        Source::Git(address) => address.to_string(),
    };
    let name = folder_name(&text);
    if name.is_empty() { "repository".to_owned() } else { name.to_owned() }
}

async fn analyze(context: &Context, config: &Config, args: &cli::Analyze, source: &Source) -> Outcome {
    let start = Instant::now();
    // A question waits for the keyboard: there Ctrl-C must end the program as it always does.
    let advice = Advice::choose(context, config, args).await?;
    let cancel = cancel_on_interrupt();
    let quiet = context.global.quiet;
    let progress = Progress::new(quiet, "");
    let checkout =
        checkout::obtain(context, config, source, args.branch.as_deref(), &cancel, &progress).await?;

    let mut supervisor = wiring::supervisor(config, crate::program()?);
    if args.secrets_in_history {
        supervisor = supervisor.searching_history();
    }
    if let Some(slot) = slot(context, config, &checkout).filter(|_| !args.no_cache) {
        supervisor = supervisor.keeping(slot);
    }
    if write::only_tables(args) {
        supervisor = supervisor.briefly();
    }
    let run = Run { supervisor, checkout: &checkout, advice: &advice, cancel: &cancel };
    let branch = checkout.branch(args.branch.as_deref());
    let earlier = Earlier::of(args, &run, branch).await?;
    let report = run.report(branch, None, &progress).await?;
    let older = earlier.report(&report, &run, quiet).await?;
    let comparison = older.map(|older| compare(&older, &report));

    let imported = advice.imported().await?;
    let view = View {
        style: context.style(),
        source: &args.source,
        name: &name(source),
        took: start.elapsed(),
        all: args.all,
        imported: &imported,
        now: Clock::system().now(),
    };
    let found = Found { report: &report, comparison: comparison.as_ref() };
    if !write::documents(args, found, &view)? {
        terminal::print(&render::report(&report, comparison.as_ref(), &view))?;
    }
    // Whether the focus is there shows only now, and a wrong one must not cost the report.
    diagram::write(args, &report)?;
    let gate = Gate { fail_on: fail_on(args, &report)?, quiet };
    Ok(match &comparison {
        Some(comparison) => gate.of_changes(comparison),
        None => gate.of_report(&report),
    })
}

/// Where earlier analyses and searches of this repository left what need not be examined again.
fn slot(context: &Context, config: &Config, checkout: &Checkout) -> Option<Slot> {
    let folder = checkout.path().canonicalize().ok()?;
    let cache = wiring::cache(config, &context.environment)?;
    Some(cache.slot(&fingerprint(&[&folder.to_string_lossy()])))
}

/// The gate: what was typed, else what the repository wishes. A wish that cannot be read must not let everything pass.
fn fail_on(args: &cli::Analyze, report: &Report) -> Result<Option<Severity>, Failure> {
    if let Some(typed) = args.fail_on {
        return Ok(Some(typed.severity()));
    }
    let unread = |skipped: &Skipped| skipped.path == GATE_FILE && skipped.reason == SkipReason::Malformed;
    if report.coverage.skipped.iter().any(unread) {
        return Err(Failure::usage(format!(
            "the repository's `{GATE_FILE}` is not valid, so its gate is not known"
        ))
        .hint("`fail_on` of `[gate]` is info, low, medium, high or critical; --fail-on goes past the file"));
    }
    Ok(report.gate.as_ref().map(|gate| gate.fail_on))
}

/// Everything that an analysis needs but for the name of the commit.
struct Run<'a> {
    supervisor: Supervisor,
    checkout: &'a Checkout,
    advice: &'a Advice,
    cancel: &'a CancellationToken,
}

impl Run<'_> {
    /// The report of a commit, or else of the branch's newest one.
    async fn report(
        &self,
        branch: Option<&str>,
        commit: Option<&str>,
        progress: &Progress,
    ) -> Result<Report, Failure> {
        let target = Target { path: self.checkout.path(), roots: &[], branch, commit };
        let look_up = |packages| self.advice.answer(packages);
        let analyzed =
            self.supervisor.analyze(target, self.cancel, |step| progress.show(&step), look_up).await;
        progress.finish();
        Ok(*analyzed.map_err(|refusal| refused_folder(self.checkout.path(), refusal))?.report)
    }
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
