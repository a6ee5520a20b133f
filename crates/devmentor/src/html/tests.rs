//! A page holds nothing that acts, whatever the repository says; it is bounded, and says what it cut.

use std::time::Duration;

use analysis::compare::compare;
use base::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::render::tests::sample;
use crate::terminal::Style;

/// Breaks out of text, of an attribute in either quotes, of a comment and of a style sheet, where something is not
/// escaped; and acts on who reads it in a terminal.
const EVIL: &str = "\"'--></style></title><zz onload=\"x\">&zz;</zz>\u{202e}\u{1b}]0;x\u{7}`";

fn view(name: &str) -> View<'_> {
    View {
        style: Style { color: false, width: None },
        source: name,
        name,
        took: Duration::ZERO,
        all: false,
        imported: &[],
        now: Timestamp::from_seconds(1_763_164_800),
    }
}

/// A report with something in every part.
fn full() -> Report {
    let mut report = serde_json::to_value(sample()).unwrap();
    let span = json!({ "path": "src/a.rs", "start": 3, "end": 4 });
    report["coverage"]["skipped_total"] = 2.into();
    report["suppressed"] =
        json!([{ "finding": report["findings"][0], "kind": "false_positive", "reason": "r", "by": span }]);
    report["rules"] = json!({ "r": { "title": "t", "why": "w", "fix": "f", "cwe": [79], "links": ["https://example.org/a?b=1&c=2"] } });
    report["duplication"] = json!({
        "lines": 100, "duplicated": 10, "test_lines": 50, "test_duplicated": 12, "files_left_out": 0, "groups_total": 2,
        "groups": [
            { "fingerprint": "f", "lines": 5, "tokens": 50, "exact": true, "in_test": false, "places_total": 9, "places": [span, span] },
            { "fingerprint": "g", "lines": 6, "tokens": 60, "exact": true, "in_test": true, "places_total": 2, "places": [span, span] },
        ],
        "files": [],
    });
    let module = |path: &str| {
        json!({ "path": path, "label": path, "language": "Rust", "files": 1, "code": 10, "layer": 0, "cyclic": true,
                "x": 0.0, "y": 0.0, "width": 100.0, "height": 40.0 })
    };
    report["graph"]["modules"] = json!([module("src"), module("lib")]);
    report["graph"]["module_edges"] = json!([{ "from": 0, "to": 1, "count": 2 }]);
    report["graph"]["cycles"] = json!([["src/a.rs", "lib/b.rs"]]);
    report["graph"]["services"] = json!([{
        "name": "web", "kind": "own", "image": null, "folder": "src", "evidence": [span], "layer": 0,
        "x": 0.0, "y": 0.0, "width": 100.0, "height": 40.0,
    }]);
    let mut advisory = report["findings"][0].clone();
    advisory["kind"] = "advisory".into();
    advisory["fingerprint"] = "02".into();
    advisory["package"] = json!({ "ecosystem": "crates.io", "name": "tokio", "version": "1.0.0", "advisory": "A-1",
                                  "aliases": ["CVE-1"], "fixed": "1.2.0", "via": ["a", "tokio"] });
    report["findings"].as_array_mut().unwrap().push(advisory);
    report["past_secrets"] = json!({
        "commits": 9, "truncated": true, "total": 1,
        "secrets": [{ "finding": report["findings"][0], "commit": { "id": "0123456789abcdef", "subject": "Deploy", "time": 0 },
                      "at_tip": false, "files": 1 }],
    });
    serde_json::from_value(report).unwrap()
}

/// Puts the text in every place of the report that takes any text, and says in how many.
fn everywhere(report: &Report, text: &str) -> (Report, usize) {
    let mut value = serde_json::to_value(report).unwrap();
    let mut paths = Vec::new();
    strings(&value, &mut String::new(), &mut paths);
    let mut placed = 0;
    for path in paths {
        let before = value.pointer(&path).unwrap().clone();
        *value.pointer_mut(&path).unwrap() = text.into();
        if serde_json::from_value::<Report>(value.clone()).is_ok() {
            placed += 1;
        } else {
            *value.pointer_mut(&path).unwrap() = before;
        }
    }
    (serde_json::from_value(value).unwrap(), placed)
}

