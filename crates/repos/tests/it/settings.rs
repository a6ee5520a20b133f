//! What people decide about a repository, on both engines.

use analysis::pipeline::Phase;
use repos::{RepoChange, RepoError};
use storage::testing::each_engine;

use crate::context::World;
use crate::support::Repo;

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
        let first = world.analyzed(path(&git)).await;
        assert_eq!(first.finished.iter().map(|it| it.progress.phase).collect::<Vec<_>>(), Phase::ALL);
        // The clock of this test stands still.
        assert!(first.finished.iter().all(|it| it.took_ms == Some(0)), "{first:?}");
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
