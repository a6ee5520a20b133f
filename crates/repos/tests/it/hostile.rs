//! Hostile repositories: each ends soon, with a clear reason or an honest report, and nothing outside is read.

use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::time::{Duration, Instant};

use analysis::report::{Report, SkipReason};
use repos::{Failure, FailureCode, Limits};

use crate::contained::analyze;
use crate::support::{Repo, limited, supervisor};

/// Each of these must be over by then; most take a fraction of a second.
const PATIENCE: Duration = Duration::from_mins(1);

async fn soon(path: &Path) -> Result<Report, Failure> {
    let start = Instant::now();
    let result = analyze(&supervisor(), path).await;
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    if let Ok(report) = &result {
        assert_nothing_from_outside(report);
    }
    result
}

/// What no report about these repositories may hold: the content of files beyond them.
fn assert_nothing_from_outside(report: &Report) {
    let text = serde_json::to_string(report).unwrap();
    assert!(!text.contains("root:x:0") && !text.contains("OUTSIDE-SECRET"));
}

fn reason(report: &Report, path: &str) -> Option<SkipReason> {
    report.coverage.skipped.iter().find(|skipped| skipped.path == path).map(|skipped| skipped.reason)
}

fn has_note(report: &Report, code: &str) -> bool {
    report.coverage.notes.iter().any(|note| note.code == code)
}

/// Stores an object without asking whether it makes sense.
fn store(repo: &Repo, kind: &str, content: &[u8]) -> String {
    repo.git_with(["hash-object", "-t", kind, "-w", "--stdin", "--literally"], content)
}

fn entry(mode: &str, name: &[u8], id: &str) -> Vec<u8> {
    let mut entry = format!("{mode} ").into_bytes();
    entry.extend_from_slice(name);
    entry.push(0);
    entry.extend(hex::decode(id).unwrap());
    entry
}

/// Makes `main` a commit of that tree.
fn head(repo: &Repo, tree: &str) {
    let commit = store(
        repo,
        "commit",
        format!(
            "tree {tree}\nauthor A <a@b.c> 1780000000 +0000\ncommitter A <a@b.c> 1780000000 +0000\n\nx\n"
        )
        .as_bytes(),
    );
    point(repo, &commit);
}

fn point(repo: &Repo, commit: &str) {
    std::fs::write(repo.path().join(".git/refs/heads/main"), format!("{commit}\n")).unwrap();
}

#[tokio::test]
async fn a_few_objects_that_hold_ten_billion_files() {
    let repo = Repo::empty();
    let blob = store(&repo, "blob", b"x = 1\n");
    let mut tree = store(
        &repo,
        "tree",
        &(0..10).flat_map(|it| entry("100644", format!("f{it}.py").as_bytes(), &blob)).collect::<Vec<u8>>(),
    );
    for _ in 0..9 {
        tree = store(
            &repo,
            "tree",
            &(0..10).flat_map(|it| entry("40000", format!("d{it}").as_bytes(), &tree)).collect::<Vec<u8>>(),
        );
    }
    head(&repo, &tree);
    let limits = Limits { files: 5_000, ..Limits::default() };
    let start = Instant::now();
    let report = analyze(&limited(limits), repo.path()).await.unwrap();
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    assert_eq!(report.coverage.files, 5_000);
    assert!(has_note(&report, "file_limit"));
}

#[tokio::test]
async fn a_name_that_comes_twice_counts_once() {
    let repo = Repo::empty();
    let blob = store(&repo, "blob", b"import os\n\nos.system(\"ls \" + input())\neval(input())\n");
    let folder = store(&repo, "tree", &entry("100644", b"a.py", &blob).repeat(3));
    let mut root = entry("40000", b"d", &folder).repeat(2);
    root.extend(entry("100644", b"d", &blob));
    head(&repo, &store(&repo, "tree", &root));
    let report = soon(repo.path()).await.unwrap();
    assert_eq!(report.coverage.files, 1);
    assert_eq!(reason(&report, "d"), Some(SkipReason::Unreadable));
    assert_eq!(reason(&report, "d/a.py"), Some(SkipReason::Unreadable));
    let mut fingerprints: Vec<&str> = report.findings.iter().map(|it| it.fingerprint.as_str()).collect();
    let all = fingerprints.len();
    assert!(all > 0);
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), all);
}

