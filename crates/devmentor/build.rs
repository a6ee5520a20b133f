//! Gives `--version` the commit that was built, so that who reports an error can say which program it was.

use std::path::Path;
use std::process::Command;

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    // A build for oneself changes with every save; only one that is passed on is named.
    let named = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = if named { commit() } else { Some("debug build".to_owned()) };
    let known = commit.map(|commit| format!(" ({commit})")).unwrap_or_default();
    println!("cargo::rustc-env=DEVMENTOR_VERSION={version}{known}");
}

/// The commit and its day; nothing outside a clone.
fn commit() -> Option<String> {
    for file in ["../../.git/HEAD", "../../.git/logs/HEAD"] {
        if Path::new(file).exists() {
            println!("cargo::rerun-if-changed={file}");
        }
    }
    let answer = Command::new("git").args(["log", "-1", "--format=%h, %cs", "--abbrev=10"]).output().ok()?;
    let text = String::from_utf8(answer.stdout).ok().filter(|_| answer.status.success())?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
