//! The binary in a world of its own, and repositories to give it.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command as Program, Output};

use assert_cmd::Command;
use tempfile::TempDir;

/// The program under test.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_devmentor");

/// What every program of a test finds on its path.
pub(crate) const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The binary over a data folder of its own and an environment without anything of the caller's.
pub(crate) fn devmentor(home: &TempDir) -> Command {
    let mut command = Command::new(BINARY);
    command.env_clear().env("HOME", home.path()).env("PATH", PATH).current_dir(home.path());
    command
}

pub(crate) fn home() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Runs git in a folder, without the user's configuration, and gives its answer.
pub(crate) fn git(folder: &Path, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> String {
    let done = Program::new("git")
        .args(["-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "commit.gpgsign=false"])
        .args(["-c", "protocol.file.allow=always"])
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_DATE", "2025-11-14T00:00:00Z")
        .env("GIT_COMMITTER_DATE", "2025-11-14T00:00:00Z")
        .output()
        .unwrap();
    assert!(done.status.success(), "git: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

/// Makes a repository without a commit.
pub(crate) fn init(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    git(folder, ["init", "--quiet", "--initial-branch=main"]);
}

/// Commits everything that is there.
pub(crate) fn commit(folder: &Path) {
    git(folder, ["add", "--all"]);
    git(folder, ["commit", "--quiet", "-m", "Start"]);
}

/// A repository with something to find in it.
pub(crate) fn repository(folder: &Path) {
    init(folder);
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(
        folder.join("src/app.py"),
        "import yaml\n\n\ndef run(text):\n    return yaml.load(text, Loader=yaml.Loader)\n",
    )
    .unwrap();
    fs::write(folder.join("requirements.txt"), "flask==0.12.2\nrequests>=2\n").unwrap();
    commit(folder);
}

pub(crate) fn output(command: &mut Command) -> Output {
    command.assert().get_output().clone()
}

pub(crate) fn stdout(command: &mut Command) -> String {
    String::from_utf8(output(command).stdout).unwrap()
}

pub(crate) fn stderr(command: &mut Command) -> String {
    String::from_utf8(output(command).stderr).unwrap()
}

/// What a command prints, as JSON.
pub(crate) fn json(command: &mut Command) -> serde_json::Value {
    serde_json::from_str(&stdout(command)).unwrap()
}
