//! How far a repository has moved on since it was analysed, and who hears of it.

use std::fmt::Write as _;
use std::time::Duration;

use base::Actor;
use events::{Channel, Delivery, Hub, HubOptions};
use repos::Repos;
use repos::child::Ahead;
use storage::testing::each_engine;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::context::World;
use crate::support::{Repo, supervisor};

async fn behind(repos: &Repos, actor: &Actor, repo: base::id::RepoId) -> Ahead {
    repos.behind(actor, repo).await.unwrap().unwrap()
}

#[tokio::test]
async fn commits_are_counted_that_the_analysed_one_does_not_follow() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let mut git = Repo::with(&[("a.py", "x = 1\n")]);
        let analysis = world.analyzed(git.path().to_str().unwrap()).await;
        let now = behind(&world.repos, &world.actor, analysis.repo).await;
        assert_eq!((now.commits, now.more, now.follows), (Some(0), false, true));

        // A branch that is merged counts with all its commits.
        git.git(["checkout", "-q", "-b", "side"]);
        git.commit("Aside");
        git.git(["checkout", "-q", "main"]);
        git.commit("Straight on");
        git.git(["merge", "-q", "--no-ff", "-m", "Merge", "side"]);
        let later = behind(&world.repos, &world.actor, analysis.repo).await;
        assert_eq!((later.commits, later.more, later.follows), (Some(3), false, true));
        assert_eq!(later.commit, git.git(["rev-parse", "HEAD"]));

        // More of them than are counted.
        let mut many = String::new();
        for number in 1..=1_003 {
            let from = if number == 1 { "from refs/heads/main^0\n" } else { "" };
            let when = 1_780_100_000 + number;
            write!(
                many,
                "commit refs/heads/main\ncommitter A <a@example.org> {when} +0000\ndata 0\n{from}\n"
            )
            .unwrap();
        }
        git.git_with(["fast-import", "--quiet"], many.as_bytes());
        let far = behind(&world.repos, &world.actor, analysis.repo).await;
        assert_eq!((far.commits, far.more, far.follows), (Some(1_000), true, true));

        // Its history is another one now.
        git.git(["checkout", "-q", "--orphan", "new"]);
        git.commit("Begin anew");
        git.git(["branch", "-q", "-M", "new", "main"]);
        let rewritten = behind(&world.repos, &world.actor, analysis.repo).await;
        assert_eq!((rewritten.commits, rewritten.follows), (Some(1), false));
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_went_back_makes_no_commit_count_that_both_follow() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let mut git = Repo::with(&[("a.py", "x = 1\n")]);
        for message in ["One", "Two", "Three"] {
            git.commit(message);
        }
        git.git(["branch", "side"]);
        git.later(-1_000);
        git.commit("By a clock that is years behind");
        let analysis = world.analyzed(git.path().to_str().unwrap()).await;
        git.later(1_000);
        git.git(["checkout", "-q", "side"]);
        git.commit("Aside");
        git.git(["checkout", "-q", "main"]);
        git.git(["merge", "-q", "--no-ff", "-m", "Merge", "side"]);
        let now = behind(&world.repos, &world.actor, analysis.repo).await;
        assert_eq!((now.commits, now.more, now.follows), (Some(2), false, true));
    })
    .await;
}

#[tokio::test]
async fn whoever_asked_hears_when_the_repository_moves_on() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let mut git = Repo::with(&[("a.py", "x = 1\n")]);
        let repo = world.analyzed(git.path().to_str().unwrap()).await.repo;
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let hub =
            Hub::start(world.db.clone(), &world.ids, HubOptions::default(), &tasks, stop).await.unwrap();
        let mut heard = hub.subscribe([(Channel::workspace(world.actor.workspace), None)]).await.unwrap();
        let repos = world.heard(Some(hub), supervisor(), world.jobs.clone(), world.clones());
        let moved = format!(r#"{{"type":"repo.moved","repo":"{repo}"}}"#);

        // Nobody asked yet.
        git.commit("Unseen");
        repos.look().await;
        assert_eq!(behind(&repos, &world.actor, repo).await.commits, Some(1));
        repos.look().await;
        git.commit("Seen");
        repos.look().await;
        assert!(matches!(heard.next().await, Ok(Delivery::Joined { .. })));
        let Ok(Delivery::Tick { body, .. }) = heard.next().await else { panic!("nothing was heard") };
        assert_eq!(&*body, moved);

        // Somebody else who asks in between takes nothing from those who asked before.
        git.commit("Seen by another first");
        assert_eq!(behind(&repos, &world.actor, repo).await.commits, Some(3));
        repos.look().await;
        let Ok(Delivery::Tick { body, .. }) = heard.next().await else { panic!("nothing was heard") };
        assert_eq!(&*body, moved);

        // It was told once, and is watched no longer than it is asked for.
        repos.look().await;
        world.clock.advance(Duration::from_mins(3));
        git.commit("Too late");
        repos.look().await;
        let more = tokio::time::timeout(Duration::from_millis(200), heard.next()).await;
        assert!(more.is_err(), "{more:?}");
    })
    .await;
}

#[tokio::test]
async fn the_sample_is_never_behind_and_another_workspace_learns_nothing() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let sample = world.analyzed(repos::sample::SOURCE).await;
        let now = behind(&world.repos, &world.actor, sample.repo).await;
        assert_eq!((now.commits, now.follows, Some(now.commit)), (Some(0), true, sample.commit));
        let stranger = Actor { workspace: world.ids.new_id(), ..world.actor };
        let refused = world.repos.behind(&stranger, sample.repo).await;
        assert!(matches!(refused, Err(repos::RepoError::NotFound)), "{refused:?}");
    })
    .await;
}