#[tokio::test]
async fn folders_without_end_and_without_files() {
    let repo = Repo::empty();
    let mut tree = store(&repo, "tree", b"");
    for _ in 0..12 {
        tree = store(
            &repo,
            "tree",
            &(0..10).flat_map(|it| entry("40000", format!("d{it}").as_bytes(), &tree)).collect::<Vec<u8>>(),
        );
    }
    head(&repo, &tree);
    let limits = Limits { folders: 20_000, ..Limits::default() };
    let report = analyze(&limited(limits), repo.path()).await.unwrap();
    assert_eq!(report.coverage.files, 0);
    assert!(has_note(&report, "file_limit"));
}

#[tokio::test]
async fn a_small_object_that_unpacks_to_300_megabytes() {
    let mut repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
    let zeros = std::fs::File::create(repo.path().join("zeros.py")).unwrap();
    zeros.set_len(300 << 20).unwrap();
    repo.commit("Much of nothing");
    repo.git(["gc", "-q"]);
    let report = soon(repo.path()).await.unwrap();
    assert_eq!(reason(&report, "zeros.py"), Some(SkipReason::TooLarge));
    assert_eq!(report.coverage.files_read, 1);
}

#[tokio::test]
async fn a_loose_object_that_lies_about_its_size() {
    let repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
    let claimed = store(&repo, "blob", b"small\n");
    let tree = store(&repo, "tree", &[entry("100644", b"a.py", &claimed)].concat());
    head(&repo, &tree);
    // The same object again: six bytes are stated, two hundred million follow.
    let python = "import sys,zlib\nz=zlib.compressobj(9)\nsys.stdout.buffer.write(z.compress(b'blob 6\\0'))\n\
                  [sys.stdout.buffer.write(z.compress(b'a'*1000000)) for _ in range(200)]\nsys.stdout.buffer.write(z.flush())";
    let bytes = std::process::Command::new("python3").args(["-c", python]).output().unwrap().stdout;
    let path = repo.path().join(".git/objects").join(&claimed[..2]).join(&claimed[2..]);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    std::fs::write(path, bytes).unwrap();
    let report = soon(repo.path()).await.unwrap();
    assert_eq!(report.coverage.files, 1);
    assert!(report.coverage.files_read == 1 || reason(&report, "a.py") == Some(SkipReason::Unreadable));
}

#[tokio::test]
async fn a_path_ten_thousand_folders_deep() {
    let repo = Repo::empty();
    let blob = store(&repo, "blob", b"x = 1\n");
    let shallow = entry("100644", b"a.py", &blob);
    // Objects are made by one process; ten thousand would take a minute.
    let python = format!(
        "import hashlib,zlib,os\nd='.git/objects'\ndef put(b):\n h=b'tree %d\\0'%len(b)+b\n i=hashlib.sha1(h).hexdigest()\n \
         os.makedirs(d+'/'+i[:2],exist_ok=True)\n open(d+'/'+i[:2]+'/'+i[2:],'wb').write(zlib.compress(h))\n return i\n\
         b=bytes.fromhex('{blob}')\nt=put(b'100644 deep.py\\0'+b)\n\
         for _ in range(10000): t=put(b'40000 d\\0'+bytes.fromhex(t))\nprint(t)"
    );
    let made = std::process::Command::new("python3")
        .args(["-c", &python])
        .current_dir(repo.path())
        .output()
        .unwrap();
    let deep = String::from_utf8(made.stdout).unwrap();
    let tree = store(&repo, "tree", &[shallow, entry("40000", b"deep", deep.trim())].concat());
    head(&repo, &tree);
    let report = soon(repo.path()).await.unwrap();
    assert_eq!(report.coverage.files_read, 1);
    assert!(report.coverage.skipped.iter().any(|skipped| skipped.reason == SkipReason::PathLimit));
}

