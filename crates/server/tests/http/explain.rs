//! How the figures come about.

use std::collections::BTreeMap;

use analysis::report::{Duplication, Hotspot, LanguageShare, LeftOut, LineCount, Ownership, Report};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::harness::{Caller, Server};
use crate::reports::{REPO, analysed, analysed_as, report};

fn hotspot(path: &str, commits: u32, complexity: u32, score: u32) -> Hotspot {
    Hotspot {
        path: path.into(),
        commits,
        fixes: 1,
        recent_fixes: 0,
        changed_lines: 9,
        authors: 2,
        complexity,
        code: 70,
        score,
        coupled: vec![],
        with_tests: 0,
        followed: 0,
        functions: vec![],
        corrections: vec![],
    }
}

/// Every number is another one, so that none can stand for another.
fn full() -> Report {
    let lines = LineCount { code: 300, comment: 40, blank: 50 };
    let language =
        |name: &str, bytes, percent| LanguageShare { name: name.into(), bytes, percent, files: 6, lines };
    let mut report = report();
    report.languages = vec![language("Rust", 750, 75.0), language("C", 250, 25.0)];
    report.hotspots = vec![hotspot("src/a.rs", 20, 30, 88), hotspot("src/b.rs", 10, 20, 41)];
    report.duplication = Duplication { lines: 620, duplicated: 37, ..Duplication::default() };
    let history = &mut report.history;
    history.commits = 1_000;
    history.window_commits = 60;
    history.left_out = LeftOut { merges: 5, bots: 7, sweeping: 2, copies: 1 };
    history.contributors = 4;
    history.fixes = 11;
    history.reverts = 3;
    history.source_changes = 140;
    history.unchanged_files = 8;
    history.absence_factor = Some(2);
    history.ownership = vec![Ownership {
        folder: "src".into(),
        code: 290,
        commits: 33,
        fixes: 6,
        people: 3,
        main_share: 61,
        absence_factor: 1,
        last_change: 0,
        shares: vec![],
    }];
    report
}

/// A figure, its value, and some of its inputs by name.
type Told = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

