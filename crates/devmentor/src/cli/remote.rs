//! The commands that speak with a server.

use clap::{Args, Subcommand};

use super::Json;

/// `devmentor login`.
#[derive(Debug, Args)]
pub(crate) struct Login {
    /// The server, such as `https://mentor.example.org`; without it the one of the last time, or the one that runs here.
    pub(crate) server: Option<String>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// `devmentor task`.
#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    /// List the tasks of a workspace of the server, the newest first.
    #[command(after_help = super::help::TASK_LIST)]
    List(TaskList),
}

/// `devmentor task list`.
#[derive(Debug, Args)]
pub(crate) struct TaskList {
    /// The workspace's name in addresses; without it, the first of yours. A token needs it.
    #[arg(long, value_name = "NAME")]
    pub(crate) workspace: Option<String>,
    /// How many tasks at most.
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=500))]
    pub(crate) limit: u16,
    #[command(flatten)]
    pub(crate) json: Json,
}
