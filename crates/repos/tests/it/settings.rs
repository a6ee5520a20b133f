//! What people decide about a repository, on both engines.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use analysis::pipeline::Phase;
use repos::child::Supervisor;
use repos::fetch::FetchConfig;
use repos::{AnalysisState, Limits, RepoChange, RepoError};
use storage::testing::each_engine;

use crate::context::World;
use crate::support::{Repo, supervisor};

fn path(repo: &Repo) -> &str {
    repo.path().to_str().unwrap()
}

/// A repository with a credential that a later commit took out of its file.
fn leaked() -> Repo {
    let token = ["glpat-", "aZ3kQ9wL2mX7vB5nR8tY"].concat();
    let mut repo = Repo::with(&[("deploy.sh", &format!("#!/bin/sh\nexport A={token}\n"))]);
    repo.write("deploy.sh", "#!/bin/sh\n");
    repo.commit("Clean up");
    repo
}

#[tokio::test]
async fn a_history_is_searched_once_somebody_wants_it() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let git = leaked();
        let first = world.analyzed(path(&git)).await;
        let (_, report) = world.repos.report(&world.actor, first.repo).await.unwrap().unwrap();
        assert_eq!(report.past_secrets, None, "nobody asked");
        let said = |report: &analysis::report::Report| {
            report.coverage.limits.iter().any(|limit| limit.code == "history_not_searched")
        };
        assert!(said(&report), "and that is said");

        let repo = world.repos.repo(&world.actor, first.repo).await.unwrap().unwrap().repo;
        let wish = || RepoChange { secrets_in_history: Some(true), ..RepoChange::default() };
        let changed = world.repos.change_repo(&world.actor, repo.id, repo.version, wish()).await.unwrap();
        assert_eq!((changed.secrets_in_history, changed.version), (true, repo.version + 1));
        let stale = world.repos.change_repo(&world.actor, repo.id, repo.version, wish()).await;
        assert!(matches!(stale, Err(RepoError::Changed)), "{stale:?}");

        // The same commit, but not the same question: the stored result is no answer.
        let second = world.analyzed(path(&git)).await;
        assert_ne!(second.id, first.id);
        let (_, report) = world.repos.report(&world.actor, first.repo).await.unwrap().unwrap();
        let past = report.past_secrets.as_ref().unwrap();
        assert_eq!((past.total, past.secrets[0].at_tip), (1, false));
        assert!(!said(&report), "it is no longer so");

        let kept = world.repos.analyses_with_report(&world.actor, first.repo).await.unwrap();
        assert_eq!(kept.iter().map(|it| it.id).collect::<Vec<_>>(), [second.id, first.id]);
    })
    .await;
}

/// Analyses once there is `go`, and makes `started` before.
fn patient(folder: &Path) -> (Supervisor, PathBuf, PathBuf) {
    let (child, started, go) = (folder.join("child"), folder.join("started"), folder.join("go"));
    let (began, begin) = (started.display(), go.display());
    let script = format!(
        "#!/bin/sh\n: > {began}\nwhile [ ! -e {begin} ]; do sleep 0.01; done\nexec {} \"$@\"\n",
        env!("CARGO_BIN_EXE_analyze-child"),
    );
    std::fs::write(&child, script).unwrap();
    std::fs::set_permissions(&child, std::fs::Permissions::from_mode(0o755)).unwrap();
    (Supervisor::new(child, [], Limits::default()), started, go)
}

