//! A command line that cannot be understood, said as every other error is: one line, and what to do.

use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Cli;
use crate::terminal::{clean, note};

/// Ends the program: with help or the version where that was asked for, else with the mistake and exit code 2.
pub(super) fn end(mistake: &clap::Error) -> ! {
    if !mistake.use_stderr() || mistake.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        mistake.exit()
    }
    note(&format!("error: {}", clean(&what(mistake))));
    note(&format!("hint: {}", clean(&next_step(mistake))));
    std::process::exit(mistake.exit_code())
}

/// The first paragraph of the explanation, on one line.
pub(super) fn what(mistake: &clap::Error) -> String {
    let text = mistake.render().to_string();
    let lines = text.lines().take_while(|line| !line.is_empty());
    let words: Vec<&str> =
        lines.map(str::trim).filter(|line| !line.starts_with("[possible values")).collect();
    words.join(" ").trim_start_matches("error: ").to_owned()
}

/// The nearest thing that can be typed, and what else can be.
pub(super) fn next_step(mistake: &clap::Error) -> String {
    let nearest: Vec<String> =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
            .into_iter()
            .flat_map(|kind| strings(mistake, kind))
            .filter(|name| mistake.kind() != ErrorKind::InvalidSubcommand || is_for_people(name))
            .map(|name| format!("`{name}`"))
            .collect();
    let nearest =
        if nearest.is_empty() { None } else { Some(format!("did you mean {}?", nearest.join(" or "))) };
    let values = strings(mistake, ContextKind::ValidValue).join(", ");
    match (nearest, values.is_empty()) {
        (Some(nearest), true) => nearest,
        (Some(nearest), false) => format!("{nearest} It is one of {values}"),
        (None, false) => format!("it is one of {values}"),
        (None, true) => format!("`{} --help` shows what can be typed", command(mistake)),
    }
}

/// Neither a command that the program starts itself, nor another spelling of one.
fn is_for_people(name: &str) -> bool {
    let program = Cli::command();
    let known = program.find_subcommand(name);
    known.is_none_or(|command| !command.is_hide_set() && command.get_name() == name)
}

fn strings(mistake: &clap::Error, kind: ContextKind) -> Vec<String> {
    match mistake.get(kind) {
        Some(ContextValue::String(one)) => vec![one.clone()],
        Some(ContextValue::Strings(several)) => several.clone(),
        _ => Vec::new(),
    }
}

/// The command that was typed, as its usage names it.
fn command(mistake: &clap::Error) -> String {
    let usage = match mistake.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string(),
        _ => String::new(),
    };
    let words = usage.split_whitespace().skip_while(|word| *word != "devmentor");
    let words: Vec<&str> = words.take_while(|word| !word.starts_with(['[', '<', '-'])).collect();
    if words.is_empty() { "devmentor".to_owned() } else { words.join(" ") }
}
