//! What is kept between analyses saves work and changes nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use analysis::advisories::AdvisoryAnswer;
use analysis::pipeline::Progress;
use analysis::report::{AdvisoryState, Report};
use proptest::prelude::*;
use repos::child::{Supervisor, Target};
use repos::kept::{Kept, Slot};
use repos::{Failure, FailureCode, Limits};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::contained::unchecked;
use crate::support::{Repo, limited, supervisor};

/// Contents of every kind that is looked at, so that an edit moves findings, imports, packages and services.
const CONTENTS: [&str; 12] = [
    "import subprocess\n\ndef run(name):\n    subprocess.call(\"ls \" + name, shell=True)\n",
    "import os\nfrom a import run\n\ndef go(x):\n    if x:\n        return run(os.environ['X'])\n    return None\n",
    "import { b } from './b';\nexport const a = (q) => eval(q + b);\n",
    "pub mod b;\n\n/// Docs.\npub fn f(x: u32) -> u32 {\n    if x > 1 { 2 } else { 3 }\n}\n",
    "package main\n\nimport \"os/exec\"\n\nfunc main() { exec.Command(\"sh\", \"-c\", \"x\").Run() }\n",
    "{\"name\": \"a\", \"main\": \"src/a.js\", \"dependencies\": {\"left\": \"^1.0.0\"}}\n",
    "FROM node:latest\nUSER root\nENV PASSWORD=hunter2hunter2\n",
    "services:\n  web:\n    build: .\n    privileged: true\n    depends_on: [db]\n  db:\n    image: postgres\n",
    "*.py linguist-vendored\nlib/** linguist-generated\n",
    "key = 'AKIAIOSFODNN7EXAMPLQ'\n",
    "# A heading\n\nText.\n",
    "",
];

const PATHS: [&str; 14] = [
    "a.py",
    "src/a.py",
    "src/a.js",
    "src/b.js",
    "lib/c.ts",
    "src/lib.rs",
    "src/b.rs",
    "main.go",
    "package.json",
    "Dockerfile",
    "compose.yaml",
    ".gitattributes",
    "tests/test_a.py",
    "README.md",
];

