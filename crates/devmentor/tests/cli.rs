//! The real binary, as scripts and people call it: help, exit codes, bad input, and one whole analysis.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its world has failed")]

use std::fs;
use std::path::Path;
use std::process::Command as Program;

use assert_cmd::Command;
use tempfile::TempDir;

/// The binary over a data folder of its own and an environment without anything of the caller's.
fn devmentor(home: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_devmentor"));
    command
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .current_dir(home.path());
    command
}

fn home() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Runs git in a folder, without the user's configuration.
fn git(folder: &Path, args: &[&str]) {
    let done = Program::new("git")
        .args(["-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "commit.gpgsign=false"])
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_DATE", "2025-11-14T00:00:00Z")
        .env("GIT_COMMITTER_DATE", "2025-11-14T00:00:00Z")
        .output()
        .unwrap();
    assert!(done.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A repository with something to find in it.
fn repository(folder: &Path) {
    fs::create_dir_all(folder.join("src")).unwrap();
    git(folder, &["init", "--quiet", "--initial-branch=main"]);
    fs::write(
        folder.join("src/app.py"),
        "import subprocess\n\n\ndef run(name):\n    return subprocess.call(\"ls \" + name, shell=True)\n",
    )
    .unwrap();
    fs::write(folder.join("requirements.txt"), "flask==0.12.2\nrequests>=2\n").unwrap();
    git(folder, &["add", "."]);
    git(folder, &["commit", "--quiet", "-m", "Start"]);
}

fn stdout(command: &mut Command) -> String {
    String::from_utf8(command.assert().get_output().stdout.clone()).unwrap()
}

fn stderr(command: &mut Command) -> String {
    String::from_utf8(command.assert().get_output().stderr.clone()).unwrap()
}

#[test]
fn help_names_every_command_and_exit_code() {
    let home = home();
    let help = stdout(devmentor(&home).arg("--help"));
    for word in
        ["serve", "analyze", "advisories", "link", "config", "doctor", "migrate", "completions", "130"]
    {
        assert!(help.contains(word), "{word}: {help}");
    }
    assert!(!help.contains("analyze-child"), "{help}");
    assert!(stdout(devmentor(&home).args(["analyze", "--help"])).contains("Exit codes"));
}

#[test]
fn mistakes_of_the_command_line_are_exit_code_2() {
    let home = home();
    for args in [
        &["analize", "."][..],
        &["analyze"],
        &["analyze", ".", "--fail-on", "awful"],
        &["analyze", ".", "--sarif", "no/such/folder/x.sarif"],
        &["analyze", ".", "--sarif", "x", "--sbom", "x"],
        &["config", "--config", "missing.toml"],
        &["serve", "--listen", "0.0.0.0:0"],
        &["serve", "--listen", "localhost"],
    ] {
        devmentor(&home).args(args).assert().code(2);
    }
    let refused = stderr(devmentor(&home).args(["serve", "--listen", "0.0.0.0:0"]));
    assert!(refused.contains("--allow-network"), "{refused}");
}

#[test]
fn sources_that_cannot_be_analysed_say_why() {
    let home = home();
    let at = |name: &str| home.path().join(name);
    fs::create_dir(at("plain")).unwrap();
    fs::create_dir(at("empty")).unwrap();
    git(&at("empty"), &["init", "--quiet"]);
    repository(&at("good"));
    for (args, code) in [
        (&["nowhere"][..], 2),
        (&["plain"], 2),
        (&["empty"], 2),
        (&["good", "--branch", "missing"], 2),
        (&["good", "--branch=--upload-pack=touch x"], 2),
        (&["http://example.org/a.git"], 2),
        (&["git://example.org/a.git"], 2),
        (&["file:///etc"], 2),
        (&["ext::sh -c id"], 2),
        (&["https://127.0.0.1/a.git"], 2),
        (&["https://169.254.169.254/latest"], 2),
    ] {
        let mut command = devmentor(&home);
        let assert = command.arg("analyze").args(args).args(["--advisories", "none"]).assert();
        let output = assert.get_output();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.starts_with("error: ") && said.lines().count() <= 2, "{args:?}: {said}");
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn a_repository_is_analysed_without_a_server() {
    let home = home();
    repository(&home.path().join("good"));
    let text = stdout(devmentor(&home).args(["analyze", "good", "--advisories", "none"]));
    assert!(text.contains("Python") && text.contains("PyPI") && text.contains("not checked"), "{text}");
    assert!(!text.contains('\u{1b}'), "colours in a pipe: {text}");

    let json = stdout(devmentor(&home).args(["analyze", "good", "--json", "--advisories", "none"]));
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["languages"][0]["name"], "Python");
    // The same commit gives the same bytes.
    assert_eq!(json, stdout(devmentor(&home).args(["analyze", "good", "--json", "--advisories", "none"])));
}

#[test]
fn findings_decide_the_exit_code_only_when_asked_to() {
    let home = home();
    repository(&home.path().join("good"));
    let analyze = |more: &[&str]| {
        let mut command = devmentor(&home);
        command.args(["analyze", "good", "--quiet", "--advisories", "none"]).args(more);
        command.assert().get_output().status.code()
    };
    assert_eq!(analyze(&[]), Some(0));
    assert_eq!(analyze(&["--fail-on", "high"]), Some(1));
}

#[test]
fn other_formats_are_written_beside_the_output() {
    let home = home();
    repository(&home.path().join("good"));
    let args = ["analyze", "good", "--advisories", "none", "--sarif", "a.sarif", "--sbom", "a.cdx.json"];
    devmentor(&home).args(args).assert().success();
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&fs::read(home.path().join(name)).unwrap()).unwrap()
    };
    assert_eq!(read("a.sarif")["version"], "2.1.0");
    assert_eq!(read("a.cdx.json")["bomFormat"], "CycloneDX");
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let home = home();
    let script = format!(
        "'{}' config --template | true; echo \"${{PIPESTATUS[0]}}\"",
        env!("CARGO_BIN_EXE_devmentor")
    );
    let done = Program::new("bash").args(["-c", &script]).env("HOME", home.path()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&done.stdout).trim(), "0");
    assert!(done.stderr.is_empty(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_configuration_says_where_each_value_comes_from() {
    let home = home();
    fs::create_dir_all(home.path().join(".config/devmentor")).unwrap();
    fs::write(home.path().join(".config/devmentor/devmentor.toml"), "[jobs]\nworkers = 3\n").unwrap();
    let mut command = devmentor(&home);
    command.env("DEVMENTOR_DATABASE__URL", "postgres://ana:hunter2@db/mentor").arg("config");
    let text = stdout(&mut command);
    assert!(text.contains("jobs.workers = 3") && text.contains("devmentor.toml"), "{text}");
    assert!(
        text.contains("environment variable DEVMENTOR_DATABASE__URL") && !text.contains("hunter2"),
        "{text}"
    );
}

#[test]
fn the_doctor_finds_a_folder_it_cannot_use() {
    let home = home();
    fs::write(home.path().join("file"), "").unwrap();
    let mut command = devmentor(&home);
    let assert = command.args(["doctor", "--data-dir", "file/below", "--json"]).assert().code(3);
    let checks: serde_json::Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    assert_eq!(checks[0]["state"], "broken");
    devmentor(&home).arg("doctor").assert().success();
}

#[test]
fn completions_are_scripts() {
    let home = home();
    for shell in ["bash", "zsh", "fish"] {
        assert!(stdout(devmentor(&home).args(["completions", shell])).contains("analyze"));
    }
}
