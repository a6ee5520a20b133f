//! `devmentor compare`: what changed from one report to another.

use analysis::compare::compare;

use crate::cli::{self, FailOn};
use crate::exit::Outcome;
use crate::gate::Gate;
use crate::{Context, render, reports, terminal};

pub(crate) fn run(context: &Context, args: &cli::Compare) -> Outcome {
    let comparison = compare(&reports::read(&args.old)?, &reports::read(&args.new)?);
    if args.json.json {
        terminal::print_json(&comparison)?;
    } else {
        terminal::print(&render::comparison(&comparison, context.style(), args.all))?;
    }
    let gate = Gate { fail_on: args.fail_on_new.map(FailOn::severity), quiet: context.global.quiet };
    Ok(gate.of_changes(&comparison))
}
