//! What is new: held against a former report, an earlier commit, and by the command that compares two reports.

use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect_file;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::documents::{holds, read};
use crate::support::{commit, devmentor, git, home, json, output, repository, stderr, stdout};

/// More that can be found, outside tests.
const MORE: &str = "import yaml\n\n\ndef more(text):\n    return yaml.load(text, Loader=yaml.Loader)\n";

fn analyze(home: &TempDir, more: &[&str]) -> std::process::Output {
    output(devmentor(home).args(["analyze", "good", "--advisories", "none"]).args(more))
}

fn text(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A repository and the report of its first commit.
fn with_baseline(home: &TempDir) -> PathBuf {
    let good = home.path().join("good");
    repository(&good);
    let report = analyze(home, &["--json"]).stdout;
    fs::write(home.path().join("base.json"), report).unwrap();
    good
}

/// Pushes everything in a file down and changes what stands around it.
fn push_down(file: &Path) {
    let text = fs::read_to_string(file).unwrap();
    fs::write(
        file,
        format!("\"\"\"What it does.\"\"\"\nimport os\n\n\ndef other():\n    return os.getpid()\n\n\n{text}"),
    )
    .unwrap();
}

#[test]
fn only_what_is_new_fails() {
    let home = home();
    let good = with_baseline(&home);
    assert_eq!(analyze(&home, &["--fail-on", "high"]).status.code(), Some(1));

    // Lines move, and the file goes elsewhere: nothing is new.
    push_down(&good.join("src/app.py"));
    commit(&good);
    fs::create_dir(good.join("lib")).unwrap();
    git(&good, ["mv", "src/app.py", "lib/app.py"]);
    commit(&good);
    for against in [&["--baseline", "base.json"][..], &["--since", "HEAD~2"]] {
        let held = analyze(&home, &[against, &["--fail-on", "high"]].concat());
        let shown = text(&held);
        assert_eq!(held.status.code(), Some(0), "{shown}");
        assert!(
            shown.contains("New since ") && shown.contains("  0 new, ") && shown.contains(" 0 gone"),
            "{shown}"
        );
        assert!(shown.contains("in a file of another name now"), "{shown}");
    }

    // One comes, one goes.
    fs::create_dir_all(good.join("src")).unwrap();
    fs::write(good.join("src/more.py"), MORE).unwrap();
    fs::write(good.join("lib/app.py"), "x = 1\n").unwrap();
    commit(&good);
    for against in [&["--baseline", "base.json"][..], &["--since", "HEAD~3"]] {
        let held = analyze(&home, &[against, &["--fail-on", "high"]].concat());
        let (shown, said) = (text(&held), String::from_utf8_lossy(&held.stderr).into_owned());
        assert_eq!(held.status.code(), Some(1), "{shown}");
        let (_, changes) = shown.split_once("New since ").unwrap();
        let (new, gone) = changes.split_once(" Gone:\n").unwrap();
        assert!(new.contains("1 new, ") && new.contains("src/more.py:5") && !new.contains("app.py"), "{new}");
        assert!(gone.contains("src/app.py:"), "{gone}");
        assert!(said.contains("gate: 1 new finding, high or worse"), "{said}");
        assert_eq!(analyze(&home, &[against, &["--fail-on", "critical"]].concat()).status.code(), Some(0));
    }
}

#[test]
fn a_branch_answers_only_for_what_it_added() {
    let home = home();
    let good = with_baseline(&home);
    git(&good, ["switch", "-q", "-c", "topic"]);
    fs::write(good.join("note.txt"), "nothing to find\n").unwrap();
    commit(&good);
    // The main branch goes on and mends what both had.
    git(&good, ["switch", "-q", "main"]);
    fs::write(good.join("src/app.py"), "x = 1\n").unwrap();
    commit(&good);
    let held = analyze(&home, &["--branch", "topic", "--since", "main", "--fail-on", "low"]);
    assert_eq!(held.status.code(), Some(0), "{}", text(&held));
    let held = analyze(&home, &["--since", "topic"]);
    assert!(text(&held).contains("0 new, ") && !text(&held).contains(" 0 gone"), "{}", text(&held));
}

#[test]
fn outputs_say_what_is_new() {
    let home = home();
    let good = with_baseline(&home);
    fs::write(good.join("src/more.py"), MORE).unwrap();
    commit(&good);
    let documents = ["--baseline", "base.json", "--json", "--sarif", "a.sarif", "--html", "a.html"];
    let report: Value = serde_json::from_slice(&analyze(&home, &documents).stdout).unwrap();
    let changes = &report["comparison"]["findings"];
    assert_eq!(changes["new"][0]["span"]["path"], "src/more.py");
    let all = report["findings"].as_array().unwrap().len();
    assert_eq!(changes["still"], json!(all - 1));

    let sarif = read(&home.path().join("a.sarif"));
    let states: Vec<&str> = sarif["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["baselineState"].as_str().unwrap())
        .collect();
    assert_eq!(states.iter().filter(|state| **state == "new").count(), 1, "{states:?}");
    assert!(fs::read_to_string(home.path().join("a.html")).unwrap().contains("<section id=\"new\">"));

    // A report that says what changed is still a report: it can be compared with again.
    fs::write(home.path().join("next.json"), serde_json::to_vec(&report).unwrap()).unwrap();
    let again = json(devmentor(&home).args(["compare", "base.json", "next.json", "--json"]));
    assert_eq!(again, report["comparison"]);
}

#[test]
fn two_reports_are_compared() {
    let home = home();
    let good = with_baseline(&home);
    fs::write(good.join("src/more.py"), MORE).unwrap();
    fs::write(good.join("requirements.txt"), "flask==0.12.4\nclick==8.0.0\n").unwrap();
    commit(&good);
    fs::write(home.path().join("new.json"), analyze(&home, &["--json"]).stdout).unwrap();

    let compare =
        |more: &[&str]| output(devmentor(&home).args(["compare", "base.json", "new.json"]).args(more));
    let shown = text(&compare(&[]));
    for words in [
        "Compared",
        "raised   flask (PyPI)",
        "added    click (PyPI)",
        "removed  requests (PyPI)",
        "src/more.py:5",
        "Grade  ",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert_eq!(compare(&["--fail-on-new", "high"]).status.code(), Some(1));
    assert_eq!(compare(&["--fail-on-new", "critical"]).status.code(), Some(0));

    let schema = stdout(devmentor(&home).args(["schema", "comparison"]));
    // `cargo xtask codegen` writes it anew.
    expect_file!["../../../../docs/comparison.schema.json"].assert_eq(&schema);
    let validator = jsonschema::draft202012::new(&serde_json::from_str(&schema).unwrap()).unwrap();
    let mut document: Value = serde_json::from_slice(&compare(&["--json"]).stdout).unwrap();
    holds(&validator, &document);
    document["findings"] = "none".into();
    assert!(!validator.is_valid(&document), "the schema accepts anything");

    // A report has nothing new beside itself, and says so once.
    let same = text(&output(devmentor(&home).args(["compare", "new.json", "new.json"])));
    assert!(same.contains("Both reports are of the same commit."), "{same}");
    assert!(same.contains("\nNo change  languages, dependencies, grade and "), "{same}");
    assert!(same.contains("- Neither report looked up known vulnerabilities for PyPI: "), "{same}");

    // The other way round, what was new is gone.
    let back = json(devmentor(&home).args(["compare", "new.json", "base.json", "--json"]));
    assert_eq!(back["findings"]["new"], json!([]));
    assert_eq!(back["findings"]["gone"][0]["span"]["path"], "src/more.py");
}

#[test]
fn what_cannot_be_compared_with_is_said_before_any_work() {
    let home = home();
    with_baseline(&home);
    fs::write(home.path().join("text.json"), "no json").unwrap();
    fs::write(home.path().join("other.json"), "{\"a\": 1}").unwrap();
    fs::write(home.path().join("newer.json"), "{\"schema\": 999}").unwrap();
    for (args, what, next) in [
        (&["--baseline", "nowhere.json"][..], "nowhere.json cannot be read", "hint: a report is what"),
        (&["--baseline", "."], ". cannot be read", ""),
        (&["--baseline", "text.json"], "text.json is no report", "hint: a report is what"),
        (&["--baseline", "other.json"], "other.json is no report", ""),
        (&["--baseline", "newer.json"], "newer.json has version 999", ""),
        (&["--since", "nowhere"], "There is no commit `nowhere`", "fetch depth of 0"),
        (&["--since", "HEAD~9"], "There is no commit `HEAD~9`", "hint: name a branch"),
        (&["--since", "main", "--baseline", "base.json"], "cannot be used with", ""),
    ] {
        let refused = analyze(&home, args);
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(what) && said.contains(next) && refused.stdout.is_empty(), "{args:?}: {said}");
    }
    let said = stderr(devmentor(&home).args(["compare", "base.json", "text.json"]));
    assert!(said.contains("text.json is no report"), "{said}");
}

#[test]
fn the_repository_sets_its_own_gate() {
    let home = home();
    let good = with_baseline(&home);
    let gate = |text: &str| {
        fs::write(good.join("devmentor.toml"), text).unwrap();
        commit(&good);
        analyze(&home, &[])
    };
    assert_eq!(gate("[gate]\nfail_on = \"high\"\n").status.code(), Some(1));
    assert_eq!(analyze(&home, &["--fail-on", "critical"]).status.code(), Some(0), "what is typed wins");
    assert_eq!(analyze(&home, &["--baseline", "base.json"]).status.code(), Some(0), "nothing is new");
    assert_eq!(gate("[gate]\nfail_on = \"critical\"\n").status.code(), Some(0));
    let wrong = gate("[gate]\nfail_on = \"awful\"\n");
    let said = String::from_utf8_lossy(&wrong.stderr);
    assert_eq!(wrong.status.code(), Some(2), "{said}");
    assert!(said.contains("its gate is not known") && said.contains("hint: `fail_on`"), "{said}");
    assert!(text(&wrong).contains("not in the format the name says (1): devmentor.toml"), "{}", text(&wrong));
    assert_eq!(analyze(&home, &["--fail-on", "critical"]).status.code(), Some(0));
}
