//! Every command and option with what cannot be meant: one line says what is wrong, one what to do, and the exit code
//! which kind of mistake it is.

use std::fs;
use std::path::Path;

use crate::support::{devmentor, home, init, output, repository};

/// What was typed, the exit code, a part of the error, and a part of the hint.
type Case = (&'static [&'static str], i32, &'static str, &'static str);

/// Something of every kind that can be named by mistake.
fn world(home: &Path) {
    repository(&home.join("good"));
    init(&home.join("new"));
    fs::create_dir(home.join("folder")).unwrap();
    fs::write(home.join("text"), "no report, no folder\n").unwrap();
    fs::write(home.join("other.json"), "{\"schema\": 0}").unwrap();
    fs::write(home.join("zero.toml"), "[jobs]\nworkers = 0\n").unwrap();
    fs::write(home.join("word.toml"), "[jobs]\nworkers = \"many\"\n").unwrap();
    fs::write(home.join("slip.toml"), "[jobs]\nworker = 2\n").unwrap();
    fs::write(home.join("broken.toml"), "[jobs\n").unwrap();
}

fn check(cases: &[Case]) {
    let home = home();
    world(home.path());
    for (typed, code, what, next) in cases {
        let done = output(devmentor(&home).args(*typed));
        let said = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(*code), "{typed:?}: {said}");
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines.len(), 2, "{typed:?}: {said}");
        let (error, hint) = (lines[0], lines[1]);
        assert!(error.starts_with("error: ") && error.contains(what), "{typed:?}: {said}");
        assert!(hint.starts_with("hint: ") && hint.contains(next), "{typed:?}: {said}");
    }
}

#[test]
fn sources_that_cannot_be_analysed() {
    check(&[
        (&["analyze"], 2, "required", "devmentor analyze --help"),
        (&["analyze", "nowhere"], 2, "does not exist", "Git repository"),
        (&["analyze", "text"], 2, "", "Git repository"),
        (&["analyze", "folder"], 2, "", "git init"),
        (&["analyze", "new"], 2, "", "first commit"),
        (&["analyze", "ftp://host/x"], 2, "", "https"),
        (&["analyze", "http://127.0.0.1:1/x"], 2, "", "https"),
        (&["analyze", "https://127.0.0.1:1/x"], 2, "", "repositories.allowed_hosts"),
        (&["analyze", "good", "--branch", "nope"], 2, "nope", "git branch --all"),
        (&["analyze", "good", "--since", "nope"], 2, "", "git fetch --unshallow"),
    ]);
}

#[test]
fn documents_that_cannot_be_written_or_read() {
    check(&[
        (&["analyze", "good", "--sarif", "folder"], 2, "is a folder", "name the file"),
        (&["analyze", "good", "--sbom", "no/such/x"], 2, "there is no folder no/such", "make the folder"),
        (&["analyze", "good", "--html", "text/x"], 2, "there is no folder text", "make the folder"),
        (&["analyze", "good", "--sarif", "x", "--sbom", "x"], 2, "name the same file", "of its own"),
        (&["analyze", "good", "--sarif", "-", "--json"], 2, "both want the standard output", "of its own"),
        (&["analyze", "good", "--sarif", "-", "--html", "-"], 2, "both want", "of its own"),
        (&["analyze", "good", "--diagram", "x.png"], 2, "x.png ends in none of .svg", "the ending decides"),
        (&["analyze", "good", "--diagram", "-"], 2, "ends in none of", "the ending decides"),
        (
            &["analyze", "good", "--diagram", "x.svg", "--diagram-level", "files"],
            2,
            "needs --diagram-focus",
            "`opens`",
        ),
        (&["analyze", "good", "--diagram-level", "files"], 2, "--diagram <FILE>", "devmentor analyze --help"),
        (
            &["analyze", "good", "--diagram", "x.svg", "--diagram-level", "near"],
            2,
            "'near'",
            "services, modules",
        ),
        (
            &[
                "analyze",
                "good",
                "--advisories",
                "none",
                "--diagram",
                "x.svg",
                "--diagram-level",
                "files",
                "--diagram-focus",
                "no",
            ],
            2,
            "there is no module no",
            "there are: ",
        ),
        (
            &[
                "analyze",
                "good",
                "--advisories",
                "none",
                "--diagram",
                "x.svg",
                "--diagram-level",
                "symbols",
                "--diagram-focus",
                "no",
            ],
            2,
            "there is no source file no",
            "from its root",
        ),
        (&["analyze", "good", "--baseline", "nowhere"], 2, "nowhere cannot be read", "analyze SOURCE --json"),
        (&["analyze", "good", "--baseline", "folder"], 2, "folder cannot be read", "analyze SOURCE --json"),
        (&["analyze", "good", "--baseline", "text"], 2, "text is no report", "analyze SOURCE --json"),
        (&["analyze", "good", "--baseline", "text", "--since", "main"], 2, "cannot be used with", "--help"),
        (&["compare", "text"], 2, "<NEW>", "devmentor compare --help"),
        (&["compare", "nowhere", "text"], 2, "nowhere cannot be read", "analyze SOURCE --json"),
        (&["compare", "other.json", "text"], 2, "version 0 of the format", "analyze SOURCE --json"),
        (&["compare", "text", "text", "--fail-on-new", "bad"], 2, "'bad'", "info, low, medium"),
    ]);
}

