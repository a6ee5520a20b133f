//! The progress of an analysis, on the error output, and only where somebody watches it.

use std::io::{self, IsTerminal};
use std::time::Duration;

use analysis::pipeline::{Phase, Progress as Step};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::render::text::count;
use crate::terminal::clean;

/// The bar. It draws nothing when the error output is not a terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    before: &'static str,
}

impl Progress {
    /// A bar, hidden when progress is not wanted. `before` stands before what is being done.
    pub(super) fn new(quiet: bool, before: &'static str) -> Self {
        let watched = !quiet && io::stderr().is_terminal();
        let target =
            if watched { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(100), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos:>3} %  {wide_msg}") {
            bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
        }
        if watched {
            bar.enable_steady_tick(Duration::from_millis(250));
        }
        Self { bar, before }
    }

    /// Shows a step.
    pub(super) fn show(&self, step: &Step) {
        // A phase can count several things one after the other: the bar goes on with the largest share.
        self.bar.set_position(self.bar.position().max(position(step)));
        self.bar.set_message(format!("{}{}", self.before, clean(&message(step))));
    }

    /// Removes the bar: the result takes its place.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Percent of the whole: the end of the phase before, and the phase's own share.
fn position(step: &Step) -> u64 {
    let end = u64::from(step.phase.percent());
    if step.finished {
        return end;
    }
    let before = Phase::ALL.iter().rev().find(|phase| **phase < step.phase);
    let start = before.map_or(0, |phase| u64::from(phase.percent()));
    match step.total.filter(|total| *total > 0) {
        Some(total) => start + (end - start) * step.done.min(total) / total,
        None => start,
    }
}

fn message(step: &Step) -> String {
    let phase = match step.phase {
        Phase::Fetch => "Fetch",
        Phase::Languages => "Languages",
        Phase::Structure => "Structure and dependencies",
        Phase::Patterns => "Patterns",
        Phase::Security => "Security",
        Phase::Quality => "Quality and history",
        Phase::Insights => "Insights",
        Phase::Save => "Save",
    };
    // What a phase has found stands in its facts; what was counted on the way is over by then.
    let counter = match step.total {
        _ if step.finished && !step.facts.is_empty() => String::new(),
        Some(total) if total > 0 => format!(" {}/{} {}", count(step.done), count(total), step.unit),
        _ if step.done > 0 => format!(" {} {}", count(step.done), step.unit),
        _ => String::new(),
    };
    let facts = if step.facts.is_empty() { String::new() } else { format!("  {}", step.facts.join(", ")) };
    format!("{phase}{counter}{facts}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(phase: Phase, finished: bool, done: u64, total: Option<u64>) -> Step {
        Step { phase, finished, done, total, unit: "files".into(), facts: Vec::new() }
    }

    #[test]
    fn the_bar_never_runs_back_or_over() {
        let mut last = 0;
        for phase in Phase::ALL {
            for (finished, done, total) in
                [(false, 0, None), (false, 5, Some(10)), (false, 20, Some(10)), (true, 10, Some(10))]
            {
                let now = position(&step(phase, finished, done, total));
                assert!(now >= last && now <= 100, "{phase:?}: {last} then {now}");
                last = now;
            }
        }
        assert_eq!(last, 100);
    }

    #[test]
    fn counters_are_shown_with_their_unit() {
        assert_eq!(message(&step(Phase::Languages, false, 3, Some(9))), "Languages 3/9 files");
        assert_eq!(
            message(&step(Phase::Languages, false, 1_300, Some(6_158))),
            "Languages 1,300/6,158 files"
        );
        assert_eq!(message(&step(Phase::Quality, false, 0, None)), "Quality and history");
        let found = Step { facts: vec!["6158 commits".into()], ..step(Phase::Fetch, true, 86, Some(86)) };
        assert_eq!(
            message(&found),
            "Fetch  6158 commits",
            "what was found, and not what was counted on the way"
        );
    }
}
