//! The child and its supervisor.

use analysis::advisories::{AdvisoryAnswer, PackageKey};
use analysis::pipeline::{Phase, Progress};
use analysis::report::{AdvisoryState, Report, SkipReason};
use repos::child::{Supervisor, Target};
use repos::{Failure, FailureCode, Limits};
use tokio_util::sync::CancellationToken;

use crate::support::{Repo, limited, supervisor};

pub(crate) async fn unchecked(_: Vec<PackageKey>) -> AdvisoryAnswer {
    AdvisoryAnswer {
        state: AdvisoryState::NotChecked { reason: "not wanted".into() },
        covered: Vec::new(),
        records: Vec::new(),
    }
}

pub(crate) async fn analyze(supervisor: &Supervisor, path: &std::path::Path) -> Result<Report, Failure> {
    let target = Target { path, roots: &[], branch: None, commit: None };
    supervisor
        .analyze(target, &CancellationToken::new(), |_| {}, unchecked)
        .await
        .map(|analyzed| *analyzed.report)
}

#[tokio::test]
async fn a_repository_is_analysed_in_a_child() {
    let mut repo =
        Repo::with(&[("src/main.rs", "fn main() {\n    println!(\"hi\");\n}\n"), ("README.md", "# Hi\n")]);
    repo.write("src/main.rs", "fn main() {\n    println!(\"hello\");\n    println!(\"you\");\n}\n");
    let head = repo.commit("Say more\n\nwith a body");
    let mut phases = Vec::new();
    let target = Target { path: repo.path(), roots: &[], branch: None, commit: None };
    let analyzed = supervisor()
        .analyze(
            target,
            &CancellationToken::new(),
            |progress| {
                if progress.finished {
                    phases.push(progress.phase.as_str());
                }
            },
            unchecked,
        )
        .await
        .unwrap();
    assert_eq!(phases, ["fetch", "languages", "structure", "patterns", "security", "quality", "insights"]);
    let report = analyzed.report;
    assert_eq!(report.commit.id, head);
    assert_eq!(report.commit.branch.as_deref(), Some("main"));
    assert_eq!(report.commit.subject, "Say more");
    assert_eq!(report.coverage.files, 2);
    assert_eq!(report.coverage.files_read, 2);
    assert!(analyzed.sandbox.limits && analyzed.sandbox.system_calls, "{:?}", analyzed.sandbox);
}

#[tokio::test]
async fn a_child_that_repeats_a_phase_is_not_listened_to() {
    let hello = r#"{"message":"hello","sandbox":{"limits":true,"system_calls":true,"files":true,"files_partly":true}}"#;
    let line = |phase| {
        let mut line = serde_json::to_value(Progress::finished(phase, 1, "files", Vec::new())).unwrap();
        line["message"] = "progress".into();
        line.to_string()
    };
    let (fetch, languages) = (line(Phase::Fetch), line(Phase::Languages));
    for again in [&fetch, &languages] {
        let script = format!(
            "read task; echo '{hello}'; echo '{fetch}'; echo '{languages}'; echo '{again}'; read end"
        );
        let child = Supervisor::new("/bin/sh".into(), ["-c".into(), script.into()], Limits::default());
        let mut heard = Vec::new();
        let target = Target { path: std::path::Path::new("/"), roots: &[], branch: None, commit: None };
        let ended =
            child.analyze(target, &CancellationToken::new(), |it| heard.push(it.phase), unchecked).await;
        assert_eq!(ended.unwrap_err().detail, "It finished a phase twice or out of order.");
        assert_eq!(heard, [Phase::Fetch, Phase::Languages]);
    }
}

#[tokio::test]
async fn two_runs_give_equal_reports() {
    let repo = Repo::with(&[("a.py", "import b\n"), ("b.py", "import a\n"), ("c/d.js", "x = 1\n")]);
    let first = analyze(&supervisor(), repo.path()).await.unwrap();
    let limits = Limits { threads: 1, ..Limits::default() };
    let second = analyze(&limited(limits), repo.path()).await.unwrap();
    assert_eq!(serde_json::to_vec(&first).unwrap(), serde_json::to_vec(&second).unwrap());
}

