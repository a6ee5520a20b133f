//! Reading Git repositories without running Git.
//!
//! Only object ids are followed, from a commit down; nothing is ever checked out. No hook, filter, external diff,
//! file-system monitor or credential helper can run, because nothing here starts a process, and the repository's own
//! configuration is asked for its storage format and nothing else. Links inside the repository's folder that lead
//! out of it, and object folders borrowed from elsewhere, are refused, not followed.
//!
//! Reading order: [`locate`] (which folders make up the repository), [`Repository`] (open, branches, commits),
//! [`Tree`](tree::Tree) (the files of a commit), [`folder`] (one folder of it), [`history`] (who changed what),
//! [`blame`] (where the lines of a file come from), [`past`] (which contents a commit brought),
//! [`Repository::shown`] (which files a commit changed).

mod ahead;
pub mod blame;
mod changes;
mod dirs;
pub mod folder;
pub mod history;
pub(crate) mod ids;
mod name;
mod objects;
pub(crate) mod past;
mod refs;
mod repository;
mod revision;
mod shown;
pub mod tree;

pub use ahead::Ahead;
pub(crate) use changes::is_binary;
pub use dirs::{GitDirs, locate};
pub use name::display_name;
pub use objects::{ObjectError, Objects};
pub use refs::is_valid as is_branch_name;
pub use repository::{CommitInfo, Repository, Resolved};
pub use shown::{Became, ChangedFile, Shown};
