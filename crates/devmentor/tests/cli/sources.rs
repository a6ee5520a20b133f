//! What can be named to `devmentor analyze`, and how each thing that cannot be analysed says so.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use tempfile::TempDir;

use crate::host::Host;
use crate::support::{commit, devmentor, git, home, init, json, output, repository, stdout};

/// Settings for every command of a test.
fn configure(home: &TempDir, settings: &str) {
    let folder = home.path().join(".config/devmentor");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("devmentor.toml"), settings).unwrap();
}

/// Asserts that a source is refused with that code, that sentence and that way on, and that nothing else is said.
fn refused(home: &TempDir, args: &[&str], code: i32, what: &str, next: &str) {
    let said = output(devmentor(home).arg("analyze").args(args).args(["--advisories", "none"]));
    let text = String::from_utf8_lossy(&said.stderr);
    assert_eq!(said.status.code(), Some(code), "{args:?}: {text}");
    let hint = text.lines().nth(1).unwrap_or_default();
    assert!(text.starts_with("error: ") && text.contains(what), "{args:?}: {text}");
    assert!(
        hint.starts_with("hint: ") && hint.contains(next) && text.lines().count() == 2,
        "{args:?}: {text}"
    );
    assert!(said.stdout.is_empty(), "{args:?}");
}

#[test]
fn what_cannot_be_analysed_says_why_and_what_to_do() {
    let home = home();
    let at = |name: &str| home.path().join(name);
    fs::create_dir(at("plain")).unwrap();
    fs::write(at("file"), "text").unwrap();
    init(&at("empty"));
    repository(&at("good"));
    fs::create_dir_all(at("good/inner/most")).unwrap();
    repository(&at("damaged"));
    fs::write(at("damaged/.git/HEAD"), "nonsense").unwrap();
    init(&at("borrowing"));
    fs::create_dir_all(at("borrowing/.git/objects/info")).unwrap();
    fs::write(at("borrowing/.git/objects/info/alternates"), "/nonexistent/objects\n").unwrap();
    init(&at("sha256"));
    git(&at("sha256"), ["config", "extensions.objectformat", "sha256"]);

    for (args, code, what, next) in [
        (&["nowhere"][..], 2, "does not exist", "folder of a Git repository"),
        (&["file"], 2, "a file, not a folder", "folder of a Git repository"),
        (&["plain"], 2, "not a Git repository", "`git init`"),
        (&["good/inner/most"], 2, "inside the repository", "good` analyses the whole repository"),
        (&["damaged"], 3, "does not hold a reference", "`git fsck`"),
        (&["empty"], 2, "no commit", "make a first commit"),
        (&["good", "--branch", "missing"], 2, "no branch `missing`", "`git branch --all`"),
        (&["good", "--branch=--upload-pack=touch x"], 2, "--upload-pack", ""),
        (&["sha256"], 3, "SHA-256", "a fresh clone"),
        (&["borrowing"], 3, "`objects/info/alternates`", "git clone --no-local"),
        (&["http://example.org/a.git"], 2, "http", "https and ssh"),
        (&["git://example.org/a.git"], 2, "git", "https and ssh"),
        (&["file:///etc"], 2, "file", ""),
        (&["ext::sh -c id"], 2, "run programs", "https and ssh"),
        (&["https://user:secret@example.org/a.git"], 2, "Leave user names and tokens out", "https and ssh"),
        (&["https://example.org/a.git?x"], 2, "`?`", "https://HOST/OWNER/NAME"),
        (&["https://127.0.0.1/a.git"], 2, "not on the public network", "`repositories.allowed_hosts`"),
        (&["https://169.254.169.254/latest"], 2, "not on the public network", "`repositories.allowed_hosts`"),
    ] {
        refused(&home, args, code, what, next);
    }
}

