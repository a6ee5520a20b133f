//! `devmentor ask`.

use serde_json::json;

use crate::support::{devmentor, home, json, repository, stderr, stdout};

#[test]
fn a_question_about_a_repository_is_answered_with_its_places() {
    let home = home();
    repository(&home.path().join("good"));
    stdout(devmentor(&home).args(["remember", "The text is loaded as YAML", "--kind", "decision"]));
    let asked =
        json(devmentor(&home).args(["ask", "Where does run load the text as yaml?", "good", "--json"]));
    assert_eq!((&asked["state"], &asked["answer"]["writer"]["why"]), (&json!("done"), &json!("no_model")));
    let sources = asked["answer"]["sources"].as_array().unwrap();
    let of = |kind: &str| sources.iter().find(|source| source["kind"] == kind);
    assert_eq!(of("code").unwrap()["place"]["path"], "src/app.py", "{asked}");
    assert_eq!(of("memory").unwrap()["name"], "The text is loaded as YAML");

    let text = stdout(devmentor(&home).args(["ask", "Where does run load the text as yaml?", "good"]));
    assert!(text.contains("src/app.py:") && text.contains("No language model is set up"), "{text}");
}

#[test]
fn what_cannot_be_asked_is_refused_with_a_reason() {
    let home = home();
    let mut nothing = devmentor(&home);
    nothing.args(["ask", " "]).assert().code(2);
    assert!(stderr(&mut nothing).contains("write what you want to know"));
    let mut nowhere = devmentor(&home);
    nowhere.args(["ask", "why", "no-such-folder"]).assert().code(2);
    assert!(stderr(&mut nowhere).contains("there is no folder"));
    // Without a repository here, what was learned is enough.
    let text = stdout(devmentor(&home).args(["ask", "why", "--no-model", "--quiet"]));
    assert!(text.contains("Nothing was found for this question"), "{text}");
}
