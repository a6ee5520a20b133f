//! `devmentor search`.

use std::fs;

use serde_json::Value;

use crate::support::{devmentor, home, json, repository, stdout};

#[test]
fn code_is_found_with_its_place_and_what_was_read_is_kept() {
    let home = home();
    repository(&home.path().join("good"));
    let found: Value = json(devmentor(&home).args(["search", "which function runs", "good", "--json"]));
    let best = &found["passages"][0];
    let (path, start) = (best["path"].as_str().unwrap(), &best["lines"]["start"]);
    assert!(found["partial"].as_array().is_some_and(Vec::is_empty), "{found}");
    let text = stdout(devmentor(&home).args(["search", "which function runs", "good"]));
    assert!(text.contains(&format!("{path}:{start}-")), "{text}");
    let usage = stdout(devmentor(&home).args(["cache"]));
    assert!(usage.contains("1 repository"), "{usage}");
}

#[test]
fn nothing_to_look_for_and_nothing_found_say_so() {
    let home = home();
    repository(&home.path().join("good"));
    let said = stdout(devmentor(&home).args(["search", "qqqqzzzz", "good", "--symbols"]));
    assert!(said.starts_with("Nothing fits. Searched "), "{said}");
    let output = devmentor(&home).args(["search", " ", "good"]).assert().code(2).get_output().clone();
    assert!(String::from_utf8(output.stderr).unwrap().contains("nothing to look for"));
    fs::create_dir(home.path().join("plain")).unwrap();
    let of = |command: [&str; 3]| {
        let output = devmentor(&home).args(command).assert().code(2).get_output().clone();
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(
        of(["search", "text", "plain"]).contains("is not a Git repository"),
        "{}",
        of(["search", "text", "plain"])
    );
}