#[test]
fn a_folder_that_may_not_be_read_says_so() {
    let home = home();
    repository(&home.path().join("closed"));
    let objects = home.path().join("closed/.git");
    fs::set_permissions(&objects, Permissions::from_mode(0o000)).unwrap();
    // The superuser reads everything; there is nothing to show then.
    if fs::read_dir(&objects).is_err() {
        refused(&home, &["closed"], 3, "may not be read", "check who may read the folder");
    }
    fs::set_permissions(&objects, Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn limits_end_an_analysis_and_say_which_they_are() {
    let home = home();
    repository(&home.path().join("good"));
    // Random, so that it does not pack.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let noise = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    let noise: Vec<u8> = noise.take(1_000_000).flatten().collect();
    fs::write(home.path().join("good/noise.bin"), noise).unwrap();
    commit(&home.path().join("good"));
    let host = Host::start();
    host.offer(&home.path().join("good"), "good.git");
    configure(&home, &format!("{}max_copy_mib = 1\n", host.settings()));
    refused(&home, &[&host.address("good.git")], 4, "larger than", "`repositories.max_copy_mib`");
    assert_eq!(
        fs::read_dir(home.path().join(".local/share/devmentor/copies")).unwrap().count(),
        0,
        "half a copy"
    );
}

#[test]
fn an_address_gives_the_report_of_the_folder() {
    let home = home();
    let good = home.path().join("good");
    repository(&good);
    init(&home.path().join("empty"));
    let host = Host::start();
    host.offer(&good, "good.git");
    host.offer(&home.path().join("empty"), "empty.git");

    // Nobody has allowed it yet: the host is not even asked.
    refused(&home, &[&host.address("good.git")], 2, "not on the public network", "allowed_hosts");
    configure(&home, &host.settings().replace("ca_file", "# ca_file"));
    refused(&home, &[&host.address("good.git")], 3, "certificate", "`repositories.ca_file`");

    configure(&home, &host.settings());
    let analyze =
        |source: &str| stdout(devmentor(&home).args(["analyze", source, "--json", "--advisories", "none"]));
    let by_address = analyze(&host.address("good.git"));
    assert_eq!(by_address, analyze("good"));
    // The second time the copy is there already.
    assert_eq!(by_address, analyze(&host.address("good.git")));
    refused(&home, &[&host.address("none.git")], 3, "no such repository", "check the spelling");
    refused(&home, &[&host.address("empty.git")], 2, "no commit", "make a first commit");
    refused(&home, &[&host.address("private/good.git")], 3, "strangers", "`repositories.tokens`");
    refused(&home, &[&host.address("good.git"), "--branch", "nope"], 2, "no branch `nope`", "--branch");
}

/// Where a report says that it left something out.
fn left_out(report: &serde_json::Value) -> Vec<(String, String)> {
    let skipped = report["coverage"]["skipped"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    skipped.map(|it| (text(&it["reason"]), text(&it["path"]))).collect()
}

#[test]
fn what_is_left_out_is_named_while_the_rest_goes_on() {
    let home = home();
    let odd = home.path().join("odd");
    repository(&odd);
    repository(&home.path().join("other"));
    git(&odd, ["submodule", "--quiet", "add", home.path().join("other").to_str().unwrap(), "vendor/other"]);
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
    fs::write(odd.join("model.py"), pointer).unwrap();
    fs::write(odd.join("deep.js"), format!("x = {}1{};\n", "[\n".repeat(20_000), "]\n".repeat(20_000)))
        .unwrap();
    fs::write(odd.join("package.json"), "{ not json").unwrap();
    fs::write(odd.join(OsStr::from_bytes(b"caf\xe9.py")), "def f():\n    pass\n").unwrap();
    symlink("src/app.py", odd.join("link.py")).unwrap();
    commit(&odd);

    let report = json(devmentor(&home).args(["analyze", "odd", "--json", "--advisories", "none"]));
    let left = left_out(&report);
    for (reason, path) in [
        ("submodule", "vendor/other"),
        ("lfs_pointer", "model.py"),
        ("too_deep", "deep.js"),
        ("malformed", "package.json"),
        ("symlink", "link.py"),
    ] {
        assert!(left.contains(&(reason.to_owned(), path.to_owned())), "{reason}: {left:?}");
    }
    assert!(
        report["files"].as_array().unwrap().iter().any(|file| file["path"] == "caf\\xE9.py"),
        "{report:#}"
    );
    assert!(!report["findings"].as_array().unwrap().is_empty());

    let text = stdout(devmentor(&home).args(["analyze", "odd", "--advisories", "none"]));
    for words in ["submodules (1)", "Git LFS (1)", "nested too deeply", "not in the format", "links (1)"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn a_shallow_clone_says_that_history_is_missing() {
    let home = home();
    let deep = home.path().join("deep");
    repository(&deep);
    fs::write(deep.join("more.py"), "x = 1\n").unwrap();
    commit(&deep);
    let from = format!("file://{}", deep.display());
    git(home.path(), ["clone", "--quiet", "--depth", "1", &from, "shallow"]);
    let text = stdout(devmentor(&home).args(["analyze", "shallow", "--advisories", "none"]));
    assert!(text.contains("shallow") && text.contains("Python"), "{text}");
}

#[test]
fn a_path_wins_over_what_looks_like_an_address() {
    let home = home();
    repository(&home.path().join("host:name"));
    let report = json(devmentor(&home).args(["analyze", "host:name", "--json", "--advisories", "none"]));
    assert_eq!(report["languages"][0]["name"], "Python");
}