/// What happens to a repository between two analyses.
#[derive(Debug, Clone)]
enum Edit {
    Write(usize, usize),
    Append(usize),
    Delete(usize),
    Rename(usize, usize),
    Executable(usize, bool),
    /// A commit on another branch, joined by a merge.
    Merge(usize, usize),
    /// Days pass, or the clock is set back.
    DaysPass(i64),
    /// From now on somebody is called otherwise.
    Mailmap(usize),
    /// Back to an earlier commit, by so many.
    Back(usize),
    /// Other settings, this time.
    Limits(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let (path, content) = (0..PATHS.len(), 0..CONTENTS.len());
    prop_oneof![
        6 => (path.clone(), content.clone()).prop_map(|(path, content)| Edit::Write(path, content)),
        3 => path.clone().prop_map(Edit::Append),
        2 => path.clone().prop_map(Edit::Delete),
        3 => (path.clone(), path.clone()).prop_map(|(from, to)| Edit::Rename(from, to)),
        1 => (path.clone(), any::<bool>()).prop_map(|(path, on)| Edit::Executable(path, on)),
        1 => (path, content).prop_map(|(path, content)| Edit::Merge(path, content)),
        1 => (-200_i64..300).prop_map(Edit::DaysPass),
        1 => (0_usize..3).prop_map(Edit::Mailmap),
        1 => (1_usize..4).prop_map(Edit::Back),
        1 => (1_usize..4).prop_map(Edit::Limits),
    ]
}

/// Does it, and gives the commit to look at, where it is not the newest.
fn apply(repo: &mut Repo, edit: &Edit, number: usize) -> Option<String> {
    let at = |repo: &Repo, path: usize| repo.path().join(PATHS[path]);
    match *edit {
        Edit::Write(path, content) => repo.write(PATHS[path], CONTENTS[content]),
        Edit::Append(path) => {
            let text = fs::read_to_string(at(repo, path)).unwrap_or_default();
            repo.write(PATHS[path], format!("{text}\n# {number}\n"));
        }
        Edit::Delete(path) => drop(fs::remove_file(at(repo, path))),
        Edit::Rename(from, to) => {
            if let Ok(text) = fs::read(at(repo, from)) {
                fs::remove_file(at(repo, from)).unwrap();
                repo.write(PATHS[to], text);
            }
        }
        Edit::Executable(path, on) => {
            let mode = fs::Permissions::from_mode(if on { 0o755 } else { 0o644 });
            let _ = fs::set_permissions(at(repo, path), mode);
        }
        Edit::Merge(path, content) => {
            repo.git(["checkout", "-q", "-B", "side"]);
            repo.write(PATHS[path], CONTENTS[content]);
            repo.commit("Aside");
            repo.git(["checkout", "-q", "main"]);
            repo.commit("Fix meanwhile");
            repo.git(["merge", "-q", "--no-ff", "-X", "theirs", "-m", "Merge", "side"]);
        }
        Edit::DaysPass(days) => repo.later(days),
        Edit::Mailmap(number) => repo.write(".mailmap", format!("Name {number} <ada@example.org>\n")),
        Edit::Back(by) => {
            let commits = repo.git(["rev-list", "HEAD"]);
            let commits: Vec<&str> = commits.lines().collect();
            return Some(commits[by.min(commits.len() - 1)].to_owned());
        }
        Edit::Limits(_) => {}
    }
    repo.commit(&format!("Change {number}"));
    None
}

async fn analyzed(supervisor: &Supervisor, path: &Path, commit: Option<&str>) -> Result<Report, Failure> {
    let target = Target { path, roots: &[], branch: None, commit };
    let analyzed = supervisor.analyze(target, &CancellationToken::new(), |_| {}, unchecked).await;
    analyzed.map(|analyzed| *analyzed.report)
}

/// The report byte for byte.
async fn report(supervisor: &Supervisor, path: &Path, commit: Option<&str>) -> String {
    serde_json::to_string_pretty(&analyzed(supervisor, path, commit).await.unwrap()).unwrap()
}

fn slot() -> (TempDir, Slot) {
    let folder = TempDir::new().unwrap();
    let slot = Kept::new(folder.path().join("facts"), 1 << 30).slot("repo");
    (folder, slot)
}

fn some_files() -> Repo {
    let files: Vec<(&str, &str)> = PATHS.into_iter().zip(CONTENTS.into_iter().cycle()).collect();
    Repo::with(&files)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_any_edits_the_report_is_the_same_as_without(
        edits in proptest::collection::vec(edit(), 1..8),
        commits in prop_oneof![Just(20_000_usize), 1..6_usize],
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (_folder, slot) = slot();
            let mut repo = some_files();
            let usual = Limits { commits, ..Limits::default() };
            analyzed(&limited(usual.clone()).keeping(slot.clone()), repo.path(), None).await.unwrap();
            for (number, edit) in edits.iter().enumerate() {
                let commit = apply(&mut repo, edit, number);
                let limits = match edit {
                    Edit::Limits(by) => Limits { changes_per_commit: *by, ..usual.clone() },
                    _ => usual.clone(),
                };
                let cold = limited(limits);
                let expected = report(&cold, repo.path(), commit.as_deref()).await;
                let warm = report(&cold.keeping(slot.clone()), repo.path(), commit.as_deref()).await;
                assert!(expected == warm, "{edit:?} of {edits:?}:\n{expected}\n{warm}");
                let again = report(&cold.keeping(slot.clone()), repo.path(), commit.as_deref()).await;
                assert!(expected == again, "{edit:?} of {edits:?}, told again:\n{expected}\n{again}");
            }
        });
    }
}

#[tokio::test]
async fn where_a_clone_ends_may_change() {
    let (folder, slot) = slot();
    let mut origin = some_files();
    for number in 0..6 {
        origin.write("src/a.py", format!("{}\n# {number}\n", CONTENTS[0]));
        origin.commit("Change");
    }
    let path = folder.path().join("clone");
    let clone = path.to_str().unwrap();
    let url = format!("file://{}", origin.path().display());
    let warm = supervisor().keeping(slot.clone());
    origin.git(["clone", "-q", "--depth", "3", &url, clone]);
    for (step, commits) in [("--depth=3", 3), ("--depth=5", 5), ("--depth=2", 2), ("--unshallow", 7)] {
        origin.git(["-C", clone, "fetch", "-q", step]);
        for _ in 0..2 {
            let expected = analyzed(&supervisor(), &path, None).await.unwrap();
            assert_eq!(expected.history.commits, commits);
            assert!(analyzed(&warm, &path, None).await.unwrap() == expected, "{step}");
        }
    }
}

#[tokio::test]
async fn only_what_is_new_is_added() {
    let (_folder, slot) = slot();
    let mut repo = some_files();
    let warm = supervisor().keeping(slot.clone());
    analyzed(&warm, repo.path(), None).await.unwrap();
    let all = fs::read(slot.path()).unwrap();
    analyzed(&warm, repo.path(), None).await.unwrap();
    assert_eq!(fs::read(slot.path()).unwrap(), all, "nothing was new");
    repo.write("src/new.py", CONTENTS[0]);
    repo.commit("Add");
    analyzed(&warm, repo.path(), None).await.unwrap();
    let more = fs::read(slot.path()).unwrap();
    assert!(more.starts_with(&all), "what was there is not written again");
    assert!((more.len() - all.len()) * 3 < all.len(), "{} after {}", more.len(), all.len());
}

