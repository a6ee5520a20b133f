//! Taking a repository away while its copy is being made.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base::Ids;
use base::id::RepoId;
use jobs::Jobs;
use repos::fetch::FetchConfig;
use repos::net::Allowed;
use storage::testing::each_engine;

use crate::context::World;
use crate::support::{CALLS_A_SHELL, Repo, supervisor};

/// Stands for a git that takes its time: says in `STARTED` that it fetches, and goes on writing once there is `GO`.
const SLOW_GIT: &str = r#"#!/bin/sh
case "$*" in
*--version*) echo "git version 2.40.0" ;;
*ls-remote*) printf 'ref: refs/heads/main\tHEAD\n1111\tHEAD\n1111\trefs/heads/main\n' ;;
*--progress*)
    : > STARTED
    while [ ! -e GO ]; do sleep 0.01; done
    mkdir -p "$GIT_DIR/objects/pack"
    : > "$GIT_DIR/objects/pack/late"
    ;;
esac
"#;

fn slow_git(folder: &Path) -> (FetchConfig, PathBuf, PathBuf) {
    let (git, started, go) = (folder.join("git"), folder.join("started"), folder.join("go"));
    let script = SLOW_GIT.replace("STARTED", started.to_str().unwrap()).replace("GO", go.to_str().unwrap());
    std::fs::write(&git, script).unwrap();
    std::fs::set_permissions(&git, std::fs::Permissions::from_mode(0o755)).unwrap();
    let config = FetchConfig { git, allowed: Allowed::new(["localhost:9"]), ..FetchConfig::default() };
    (config, started, go)
}

fn left(world: &World) -> Vec<String> {
    files(&world.clones())
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|it| it.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fetch_that_runs_elsewhere_leaves_no_copy_of_what_was_taken_away() {
    each_engine(|test| async move {
        let folder = tempfile::tempdir().unwrap();
        let (config, started, go) = slow_git(folder.path());
        let world = World::with(&test, supervisor(), config, None).await;
        // As in another process: it cannot reach into the runner of this one.
        let elsewhere = Jobs::new(world.db.clone(), world.clock.clone(), Ids::counted());
        let other = world.beside(supervisor(), elsewhere, world.clones());
        let source = "https://localhost:9/team/tool.git";
        let repo = world.repos.connect(&world.actor, source, None, None).await.unwrap().repo;
        world.repos.analyze(&world.actor, repo.id, false).await.unwrap();
        let fetching = async {
            // A fetch that broke off on a busy machine is tried again, as always.
            for _ in 0..3 {
                world.run_jobs().await;
                world.clock.advance(Duration::from_mins(1));
            }
        };
        tokio::join!(fetching, async {
            let begun = async {
                while !started.exists() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            let asked = tokio::time::timeout(Duration::from_mins(1), begun).await;
            assert!(asked.is_ok(), "git was never asked to fetch");
            other.remove(&world.actor, repo.id).await.unwrap();
            std::fs::write(&go, "").unwrap();
        });
        assert_eq!(left(&world), <[String; 0]>::default());
        assert_eq!(world.jobs.counts().await.unwrap(), jobs::Counts::default(), "the job is over");
    })
    .await;
}

#[tokio::test]
async fn copies_that_no_row_names_are_swept_up_and_nothing_else() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let kept =
            world.repos.connect(&world.actor, "https://host.example/a/b", None, None).await.unwrap().repo;
        let gone =
            world.repos.connect(&world.actor, "https://host.example/a/c", None, None).await.unwrap().repo;
        world.repos.remove(&world.actor, gone.id).await.unwrap();
        let never: RepoId = world.ids.new_id();
        for name in [
            format!("{}.git", kept.id),
            format!("{}.git", gone.id),
            format!("{never}.git"),
            "notes.git".into(),
        ] {
            std::fs::create_dir_all(world.clones().join(name).join("objects")).unwrap();
        }
        assert_eq!(world.repos.sweep_copies().await.unwrap(), 2);
        assert_eq!(left(&world), [format!("{}.git", kept.id), "notes.git".to_owned()]);
        assert_eq!(world.repos.sweep_copies().await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_kept_is_of_one_workspace_and_goes_with_its_repository() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let tree = Repo::with(&[("a.py", CALLS_A_SHELL)]);
        let done = world.analyzed(tree.path().to_str().unwrap()).await;
        let name = format!("{}_{}", world.actor.workspace, done.repo);
        let all = ["joins", "kept", "last"].map(|ending| format!("{name}.{ending}"));
        assert_eq!(files(world.kept().folder()), all);
        world.repos.remove(&world.actor, done.repo).await.unwrap();
        assert_eq!(files(world.kept().folder()), <[String; 0]>::default());
        // An analysis may end after its repository did.
        let never: RepoId = world.ids.new_id();
        let left = world.kept().slot(&format!("{}_{never}", world.actor.workspace));
        for path in [left.path(), &left.past(), &left.joins(), &left.last()] {
            left.keep_beside(path, b"left").unwrap();
            world.repos.sweep_copies().await.unwrap();
            assert_eq!(files(world.kept().folder()), <[String; 0]>::default());
        }
    })
    .await;
}