fn strings(value: &Value, path: &mut String, paths: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::String(_) => return paths.push(path.clone()),
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), field)).collect(),
        _ => return,
    };
    for (name, child) in children {
        let length = path.len();
        path.push('/');
        path.push_str(&name);
        strings(child, path, paths);
        path.truncate(length);
    }
}

/// Every element is closed where it should be; only such as this program writes are there.
fn well_formed(page: &str) {
    const VOID: [&str; 6] = ["meta", "br", "img", "rect", "circle", "!doctype"];
    let mut open: Vec<&str> = Vec::new();
    for part in page.split('<').skip(1) {
        let tag = part.split('>').next().unwrap();
        let name = tag.split([' ', '\n', '/']).find(|word| !word.is_empty()).unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "…<{}", &part[..part.len().min(80)]);
        } else if !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn nothing_of_the_repository_acts_on_the_page() {
    let (evil, placed) = everywhere(&full(), EVIL);
    assert!(placed > 80, "{placed}");
    let before = full();
    let comparison = compare(&before, &evil);
    let page = page(&evil, Some(&comparison), &view(EVIL));
    assert!(page.contains("&lt;zz onload"), "it is not even shown");
    for acting in ["<zz", "&zz;", "\"'--", "\u{1b}", "\u{7}", "\u{202e}", "<script", "javascript:"] {
        assert!(!page.contains(acting), "{acting:?}");
    }
    assert_eq!(page.matches("</style>").count(), 1);
    well_formed(&page);
}

#[test]
fn the_page_stands_alone_and_forbids_the_rest() {
    let report = full();
    let page = page(&report, Some(&compare(&sample(), &report)), &view("project"));
    well_formed(&page);
    assert!(page.starts_with("<!doctype html>") && page.contains("<title>project – DevMentor</title>"));
    assert!(page.contains("content=\"default-src 'none'; img-src data:; style-src 'sha256-"));
    for outside in ["<link", "@import", "url(", "http:", " src=\"h", " style=\"", "srcset"] {
        assert!(!page.contains(outside), "{outside}");
    }
    // Addresses of other sites are only such as are clicked.
    assert_eq!(page.matches("https:").count(), page.matches("href=\"https://").count() * 2);
    for section in [
        "first",
        "new",
        "grade",
        "languages",
        "stack",
        "activity",
        "dependencies",
        "findings",
        "past-secrets",
        "suppressed",
        "hotspots",
        "duplication",
        "architecture",
        "not-looked-at",
    ] {
        assert!(page.contains(&format!("<section id=\"{section}\">")), "{section}");
    }
    assert!(!page.contains("Cut from this page"), "nothing was");
    assert!(page.contains("5.5 of 100.0"), "all the weight that was measured is this part's");
    assert_eq!(page.matches("data:image/svg+xml,").count(), 2, "services and modules");
}

#[test]
fn what_ships_stands_apart_and_nothing_is_said_twice() {
    let mut report = full();
    if let Some(advisory) = report.findings.iter_mut().find(|finding| finding.package.is_some()) {
        advisory.message = "`tokio` 1.0.0 has a known vulnerability, A-1: A data race".to_owned();
    }
    let mut older = report.clone();
    "elsewhere".clone_into(&mut older.findings[0].fingerprint);
    older.findings[0].message = "What was there before".to_owned();
    let page = page(&report, Some(&compare(&older, &report)), &view("project"));
    assert!(page.contains("2 critical; in tests 1 low"), "{page}");
    assert!(page.contains("<span>2 critical; 1 more in tests</span>"), "{page}");
    assert!(page.contains("<code>A-1</code> A data race"), "{page}");
    let (_, gone) = page.split_once("<h3>Gone</h3>").unwrap();
    assert!(gone.contains("What was there before"), "{gone}");
}

#[test]
fn a_link_is_one_only_where_a_browser_may_follow_it() {
    let linked = |address: &str| {
        let mut html = markup::Html::default();
        html.link(address);
        html.finish()
    };
    assert!(linked("https://example.org/a?b&c").contains("href=\"https://example.org/a?b&amp;c\""));
    for address in
        ["javascript:alert(1)", "http://example.org", "https://e.org/\"x", "https://e.org/ x", "data:x"]
    {
        assert!(!linked(address).contains("href"), "{address}");
    }
}