#[tokio::test]
async fn a_probe_and_some_lines() {
    let mut repo = Repo::with(&[("src/a.txt", "one\ntwo\r\nthree\n")]);
    let head = repo.commit("more");
    let supervisor = supervisor();
    let probe = supervisor.probe(repo.path(), &[], None).await.unwrap();
    assert_eq!((probe.branch.as_deref(), probe.files, probe.bytes), (Some("main"), 1, 15));
    let lines = supervisor.lines(repo.path(), &[], &head, "src/a.txt", 2..=9).await.unwrap();
    assert_eq!((lines.start, lines.total), (2, 3));
    assert_eq!(lines.lines, ["two", "three"]);
    let gone = supervisor.lines(repo.path(), &[], &head, "../../etc/passwd", 1..=9).await.unwrap_err();
    assert_eq!(gone.code, FailureCode::NotFound);
}

#[tokio::test]
async fn bad_input_is_named() {
    let supervisor = supervisor();
    let code = async |path: &std::path::Path| supervisor.probe(path, &[], None).await.unwrap_err().code;
    let plain = tempfile::tempdir().unwrap();
    assert_eq!(code(plain.path()).await, FailureCode::NotARepository);
    assert_eq!(code(&plain.path().join("nothing")).await, FailureCode::NotARepository);
    let empty = Repo::empty();
    assert_eq!(code(empty.path()).await, FailureCode::EmptyRepository);
    let repo = Repo::with(&[("a/b", "c")]);
    assert_eq!(code(&repo.path().join("a")).await, FailureCode::NotARepository);
    assert_eq!(code(&repo.path().join("a/b")).await, FailureCode::NotARepository);
    let branch = supervisor.probe(repo.path(), &[], Some("nope")).await.unwrap_err();
    assert_eq!(branch.code, FailureCode::NoSuchBranch);
    assert!(branch.detail.contains("`nope`"), "{branch}");
}

#[tokio::test]
async fn a_limit_ends_the_child_not_the_server() {
    let repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
    let memory = Limits { memory_bytes: 24 << 20, ..Limits::default() };
    let failure = analyze(&limited(memory), repo.path()).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::AnalysisLimit, "{failure}");
    let wall = Limits { wall_seconds: 0, ..Limits::default() };
    let failure = analyze(&limited(wall), repo.path()).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::AnalysisLimit, "{failure}");
}

#[tokio::test]
async fn cancelling_kills_the_child() {
    let repo = Repo::with(&[("Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.0\"\n")]);
    let cancel = CancellationToken::new();
    let target = Target { path: repo.path(), roots: &[], branch: None, commit: None };
    let stopper = cancel.clone();
    let failure = supervisor()
        .analyze(
            target,
            &cancel,
            |_| {},
            async move |packages| {
                // The answer never comes: only the cancellation can end this.
                stopper.cancel();
                std::future::pending::<()>().await;
                unchecked(packages).await
            },
        )
        .await
        .unwrap_err();
    assert_eq!(failure.code, FailureCode::Cancelled);
}

#[tokio::test]
async fn what_is_not_read_is_said() {
    let mut repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
    repo.write("big.bin", vec![0_u8; 6 << 20]);
    repo.write("asset.psd", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n");
    std::os::unix::fs::symlink("/etc/passwd", repo.path().join("link")).unwrap();
    std::fs::write(
        repo.path().join(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"caf\xe9.txt")),
        "x",
    )
    .unwrap();
    repo.commit("more");
    let report = analyze(&supervisor(), repo.path()).await.unwrap();
    let reason = |path: &str| {
        report.coverage.skipped.iter().find(|skipped| skipped.path == path).map(|skipped| skipped.reason)
    };
    assert_eq!(reason("big.bin"), Some(SkipReason::TooLarge));
    assert_eq!(reason("asset.psd"), Some(SkipReason::LfsPointer));
    assert_eq!(reason("link"), Some(SkipReason::Symlink));
    assert_eq!(report.coverage.files, 5);
    assert_eq!(report.coverage.files_read, 2);
    assert!(report.coverage.notes.iter().any(|note| note.code == "lfs"));
    assert!(!serde_json::to_string(&report).unwrap().contains("root:"));
}
