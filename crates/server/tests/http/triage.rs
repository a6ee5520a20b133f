//! What people decide about findings, over HTTP.

use analysis::report::{FindingKind, Severity};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::harness::Server;
use crate::reports::{REPO, analysed, analysed_as, finding, report};

#[tokio::test]
async fn shipped_code_and_tests_are_told_apart() {
    let server = Server::start().await;
    let mut report = report();
    let mut in_test = finding(4, Severity::High, FindingKind::Security, "examples/d.ts");
    in_test.in_test = true;
    in_test.in_example = true;
    report.findings.push(in_test);
    let owner = analysed_as(&server, &report).await;
    let shipped = owner.get(&format!("{REPO}/findings?code=shipped")).await.json();
    assert_eq!(
        (&shipped["total"], &shipped["facets"]["code"]),
        (
            &json!(3),
            &json!([
                { "value": "shipped", "count": 3 },
                { "value": "tests", "count": 1 },
            ])
        )
    );
    let tests = owner.get(&format!("{REPO}/findings?code=tests")).await.json();
    assert_eq!((&tests["total"], &tests["items"][0]["in_example"]), (&json!(1), &json!(true)));
    assert_eq!(owner.get(&format!("{REPO}/findings?folder=src,.")).await.json()["total"], 3);
    assert_eq!(owner.get(&format!("{REPO}/findings?code=both")).await.problem(), "malformed");
    let repo = owner.get(REPO).await.json()["data"].clone();
    assert_eq!(
        (&repo["findings"]["shipped"]["high"], &repo["findings"]["tests"]["high"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(repo["open_insights"], 1);
}

#[tokio::test]
async fn findings_are_suppressed_previewed_and_brought_back() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let at = format!("{REPO}/suppressions");
    let rows = owner.get(&format!("{REPO}/findings")).await.json()["items"].clone();
    let ids: Vec<&Value> = rows.as_array().unwrap().iter().take(2).map(|row| &row["id"]).collect();
    let target = json!({ "scope": "findings", "ids": ids });
    let preview = owner.post(&format!("{at}/preview"), target.clone()).await;
    assert_eq!((preview.status, &preview.json()["total"]), (StatusCode::OK, &json!(2)), "{}", preview.text());

    let refused = owner.post(&at, json!({ "kind": "accepted_risk", "target": target })).await;
    assert_eq!(
        (refused.problem().as_str(), &refused.json()["errors"][0]["field"]),
        ("invalid", &json!("/reason"))
    );
    let body = json!({ "kind": "accepted_risk", "reason": "known", "target": target, "days": 30 });
    let made = owner.post(&at, body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    assert_eq!((&made["findings"], &made["mine"], &made["ended"]), (&json!(2), &json!(true), &json!(false)));

    let list = owner.get(&format!("{REPO}/findings")).await.json();
    assert_eq!((&list["total"], &list["can"]["triage"]), (&json!(1), &json!(true)));
    let hidden = owner.get(&format!("{REPO}/findings?state=suppressed")).await.json();
    assert_eq!(hidden["items"][0]["suppressed"]["id"], made["id"]);
    assert_eq!(hidden["suppressions"][made["id"].as_str().unwrap()]["reason"], "known");
    let overview = owner.get(&format!("{REPO}/report")).await.json()["data"].clone();
    assert_eq!(overview["counts"]["findings"]["suppressed"], 2);
    assert_eq!(overview["quality"]["grade"], "B", "the grade is the report's");
    let told = owner.get(&format!("{REPO}/explain?figure=findings")).await.json()["data"].clone();
    assert_eq!(told["value"], "1");

    assert_eq!(owner.get(&at).await.json()["data"]["items"].as_array().unwrap().len(), 1);
    let one = format!("{at}/{}", made["id"].as_str().unwrap());
    assert_eq!(owner.call("DELETE", &format!("{one}?version=9"), None).await.problem(), "changed");
    assert_eq!(owner.call("DELETE", &format!("{one}?version=1"), None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.get(&format!("{REPO}/findings")).await.json()["total"], 3);
}

#[tokio::test]
async fn all_that_pass_a_filter_are_suppressed_at_once() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let target = json!({ "scope": "filter", "filter": { "path": "src", "code": "shipped" } });
    let made = owner
        .post(&format!("{REPO}/suppressions"), json!({ "kind": "false_positive", "target": target }))
        .await;
    assert_eq!((made.status, &made.json()["findings"]), (StatusCode::CREATED, &json!(2)), "{}", made.text());
    let wrong = json!({ "scope": "filter", "filter": { "colour": "red" } });
    let refused = async |path: &str, body| {
        let answer = owner.post(&format!("{REPO}/suppressions{path}"), body).await;
        (answer.problem(), answer.json()["errors"][0]["field"].as_str().unwrap_or_default().to_owned())
    };
    let made = |target: &Value| json!({ "kind": "false_positive", "target": target });
    let said = |field: &str| ("invalid".to_owned(), field.to_owned());
    assert_eq!(refused("/preview", wrong.clone()).await, said("/filter"));
    assert_eq!(refused("", made(&wrong)).await, said("/target/filter"));
    let no_place = json!({ "scope": "file", "rule": "rule.1", "path": "" });
    assert_eq!(refused("", made(&no_place)).await, said("/target/path"));
    let nothing = json!({ "scope": "rule", "rule": "rule.none" });
    assert_eq!(refused("", made(&nothing)).await, said("/target/scope"));
}

#[tokio::test]
async fn a_baseline_is_set_seen_and_taken_away() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let analysis = owner.get(&format!("{REPO}/report")).await.json()["data"]["analysis"].clone();
    let at = format!("{REPO}/baseline");
    let set = owner.call("PUT", &at, Some(json!({ "version": 0, "analysis": analysis }))).await;
    assert_eq!((set.status, &set.json()["version"]), (StatusCode::OK, &json!(1)), "{}", set.text());
    let hidden = owner.get(&format!("{REPO}/findings")).await.json();
    assert_eq!((&hidden["total"], &hidden["before_baseline"]), (&json!(0), &json!(3)));
    assert_eq!(owner.get(&format!("{REPO}/findings?baseline=show")).await.json()["total"], 3);
    let late = owner.call("PUT", &at, Some(json!({ "version": 0, "analysis": null }))).await;
    assert_eq!(late.problem(), "changed");
}

#[tokio::test]
async fn a_word_about_a_finding_is_told_of_its_rule() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let row = owner.get(&format!("{REPO}/findings")).await.json()["items"][0].clone();
    let at = format!("/api/v1/w/home/findings/{}/verdict", row["id"].as_str().unwrap());
    let said = owner.call("PUT", &at, Some(json!({ "useful": false }))).await;
    assert_eq!((said.status, said.json()), (StatusCode::OK, json!({ "judged": 1, "useful": 0 })));
    let list = owner.get(&format!("{REPO}/findings")).await.json();
    assert_eq!(
        (&list["items"][0]["useful"], &list["verdicts"]["rule.1"]["judged"]),
        (&json!(false), &json!(1))
    );
}
