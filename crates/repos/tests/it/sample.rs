//! The sample: the same objects everywhere, and a report that is what an analysis says.

use std::path::PathBuf;

use analysis::report::Report;
use base::Role;
use repos::{FindingFilter, RepoError, sample};
use storage::testing::each_engine;

use crate::context::World;
use crate::support::{Repo, supervisor};

fn committed() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../sample"))
}

#[tokio::test]
async fn the_committed_report_of_the_sample_is_what_an_analysis_says() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let analysis = world.analyzed(sample::SOURCE).await;
        let (_, report) = world.repos.report(&world.actor, analysis.repo).await.unwrap().unwrap();
        let found = Report { analyzer: String::new(), ..(*report).clone() };
        let file = committed().join("report.json");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            let json = serde_json::to_string_pretty(&found).unwrap() + "\n";
            std::fs::write(&file, json).unwrap();
        }
        let known: Report = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        assert!(
            known == found,
            "sample/report.json is stale: run `UPDATE_EXPECT=1 cargo nextest run -p repos sample` and look at the change"
        );
        assert!(found.insights.len() >= 5 && found.hotspots.len() >= 3 && !found.graph.cycles.is_empty());
    })
    .await;
}

#[test]
fn git_makes_the_same_commits_of_the_stream() {
    let folder = tempfile::tempdir().unwrap();
    let own = sample::write(folder.path()).unwrap();
    let repo = Repo::empty();
    repo.git_with(["fast-import", "--quiet"], &std::fs::read(committed().join("history.fi")).unwrap());
    assert_eq!(repo.git(["rev-parse", "main"]), own);
    let folder = folder.path().to_str().unwrap();
    assert_eq!(repo.git(["-C", folder, "fsck", "--strict", "--no-progress"]), "");
}

#[tokio::test]
async fn everybody_reads_the_sample_and_it_is_seeded_once() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        world.repos.open_sample().await.unwrap();
        world.repos.open_sample().await.unwrap();
        let reader = sample::reader();
        assert_eq!(reader.role, Role::Viewer);
        let all = world.repos.list(&reader).await.unwrap();
        let [only] = &all[..] else { panic!("one repository: {all:?}") };
        assert!(only.repo.source.is_sample());
        let runs = world.repos.analyses(&reader, only.repo.id).await.unwrap();
        assert_eq!(runs.len(), 1);
        let page = world
            .repos
            .findings(&reader, only.repo.id, &FindingFilter::default(), None, base::PageSize::DEFAULT)
            .await
            .unwrap();
        assert!(page.page.total > 5);
        let (_, lines) =
            world.repos.lines(&reader, only.repo.id, None, "service/app.py", 1..=2).await.unwrap();
        assert!(lines.lines[0].contains("parcels come in"), "{lines:?}");
        assert!(world.repos.list(&world.actor).await.unwrap().is_empty(), "it is in its own workspace");
    })
    .await;
}

#[tokio::test]
async fn the_sample_is_where_the_data_folder_is_now() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        world.repos.open_sample().await.unwrap();
        let own = world.repos.connect(&world.actor, sample::SOURCE, None, None).await.unwrap().repo;
        let reader = sample::reader();
        let shown = world.repos.list(&reader).await.unwrap().remove(0).repo;
        for repo in [&own, &shown] {
            assert_eq!(repo.source.to_string(), sample::SOURCE, "no folder of this machine is written down");
        }
        let unknown = world.repos.lines(&reader, shown.id, Some("0000"), "service/app.py", 1..=2).await;
        assert!(matches!(unknown, Err(RepoError::NotAnalysed)));
        // Another process on the same database, or the same after its folder was moved.
        let clones = world.clones().with_file_name("elsewhere");
        let beside = world.beside(supervisor(), world.jobs.clone(), clones);
        beside.open_sample().await.unwrap();
        std::fs::remove_dir_all(world.clones()).unwrap();
        let (_, lines) = beside.lines(&reader, shown.id, None, "service/app.py", 1..=2).await.unwrap();
        assert_eq!(lines.lines.len(), 2);
        let again = beside.connect(&world.actor, sample::SOURCE, None, None).await.unwrap();
        assert!(!again.fresh);
    })
    .await;
}