/// Makes it impossible to examine a file anew without its being noticed.
fn forget_facts(slot: &Slot) {
    fs::write(slot.path(), b"forgotten").unwrap();
}

fn examined_anew(slot: &Slot) -> bool {
    fs::read(slot.path()).unwrap() != b"forgotten"
}

#[tokio::test]
async fn the_last_report_is_told_again_where_nothing_has_changed() {
    let (_folder, slot) = slot();
    let mut repo = some_files();
    let (cold, warm) = (supervisor(), supervisor().keeping(slot.clone()));
    let told = async |supervisor: &Supervisor, branch: Option<&str>, answer: AdvisoryAnswer| {
        let target = Target { path: repo.path(), roots: &[], branch, commit: None };
        let mut phases = Vec::new();
        let tell = |progress: Progress| phases.extend(progress.finished.then_some(progress.phase));
        let look_up = async move |_| answer;
        let analyzed = supervisor.analyze(target, &CancellationToken::new(), tell, look_up).await.unwrap();
        (serde_json::to_string(&analyzed.report).unwrap(), phases)
    };
    let answer = unchecked(Vec::new()).await;
    let first = told(&warm, None, answer.clone()).await;
    forget_facts(&slot);
    assert_eq!(told(&warm, None, answer.clone()).await, first);
    assert!(!examined_anew(&slot), "it was told again");
    assert_eq!(told(&cold, None, answer.clone()).await, first);

    let other = AdvisoryAnswer { covered: vec!["npm".to_owned()], ..answer.clone() };
    let checked = AdvisoryState::Checked { source: "test".to_owned(), as_of: 7 };
    let other = AdvisoryAnswer { state: checked, ..other };
    assert_eq!(told(&warm, None, other.clone()).await, told(&cold, None, other).await);
    assert!(examined_anew(&slot), "another answer");
    forget_facts(&slot);
    assert_eq!(
        told(&warm, Some("main"), answer.clone()).await,
        told(&cold, Some("main"), answer.clone()).await
    );

    let brief: Report = serde_json::from_str(&told(&warm.briefly(), None, answer.clone()).await.0).unwrap();
    let mut short: Report = serde_json::from_str(&first.0).unwrap();
    analysis::pipeline::shorten(&mut short);
    assert!(brief == short && brief.files.is_empty());
    forget_facts(&slot);
    assert_eq!(told(&warm.briefly(), None, answer.clone()).await.0, serde_json::to_string(&short).unwrap());
    assert!(!examined_anew(&slot), "the short one was told again");
    assert_eq!(told(&warm, None, answer.clone()).await, first, "and not instead of the whole one");

    repo.write("devmentor.toml", "[history]\nsecrets = true\n");
    repo.commit("Search the history");
    analyzed(&warm, repo.path(), None).await.unwrap();
    forget_facts(&slot);
    analyzed(&warm, repo.path(), None).await.unwrap();
    assert!(examined_anew(&slot), "how far a search gets is a matter of time");
}

#[tokio::test]
async fn a_report_with_something_missing_is_not_kept() {
    let (_folder, slot) = slot();
    let repo = some_files();
    let warm = supervisor().keeping(slot.clone());
    let blob = repo.git(["rev-parse", "HEAD:src/b.rs"]);
    let object = repo.path().join(".git/objects").join(&blob[..2]).join(blob[2..].trim());
    let content = fs::read(&object).unwrap();
    fs::remove_file(&object).unwrap();
    let torn = analyzed(&warm, repo.path(), None).await.unwrap();
    assert_eq!(torn.coverage.skipped_total, 2, "{:?}", torn.coverage.skipped);
    assert!(!slot.last().exists());
    fs::write(&object, content).unwrap();
    let whole = analyzed(&warm, repo.path(), None).await.unwrap();
    assert_eq!(whole.coverage.skipped_total, 1, "what cannot be understood is no reason");
    assert!(slot.last().exists());
}

#[tokio::test]
async fn what_is_of_no_use_any_more_is_given_up() {
    let (_folder, slot) = slot();
    let mut repo = Repo::with(&[("a.py", CONTENTS[0])]);
    let warm = supervisor().keeping(slot.clone());
    let mut sizes = Vec::new();
    let long = (0..3_000)
        .map(|number| format!("def f{number}(x):\n    return x + {number}\n\n"))
        .collect::<Vec<_>>()
        .concat();
    for number in 0..6 {
        repo.write("a.py", format!("# {number}\n{long}"));
        repo.commit("Change");
        analyzed(&warm, repo.path(), None).await.unwrap();
        sizes.push(fs::metadata(slot.path()).unwrap().len());
    }
    // It grows while there is room to spare, and then begins anew.
    assert!(!sizes.is_sorted(), "{sizes:?}");
    assert!(sizes.iter().all(|size| *size < 4 * sizes[0] + (1 << 20)), "{sizes:?}");
}