#[tokio::test]
async fn names_that_climb_hide_and_write_to_terminals() {
    let repo = Repo::empty();
    let blob = store(&repo, "blob", b"x = 1\n");
    let names: [&[u8]; 12] = [
        b"..",
        b".",
        b".git",
        b".GIT",
        b"a/../../etc/passwd",
        b"/etc/passwd",
        b"line\nbreak.py",
        b"\x1b[2J\x1b]0;x\x07.py",
        b"caf\xe9.py",
        b"README.md",
        b"readme.md",
        b"ReadMe.md",
    ];
    let tree = store(
        &repo,
        "tree",
        &names.iter().flat_map(|name| entry("100644", name, &blob)).collect::<Vec<u8>>(),
    );
    head(&repo, &tree);
    let report = soon(repo.path()).await.unwrap();
    assert_eq!(report.coverage.files_read, 6);
    for name in ["..", ".", ".git", ".GIT", "a/../../etc/passwd", "/etc/passwd"] {
        assert_eq!(reason(&report, name), Some(SkipReason::Unreadable), "{name}");
    }
    let text = serde_json::to_string(&report).unwrap();
    assert!(!text.contains("\\u001b") && !text.contains("line\\n"), "control characters reached the report");
    assert!(report.files.iter().any(|file| file.path == "line\\x0Abreak.py"), "{:?}", report.files);
}

#[tokio::test]
async fn links_to_everywhere_are_not_followed() {
    let mut repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
    for (name, target) in [
        ("passwd.py", "/etc/passwd"),
        ("up.py", "../../../../../../etc/passwd"),
        ("self.py", "self.py"),
        ("one", "two"),
        ("two", "one"),
        ("root", "/"),
    ] {
        symlink(target, repo.path().join(name)).unwrap();
    }
    repo.commit("Links");
    let report = soon(repo.path()).await.unwrap();
    assert_eq!(report.coverage.files_read, 1);
    assert_eq!(report.coverage.skipped.iter().filter(|it| it.reason == SkipReason::Symlink).count(), 6);
}

#[tokio::test]
async fn submodules_with_hostile_addresses_stay_where_they_are() {
    let repo = Repo::empty();
    let canary = repo.path().join("canary");
    let modules = format!(
        "[submodule \"x\"]\n\tpath = sub\n\turl = ext::sh -c touch% {0}\n\tupdate = !touch {0}\n\
         [submodule \"../../x\"]\n\tpath = -u\n\turl = --upload-pack=touch {0}\n",
        canary.display()
    );
    let modules = store(&repo, "blob", modules.as_bytes());
    let tree = [
        entry("100644", b".gitmodules", &modules),
        entry("160000", b"-u", &"12".repeat(20)),
        entry("160000", b"sub", &"34".repeat(20)),
    ];
    let tree = store(&repo, "tree", &tree.concat());
    head(&repo, &tree);
    let report = soon(repo.path()).await.unwrap();
    assert_eq!(reason(&report, "sub"), Some(SkipReason::Submodule));
    assert_eq!(reason(&report, "-u"), Some(SkipReason::Submodule));
    assert!(has_note(&report, "submodules"));
    assert!(!canary.exists());
}

#[tokio::test]
async fn nothing_in_a_repository_is_run() {
    let mut repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
    let folder = tempfile::tempdir().unwrap();
    let canary = folder.path().join("canary");
    let script = folder.path().join("run");
    std::fs::write(&script, format!("#!/bin/sh\ntouch {}\ncat\n", canary.display())).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    repo.write(".gitattributes", "* filter=evil diff=evil merge=evil\n*.never working-tree-encoding=evil\n");
    repo.commit("Attributes");
    let script = script.to_str().unwrap();
    for hook in
        ["post-checkout", "pre-commit", "post-index-change", "reference-transaction", "fsmonitor-watchman"]
    {
        std::fs::copy(script, repo.path().join(".git/hooks").join(hook)).unwrap();
    }
    let mut config = std::fs::OpenOptions::new().append(true).open(repo.path().join(".git/config")).unwrap();
    write!(
        config,
        "[core]\n\tfsmonitor = {script}\n\thooksPath = .git/hooks\n\tsshCommand = {script}\n\tpager = {script}\n\
         \teditor = {script}\n\tgitProxy = {script}\n\talternateRefsCommand = {script}\n\
         [filter \"evil\"]\n\tclean = {script}\n\tsmudge = {script}\n\tprocess = {script}\n\trequired = true\n\
         [diff \"evil\"]\n\tcommand = {script}\n\ttextconv = {script}\n[diff]\n\texternal = {script}\n\
         [credential]\n\thelper = !{script}\n[include]\n\tpath = /etc/passwd\n[uploadpack]\n\tpackObjectsHook = {script}\n"
    )
    .unwrap();
    drop(config);
    let report = soon(repo.path()).await.unwrap();
    assert_eq!(report.coverage.files_read, 2);
    supervisor().probe(repo.path(), &[], None).await.unwrap();
    assert!(!canary.exists(), "something was run");
}

