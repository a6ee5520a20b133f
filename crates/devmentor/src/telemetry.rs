//! Logs: one line for each event, on the error output, so that they never mix with results.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::config::{Config, LogFormat};
use crate::exit::Failure;

/// Starts logging for the rest of the process.
pub(crate) fn start(config: &Config) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&config.log.filter)
        .map_err(|error| Failure::setting(format!("`log.filter` is `{}`: {error}", config.log.filter)))?;
    let terminal = io::stderr().is_terminal();
    let json = match config.log.format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !terminal,
    };
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_span_events(FmtSpan::NONE);
    if json {
        lines.json().flatten_event(true).with_current_span(true).with_span_list(false).init();
    } else {
        lines.with_ansi(terminal).with_target(true).compact().init();
    }
    Ok(())
}
