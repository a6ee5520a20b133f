//! What a host says of its own accord, or instead of doing what it was asked.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hook_that_the_host_declines_is_asked_for_once_and_its_reason_is_shown() {
    each_engine(|test| async move {
        let host = code_host().await;
        let reason = json!({
            "message": "Validation Failed",
            "errors": [{ "resource": "Hook", "code": "custom", "message": "The \"push\" event cannot have more than 20 hooks" }],
        });
        host.api.set(|api| api.declines = Some(("422 Unprocessable Entity", reason)));
        let world = world(&test, &host).await;
        let id = world.connected(&host).await;
        world.repos.import(&world.actor, id, &[wanted("octo/repo-001")]).await.unwrap();
        for _ in 0..4 {
            world.run_jobs().await;
            world.clock.advance(Duration::from_hours(1));
        }
        assert_eq!(host.api.get(|api| api.wished), 1, "what is declined is declined again");
        let shown = world.only_host().await;
        assert_eq!(shown.host.state, HostState::Working, "the connection is as good as before");
        let detail = shown.repos[0].remote.hook_detail.clone().unwrap();
        assert_eq!(
            detail,
            "The host made no hook: Validation Failed; The \"push\" event cannot have more than 20 hooks."
        );

        // An outage is none of it: the host is asked again.
        host.api.set(|api| api.declines = Some(("503 Service Unavailable", json!({}))));
        world.repos.import(&world.actor, id, &[wanted("octo/repo-002")]).await.unwrap();
        world.run_jobs().await;
        host.api.set(|api| api.declines = None);
        world.clock.advance(Duration::from_hours(1));
        world.run_jobs().await;
        let hooks: Vec<_> =
            world.only_host().await.repos.into_iter().map(|one| one.remote.hook.is_some()).collect();
        assert_eq!(hooks, [false, true]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_default_branch_is_followed_whether_a_hook_tells_it_or_a_copy_does() {
    each_engine(|test| async move {
        let host = code_host().await;
        let mut git = Repo::with(&[("src/a.rs", "fn a() {}\n")]);
        let folder = host.folder.path().join("octo");
        std::fs::create_dir(&folder).unwrap();
        host.offer(&git, "octo/repo-001.git");
        let bare = folder.join("repo-001.git");
        let world = world(&test, &host).await;
        let id = world.connected(&host).await;
        world.repos.import(&world.actor, id, &[wanted("octo/repo-001")]).await.unwrap();
        world.run_jobs().await;
        let secret = host.api.get(|api| api.hooks[0].2["secret"].as_str().unwrap().to_owned());
        let default = async || world.only_host().await.repos.remove(0).remote.default_branch.unwrap();
        let waiting = async || world.jobs.counts().await.unwrap().ready;
        let edited = async |delivery: &str, branch: &str| {
            let repository = json!({ "id": 1, "full_name": "octo/repo-001", "default_branch": branch });
            let body = json!({ "action": "edited", "repository": repository }).to_string();
            assert_eq!(world.send(id, delivery, "repository", &body, &secret).await, Received::Taken);
        };
        // From now on another branch of the host is the default one.
        let set_head = |branch: &str| {
            std::fs::write(bare.join("HEAD"), format!("ref: refs/heads/{branch}\n")).unwrap();
        };
        assert_eq!(default().await, "main");

        // The hook tells it: that branch is analysed, and pushes to it count from then on, those to the old one no more.
        git.write("src/b.rs", "fn b() {}\n");
        let head = git.commit("More");
        git.git(["push", "-q", bare.to_str().unwrap(), "main:trunk"]);
        set_head("trunk");
        edited("e1", "trunk").await;
        assert_eq!((default().await.as_str(), waiting().await), ("trunk", 1));
        world.run_jobs().await;
        assert_eq!(world.newest("repo-001").await.latest.unwrap().commit, Some(head));
        assert_eq!(world.send(id, "p1", "push", &push("main"), &secret).await, Received::Taken);
        assert_eq!(waiting().await, 0);
        assert_eq!(world.send(id, "p2", "push", &push("trunk"), &secret).await, Received::Taken);
        assert_eq!(waiting().await, 1);
        world.run_jobs().await;
        // The same once more is no news, and what is no name of a branch is not believed.
        edited("e2", "trunk").await;
        edited("e3", "a..b").await;
        assert_eq!((default().await.as_str(), waiting().await), ("trunk", 0));

        // No hook told it: the next copy finds it.
        git.write("src/c.rs", "fn c() {}\n");
        let head = git.commit("Still more");
        git.git(["push", "-q", bare.to_str().unwrap(), "main:stable"]);
        set_head("stable");
        world.clock.advance(Duration::from_mins(1));
        let repo = world.newest("repo-001").await.repo.id;
        world.repos.analyze(&world.actor, repo, true).await.unwrap();
        world.run_jobs().await;
        assert_eq!(default().await, "stable");
        assert_eq!(world.newest("repo-001").await.latest.unwrap().commit, Some(head));
    })
    .await;
}