#[tokio::test]
async fn objects_of_others_are_not_borrowed() {
    let secret = Repo::with(&[("secret.py", "KEY = 'OUTSIDE-SECRET'\n")]);
    let commit = secret.git(["rev-parse", "HEAD"]);
    let objects = std::fs::canonicalize(secret.path().join(".git/objects")).unwrap();
    let thief = Repo::with(&[("a.rs", "fn a() {}\n")]);
    let list = thief.path().join(".git/objects/info/alternates");
    std::fs::create_dir_all(list.parent().unwrap()).unwrap();
    point(&thief, &commit);
    for line in [
        objects.display().to_string(),
        format!("../../../{}/.git/objects", secret.path().file_name().unwrap().to_str().unwrap()),
        format!("\"{}\"", objects.display()),
        format!("# comment\n{}", objects.display()),
        "/nonexistent".to_owned(),
    ] {
        std::fs::write(&list, format!("{line}\n")).unwrap();
        assert_eq!(soon(thief.path()).await.unwrap_err().code, FailureCode::OutsideReference, "{line}");
    }
    // Whoever may read both may have one borrow from the other.
    std::fs::write(&list, format!("{}\n", objects.display())).unwrap();
    let root = std::fs::canonicalize(secret.path()).unwrap();
    let probe = supervisor().probe(thief.path(), &[root], None).await.unwrap();
    assert_eq!(probe.commit, commit);
}

#[tokio::test]
async fn a_git_folder_that_leads_elsewhere_is_refused() {
    let secret = Repo::with(&[("secret.py", "KEY = 'OUTSIDE-SECRET'\n")]);
    let real = std::fs::canonicalize(secret.path().join(".git")).unwrap();
    let linked = tempfile::tempdir().unwrap();
    symlink(&real, linked.path().join(".git")).unwrap();
    assert_eq!(soon(linked.path()).await.unwrap_err().code, FailureCode::OutsideReference);

    let named = tempfile::tempdir().unwrap();
    std::fs::write(named.path().join(".git"), format!("gitdir: {}\n", real.display())).unwrap();
    assert_eq!(soon(named.path()).await.unwrap_err().code, FailureCode::OutsideReference);

    let common = Repo::with(&[("a.rs", "fn a() {}\n")]);
    std::fs::write(common.path().join(".git/commondir"), format!("{}\n", real.display())).unwrap();
    assert_eq!(soon(common.path()).await.unwrap_err().code, FailureCode::OutsideReference);

    let objects = Repo::with(&[("a.rs", "fn a() {}\n")]);
    point(&objects, &secret.git(["rev-parse", "HEAD"]));
    std::fs::remove_dir_all(objects.path().join(".git/objects")).unwrap();
    symlink(real.join("objects"), objects.path().join(".git/objects")).unwrap();
    assert_eq!(soon(objects.path()).await.unwrap_err().code, FailureCode::OutsideReference);

    let refs = Repo::with(&[("a.rs", "fn a() {}\n")]);
    std::fs::remove_dir_all(refs.path().join(".git/refs")).unwrap();
    symlink(real.join("refs"), refs.path().join(".git/refs")).unwrap();
    assert_eq!(soon(refs.path()).await.unwrap_err().code, FailureCode::OutsideReference);

    let pack = Repo::with(&[("a.rs", "fn a() {}\n")]);
    symlink("/etc/passwd", pack.path().join(".git/objects/pack/pack-x.idx")).unwrap();
    assert_eq!(soon(pack.path()).await.unwrap_err().code, FailureCode::OutsideReference);

    for (file, target) in
        [("HEAD", "/etc/passwd"), ("refs/heads/main", "/etc/passwd"), ("packed-refs", "/dev/zero")]
    {
        let repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
        let path = repo.path().join(".git").join(file);
        let _ = std::fs::remove_file(&path);
        let _ = std::fs::remove_file(repo.path().join(".git/refs/heads/main"));
        symlink(target, &path).unwrap();
        let failure = soon(repo.path()).await.unwrap_err();
        assert!(!failure.detail.contains("root:"), "{failure}");
    }
}

