//! `devmentor remember`, `recall` and `reindex`.

use serde_json::json;

use crate::support::{devmentor, home, json, stderr, stdout};

#[test]
fn what_is_remembered_is_recalled_and_says_why() {
    let home = home();
    let saved = json(
        devmentor(&home)
            .args(["remember", "Uploads need a port of their own", "--kind", "decision"])
            .args(["--tag", "Uploads", "--file", "src/upload.rs:10-20", "--text", "-", "--json"])
            .write_stdin("Two tests that share one fail\nwhen they meet.\n"),
    );
    assert_eq!(
        (&saved["kind"], &saved["tags"], &saved["text"]),
        (&json!("decision"), &json!(["uploads"]), &json!("Two tests that share one fail\nwhen they meet."))
    );
    stdout(devmentor(&home).args(["remember", "Bake the cake for forty minutes"]));

    let found = json(devmentor(&home).args(["recall", "why does the upload test fail", "--json"]));
    let first = &found["memories"][0];
    assert_eq!(first["memory"]["id"], saved["id"]);
    assert_eq!(first["memory"]["evidence"][0]["target"], "src/upload.rs:10-20");
    assert!(first["why"]["terms"].as_array().is_some_and(|terms| !terms.is_empty()), "{found}");
    let asked =
        json(devmentor(&home).args(["recall", "-", "--kind", "note", "--json"]).write_stdin("upload cake"));
    assert_eq!(asked["memories"].as_array().map(Vec::len), Some(1), "{asked}");

    let text = stdout(devmentor(&home).args(["recall", "uploads"]));
    assert!(text.contains("Uploads need a port of their own\n") && text.contains("#uploads"), "{text}");
    assert_eq!(json(devmentor(&home).args(["reindex", "--json"])), json!({ "memories": 2 }));
    let text = stdout(devmentor(&home).args(["recall", "uploads"]));
    assert!(text.starts_with("Uploads need a port of their own\n"), "{text}");
}

#[test]
fn what_is_no_memory_is_refused_and_nothing_known_is_said() {
    let home = home();
    let mut refused = devmentor(&home);
    refused.args(["remember", "  "]).assert().code(2);
    assert!(stderr(&mut refused).contains("a memory needs a title"));
    let text = stdout(devmentor(&home).args(["recall", "anything"]));
    assert!(text.contains("`devmentor remember` saves what you find out"), "{text}");
    devmentor(&home).args(["recall", "x", "--limit", "0"]).assert().code(2);
}
