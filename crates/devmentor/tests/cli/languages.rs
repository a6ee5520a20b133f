//! `devmentor languages`.

use std::fs;

use serde_json::Value;

use crate::support::{devmentor, home, json, repository, stdout};

#[test]
fn languages_alone_are_those_of_an_analysis() {
    let home = home();
    repository(&home.path().join("good"));
    let alone: Value = json(devmentor(&home).args(["languages", "good", "--json"]));
    let whole: Value = json(devmentor(&home).args(["analyze", "good", "--json", "--advisories", "none"]));
    assert_eq!(alone["languages"], whole["languages"]);
    assert!(alone["languages"].as_array().is_some_and(|languages| !languages.is_empty()), "{alone}");
    assert_eq!((&alone["commit"], &alone["files"]), (&whole["commit"], &whole["coverage"]["files"]));
    let text = stdout(devmentor(&home).args(["languages", "good"]));
    let first = alone["languages"][0]["name"].as_str().unwrap();
    assert!(text.contains(first) && text.contains("comment"), "{text}");
}

#[test]
fn where_there_is_no_repository_it_says_what_an_analysis_says() {
    let home = home();
    fs::create_dir(home.path().join("plain")).unwrap();
    let said = |command: &str| {
        let output = devmentor(&home).args([command, "plain"]).assert().code(2).get_output().clone();
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(said("languages"), said("analyze"));
}
