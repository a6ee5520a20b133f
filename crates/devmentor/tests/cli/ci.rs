//! The hook that the documentation offers, run by the real Git.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command as Program, Output};

use crate::support::{BINARY, PATH, commit, git, home, init, repository};

fn push(folder: &Path, home: &Path, what: &[&str]) -> Output {
    let beside = Path::new(BINARY).parent().unwrap().display().to_string();
    Program::new("git")
        .args(["push", "--quiet", "origin"])
        .args(what)
        .current_dir(folder)
        .env_clear()
        .env("HOME", home)
        .env("PATH", format!("{beside}:{PATH}"))
        .output()
        .unwrap()
}

#[test]
fn the_hook_stops_a_push_that_brings_something() {
    let home = home();
    let good = home.path().join("good");
    repository(&good);
    let bare = home.path().join("bare.git");
    init(&bare);
    git(&bare, ["config", "core.bare", "true"]);
    git(&good, ["remote", "add", "origin", bare.join(".git").to_str().unwrap()]);
    let hook = good.join(".git/hooks/pre-push");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ci/pre-push"), &hook).unwrap();
    fs::set_permissions(&hook, Permissions::from_mode(0o755)).unwrap();

    // What the first commit has was there before the hook.
    let done = push(&good, home.path(), &["main"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    // A branch that changes nothing passes, a tag too, and so does its deletion.
    git(&good, ["switch", "-q", "-c", "topic"]);
    fs::write(good.join("note.txt"), "nothing to find\n").unwrap();
    commit(&good);
    git(&good, ["tag", "v1"]);
    for what in [&["topic"][..], &["v1"], &["--delete", "topic"]] {
        let done = push(&good, home.path(), what);
        assert!(done.status.success(), "{what:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
    // One that brings something does not, and says what.
    fs::write(
        good.join("src/more.py"),
        "import yaml\n\n\ndef more(text):\n    return yaml.load(text, Loader=yaml.Loader)\n",
    )
    .unwrap();
    commit(&good);
    let stopped = push(&good, home.path(), &["topic"]);
    let said = String::from_utf8_lossy(&stopped.stderr);
    assert!(!stopped.status.success() && said.contains("src/more.py:5") && said.contains("gate: "), "{said}");
}