#[tokio::test]
async fn damage_is_noticed_and_mended() {
    let (_folder, slot) = slot();
    let mut repo = some_files();
    let warm = supervisor().keeping(slot.clone());
    let expected = report(&supervisor(), repo.path(), None).await;
    analyzed(&warm, repo.path(), None).await.unwrap();
    let sound = fs::read(slot.path()).unwrap();
    let mut damaged = vec![
        Vec::new(),
        b"something else".to_vec(),
        [sound.as_slice(), b"DMBK torn in the middle of writing"].concat(),
        [sound.as_slice(), sound.as_slice()].concat(),
        vec![0; sound.len()],
    ];
    for part in 1..4 {
        let at = sound.len() * part / 4;
        damaged.push(sound[..at].to_vec());
        let mut flipped = sound.clone();
        flipped[at] ^= 0x10;
        damaged.push(flipped);
    }
    for bytes in damaged {
        fs::write(slot.path(), &bytes).unwrap();
        fs::remove_file(slot.last()).unwrap();
        assert!(report(&warm, repo.path(), None).await == expected, "{} bytes", bytes.len());
    }
    // A torn end is cut off by what is added next.
    fs::write(slot.path(), [sound.as_slice(), b"DMBK torn"].concat()).unwrap();
    repo.write("b.py", CONTENTS[1]);
    repo.commit("Add");
    let expected = report(&supervisor(), repo.path(), None).await;
    assert!(report(&warm, repo.path(), None).await == expected);
    let mended = fs::read(slot.path()).unwrap();
    assert!(report(&warm, repo.path(), None).await == expected);
    assert_eq!(fs::read(slot.path()).unwrap(), mended, "nothing was missing");
}

#[tokio::test]
async fn two_at_once_do_not_disturb_each_other() {
    let (_folder, slot) = slot();
    let mut repo = some_files();
    for round in 0..3 {
        repo.write("src/a.py", format!("{}\n# {round}\n", CONTENTS[0]));
        repo.commit("Change");
        let expected = report(&supervisor(), repo.path(), None).await;
        let warm = supervisor().keeping(slot.clone());
        let (one, other) = tokio::join!(report(&warm, repo.path(), None), report(&warm, repo.path(), None));
        assert!(one == expected && other == expected);
        assert!(report(&warm, repo.path(), None).await == expected);
    }
}

#[tokio::test]
async fn what_crashes_a_child_is_not_kept_and_costs_one_more_try() {
    let (folder, slot) = slot();
    slot.keep(repos::kept::Joining::Replace, b"poison").unwrap();
    let script = folder.path().join("child.sh");
    let hello = r#"{"message":"hello","sandbox":{"limits":true,"system_calls":true,"files":true,"files_partly":true}}"#;
    let failed = r#"{"message":"failed","code":"empty_repository","detail":"cold"}"#;
    let kept = slot.path().display();
    fs::write(&script, format!("read x\necho '{hello}'\n[ -e {kept} ] && exit 1\necho '{failed}'\n"))
        .unwrap();
    let shell = Supervisor::new("/bin/sh".into(), [script.into_os_string()], Limits::default());
    let failure = analyzed(&shell.keeping(slot.clone()), Path::new("/"), None).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::EmptyRepository);
    assert!(!slot.path().exists());
}

#[tokio::test]
async fn a_child_keeps_one_bounded_thing_and_only_where_it_may() {
    let (folder, slot) = slot();
    let hello = r#"{"message":"hello","sandbox":{"limits":true,"system_calls":true,"files":true,"files_partly":true}}"#;
    let keep = |bytes: u64| format!(r#"{{"message":"keep","joining":"replace","bytes":{bytes}}}"#);
    let twice = format!("echo '{}'\nprintf abc\necho '{}'\nprintf abc\n", keep(3), keep(3));
    let large = format!("echo '{}'\n", keep(1 << 40));
    for (name, saying, supervised) in
        [("twice", twice.as_str(), true), ("large", large.as_str(), true), ("unasked", twice.as_str(), false)]
    {
        let script = folder.path().join(name);
        fs::write(&script, format!("read x\necho '{hello}'\n{saying}sleep 5\n")).unwrap();
        let shell = Supervisor::new("/bin/sh".into(), [script.into_os_string()], Limits::default());
        let shell = if supervised { shell.keeping(slot.clone()) } else { shell };
        let failure = analyzed(&shell, Path::new("/"), None).await.unwrap_err();
        assert_eq!(failure.detail, "It asked to keep what it must not.", "{name}");
    }
}
