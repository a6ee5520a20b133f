//! Logs: one line for each event, on the error output, so that they never mix with results.

use std::io::{self, IsTerminal};

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Config, LogFormat};
use crate::exit::Failure;

/// Starts logging for the rest of the process.
pub(crate) fn start(config: &Config) -> Result<(), Failure> {
    let filter: Targets = config
        .log
        .filter
        .parse()
        .map_err(|error| Failure::setting(format!("`log.filter` is `{}`: {error}", config.log.filter)))?;
    let terminal = io::stderr().is_terminal();
    let json = match config.log.format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !terminal,
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let filtered = tracing_subscriber::registry().with(filter);
    if json {
        filtered.with(lines.json().flatten_event(true).with_current_span(true).with_span_list(false)).init();
    } else {
        filtered.with(lines.with_ansi(terminal).with_target(true).compact()).init();
    }
    Ok(())
}
