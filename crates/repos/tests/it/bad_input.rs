//! Bad input, one kind after the other: each ends with a sentence that its owner can act on, and the rest goes on.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use analysis::report::SkipReason;
use repos::child::Supervisor;
use repos::fetch::FetchConfig;
use repos::{AnalysisState, FailureCode, FindingFilter, Limits, RepoError};
use storage::testing::on_sqlite;

use crate::context::World;
use crate::https::Host;
use crate::support::{CALLS_A_SHELL, Repo, supervisor};

/// What a person is told who asks for this source: when it is looked at, or when it is analysed.
async fn told(world: &World, source: &str) -> (FailureCode, String) {
    if let Err(error) = world.repos.probe(&world.actor, source, None).await {
        let RepoError::Refused(failure) = error else { panic!("{source}: {error:?}") };
        return (failure.code, failure.detail);
    }
    let ended = world.analyzed(source).await;
    assert_eq!(ended.state, AnalysisState::Failed, "{source}");
    let failure = ended.failure.unwrap();
    (failure.code, failure.detail)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_analysed_is_refused_in_words_and_the_next_one_is_analysed() {
    on_sqlite(|test| async move {
        let host = Host::start().await;
        let mut large = Repo::with(&[("a.rs", "fn a() {}\n")]);
        // Packs well enough to be small, and is still more than this server takes.
        large.write("b", (0..40_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
        large.commit("More");
        for (repo, name) in [(&large, "large.git"), (&Repo::empty(), "empty.git")] {
            host.offer(repo, name);
        }
        let config = FetchConfig { bytes: 30_000, ..host.config() };
        let world = World::with(&test, supervisor(), config, None).await;
        let good = Repo::with(&[("a.rs", "fn a() {}\n")]);
        let (plain, empty, bare) = (tempfile::tempdir().unwrap(), Repo::empty(), Repo::with(&[]));
        let file = plain.path().join("notes.txt");
        std::fs::write(&file, "x").unwrap();
        let broken = Repo::with(&[("a.rs", "fn a() {}\n")]);
        std::fs::remove_file(broken.path().join(".git/HEAD")).unwrap();
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        for (source, code, words) in [
            (text(plain.path()), FailureCode::NotARepository, "is not a Git repository: it has no `.git`."),
            (text(&file), FailureCode::NotARepository, "is a file, not a folder."),
            ("/nowhere/at/all".into(), FailureCode::NotARepository, "does not exist or may not be read."),
            (text(empty.path()), FailureCode::EmptyRepository, "The repository has no commit on `main` yet."),
            (host.address("empty.git"), FailureCode::EmptyRepository, "The repository has no commit yet."),
            (text(broken.path()), FailureCode::NotARepository, "Its `HEAD` is not one of a Git repository."),
            ("some/folder".into(), FailureCode::UrlInvalid, "Give the whole path of the folder, from `/`."),
            ("https://".into(), FailureCode::UrlInvalid, "."),
            ("http://host.example/a".into(), FailureCode::UrlRefused, "use `https://`."),
            (
                "https://me:pw@host.example/a".into(),
                FailureCode::UrlRefused,
                "Leave user names and tokens out of the address",
            ),
            (
                "https://no-such-host.invalid/a".into(),
                FailureCode::Unreachable,
                "The host `no-such-host.invalid` is not known.",
            ),
            (host.address("none.git"), FailureCode::NotFound, "The host has no such repository."),
            (
                host.address("private/large.git"),
                FailureCode::AuthRequired,
                "does not show this repository to strangers",
            ),
            (host.address("large.git"), FailureCode::TooLarge, "the limit of this server."),
        ] {
            let (found, detail) = told(&world, &source).await;
            assert_eq!(found, code, "{source}: {detail}");
            assert!(detail.contains(words) && detail.ends_with('.'), "{source}: {detail}");
            assert!(!detail.contains("pw@"), "{detail}");
        }
        // A commit without a file is analysed, and says that there is nothing.
        let nothing = world.analyzed(&text(bare.path())).await;
        assert_eq!((nothing.state, nothing.summary.unwrap().files), (AnalysisState::Done, 0));
        assert_eq!(world.analyzed(&text(good.path())).await.state, AnalysisState::Done, "the rest goes on");
    })
    .await;
}

/// The child as an account that may not read what belongs to this one; root may read everything.
fn as_a_stranger() -> Option<Supervisor> {
    let output = std::process::Command::new("id").arg("-u").output().unwrap();
    if output.stdout != b"0\n" {
        return Some(supervisor());
    }
    let child = PathBuf::from(env!("CARGO_BIN_EXE_analyze-child"));
    let reachable = child
        .ancestors()
        .skip(1)
        .all(|folder| std::fs::metadata(folder).is_ok_and(|it| it.permissions().mode() & 0o001 != 0));
    let words = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"].map(Into::into);
    reachable.then(|| {
        Supervisor::new("/usr/bin/setpriv".into(), words.into_iter().chain([child.into()]), Limits::default())
    })
}

#[tokio::test]
async fn a_folder_that_may_not_be_read_is_named() {
    let Some(stranger) = as_a_stranger() else {
        eprintln!("folders that may not be read are not tried: another account cannot reach the program");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let target = folder.path().join("repo");
    Repo::with(&[("a.rs", "fn a() {}\n")]).git(["clone", "-q", ".", target.to_str().unwrap()]);
    for closed in ["", ".git", ".git/objects"] {
        let closed = target.join(closed);
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).unwrap();
        let failure = stranger.probe(&target, &[], None).await.unwrap_err();
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(failure.code, FailureCode::Unreadable, "{}: {failure}", closed.display());
        assert!(failure.detail.contains("may not be read"), "{failure}");
    }
    assert_eq!(stranger.probe(&target, &[], None).await.unwrap().files, 1);
}

#[tokio::test]
async fn what_is_odd_inside_a_repository_is_said_and_the_rest_is_read() {
    on_sqlite(|test| async move {
        let world = World::new(&test).await;
        let inner = Repo::with(&[("i.rs", "fn i() {}\n")]);
        let mut repo = Repo::with(&[("good.py", CALLS_A_SHELL)]);
        repo.git(["submodule", "--quiet", "add", inner.path().to_str().unwrap(), "inner"]);
        repo.write("model.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n");
        repo.write("bomb.py", format!("x = {}{}\n", "(".repeat(100_000), ")".repeat(100_000)));
        repo.write("big.js", vec![b'x'; 6 << 20]);
        std::fs::write(repo.path().join(OsStr::from_bytes(b"caf\xe9.py")), "x = 1\n").unwrap();
        std::os::unix::fs::symlink("good.py", repo.path().join("link.py")).unwrap();
        repo.commit("More");
        let folder = tempfile::tempdir().unwrap();
        let shallow = folder.path().join("shallow");
        let from = format!("file://{}", repo.path().display());
        repo.git(["clone", "-q", "--depth", "1", &from, shallow.to_str().unwrap()]);
        let done = world.analyzed(shallow.to_str().unwrap()).await;
        assert_eq!(done.state, AnalysisState::Done, "{done:?}");
        let (_, report) = world.repos.report(&world.actor, done.repo).await.unwrap().unwrap();
        let reason = |path: &str| {
            report.coverage.skipped.iter().find(|skipped| skipped.path == path).map(|skipped| skipped.reason)
        };
        assert_eq!(reason("inner"), Some(SkipReason::Submodule));
        assert_eq!(reason("model.bin"), Some(SkipReason::LfsPointer));
        assert_eq!(reason("big.js"), Some(SkipReason::TooLarge));
        assert_eq!(reason("link.py"), Some(SkipReason::Symlink));
        let gave_up = [Some(SkipReason::ParserGaveUp), Some(SkipReason::TooDeep)];
        assert!(gave_up.contains(&reason("bomb.py")), "{:?}", report.coverage.skipped);
        assert!(report.files.iter().any(|file| file.path == "caf\\xE9.py"), "a name that is not UTF-8");
        let notes: Vec<&str> = report.coverage.notes.iter().map(|note| note.code.as_str()).collect();
        for code in ["submodules", "shallow_history", "lfs"] {
            assert!(notes.contains(&code), "{code}: {notes:?}");
        }
        assert!(report.coverage.notes.iter().all(|note| note.text.ends_with('.')));
        let filter = FindingFilter { path: Some("good.py".into()), ..FindingFilter::default() };
        let found = world
            .repos
            .findings(&world.actor, done.repo, &filter, None, base::PageSize::clamped(10))
            .await
            .unwrap();
        assert!(found.page.total > 0, "what can be read is analysed");
    })
    .await;
}
