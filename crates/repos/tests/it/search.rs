//! Looking for findings by their text and their path: the same on both engines.

use base::PageSize;
use repos::FindingFilter;
use storage::testing::each_engine;

use crate::context::World;
use crate::support::{CALLS_A_SHELL, Repo};

#[tokio::test]
async fn text_and_paths_are_found_alike_on_both_engines() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let paths = ["src/Größe.py", "SRC/50%_off!.py", "src_/x.py", "src0/x.py", "src/back\\slash.py"];
        let mut git = Repo::empty();
        for path in paths {
            git.write(path, CALLS_A_SHELL);
        }
        git.commit("Begin");
        let repo = world.analyzed(git.path().to_str().unwrap()).await.repo;
        let found = async |filter: FindingFilter| {
            let found = world
                .repos
                .findings(&world.actor, repo, &filter, None, PageSize::clamped(500))
                .await
                .unwrap();
            let mut paths: Vec<String> = found.page.items.into_iter().map(|finding| finding.path).collect();
            paths.sort();
            paths.dedup();
            paths
        };
        assert_eq!(found(FindingFilter::default()).await.len(), paths.len(), "each file has a finding");
        for (text, expected) in [
            ("größe", &["src/Größe.py"][..]),
            ("GRöSSE.PY", &[]),
            ("GRößE.py", &["src/Größe.py"]),
            // Letters beyond a to z are found only as they are written.
            ("GRÖß", &[]),
            ("%", &["SRC/50%_off!.py"]),
            ("_", &["SRC/50%_off!.py", "src_/x.py"]),
            ("!", &["SRC/50%_off!.py"]),
            ("\\", &["src/back\\slash.py"]),
            ("50%_OFF", &["SRC/50%_off!.py"]),
            ("50__off", &[]),
        ] {
            let filter = FindingFilter { text: Some(text.into()), ..FindingFilter::default() };
            assert_eq!(found(filter).await, expected, "{text}");
        }
        // Longer than what `LIKE` takes, and still only a text that is not there.
        let filter = FindingFilter { text: Some("x".repeat(60_000)), ..FindingFilter::default() };
        assert_eq!(found(filter).await, <[String; 0]>::default());
        for (path, expected) in [
            ("src", &["src/Größe.py", "src/back\\slash.py"][..]),
            ("src/", &["src/Größe.py", "src/back\\slash.py"]),
            ("SRC", &["SRC/50%_off!.py"]),
            ("src_", &["src_/x.py"]),
            ("src_/x.py", &["src_/x.py"]),
            ("src_/x", &[]),
            ("sr%", &[]),
        ] {
            let filter = FindingFilter { path: Some(path.into()), ..FindingFilter::default() };
            assert_eq!(found(filter).await, expected, "{path}");
        }
    })
    .await;
}