#[test]
fn a_page_is_bounded_and_says_what_it_cut() {
    let mut report = full();
    let long = "word ".repeat(2_000);
    let many = |finding: &analysis::report::Finding, at: usize| {
        let mut finding = finding.clone();
        finding.fingerprint = at.to_string();
        finding.rule = format!("rule.{}", at % 700);
        finding.message.clone_from(&long);
        finding
    };
    let (code, advisory) = (report.findings[0].clone(), report.findings[2].clone());
    report.findings = (0..20_000).map(|at| many(&code, at)).collect();
    report.findings.extend((0..5_000).map(|at| {
        let mut finding = many(&advisory, at);
        finding.package.as_mut().unwrap().version = at.to_string();
        finding
    }));
    report.rules = (0..700).map(|at| (format!("rule.{at}"), report.rules["r"].clone())).collect();
    report.dependencies = vec![report.dependencies[0].clone(); 9_000];
    report.hotspots = vec![report.hotspots[0].clone(); 500];
    report.stack = vec![report.stack[0].clone(); 500];
    report.languages = vec![report.languages[0].clone(); 300];
    report.suppressed = vec![report.suppressed[0].clone(); 500];
    report.duplication.groups = vec![report.duplication.groups[0].clone(); 200];
    report.duplication.groups_total = 200;
    report.graph.modules = vec![report.graph.modules[0].clone(); 2_000];
    report.graph.services = vec![report.graph.services[0].clone(); 300];
    let edge = |at: u32| analysis::report::Edge { from: at % 299, to: (at * 7 + 1) % 299, count: 1 };
    report.graph.module_edges = (0..20_000).map(edge).collect();
    report.graph.cycles = vec![vec!["a.rs".to_owned(); 500]; 50];
    report.coverage.skipped = vec![report.coverage.skipped[0].clone(); 1_000];
    report.coverage.skipped_total = 40_000;
    report.commit.subject = long;
    let comparison = compare(&full(), &report);
    let page = page(&report, Some(&comparison), &view("project"));
    well_formed(&page);
    assert!(page.len() < 4 << 20, "{} bytes", page.len());
    let (_, foot) = page.split_once("Cut from this page").unwrap();
    for cut in [
        "500 of 20,000 findings in the code",
        "200 of 5,000 package versions with known vulnerabilities",
        "300 of 9,000 packages that manifests ask for",
        "100 of 25,000 new findings",
        "30 of 500 hotspots",
        "200 of 500 technologies",
        "15 of 300 languages",
        "100 of 500 suppressed findings",
        "20 of 200 duplicates",
        "60 of 2,000 modules",
        "60 of 300 services",
        "10 of 50 circles of imports",
        "A drawing has so many arrows that it is left out",
        "100 of 40,000 files that were left out",
    ] {
        assert!(foot.contains(cut), "{cut}: {foot}");
    }
}

#[test]
fn duplicates_of_tests_stand_under_their_own_heading() {
    let mut report = full();
    let (all, of_tests) =
        (page(&report, None, &view("project")), "<h3>In tests and examples: 12 of 50 lines</h3>");
    let (ours, tests) = all.split_once(of_tests).unwrap();
    assert!(ours.contains("10 % of the lines outside tests") && tests.contains("src/a.rs"));
    report.duplication.groups.remove(0);
    report.duplication.duplicated = 0;
    let page = page(&report, None, &view("project"));
    let (ours, _) = page.split_once(of_tests).unwrap();
    let (_, ours) = ours.split_once("0 % of the lines outside tests").unwrap();
    assert!(ours.contains("No code outside tests stands in several places."), "{ours}");
    assert!(!ours.contains("<table>"), "{ours}");
}

#[test]
fn a_page_says_why_nothing_is_a_hotspot_and_what_a_part_of_the_grade_is_held_to() {
    let mut report = full();
    report.hotspots.clear();
    report.history.unranked = Some("Too few changes: 3 of 20.".into());
    let page = page(&report, None, &view("project"));
    assert!(page.contains("Too few changes: 3 of 20."));
    assert!(page.contains("all points up to 0 %, none from 1 % of the functions"));
}
