//! Folders, lines and where lines come from, as a child behind its walls reads them.

use std::os::unix::fs::symlink;
use std::time::Duration;

use repos::child::{Blame, FileFate, Form, PartKind};
use repos::git::folder::EntryKind;
use repos::{FailureCode, Limits, RepoError};
use storage::testing::each_engine;

use crate::context::World;
use crate::support::{Repo, limited, supervisor};

/// Longer than any search here takes.
const LONG: Duration = Duration::from_secs(30);

/// For each line the subject of the commit it comes from.
fn subjects(blame: &Blame) -> Vec<&str> {
    let mut all = Vec::new();
    for run in &blame.runs {
        let subject = run.commit.map_or("?", |commit| blame.commits[commit as usize].subject.as_str());
        all.extend((run.start..=run.end).map(|_| subject));
    }
    all
}

/// What git says of each line, as commit ids.
fn by_git(repo: &Repo, path: &str) -> Vec<String> {
    let told = repo.git(["blame", "-l", "-s", "--root", "HEAD", "--", path]);
    told.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

fn ids(blame: &Blame) -> Vec<String> {
    let mut all = Vec::new();
    for run in &blame.runs {
        let id = run.commit.map_or("?", |commit| blame.commits[commit as usize].id.as_str());
        all.extend((run.start..=run.end).map(|_| id.to_owned()));
    }
    all
}

#[tokio::test]
async fn each_line_is_followed_to_the_commit_that_wrote_it() {
    let mut repo = Repo::with(&[("a.txt", "one\ntwo\nthree\nfour\n")]);
    repo.write("a.txt", "one\n2\nthree\nfour\n");
    repo.commit("Second");
    repo.write("other", "x");
    repo.commit("Elsewhere");
    repo.write("a.txt", "zero\none\n2\nthree\nfour\nfive");
    let head = repo.commit("Third");
    let blame = supervisor().blame(repo.path(), &[], &head, "a.txt", LONG).await.unwrap();
    assert_eq!(subjects(&blame), ["Third", "Begin", "Second", "Begin", "Begin", "Third"]);
    assert_eq!((blame.people.len(), blame.notes.len(), blame.form.clone()), (1, 0, Form::Text));
    assert_eq!(ids(&blame), by_git(&repo, "a.txt"));
}

#[tokio::test]
async fn both_sides_of_a_merge_keep_their_lines() {
    let mut repo = Repo::with(&[("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n")]);
    repo.git(["switch", "-q", "-c", "side"]);
    repo.write("a.txt", "1\n2 side\n3\n4\n5\n6\n7\n8\n");
    repo.commit("Side");
    repo.git(["switch", "-q", "main"]);
    repo.write("a.txt", "1\n2\n3\n4\n5\n6\n7 main\n8\n");
    repo.commit("Main");
    repo.git(["merge", "-q", "--no-ff", "-m", "Join", "side"]);
    let head = repo.git(["rev-parse", "HEAD"]);
    let blame = supervisor().blame(repo.path(), &[], &head, "a.txt", LONG).await.unwrap();
    assert_eq!(subjects(&blame), ["Begin", "Side", "Begin", "Begin", "Begin", "Begin", "Main", "Begin"]);
    assert_eq!(ids(&blame), by_git(&repo, "a.txt"));
}

#[tokio::test]
async fn a_file_is_followed_to_its_former_name() {
    let lines: Vec<String> = (0..20).map(|n| format!("line {n}\n")).collect();
    let text = |last: &str| lines.concat() + last;
    let mut repo = Repo::with(&[("old/a.txt", &text("")), ("old/b.txt", "other\n")]);
    repo.git(["mv", "old", "new"]);
    repo.commit("Move");
    repo.git(["mv", "new/a.txt", "new/c.txt"]);
    repo.write("new/c.txt", text("more\n"));
    let head = repo.commit("Rename and add");
    let blame = supervisor().blame(repo.path(), &[], &head, "new/c.txt", LONG).await.unwrap();
    let mut expected = vec!["Begin"; 20];
    expected.push("Rename and add");
    assert_eq!(subjects(&blame), expected);
    assert_eq!(ids(&blame), by_git(&repo, "new/c.txt"));
}

#[tokio::test]
async fn people_are_those_of_the_mailmap_and_credentials_are_masked() {
    let repo = Repo::with(&[
        ("a.txt", "one\n"),
        (".mailmap", "Ada Example <ada@example.org> Dev <dev@example.org>\n"),
    ]);
    repo.write("a.txt", "one\ntwo\n");
    repo.git(["add", "-A"]);
    repo.git([
        "-c",
        "user.name=Dev",
        "-c",
        "user.email=dev@example.org",
        "commit",
        "-q",
        "--author",
        "Dev <dev@example.org>",
        "-m",
        "Use password=\"hunter2hunter2\" here",
    ]);
    let head = repo.git(["rev-parse", "HEAD"]);
    let blame = supervisor().blame(repo.path(), &[], &head, "a.txt", LONG).await.unwrap();
    let newest = blame.commits.iter().find(|commit| commit.id == head).unwrap();
    assert_eq!(blame.people[newest.author as usize], "Ada Example");
    assert!(!newest.subject.contains("hunter2"), "{}", newest.subject);
    assert!(!serde_json::to_string(&blame).unwrap().contains("example.org"), "addresses are not told");
}

#[tokio::test]
async fn a_search_that_may_go_no_further_says_which_lines_it_does_not_know() {
    let mut repo = Repo::with(&[("a.txt", "one\ntwo\n")]);
    repo.write("a.txt", "one\ntwo\nthree\n");
    let head = repo.commit("Newest");
    let few = Limits { commits: 1, ..Limits::default() };
    let blame = limited(few).blame(repo.path(), &[], &head, "a.txt", LONG).await.unwrap();
    assert_eq!(subjects(&blame), ["?", "?", "Newest"]);
    assert_eq!(blame.notes.len(), 1);
    let blame = supervisor().blame(repo.path(), &[], &head, "a.txt", Duration::ZERO).await.unwrap();
    assert_eq!(subjects(&blame), ["?", "?", "?"]);
    assert_eq!(blame.notes.len(), 1, "the time is over, and that is said");
}

#[tokio::test]
async fn a_shallow_clone_says_that_lines_may_be_older() {
    let mut repo = Repo::with(&[("a.txt", "one\n")]);
    repo.write("a.txt", "one\ntwo\n");
    repo.commit("Second");
    repo.write("a.txt", "one\ntwo\nthree\n");
    let head = repo.commit("Third");
    let clone = tempfile::tempdir().unwrap();
    let from = format!("file://{}", repo.path().display());
    repo.git(["clone", "-q", "--depth", "2", &from, clone.path().join("c").to_str().unwrap()]);
    let blame = supervisor().blame(&clone.path().join("c"), &[], &head, "a.txt", LONG).await.unwrap();
    assert_eq!(subjects(&blame), ["Second", "Second", "Third"]);
    assert!(blame.commits[0].edge && !blame.commits[1].edge);
    assert_eq!(blame.notes.len(), 1);
}

#[tokio::test]
async fn a_commit_says_what_it_changed_where_the_analysed_one_follows_it() {
    let mut repo = Repo::with(&[("a.txt", "one\ntwo\n"), ("gone.txt", "x\n"), ("same.txt", "s\n")]);
    let first = repo.git(["rev-parse", "HEAD"]);
    repo.write("a.txt", "one\n2\nthree\n");
    repo.write("new.bin", "a\0b");
    repo.git(["rm", "-q", "gone.txt"]);
    let second = repo.commit("Use password=\"hunter2hunter2\" here");
    let head = repo.commit("Nothing");
    repo.git(["switch", "-q", "-c", "side"]);
    let aside = repo.commit("Aside");
    let shown = supervisor().commit(repo.path(), &[], &head, &second).await.unwrap();
    let files: Vec<_> =
        shown.files.iter().map(|file| (file.path.as_str(), file.fate, file.added, file.removed)).collect();
    assert_eq!(
        files,
        [
            ("a.txt", FileFate::Changed, 2, 1),
            ("gone.txt", FileFate::Removed, 0, 1),
            ("new.bin", FileFate::Added, 0, 0),
        ]
    );
    assert_eq!((shown.id, shown.files_total, shown.more, shown.edge), (second.clone(), 3, false, false));
    assert_eq!(shown.parents, std::slice::from_ref(&first));
    assert!(!shown.subject.contains("hunter2"), "{}", shown.subject);
    let root = supervisor().commit(repo.path(), &[], &head, &first).await.unwrap();
    assert_eq!((root.parents.len(), root.files_total), (0, 3), "before the first there was nothing");
    assert!(root.files.iter().all(|file| file.fate == FileFate::Added));
    let blob = repo.git(["rev-parse", "HEAD:a.txt"]);
    for other in [&aside, &blob, &"0".repeat(40), "HEAD", ""] {
        let failure = supervisor().commit(repo.path(), &[], &head, other).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::NotFound, "{other}");
    }
}

