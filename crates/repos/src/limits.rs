//! How much of a repository is read at most, and what reading it may cost.

use serde::{Deserialize, Serialize};

/// Bounds on one analysis. Reaching one never fails the analysis where a partial answer is honest: the report then
/// says what was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Files of one commit that are looked at.
    pub files: u64,
    /// Bytes of one file; larger ones are skipped unread.
    pub file_bytes: u64,
    /// Bytes of all files that are read.
    pub total_bytes: u64,
    /// Folders of one commit that are opened.
    pub folders: u64,
    /// Nesting of folders.
    pub depth: u32,
    /// Bytes of one path.
    pub path_bytes: usize,
    /// Bytes of one folder's object.
    pub folder_bytes: u64,
    /// Bytes of one commit's object; the message is most of it.
    pub commit_bytes: u64,
    /// Commits of the history that are read.
    pub commits: usize,
    /// Days before the analysed commit in which commits are compared with their parents.
    pub window_days: u32,
    /// Files of one commit of the history that are listed; a commit with more is marked as cut.
    pub changes_per_commit: usize,
    /// Bytes of a file whose lines are compared between two commits.
    pub diff_bytes: u64,
    /// Whether the contents of the history are searched for credentials, also where the repository does not wish it.
    pub past_secrets: bool,
    /// Bytes of the contents that commits brought, the newest first, up to which the history is searched.
    pub past_bytes: u64,
    /// Bytes of a single allocation that data in the repository may cause.
    pub object_bytes: usize,
    /// Threads that examine files.
    pub threads: usize,
    /// Address space of the analysis process beyond the mapped packs, in bytes.
    pub memory_bytes: u64,
    /// Processor time of the analysis process, in seconds.
    pub cpu_seconds: u64,
    /// Time until the analysis process is ended, in seconds.
    pub wall_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            files: 100_000,
            file_bytes: 5 << 20,
            total_bytes: 4 << 30,
            folders: 200_000,
            depth: 128,
            path_bytes: 4_096,
            folder_bytes: 64 << 20,
            commit_bytes: 1 << 20,
            commits: 20_000,
            window_days: 365,
            changes_per_commit: 1_000,
            diff_bytes: 1 << 20,
            past_secrets: false,
            past_bytes: 8 << 30,
            object_bytes: 256 << 20,
            threads: 2,
            memory_bytes: 3 << 30,
            cpu_seconds: 900,
            wall_seconds: 1_800,
        }
    }
}
