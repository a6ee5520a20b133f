//! Repositories made for tests, with fixed people and times.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use repos::Limits;
use repos::child::Supervisor;
use tempfile::TempDir;

/// Python in which every analysis finds something.
pub(crate) const CALLS_A_SHELL: &str =
    "import subprocess\n\ndef run(name):\n    subprocess.call(\"ls \" + name, shell=True)\n";

/// A supervisor of the test's own child.
pub(crate) fn supervisor() -> Supervisor {
    limited(Limits::default())
}

/// The same with other limits.
pub(crate) fn limited(limits: Limits) -> Supervisor {
    Supervisor::new(PathBuf::from(env!("CARGO_BIN_EXE_analyze-child")), [], limits)
}

/// A work tree in a folder of its own.
pub(crate) struct Repo {
    pub(crate) dir: TempDir,
    clock: i64,
}

impl Repo {
    /// A repository without a commit.
    pub(crate) fn empty() -> Self {
        let repo = Self { dir: TempDir::new().unwrap(), clock: 1_780_000_000 };
        repo.git(["init", "-q", "-b", "main"]);
        repo
    }

    /// A repository with one commit of these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let mut repo = Self::empty();
        for (path, text) in files {
            repo.write(path, text);
        }
        repo.commit("Begin");
        repo
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Commits everything, an hour after the last time.
    pub(crate) fn commit(&mut self, message: &str) -> String {
        self.clock += 3_600;
        self.git(["add", "-A"]);
        self.git(["commit", "-q", "--allow-empty", "-m", message]);
        self.git(["rev-parse", "HEAD"])
    }

    /// Lets days pass.
    pub(crate) fn later(&mut self, days: i64) {
        self.clock += days * 86_400;
    }

    /// Runs git and gives its answer.
    pub(crate) fn git(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> String {
        self.git_with(args, b"")
    }

    /// The same with something to read.
    pub(crate) fn git_with(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>, input: &[u8]) -> String {
        use std::io::Write as _;
        let date = format!("{} +0000", self.clock);
        let mut child = Command::new("git")
            .args(["-c", "core.autocrlf=false", "-c", "gc.auto=0", "-c", "protocol.file.allow=always"])
            .args(args)
            .current_dir(self.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_AUTHOR_NAME", "Ada Example")
            .env("GIT_AUTHOR_EMAIL", "ada@example.org")
            .env("GIT_COMMITTER_NAME", "Ada Example")
            .env("GIT_COMMITTER_EMAIL", "ada@example.org")
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_DATE", &date)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "git failed: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}