#[tokio::test]
async fn folders_list_what_is_there_and_nothing_else() {
    let mut repo = Repo::with(&[("b.txt", "12345"), ("src/deep/x.rs", ""), ("a.txt", ""), (".env", "A=1\n")]);
    symlink("/etc/passwd", repo.path().join("out")).unwrap();
    let head = repo.commit("Link");
    let supervisor = supervisor();
    let root = supervisor.folder(repo.path(), &[], &head, "").await.unwrap();
    let seen: Vec<_> =
        root.entries.iter().map(|entry| (entry.name.as_str(), entry.kind, entry.bytes)).collect();
    assert_eq!(
        seen,
        [
            ("src", EntryKind::Folder, None),
            (".env", EntryKind::File, Some(4)),
            ("a.txt", EntryKind::File, Some(0)),
            ("b.txt", EntryKind::File, Some(5)),
            ("out", EntryKind::Link, None),
        ]
    );
    let below = supervisor.folder(repo.path(), &[], &head, "src/deep").await.unwrap();
    assert_eq!(below.entries.len(), 1);
    for path in ["..", "src/..", "/", "src/", "/etc", "b.txt", "out", ".git", "src/deep/x.rs/y", "nope", "."]
    {
        let failure = supervisor.folder(repo.path(), &[], &head, path).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::NotFound, "{path}");
    }
}

