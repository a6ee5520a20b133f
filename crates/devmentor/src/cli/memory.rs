//! The commands of memories.

use clap::{Args, ValueEnum};

use super::Json;

/// `devmentor remember`.
#[derive(Debug, Args)]
pub(crate) struct Remember {
    /// What was learned, in one line.
    pub(crate) title: String,
    /// All of it, in Markdown; `-` reads it from the standard input.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) text: String,
    /// What kind of thing it is.
    #[arg(long, value_name = "KIND", default_value = "note")]
    pub(crate) kind: MemoryKind,
    /// A word to find it by; may be given several times.
    #[arg(long = "tag", value_name = "TAG")]
    pub(crate) tags: Vec<String>,
    /// A file, or lines of one, that it rests on: `src/main.rs:10-20`; may be given several times.
    #[arg(long = "file", value_name = "PLACE")]
    pub(crate) files: Vec<String>,
    /// Let nobody else in the workspace see it.
    #[arg(long)]
    pub(crate) private: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// `devmentor recall`.
#[derive(Debug, Args)]
pub(crate) struct Recall {
    /// A question, an error text, code; `-` reads it from the standard input.
    pub(crate) text: String,
    /// Only of this kind; may be given several times.
    #[arg(long = "kind", value_name = "KIND")]
    pub(crate) kinds: Vec<MemoryKind>,
    /// Only with this tag; may be given several times.
    #[arg(long = "tag", value_name = "TAG")]
    pub(crate) tags: Vec<String>,
    /// How many memories at most.
    #[arg(long, value_name = "NUMBER", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=50))]
    pub(crate) limit: u16,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Kinds of memories as the command line spells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MemoryKind {
    /// Anything.
    Note,
    /// What was decided, and why.
    Decision,
    /// An error, and what resolved it.
    ErrorFix,
    /// What was said about something.
    Discussion,
    /// A place worth finding again.
    Bookmark,
    /// How something is done here.
    Pattern,
}

impl MemoryKind {
    /// The kind it names.
    pub(crate) fn kind(self) -> memory::Kind {
        match self {
            Self::Note => memory::Kind::Note,
            Self::Decision => memory::Kind::Decision,
            Self::ErrorFix => memory::Kind::ErrorFix,
            Self::Discussion => memory::Kind::Discussion,
            Self::Bookmark => memory::Kind::Bookmark,
            Self::Pattern => memory::Kind::Pattern,
        }
    }
}
