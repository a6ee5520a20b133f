//! The real binary, as scripts and people call it: help, exit codes, bad input, and one whole analysis.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its world has failed")]

mod ask;
mod ci;
mod compare;
mod documents;
mod host;
mod languages;
mod memories;
mod mistakes;
mod search;
mod sources;
mod support;
mod terminal;

use std::fs;
use std::process::Command as Program;

use support::{BINARY, devmentor, home, json, output, repository, stderr, stdout};

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
        &["analyze", ".", "--sarif", "-", "--json"],
        &["analyze", ".", "--sarif", "-", "--html", "-"],
        &["analyze", ".", "--html", "x.svg", "--diagram", "x.svg"],
        &["analyze", ".", "--diagram", "-"],
        &["compare", "nowhere.json", "nowhere.json"],
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
fn a_reader_that_leaves_is_no_error() {
    let home = home();
    let script = format!("'{BINARY}' config --template | true; echo \"${{PIPESTATUS[0]}}\"");
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
fn what_is_kept_is_where_the_data_is_and_can_be_deleted() {
    let home = home();
    repository(&home.path().join("good"));
    let kept = |folder: &[&str], more: &[&str]| json(devmentor(&home).arg("cache").args(folder).args(more));
    for folder in [&[][..], &["--data-dir", "data"]] {
        let analyze = ["analyze", "good", "--advisories", "none", "--quiet"];
        devmentor(&home).args(analyze).args(folder).assert().success();
        let found = kept(folder, &["--json"]);
        assert_eq!(found["facts"]["repositories"], 1, "{found}");
        assert!(found["facts"]["bytes"].as_u64().unwrap() > 0, "{found}");
        let place = found["facts"]["folder"].as_str().unwrap();
        let below = if folder.is_empty() { ".cache/devmentor/facts" } else { "data/cache/facts" };
        assert!(place.ends_with(below) && home.path().join(below).is_dir(), "{place}");
        let shown = stdout(devmentor(&home).arg("cache").args(folder));
        assert!(shown.contains("facts of 1 repository") && shown.contains(below), "{shown}");

        let cleared = kept(folder, &["clear", "--json"]);
        assert_eq!((&cleared["cleared"], &cleared["facts"]["repositories"]), (&true.into(), &1.into()));
        assert_eq!(kept(folder, &["--json"])["facts"]["repositories"], 0);
    }
}

#[test]
fn completions_are_scripts() {
    let home = home();
    for shell in ["bash", "zsh", "fish"] {
        assert!(stdout(devmentor(&home).args(["completions", shell])).contains("analyze"));
    }
    let page = stdout(devmentor(&home).arg("man"));
    assert!(page.contains(".TH devmentor 1") && !page.contains("analyze\\-child"), "{page}");
    assert!(stdout(devmentor(&home).args(["man", "analyze"])).contains("analyze"));
}

#[test]
fn every_finding_can_be_explained() {
    let home = home();
    repository(&home.path().join("good"));
    let report = json(devmentor(&home).args(["analyze", "good", "--json", "--advisories", "none"]));
    let rule = report["findings"][0]["rule"].as_str().unwrap().to_owned();
    let rules = json(devmentor(&home).args(["rules", "--json"]));
    let listed = rules.as_array().unwrap();
    assert!(listed.len() > 300 && listed.iter().any(|one| one["id"] == rule.as_str()));
    assert_eq!(json(devmentor(&home).args(["explain", &rule, "--json"]))["id"], rule.as_str());
    let page = stdout(devmentor(&home).args(["explain", &rule]));
    for part in ["What to do", "It sees", "It leaves alone", "[[suppress]]", "CWE-"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let some = stdout(devmentor(&home).args(["rules", "python"]));
    assert!(some.contains(&rule) && !some.contains("java.sql-injection"), "{some}");
}

#[test]
fn every_command_answers_programs_too() {
    let home = home();
    assert_eq!(json(devmentor(&home).args(["advisories", "mode", "none", "--json"]))["mode"], "none");
    let status = json(devmentor(&home).args(["advisories", "status", "--json"]));
    assert_eq!((&status["mode"], &status["sources"]), (&"none".into(), &serde_json::json!([])));
    assert_eq!(json(devmentor(&home).args(["migrate", "--json"]))["schema"], "current");
    assert!(json(devmentor(&home).args(["config", "--json"])).as_array().is_some_and(|it| it.len() > 10));
    assert!(json(devmentor(&home).arg("schema"))["properties"]["findings"].is_object());
    assert!(json(devmentor(&home).args(["doctor", "--json"])).as_array().is_some_and(|it| it.len() == 6));
    let refused = output(devmentor(&home).args(["link", "--json"]));
    assert_eq!(refused.status.code(), Some(3));
    assert!(refused.stdout.is_empty());
}

#[test]
fn what_is_missing_is_said_with_what_to_do() {
    let home = home();
    for (args, what, next) in [
        (&["link"][..], "no server is running", "`devmentor serve` starts one"),
        (&["advisories", "import", "nowhere"], "there is no folder nowhere", "layout of the OSV export"),
        (&["advisories", "import", "."], "holds no `ECOSYSTEM/all.zip`", "layout of the OSV export"),
        (&["analize", "."], "unrecognized subcommand", "`analyze`"),
        (&["advisories", "mode", "offline"], "invalid value 'offline'", "online, mirror, none"),
        (&["config", "--config", "no.toml"], "no.toml", ""),
    ] {
        let said = stderr(devmentor(&home).args(args));
        assert!(said.contains(what) && said.contains(next), "{args:?}: {said}");
        assert!(!said.contains("analyze-child"), "a command that is not for people: {said}");
    }
    let said = stderr(devmentor(&home).args(["advisories", "mode", "mirror"]));
    assert!(said.contains("Nothing was imported yet"), "{said}");
    let mut command = devmentor(&home);
    command.env("DEVMENTOR_DATABASE__URL", "postgres://127.0.0.1:nothing/x").arg("migrate");
    let said = stderr(&mut command);
    assert!(said.contains("hint: check that the server named by `database.url` runs"), "{said}");
}