#[tokio::test]
async fn what_is_no_text_is_named_and_links_are_not_followed() {
    let pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22e\nsize 12\n";
    let mut repo = Repo::with(&[("big.bin", "a\0b"), ("lfs.psd", pointer), ("late.txt", "")]);
    repo.write("late.txt", [vec![b'a'; 9_000], vec![0]].concat());
    repo.write("wide.txt", "x".repeat(6 << 20));
    symlink("/etc/passwd", repo.path().join("out")).unwrap();
    let module = repo.commit("More");
    repo.git(["update-index", "--add", "--cacheinfo", &format!("160000,{module},vendored")]);
    repo.git(["commit", "-q", "-m", "Module"]);
    let head = repo.git(["rev-parse", "HEAD"]);
    let supervisor = supervisor();
    for (path, form) in [
        ("big.bin", Form::Binary),
        ("lfs.psd", Form::LfsPointer),
        ("wide.txt", Form::TooLarge),
        ("out", Form::Link("/etc/passwd".to_owned())),
        ("vendored", Form::Submodule(module)),
    ] {
        let lines = supervisor.lines(repo.path(), &[], &head, path, 1..=9).await.unwrap();
        assert_eq!((lines.form.clone(), lines.lines.len()), (form.clone(), 0), "{path}");
        let blame = supervisor.blame(repo.path(), &[], &head, path, LONG).await.unwrap();
        assert_eq!((blame.form, blame.runs.len()), (form, 0), "{path}");
    }
    // Analysis, history and git look at the first 8,000 bytes: what has findings can be shown.
    let late = supervisor.lines(repo.path(), &[], &head, "late.txt", 1..=9).await.unwrap();
    assert_eq!((late.form, late.lines.len()), (Form::Text, 1));
    let far = supervisor.lines(repo.path(), &[], &head, "late.txt", u32::MAX..=u32::MAX).await.unwrap();
    assert_eq!((far.form, far.lines.len()), (Form::Text, 0));
}

