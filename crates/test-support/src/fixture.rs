//! Git repositories made for one test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::OrFail;

/// Seconds between two commits, so that their order is their order in time.
const DAY: i64 = 86_400;

/// A repository in a folder of its own, removed with it. Two that are made alike have the same commits.
pub struct Fixture {
    folder: TempDir,
    commits: i64,
}

impl Fixture {
    /// A repository with one commit of these files: path and content.
    ///
    /// # Panics
    /// When git is missing or refuses.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let mut fixture =
            Self { folder: tempfile::tempdir().or_fail("a folder for the repository"), commits: 0 };
        fixture.git(&["init", "--quiet", "--initial-branch=main"]);
        fixture.commit("Start", files);
        fixture
    }

    /// A small Python project with a shell command that whoever sends a request can bend.
    pub fn insecure() -> Self {
        Self::new(&[
            (
                "src/app.py",
                "import subprocess\n\nfrom flask import Flask, request\n\napp = Flask(__name__)\n\n\n@app.get(\"/list\")\ndef run():\n    return str(subprocess.call(\"ls \" + request.args[\"name\"], shell=True))\n",
            ),
            ("requirements.txt", "flask==0.12.2\n"),
            ("README.md", "# Sample\n"),
        ])
    }

    /// Adds a commit that writes these files; empty content removes one.
    ///
    /// # Panics
    /// When git refuses.
    pub fn commit(&mut self, subject: &str, files: &[(&str, &str)]) {
        for (path, content) in files {
            let path = self.path().join(path);
            if content.is_empty() {
                fs::remove_file(&path).or_fail("a file to remove");
                continue;
            }
            fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).or_fail("a folder");
            fs::write(&path, content).or_fail("a file");
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", subject]);
        self.commits += 1;
    }

    /// The work tree.
    pub fn path(&self) -> PathBuf {
        self.folder.path().to_path_buf()
    }

    /// The path as people type it.
    pub fn source(&self) -> String {
        self.path().to_string_lossy().into_owned()
    }

    /// Runs git without the user's configuration, at a time of its own.
    fn git(&self, args: &[&str]) {
        let time = format!("{} +0000", 1_760_000_000 + self.commits * DAY);
        let output = Command::new("git")
            .args([
                "-c",
                "user.name=Fixture",
                "-c",
                "user.email=fixture@example.org",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(args)
            .current_dir(self.folder.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_DATE", &time)
            .env("GIT_COMMITTER_DATE", &time)
            .output()
            .or_fail("git");
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