#[tokio::test]
async fn real_linked_work_trees_and_submodules_are_read() {
    let repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
    let beside = tempfile::tempdir().unwrap();
    let tree = beside.path().join("tree");
    repo.git(["worktree", "add", "-q", "-b", "side", tree.to_str().unwrap()]);
    let probe = supervisor().probe(&tree, &[], None).await.unwrap();
    assert_eq!(probe.branch.as_deref(), Some("side"));
    let outer = Repo::with(&[("b.rs", "fn b() {}\n")]);
    outer.git(["submodule", "--quiet", "add", repo.path().to_str().unwrap(), "inner"]);
    assert_eq!(supervisor().probe(&outer.path().join("inner"), &[], None).await.unwrap().files, 1);
    let bare = tempfile::tempdir().unwrap();
    repo.git(["clone", "-q", "--bare", ".", bare.path().join("x.git").to_str().unwrap()]);
    assert_eq!(supervisor().probe(&bare.path().join("x.git"), &[], None).await.unwrap().files, 1);
}

#[tokio::test]
async fn missing_and_damaged_objects_are_named() {
    let repo = Repo::with(&[("a.rs", "fn a() {}\n"), ("b.rs", "fn b() {}\n"), ("c/d.rs", "fn d() {}\n")]);
    let object = |name: &str| {
        let id = repo.git(["rev-parse", name]);
        repo.path().join(".git/objects").join(&id[..2]).join(&id[2..])
    };
    std::fs::remove_file(object("HEAD:a.rs")).unwrap();
    let damaged = object("HEAD:b.rs");
    std::fs::set_permissions(&damaged, std::fs::Permissions::from_mode(0o644)).unwrap();
    std::fs::write(&damaged, b"not zlib").unwrap();
    std::fs::remove_file(object("HEAD:c")).unwrap();
    let report = soon(repo.path()).await.unwrap();
    for path in ["a.rs", "b.rs", "c"] {
        assert_eq!(reason(&report, path), Some(SkipReason::Unreadable), "{path}");
    }
    std::fs::remove_file(object("HEAD^{tree}")).unwrap();
    assert_eq!(soon(repo.path()).await.unwrap_err().code, FailureCode::Unreadable);
    std::fs::remove_file(object("HEAD")).unwrap();
    assert_eq!(soon(repo.path()).await.unwrap_err().code, FailureCode::Unreadable);
}

#[tokio::test]
async fn damaged_packs_end_with_a_reason() {
    for seed in 0..12_usize {
        let mut repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
        for number in 0..20 {
            repo.write("a.rs", format!("fn a() {{ {number} }}\n").repeat(50));
            repo.commit("More");
        }
        repo.git(["gc", "-q", "--aggressive"]);
        for entry in std::fs::read_dir(repo.path().join(".git/objects/pack")).unwrap() {
            let path = entry.unwrap().path();
            let mut bytes = std::fs::read(&path).unwrap();
            for step in 0..8 {
                let at = 12 + (seed * 7_919 + step * 104_729) % (bytes.len() - 12);
                bytes[at] ^= 0x55;
            }
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            std::fs::write(&path, bytes).unwrap();
        }
        if let Err(failure) = soon(repo.path()).await {
            let known = [FailureCode::Unreadable, FailureCode::AnalysisCrashed, FailureCode::AnalysisLimit];
            assert!(known.contains(&failure.code), "{seed}: {failure:?}");
        }
    }
}

