//! The command that asks the mentor.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Json;

/// `devmentor ask`.
#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// The question; `-` reads it from the standard input, such as an error.
    pub(crate) question: String,
    /// The repository that it is about; without it, the one of the current folder, where there is one.
    pub(crate) path: Option<PathBuf>,
    /// What kind of answer is wanted.
    #[arg(long, value_name = "MODE", default_value = "answer")]
    pub(crate) mode: AskMode,
    /// Ask no language model: show what was found.
    #[arg(long)]
    pub(crate) no_model: bool,
    /// How many sources are shown at most.
    #[arg(long, value_name = "NUMBER", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=50))]
    pub(crate) limit: u16,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Kinds of answers as the command line spells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AskMode {
    /// The answer itself.
    Answer,
    /// Hints, so that you find it.
    Guide,
    /// What speaks for and against an idea.
    Review,
}