#[tokio::test]
async fn paths_that_climb_lead_nowhere() {
    let mut repo = Repo::with(&[("src/a.txt", "one\n")]);
    let head = repo.commit("More");
    let supervisor = supervisor();
    for path in [
        "../../etc/passwd",
        "/etc/passwd",
        "src/../src/a.txt",
        "src//a.txt",
        "src",
        "",
        "src/a.txt/",
        "./src/a.txt",
    ] {
        let lines = supervisor.lines(repo.path(), &[], &head, path, 1..=9).await.unwrap_err();
        assert_eq!(lines.code, FailureCode::NotFound, "{path}");
        let blame = supervisor.blame(repo.path(), &[], &head, path, LONG).await.unwrap_err();
        assert_eq!(blame.code, FailureCode::NotFound, "{path}");
    }
}

#[tokio::test]
async fn lines_come_with_colours_and_definitions() {
    let mut repo = Repo::with(&[("a.rs", "// why\nfn run() {}\n\nstruct Thing;\n")]);
    repo.write(
        "b.py",
        [b"s = '".as_slice(), b"\xff\xfe", b"'\r\n# ", "x".repeat(3_000).as_bytes(), b"\n"].concat(),
    );
    repo.write("empty.rs", "");
    let head = repo.commit("More");
    let supervisor = supervisor();
    let rust = supervisor.lines(repo.path(), &[], &head, "a.rs", 2..=9).await.unwrap();
    assert_eq!((rust.start, rust.total, rust.language.as_deref()), (2, 4, Some("Rust")));
    assert_eq!(rust.colours[0], [(0, 2, PartKind::Keyword), (3, 3, PartKind::Function)]);
    let names: Vec<_> =
        rust.definitions.iter().map(|it| (it.name.as_str(), it.start, it.cognitive)).collect();
    assert_eq!(names, [("run", 2, Some(0)), ("Thing", 4, None)]);
    let python = supervisor.lines(repo.path(), &[], &head, "b.py", 1..=9).await.unwrap();
    assert_eq!(python.lines[0], "s = '\u{fffd}\u{fffd}'");
    assert_eq!(python.colours[0], [(4, 4, PartKind::String)]);
    assert_eq!((python.lines[1].len(), python.cut.as_slice()), (2_000, &[2][..]));
    assert_eq!(python.colours[1], [(0, 2_000, PartKind::Comment)]);
    let empty = supervisor.lines(repo.path(), &[], &head, "empty.rs", 1..=9).await.unwrap();
    assert_eq!((empty.total, empty.lines.len(), empty.form), (0, 0, Form::Text));
}

#[tokio::test]
async fn what_is_missing_is_looked_for_each_time_and_what_never_changes_once() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let git = Repo::with(&[("a.txt", "one\n")]);
        let repo = world.analyzed(git.path().to_str().unwrap()).await.repo;
        let code = async |path| match world.repos.blame(&world.actor, repo, None, path).await {
            Err(RepoError::Refused(failure)) => failure.code,
            other => panic!("{other:?}"),
        };
        assert_eq!(code("nowhere.txt").await, FailureCode::NotFound);
        let away = git.path().with_extension("away");
        std::fs::rename(git.path().join(".git"), &away).unwrap();
        for path in ["nowhere.txt", "a.txt"] {
            assert_eq!(code(path).await, FailureCode::NotARepository);
        }
        std::fs::rename(&away, git.path().join(".git")).unwrap();
        assert!(world.repos.blame(&world.actor, repo, None, "a.txt").await.is_ok());
        std::fs::rename(git.path().join(".git"), &away).unwrap();
        assert!(world.repos.blame(&world.actor, repo, None, "a.txt").await.is_ok(), "this never changes");
        std::fs::remove_dir_all(away).unwrap();
    })
    .await;
}