#[tokio::test]
async fn a_hundred_thousand_branches() {
    let repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
    let head = repo.git(["rev-parse", "HEAD"]);
    let mut packed = String::from("# pack-refs with: peeled fully-peeled sorted\n");
    for number in 0..100_000 {
        writeln!(packed, "{head} refs/heads/b{number:06}").unwrap();
    }
    std::fs::write(repo.path().join(".git/packed-refs"), packed).unwrap();
    assert!(soon(repo.path()).await.is_ok());
    let probe = supervisor().probe(repo.path(), &[], Some("b099999")).await.unwrap();
    assert_eq!(probe.commit, head);
    std::fs::write(repo.path().join(".git/HEAD"), "ref: refs/heads/x\n").unwrap();
    for (from, to) in [("x", "y"), ("y", "x")] {
        std::fs::write(repo.path().join(".git/refs/heads").join(from), format!("ref: refs/heads/{to}\n"))
            .unwrap();
    }
    assert_eq!(soon(repo.path()).await.unwrap_err().code, FailureCode::Unreadable, "a circle of references");
}

#[tokio::test]
async fn commits_with_gigantic_messages_and_impossible_dates() {
    let repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
    let tree = repo.git(["rev-parse", "HEAD^{tree}"]);
    let mut parent = repo.git(["rev-parse", "HEAD"]);
    let message = "x".repeat(20 << 20);
    for (date, text) in [
        ("-1", "before the epoch"),
        ("99999999999999999999", "after the end of numbers"),
        ("9223372036854775807", "the last second"),
        ("nonsense", "no number"),
        ("0", "a \u{1b}[31mred\u{202e} subject"),
    ] {
        let commit = format!(
            "tree {tree}\nparent {parent}\nauthor Evil \u{7} <e@\u{1b}x> {date} +9999\ncommitter E <e@x> {date} -9999\n\n{text}\n"
        );
        parent = store(&repo, "commit", commit.as_bytes());
    }
    point(&repo, &parent);
    let report = soon(repo.path()).await.unwrap();
    assert!(report.history.commits >= 1, "{:?}", report.history);
    assert!(!serde_json::to_string(&report).unwrap().contains("\\u001b"));

    let giant = format!(
        "tree {tree}\nparent {parent}\nauthor E <e@x> 1780000000 +0000\ncommitter E <e@x> 1780000000 +0000\n\n{message}\n"
    );
    let giant = store(&repo, "commit", giant.as_bytes());
    let child = format!(
        "tree {tree}\nparent {giant}\nauthor E <e@x> 1780000001 +0000\ncommitter E <e@x> 1780000001 +0000\n\nok\n"
    );
    let child = store(&repo, "commit", child.as_bytes());
    point(&repo, &child);
    let report = soon(repo.path()).await.unwrap();
    assert!(has_note(&report, "history_damaged"), "{:?}", report.coverage.notes);
    point(&repo, &giant);
    assert_eq!(soon(repo.path()).await.unwrap_err().code, FailureCode::TooLarge);
}

#[tokio::test]
async fn a_shallow_clone_and_other_formats_are_said() {
    let mut repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
    repo.commit("Two");
    repo.commit("Three");
    let folder = tempfile::tempdir().unwrap();
    let shallow = folder.path().join("shallow");
    let from = format!("file://{}", repo.path().display());
    repo.git(["clone", "-q", "--depth", "1", &from, shallow.to_str().unwrap()]);
    let report = soon(&shallow).await.unwrap();
    assert!(has_note(&report, "shallow_history") && report.history.truncated);
    let modern = folder.path().join("sha256");
    repo.git(["init", "-q", "--object-format=sha256", modern.to_str().unwrap()]);
    assert_eq!(soon(&modern).await.unwrap_err().code, FailureCode::Unsupported);
}

#[tokio::test]
async fn pipes_and_devices_do_not_hang() {
    for file in ["HEAD", "config", "packed-refs", "shallow", "objects/info/alternates", "refs/heads/main"] {
        let repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
        let path = repo.path().join(".git").join(file);
        let _ = std::fs::remove_file(&path);
        if file == "packed-refs" {
            let _ = std::fs::remove_file(repo.path().join(".git/refs/heads/main"));
        }
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        // What is not needed may be ignored; what is needed is refused. Waiting is neither.
        let start = Instant::now();
        let _ = soon(repo.path()).await;
        assert!(start.elapsed() < Duration::from_secs(20), "{file}");
    }
}
