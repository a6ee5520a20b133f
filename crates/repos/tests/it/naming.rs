//! Repositories that people can tell apart.

use storage::testing::each_engine;

use crate::context::World;
use crate::support::Repo;

#[tokio::test]
async fn folders_of_one_name_get_names_that_differ() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let home = tempfile::tempdir().unwrap();
        let template = Repo::with(&[("a.rs", "fn a() {}\n")]);
        let copy = |place: &str, origin: Option<&str>| {
            let target = home.path().join(place);
            template.git(["clone", "-q", ".", target.to_str().unwrap()]);
            let target = target.to_str().unwrap();
            if let Some(url) = origin {
                template.git(["-C", target, "remote", "set-url", "origin", url]);
            } else {
                template.git(["-C", target, "remote", "remove", "origin"]);
            }
            target.to_owned()
        };
        let mut names = Vec::new();
        for source in [
            copy("first/app", None),
            copy("second/app", None),
            copy("mirrors/kit/repo", None),
            copy("third/work", Some("git@git.example.org:ada/App.git")),
            copy("third/tool", Some("https://ada:s3cret@git.example.org/ada/gadget.git")),
            copy("third/odd", Some("https://git.example.org/?token=s3cret")),
        ] {
            let promised = world.repos.probe(&world.actor, &source, None).await.unwrap().name;
            let repo = world.repos.connect(&world.actor, &source, None, None).await.unwrap().repo;
            assert_eq!(repo.name, promised, "{source}");
            names.push((repo.name, repo.slug));
        }
        let names: Vec<(&str, &str)> =
            names.iter().map(|(name, slug)| (name.as_str(), slug.as_str())).collect();
        assert_eq!(
            names,
            [
                ("app", "app"),
                ("app (second)", "app-second"),
                ("kit", "kit"),
                ("App (work)", "app-work"),
                ("gadget", "gadget"),
                ("odd", "odd"),
            ]
        );
        // What a person chose stays as it is.
        let chosen = copy("fourth/app", None);
        let chosen = world.repos.connect(&world.actor, &chosen, None, Some(" app ")).await.unwrap().repo;
        assert_eq!((chosen.name.as_str(), chosen.slug.as_str()), ("app", "app-2"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn repositories_connected_at_the_same_moment_get_names_that_differ() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let owners = ["ada", "bob", "cyd"];
        let connecting = owners.map(|owner| {
            let (repos, actor) = (world.repos.clone(), world.actor);
            async move {
                let source = format!("https://git.example.org/{owner}/tool.git");
                repos.connect(&actor, &source, None, None).await.unwrap().repo.name
            }
        });
        let mut names = futures_util::future::join_all(connecting).await;
        names.sort();
        names.dedup();
        assert_eq!(names.len(), owners.len(), "{names:?}");
    })
    .await;
}
