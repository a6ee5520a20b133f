//! Untrusted repositories are analysed in a process of their own.
//!
//! The same binary is started again with a hidden command that calls [`main`]. Before it looks at the repository the
//! child gives up what it does not need: memory and processor time beyond its limits, writing and creating files,
//! the network, starting programs, and, where the kernel can, reading anything but the repository. Whatever a
//! hostile file does to a parser then ends in a report of one skipped file or one failed analysis, never in the
//! server.
//!
//! The two sides speak JSON, one message a line ([`protocol`]). The child never looks anything up by itself: it asks
//! for advisories, and the supervisor answers.
//!
//! Reading order: [`protocol`], [`sandbox`], [`main`] (the child), [`Supervisor`] (the parent).

mod inside;
pub mod protocol;
pub mod sandbox;
mod supervisor;

pub use inside::main;
pub use protocol::{
    Ahead, Blame, BlameCommit, BlameRun, CommitFile, CommitShown, Definition, FileFate, Folder, FolderEntry,
    Form, FoundSymbol, Head, Lines, Part, PartKind, Passage, Probe, SearchFound, Sought, What,
};
pub use supervisor::{Analyzed, Supervisor, Target};