#[test]
fn settings_that_are_not_valid() {
    let template = "devmentor config --template";
    check(&[
        (&["analyze", "good", "--fail-on", "awful"], 2, "'awful'", "info, low, medium, high, critical"),
        (&["analyze", "good", "--advisories", "maybe"], 2, "'maybe'", "online, mirror, none"),
        (&["analyze", "good", "--config", "nofile"], 2, "there is no configuration file nofile", template),
        (&["analyze", "good", "--config", "folder"], 2, "there is no configuration file folder", template),
        (&["config", "--config", "nofile"], 2, "there is no configuration file nofile", template),
        (&["config", "--config", "broken.toml"], 2, "broken.toml", template),
        (&["doctor", "--config", "zero.toml"], 2, "`jobs.workers` has to be at least 1", template),
        (&["doctor", "--config", "word.toml"], 2, "jobs.workers", template),
        (&["doctor", "--config", "slip.toml"], 2, "`jobs.worker`", template),
        (&["config", "--template", "--json"], 2, "cannot be used with", "devmentor config --help"),
        (&["serve", "--listen", "here"], 2, "such as 127.0.0.1:4680", template),
        (&["serve", "--listen", "127.0.0.1:99999"], 2, "such as 127.0.0.1:4680", template),
        (&["serve", "--listen", "0.0.0.0:0"], 2, "--allow-network", template),
        (&["migrate", "--data-dir", "text/below"], 3, "text/below", ""),
    ]);
}

#[test]
fn names_that_do_not_exist() {
    check(&[
        (&["analize", "good"], 2, "'analize'", "did you mean `analyze`?"),
        (&["analyze", "good", "--no-cash"], 2, "'--no-cash'", "did you mean `--no-cache`?"),
        (&["advisories", "export"], 2, "'export'", "`import`"),
        (&["advisories", "mode", "offline"], 2, "'offline'", "online, mirror, none"),
        (&["advisories", "import"], 2, "<FOLDER>", "devmentor advisories import --help"),
        (&["advisories", "import", "nowhere"], 2, "there is no folder nowhere", "layout of the OSV export"),
        (&["advisories", "import", "text"], 2, "text", "layout of the OSV export"),
        (&["advisories", "import", "folder"], 2, "holds no `ECOSYSTEM/all.zip`", "layout of the OSV export"),
        (&["completions", "tcsh"], 2, "'tcsh'", "bash"),
        (&["schema", "finding"], 2, "'finding'", "report, comparison"),
        (&["man", "analyze-child"], 2, "there is no command analyze-child", "devmentor --help"),
        (&["explain", "py.sql-injektion"], 2, "there is no rule", "did you mean `py.sql-injection`?"),
        (&["rules", "nothing-of-the-kind"], 2, "no rule is about", "`devmentor rules` lists"),
        (&["link"], 3, "no server is running", "`devmentor serve` starts one"),
    ]);
}
