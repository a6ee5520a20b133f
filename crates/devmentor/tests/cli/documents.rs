//! What other programs read: the report, SARIF and CycloneDX, each held against its schema.

use std::fs;
use std::path::Path;

use expect_test::expect_file;
use jsonschema::Validator;
use serde_json::Value;

use crate::support::{commit, devmentor, home, init, json, output, repository, stdout};

pub(crate) fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// A schema kept beside this file; `ATTRIBUTION.md` there says where each comes from.
fn fixture(name: &str) -> Value {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas").join(name))
}

pub(crate) fn holds(validator: &Validator, document: &Value) {
    let wrong: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A repository with dependencies of several ecosystems, findings of every kind, and names that need escaping.
fn varied(folder: &Path) {
    repository(folder);
    let files = [
        (
            "package.json",
            r#"{"name":"@acme/shop","license":"MIT OR Apache-2.0","dependencies":{"left-pad":"^1.0.0"}}"#,
        ),
        (
            "package-lock.json",
            r#"{"name":"@acme/shop","lockfileVersion":3,"packages":{"":{"dependencies":{"left-pad":"^1.0.0"}},
                "node_modules/left-pad":{"version":"1.3.0","license":"WTFPL"},
                "node_modules/@acme/x":{"version":"0.1.0","license":"See LICENSE file"}}}"#,
        ),
        ("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\n\n[dependencies]\nserde = \"1\"\n"),
        ("go.mod", "module example.org/shop\n\ngo 1.22\n\nrequire github.com/Masterminds/semver v1.5.0\n"),
        ("a b/ü#1%.py", "def f(x):\n    return eval(x)\n"),
        ("a:b.py", "import os\n\n\ndef f(x):\n    os.system(\"ls \" + x)\n"),
    ];
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    commit(folder);
}

#[test]
fn reports_are_what_the_published_schema_says() {
    let home = home();
    let schema = stdout(devmentor(&home).arg("schema"));
    // `cargo xtask codegen` writes it anew.
    expect_file!["../../../../docs/report.schema.json"].assert_eq(&schema);
    let validator = jsonschema::draft202012::new(&serde_json::from_str(&schema).unwrap()).unwrap();

    varied(&home.path().join("varied"));
    init(&home.path().join("bare"));
    fs::write(home.path().join("bare/notes.txt"), "nothing to find\n").unwrap();
    commit(&home.path().join("bare"));
    for source in ["varied", "bare"] {
        let mut report = json(devmentor(&home).args(["analyze", source, "--json", "--advisories", "none"]));
        holds(&validator, &report);
        report["findings"] = "none".into();
        assert!(!validator.is_valid(&report), "the schema accepts anything");
    }
}

#[test]
fn findings_are_valid_sarif_and_dependencies_valid_cyclonedx() {
    let home = home();
    varied(&home.path().join("varied"));
    let args = ["analyze", "varied", "--advisories", "none", "--sarif", "a.sarif", "--sbom", "a.cdx.json"];
    devmentor(&home).args(args).assert().success();

    let sarif = read(&home.path().join("a.sarif"));
    assert_eq!(sarif["version"], "2.1.0");
    assert!(sarif["runs"][0]["results"].as_array().is_some_and(|results| results.len() >= 2), "{sarif:#}");
    let mut schema = fixture("sarif-2.1.0.json");
    for part in ["run", "toolComponent"] {
        // Its pattern has a bracket too many, which no strict reader of regular expressions takes.
        schema["definitions"][part]["properties"]["language"].as_object_mut().unwrap().remove("pattern");
    }
    let validator = jsonschema::options().should_validate_formats(true).build(&schema);
    holds(&validator.unwrap(), &sarif);

    let sbom = read(&home.path().join("a.cdx.json"));
    assert_eq!(sbom["bomFormat"], "CycloneDX");
    assert!(sbom["components"].as_array().is_some_and(|components| components.len() >= 6), "{sbom:#}");
    // The schema names its two parts relative to itself.
    let part = |name: &str| jsonschema::Resource::from_contents(fixture(name));
    let registry = jsonschema::Registry::new()
        .add("http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json", part("spdx.json"))
        .unwrap()
        .add("http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json", part("jsf-0.82.json"))
        .unwrap()
        .prepare()
        .unwrap();
    let schema = fixture("bom-1.6.json");
    let validator =
        jsonschema::options().should_validate_formats(true).with_registry(&registry).build(&schema);
    holds(&validator.unwrap(), &sbom);
}

#[test]
fn a_document_can_go_to_the_standard_output() {
    let home = home();
    varied(&home.path().join("varied"));
    let base = ["analyze", "varied", "--advisories", "none"];
    let whole = stdout(devmentor(&home).args(base).args(["--html", "-"]));
    assert!(whole.starts_with("<!doctype html>") && whole.ends_with("</html>\n"), "{whole}");
    assert!(whole.contains("<title>varied – DevMentor</title>"), "{whole}");
    let documents = ["--sarif", "-", "--html", "a.html", "--code-quality", "a.json"];
    let sarif = json(devmentor(&home).args(base).args(documents));
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(
        fs::read_to_string(home.path().join("a.html")).unwrap(),
        whole,
        "the same commit, the same page"
    );
    let issues = read(&home.path().join("a.json"));
    assert!(issues.as_array().is_some_and(|issues| !issues.is_empty()), "{issues:#}");
    assert!(!home.path().join("-").exists());
    let refused = output(devmentor(&home).args(base).args(["--sbom", "-", "--sarif", "-"]));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("--sarif and --sbom both want the standard output"), "{said}");
}

#[test]
fn the_architecture_is_drawn_in_the_format_of_the_extension() {
    let home = home();
    varied(&home.path().join("varied"));
    let draw = |args: &[&str]| {
        let base = ["analyze", "varied", "--advisories", "none", "--quiet"];
        devmentor(&home).args(base).args(args).assert()
    };
    draw(&["--diagram", "modules.svg"]).success();
    let svg = fs::read_to_string(home.path().join("modules.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.contains("class=\"box"), "{svg}");
    draw(&["--diagram", "modules.mmd"]).success();
    let mermaid = fs::read_to_string(home.path().join("modules.mmd")).unwrap();
    assert!(mermaid.starts_with("flowchart TD\n  n0["), "{mermaid}");
    draw(&["--diagram", "modules.json"]).success();
    let modules = read(&home.path().join("modules.json"));
    let focus = modules["nodes"][0]["opens"].as_str().unwrap();
    draw(&["--diagram", "files.json", "--diagram-level", "files", "--diagram-focus", focus]).success();
    let files = read(&home.path().join("files.json"));
    let file = files["nodes"][0]["opens"].as_str().unwrap();
    draw(&["--diagram", "symbols.json", "--diagram-level", "symbols", "--diagram-focus", file]).success();
    assert_eq!(read(&home.path().join("symbols.json"))["focus"], file);

    for refused in [
        &["--diagram", "modules.png"][..],
        &["--diagram", "files.svg", "--diagram-level", "files"],
        &["--diagram-level", "services"],
    ] {
        draw(refused).code(2);
    }
    // What only the report shows to be wrong does not cost the report.
    let wrong =
        ["--json", "--diagram", "wrong.svg", "--diagram-level", "files", "--diagram-focus", "nowhere"];
    let output = draw(&wrong).code(2).get_output().clone();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["files"].as_array().is_some_and(|files| !files.is_empty()), "{report}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no module nowhere"));
    assert!(!home.path().join("wrong.svg").exists());
}