async fn explained(caller: &Caller<'_>, query: &str) -> Value {
    let answer = caller.get(&format!("{REPO}/explain?figure={query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text());
    answer.json()["data"].clone()
}

/// The value, and the inputs by name.
fn told(data: &Value) -> (Option<&str>, BTreeMap<&str, &str>) {
    let inputs = data["inputs"].as_array().unwrap().iter();
    let inputs = inputs.map(|it| (it["name"].as_str().unwrap(), it["value"].as_str().unwrap())).collect();
    (data["value"].as_str(), inputs)
}

#[tokio::test]
async fn every_figure_says_how_it_comes_about() {
    let server = Server::start().await;
    let owner = analysed_as(&server, &full()).await;
    let expected: [Told; 19] = [
        (
            "findings",
            "3",
            &[
                ("critical", "1"),
                ("high", "1"),
                ("low", "1"),
                ("medium", "0"),
                ("suppressed here, not counted", "0"),
            ],
        ),
        ("dependencies", "3", &[("asked for by a manifest", "2"), ("through others", "1")]),
        ("vulnerable", "1", &[("versions compared", "2"), ("source", "mirror")]),
        ("modules", "2", &[("source files in them", "2"), ("imports between them", "7")]),
        ("cycles", "0", &[("files in the largest", "0")]),
        ("hotspots", "2", &[("commits that count", "60"), ("commits needed", "30")]),
        ("lines", "600", &[("lines with comments alone", "80"), ("blank lines", "100"), ("languages", "2")]),
        (
            "language&of=Rust",
            "75.0 %",
            &[("bytes", "750"), ("bytes of all", "1000"), ("lines of code", "300")],
        ),
        (
            "commits",
            "60",
            &[
                ("commits read", "1000"),
                ("outside the window", "925"),
                ("merges left out", "5"),
                ("by bots, left out", "7"),
                ("sweeping, left out", "2"),
                ("copies, left out", "1"),
            ],
        ),
        ("contributors", "4", &[("commits that count", "60")]),
        ("absence_factor", "2", &[("people", "4"), ("changes to source files", "140")]),
        ("fixes", "11", &[("commits that count", "60"), ("taken back by a later commit", "3")]),
        ("unchanged_files", "8", &[("commits that count", "60")]),
        (
            "hotspot_score&of=src/a.rs",
            "88",
            &[("commits", "20"), ("cognitive complexity", "30"), ("lines of code", "70")],
        ),
        ("hotspot_share&of=src/a.rs", "75.0 %", &[("product", "600"), ("sum over the listed files", "800")]),
        ("owners&of=src", "61 %", &[("commits", "33"), ("people", "3"), ("lines of code", "290")]),
        ("duplicates", "37", &[("lines compared", "620"), ("groups listed", "0")]),
        ("grade", "B", &[("score of 100", "81"), ("lost by security", "19")]),
        ("insights", "1", &[("closed, not counted", "0"), ("dismissed, not counted", "0")]),
    ];
    for (figure, value, inputs) in expected {
        let data = explained(&owner, figure).await;
        assert!(data["formula"].as_str().is_some_and(|formula| formula.ends_with('.')), "{data}");
        let (said, from) = told(&data);
        assert_eq!(said, Some(value), "{figure}");
        for (name, number) in inputs {
            assert_eq!(from.get(name), Some(number), "{figure}: {name}");
        }
    }
    let commits = explained(&owner, "commits").await;
    assert_eq!(commits["window"], "the 365 days before the newest commit");
    for missing in [
        "language&of=Nothing",
        "hotspot_score&of=nowhere",
        "owners",
        "beauty",
        "insight_rank",
        "insight_effort&of=x",
    ] {
        let answer = owner.get(&format!("{REPO}/explain?figure={missing}")).await;
        assert_eq!(answer.problem(), "not_found", "{missing}");
    }
}

#[tokio::test]
async fn an_insight_says_where_its_place_and_its_effort_come_from() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    let insights = owner.get(&format!("{REPO}/insights")).await.json();
    let id = insights["items"][0]["id"].as_str().unwrap().to_owned();

    let rank = explained(&owner, &format!("insight_rank&of={id}")).await;
    let (value, from) = told(&rank);
    assert_eq!((value, from["severity"], from["middle of the effort"]), (Some("90"), "critical", "20 min"));
    assert_eq!((from["left after the effort"], rank["origin"].as_str()), ("100 %", Some("inferred")));
    assert_eq!(rank["of"], json!(null), "an id says nothing to a reader");

    let effort = explained(&owner, &format!("insight_effort&of={id}")).await;
    let (value, from) = told(&effort);
    assert_eq!((value, from["counted"]), (Some("10 to 30 min"), "1 file"));
}

#[tokio::test]
async fn what_was_not_measured_is_no_zero_and_what_is_missing_is_said() {
    let server = Server::start().await;
    let owner = analysed(&server).await;
    assert_eq!(explained(&owner, "absence_factor").await["value"], json!(null));
    let hotspots = explained(&owner, "hotspots").await;
    assert_eq!(hotspots["value"], json!(null), "12 commits are too few to rank by");
    assert!(
        hotspots["missing"][0].as_str().is_some_and(|text| text.contains("from 30 commits")),
        "{hotspots}"
    );

    let server = Server::start().await;
    let owner = analysed_as(&server, &full()).await;
    let not_read = "3 of 214 files were not read or only in part.";
    for figure in ["lines", "language&of=C", "duplicates"] {
        assert_eq!(explained(&owner, figure).await["missing"][0], not_read, "{figure}");
    }
    assert_eq!(explained(&owner, "hotspots").await["missing"], json!([]));
}
