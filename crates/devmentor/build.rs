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

/// The commit, its day, and whether what is built differs from it; nothing outside a clone.
fn commit() -> Option<String> {
    // An archive that lies in somebody else's clone is not of its commit.
    let root = Path::new("../..").canonicalize().ok()?;
    if Path::new(&git(&["rev-parse", "--show-toplevel"])?) != root {
        return None;
    }
    for file in [".git/HEAD", ".git/logs/HEAD"].map(|file| root.join(file)) {
        if file.exists() {
            println!("cargo::rerun-if-changed={}", file.display());
        }
    }
    let commit = git(&["log", "-1", "--format=%h, %cs", "--abbrev=10"]).filter(|text| !text.is_empty())?;
    let changed = !git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty();
    Some(commit + if changed { ", with changes" } else { "" })
}

fn git(args: &[&str]) -> Option<String> {
    let answer = Command::new("git").args(args).output().ok()?;
    let text = String::from_utf8(answer.stdout).ok().filter(|_| answer.status.success())?;
    Some(text.trim().to_owned())
}
