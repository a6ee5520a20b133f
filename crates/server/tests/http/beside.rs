//! Analyses of one repository beside each other.

use analysis::report::{FindingKind, Report, Severity};
use axum::http::StatusCode;
use base::id::AnalysisId;
use serde_json::{Value, json};

use crate::harness::{Caller, Server};
use crate::reports::{REPO, analysed_as, dependency, finding, finish, part, report};

/// One more finished analysis.
async fn again(server: &Server, owner: &Caller<'_>, report: &Report) {
    let begun = owner.call("POST", &format!("{REPO}/analyses?fresh=true"), None).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text());
    let id: AnalysisId = begun.json()["id"].as_str().unwrap().parse().unwrap();
    finish(server, id, report).await;
}

fn of_commit(digit: &str, branch: &str) -> Report {
    let mut report = report();
    report.commit.id = digit.repeat(40);
    report.commit.branch = Some(branch.into());
    report
}

fn messages(found: &Value) -> Vec<&str> {
    found["items"].as_array().unwrap().iter().map(|it| it["message"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_changed_is_told_from_the_right_side() {
    let server = Server::start().await;
    let mut old = of_commit("a", "main");
    old.rules.get_mut("rule.1").unwrap().title = "odd before".into();
    let mut new = of_commit("b", "main");
    // Gone: 3. New: 4 and, suppressed before, 5. Suppressed now: 2.
    let suppressed = |finding| analysis::report::Suppressed {
        finding,
        kind: analysis::report::SuppressionKind::AcceptedRisk,
        reason: "r".into(),
        by: analysis::report::Span::file("devmentor.toml"),
    };
    let five = finding(5, Severity::Low, FindingKind::Smell, "src/c.ts");
    old.suppressed = vec![suppressed(five.clone())];
    let two = new.findings.remove(1);
    new.suppressed = vec![suppressed(two)];
    new.findings.pop();
    new.findings.push(five);
    new.findings.push(finding(4, Severity::High, FindingKind::Secret, "src/d.ts"));
    old.dependencies.push(dependency("left", Some("1.0.0"), true));
    new.dependencies.push(dependency("left", Some("1.2.0"), true));
    new.quality.score = Some(77);
    new.quality.parts[0] = part("security", Some(23.0), None);

    let owner = analysed_as(&server, &old).await;
    again(&server, &owner, &new).await;
    let answer = owner.get(&format!("{REPO}/compare")).await.json();
    let found = &answer["data"]["comparison"];
    assert_eq!((&found["base"]["score"], &found["head"]["score"]), (&json!(81), &json!(77)));
    assert_eq!(messages(&found["new"]), ["finding 4", "finding 5"], "the worst first");
    assert_eq!(messages(&found["gone"]), ["finding 3"]);
    assert_eq!(messages(&found["unchanged"]), ["finding 1"]);
    assert_eq!(found["gone"]["items"][0]["title"], "odd before", "by the rules that gave it");
    assert_eq!(found["unchanged"]["items"][0]["title"], "odd");
    assert_eq!(
        (&found["reopened"], &found["suppressed"], &found["moved"]),
        (&json!(1), &json!(1), &json!(0))
    );
    assert_eq!(
        (&found["parts"][0]["base_lost"], &found["parts"][0]["head_lost"]),
        (&json!(19.0), &json!(23.0))
    );
    let left = &found["dependencies"][0];
    assert_eq!(
        (&left["change"], &left["base"], &left["head"], &found["dependencies_total"]),
        (&json!("raised"), &json!(["1.0.0"]), &json!(["1.2.0"]), &json!(1))
    );
    assert_eq!(found["notes"], json!([]));

    let turned = owner.get(&format!("{REPO}/compare?base=bbbbbbb&head=aaaaaaa")).await.json();
    assert_eq!(messages(&turned["data"]["comparison"]["new"]), ["finding 2", "finding 3"]);
    // Nothing is older than the oldest: there is a choice, and nothing to say.
    let oldest = owner.get(&format!("{REPO}/compare?head=aaaaaaa")).await.json();
    assert_eq!(oldest["data"]["choices"].as_array().unwrap().len(), 2);
    assert_eq!(oldest["data"]["comparison"], json!(null));
}

#[tokio::test]
async fn the_one_before_is_of_the_same_branch_and_two_branches_are_said() {
    let server = Server::start().await;
    let owner = analysed_as(&server, &of_commit("a", "main")).await;
    again(&server, &owner, &of_commit("b", "dev")).await;
    let compared = async || {
        let found = owner.get(&format!("{REPO}/compare")).await.json()["data"]["comparison"].clone();
        let notes: Vec<Value> =
            found["notes"].as_array().unwrap().iter().map(|note| note["code"].clone()).collect();
        (found["base"]["branch"].clone(), found["head"]["branch"].clone(), notes)
    };
    assert_eq!(compared().await, (json!("main"), json!("dev"), vec![json!("branch_changed")]));
    again(&server, &owner, &of_commit("c", "main")).await;
    assert_eq!(compared().await, (json!("main"), json!("main"), vec![]), "past the one of another branch");
    let latest = owner.get(REPO).await.json()["data"]["latest"].clone();
    assert_eq!(latest["branch"], "main");
}

#[tokio::test]
async fn of_long_lists_the_worst_are_told_and_how_many_there_are() {
    let server = Server::start().await;
    let old = of_commit("a", "main");
    let mut new = of_commit("b", "main");
    for number in 10..215 {
        let severity = if number == 214 { Severity::Critical } else { Severity::Low };
        new.findings.push(finding(number, severity, FindingKind::Smell, "src/c.ts"));
    }
    for number in 0..505 {
        new.dependencies.push(dependency(&format!("package-{number:03}"), Some("1.0.0"), true));
    }
    let owner = analysed_as(&server, &old).await;
    again(&server, &owner, &new).await;
    let answer = owner.get(&format!("{REPO}/compare")).await.json();
    let found = &answer["data"]["comparison"];
    let told = messages(&found["new"]);
    assert_eq!((told.len(), told[0], &found["new"]["total"]), (200, "finding 214", &json!(205)));
    let packages = found["dependencies"].as_array().unwrap();
    assert_eq!((packages.len(), &found["dependencies_total"]), (500, &json!(505)));
    assert_eq!(packages[499]["name"], "package-499");
    assert_eq!(messages(&found["unchanged"]).len(), 3, "each list has room of its own");
}