/// Changes what a repository's people want while the analysis of its branch `old` runs.
async fn overtaken(world: &World, started: &Path, go: &Path, old_is_there: bool) {
    // Whoever asks need not be patient.
    let asked = world.beside(supervisor(), world.jobs.clone(), world.clones());
    let git = leaked();
    git.git(["branch", "old"]);
    let repo = asked.connect(&world.actor, path(&git), Some("old"), None).await.unwrap().repo;
    let first = asked.analyze(&world.actor, repo.id, false).await.unwrap().analysis;
    tokio::join!(world.run_jobs(), async {
        while !started.exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if !old_is_there {
            git.git(["branch", "-D", "old"]);
        }
        let wish = RepoChange { branch: Some(String::new()), secrets_in_history: Some(true) };
        asked.change_repo(&world.actor, repo.id, repo.version, wish).await.unwrap();
        let joined = asked.analyze(&world.actor, repo.id, true).await.unwrap();
        assert_eq!((joined.fresh, joined.analysis.id), (false, first.id));
        std::fs::write(go, "").unwrap();
    });
    let (done, report) = asked.report(&world.actor, repo.id).await.unwrap().unwrap();
    assert_eq!((done.id, done.state), (first.id, AnalysisState::Done));
    assert_eq!(done.summary.unwrap().branch.as_deref(), Some("main"));
    assert_eq!(report.past_secrets.as_ref().map(|past| past.total), Some(1), "its history was searched");
    assert_eq!(asked.analyses(&world.actor, repo.id).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_analysis_ends_with_what_is_wanted_by_then() {
    for old_is_there in [true, false] {
        each_engine(|test| async move {
            let folder = tempfile::tempdir().unwrap();
            let (supervisor, started, go) = patient(folder.path());
            let world = World::with(&test, supervisor, FetchConfig::default(), None).await;
            let overtaken = overtaken(&world, &started, &go, old_is_there);
            tokio::time::timeout(Duration::from_mins(1), overtaken).await.expect("an end");
        })
        .await;
    }
}

#[tokio::test]
async fn who_goes_back_to_an_earlier_setting_is_shown_its_result() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let mut git = leaked();
        git.git(["branch", "next"]);
        git.write("more.sh", "#!/bin/sh\n");
        git.commit("More");
        let mut repo = world.repos.connect(&world.actor, path(&git), None, None).await.unwrap().repo;
        let mut seen = Vec::new();
        for branch in ["", "next", ""] {
            if branch != repo.branch.as_deref().unwrap_or_default() {
                let change = RepoChange { branch: Some(branch.into()), ..RepoChange::default() };
                repo = world.repos.change_repo(&world.actor, repo.id, repo.version, change).await.unwrap();
            }
            world.clock.advance(Duration::from_mins(1));
            let asked = world.repos.analyze(&world.actor, repo.id, false).await.unwrap();
            assert!(asked.fresh, "{branch:?}");
            world.run_jobs().await;
            let latest = world.repos.repo(&world.actor, repo.id).await.unwrap().unwrap().latest.unwrap();
            assert_eq!(latest.id, asked.analysis.id);
            seen.push(latest.summary.unwrap().branch.unwrap());
        }
        assert_eq!(seen, ["main", "next", "main"]);
        assert!(!world.repos.analyze(&world.actor, repo.id, false).await.unwrap().fresh);
    })
    .await;
}

#[tokio::test]
async fn a_branch_has_to_be_there_and_free() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let git = leaked();
        git.git(["branch", "next"]);
        let repo = world.repos.connect(&world.actor, path(&git), None, None).await.unwrap().repo;
        let change = async |branch: &str, version: i64| {
            let change = RepoChange { branch: Some(branch.into()), ..RepoChange::default() };
            world.repos.change_repo(&world.actor, repo.id, version, change).await
        };
        for wrong in ["nowhere", "a..b"] {
            let refused = change(wrong, repo.version).await;
            assert!(matches!(refused, Err(RepoError::Refused(_))), "{wrong}: {refused:?}");
        }
        let next = change("next", repo.version).await.unwrap();
        assert_eq!(next.branch.as_deref(), Some("next"));
        let other = world.repos.connect(&world.actor, path(&git), None, None).await.unwrap();
        assert!(other.fresh, "the default branch is free now");
        let taken = change("", next.version).await;
        assert!(
            matches!(&taken, Err(RepoError::Refused(failure)) if failure.detail.contains("already")),
            "{taken:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn phases_say_how_long_they_took_and_what_was_known() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let mut git = leaked();
        let ticking = async {
            loop {
                tokio::time::sleep(Duration::from_millis(1)).await;
                world.clock.advance(Duration::from_millis(1));
            }
        };
        let first = tokio::select! {
            first = world.analyzed(path(&git)) => first,
            () = ticking => unreachable!(),
        };
        assert_eq!(first.finished.iter().map(|it| it.progress.phase).collect::<Vec<_>>(), Phase::ALL);
        // One after the other, and no time twice.
        let took: u64 = first.finished.iter().map(|it| it.took_ms.unwrap()).sum();
        let whole = first.finished_at.unwrap().since(first.started_at.unwrap()).as_millis();
        assert!(took > 0 && u128::from(took) <= whole, "{whole}: {first:?}");
        git.write("more.sh", "#!/bin/sh\n");
        git.commit("More");
        let second = world.analyzed(path(&git)).await;
        let facts = &second.finished[1].progress.facts;
        assert_eq!(facts.last().map(String::as_str), Some("1 file known from an earlier run"), "{facts:?}");
    })
    .await;
}

#[tokio::test]
async fn people_are_named_unless_the_workspace_does_not_want_it() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        assert!(world.repos.name_people(&world.actor).await.unwrap());
        for name in [false, true, false] {
            world.repos.set_name_people(&world.actor, name).await.unwrap();
            assert_eq!(world.repos.name_people(&world.actor).await.unwrap(), name);
        }
        let status = world.repos.advisory_status(&world.actor).await.unwrap();
        assert_eq!(status.version, 0, "nothing was decided about advisories");
    })
    .await;
}
