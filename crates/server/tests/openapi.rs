//! The OpenAPI document: committed, complete, and nothing in it twice.

#![expect(clippy::unwrap_used, reason = "a helper of a test that cannot go on ends the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

fn committed() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../openapi/devmentor.json")
}

fn document() -> Value {
    serde_json::to_value(server::openapi()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |path: &String, item: &'_ Value| -> Vec<(String, Value)> {
        let operations = item.as_object().unwrap().iter();
        operations.map(|(method, operation)| (format!("{method} {path}"), operation.clone())).collect()
    };
    let mut all = Vec::new();
    for (path, item) in paths {
        for (name, _) in of_path(path, item) {
            let method = name.split(' ').next().unwrap();
            all.push((name.clone(), &item[method]));
        }
    }
    all
}

/// `UPDATE_OPENAPI=1 cargo test -p server --test openapi` writes it anew.
#[test]
fn the_committed_document_is_the_one_of_this_code() {
    let now = server::openapi().to_pretty_json().unwrap() + "\n";
    #[expect(
        clippy::disallowed_methods,
        reason = "how the document is updated is no configuration of the program"
    )]
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(committed(), &now).unwrap();
    }
    let then = std::fs::read_to_string(committed()).unwrap();
    assert!(
        then == now,
        "openapi/devmentor.json is stale: run `UPDATE_OPENAPI=1 cargo test -p server --test openapi`"
    );
}

#[test]
fn operation_ids_are_unique() {
    let document = document();
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for (name, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        if let Some(other) = seen.insert(id, name.clone()) {
            panic!("{other} and {name} are both called {id}");
        }
    }
}

#[test]
fn every_operation_says_what_a_failure_looks_like_and_describes_itself() {
    let document = document();
    for (name, operation) in operations(&document) {
        let error =
            &operation["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"];
        assert_eq!(error, "#/components/schemas/Problem", "{name}");
        assert!(operation["summary"].as_str().is_some_and(|text| text.ends_with('.')), "{name}");
        for parameter in operation["parameters"].as_array().unwrap() {
            assert!(parameter["description"].is_string(), "{name}: {parameter}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let known: BTreeSet<&String> = document["components"]["schemas"].as_object().unwrap().keys().collect();
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap().to_owned();
        assert!(known.contains(&name), "{name}");
    }
}

#[test]
fn answers_hold_every_member_and_requests_may_leave_some_out() {
    let document = document();
    let schema = |name: &str| &document["components"]["schemas"][name];
    let required = |name: &str| schema(name)["required"].as_array().unwrap().len();
    let members = |name: &str| schema(name)["properties"].as_object().unwrap().len();
    for answer in ["Task", "Overview", "GradePart", "Problem", "Analysis"] {
        assert_eq!(required(answer), members(answer), "{answer}");
    }
    assert_eq!(schema("CreateTask")["required"], serde_json::json!(["title"]));
}
