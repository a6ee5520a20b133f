//! Importing mirrors and looking packages up.

use std::io::Write as _;
use std::path::Path;

use analysis::advisories::PackageKey;
use analysis::report::AdvisoryState;
use repos::AdvisoryMode;
use repos::advisories::import::ImportError;
use storage::testing::each_engine;

use crate::context::World;

fn record(id: &str, ecosystem: &str, name: &str, modified: &str) -> String {
    format!(
        r#"{{"id":"{id}","modified":"{modified}","affected":[{{"package":{{"ecosystem":"{ecosystem}","name":"{name}"}},
        "ranges":[{{"type":"ECOSYSTEM","events":[{{"introduced":"0"}},{{"fixed":"2.0.0"}}]}}]}}]}}"#
    )
}

fn export(folder: &Path, ecosystem: &str, entries: &[(&str, String)]) {
    std::fs::create_dir_all(folder.join(ecosystem)).unwrap();
    let file = std::fs::File::create(folder.join(ecosystem).join("all.zip")).unwrap();
    let mut zip = zip::ZipWriter::new(file);
    for (name, text) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
}

fn key(ecosystem: &str, name: &str) -> PackageKey {
    PackageKey { ecosystem: ecosystem.into(), name: name.into() }
}

#[tokio::test]
async fn a_mirror_is_imported_replaced_and_asked() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let advisories = world.repos.advisories();
        let keys = [key("PyPI", "my-tool"), key("npm", "left"), key("Maven", "a:b")];
        let state = async |mode| advisories.look_up(mode, &keys).await.state;
        for mode in [AdvisoryMode::Undecided, AdvisoryMode::None, AdvisoryMode::Mirror, AdvisoryMode::Online]
        {
            assert!(matches!(state(mode).await, AdvisoryState::NotChecked { .. }), "{mode:?}");
        }

        let folder = tempfile::tempdir().unwrap();
        let nothing = world.repos.import_advisories(&world.actor, folder.path(), |_| {}).await;
        assert!(matches!(nothing, Err(repos::RepoError::Import(ImportError::NotAnExport(_)))));
        export(
            folder.path(),
            "PyPI",
            &[
                ("A-1.json", record("A-1", "PyPI", "My_Tool", "2026-01-02T03:04:05Z")),
                ("A-2.json", record("A-2", "PyPI", "other", "2026-03-01T00:00:00Z")),
                ("broken.json", "{".to_owned()),
                ("foreign.json", record("A-3", "npm", "left", "2026-01-01T00:00:00Z")),
                ("timeless.json", record("A-4", "PyPI", "x", "yesterday")),
            ],
        );
        export(folder.path(), "npm", &[("B-1.json", record("B-1", "npm", "left", "2025-06-01T00:00:00Z"))]);
        let mut seen = Vec::new();
        let imported = world
            .repos
            .import_advisories(&world.actor, folder.path(), |progress| seen.push(progress.ecosystem))
            .await
            .unwrap();
        assert_eq!(seen, ["PyPI", "npm"]);
        assert_eq!(imported.malformed_total, 3);
        assert_eq!(imported.malformed, ["PyPI/broken.json", "PyPI/foreign.json", "PyPI/timeless.json"]);
        let records: Vec<u64> = imported.sources.iter().map(|source| source.records).collect();
        assert_eq!(records, [2, 1]);

        let answer = advisories.look_up(AdvisoryMode::Mirror, &keys).await;
        let ids: Vec<&str> = answer.records.iter().map(|record| record.id.as_str()).collect();
        assert_eq!(ids, ["A-1", "B-1"]);
        assert_eq!(answer.covered, ["PyPI", "npm"]);
        // npm's data is the oldest of those in use.
        let state = AdvisoryState::Checked { source: "mirror".into(), as_of: 1_748_736_000 };
        assert_eq!(answer.state, state);

        // Another import replaces the ecosystem as a whole.
        export(
            folder.path(),
            "PyPI",
            &[("A-2.json", record("A-2", "PyPI", "other", "2026-03-01T00:00:00Z"))],
        );
        world.repos.import_advisories(&world.actor, folder.path(), |_| {}).await.unwrap();
        assert_eq!(advisories.look_up(AdvisoryMode::Mirror, &keys).await.records.len(), 1);

        // A damaged archive leaves what was there.
        std::fs::write(folder.path().join("npm/all.zip"), b"PK no zip").unwrap();
        let damaged = world.repos.import_advisories(&world.actor, folder.path(), |_| {}).await;
        assert!(matches!(damaged, Err(repos::RepoError::Import(ImportError::Unreadable(..)))));
        assert_eq!(advisories.look_up(AdvisoryMode::Mirror, &keys).await.records.len(), 1);

        let status = world.repos.advisory_status(&world.actor).await.unwrap();
        assert_eq!((status.mode, status.version, status.sources.len()), (AdvisoryMode::Undecided, 0, 2));
        let status = world.repos.set_advisory_mode(&world.actor, AdvisoryMode::Mirror).await.unwrap();
        assert_eq!((status.mode, status.version), (AdvisoryMode::Mirror, 1));
        let status = world.repos.set_advisory_mode(&world.actor, AdvisoryMode::None).await.unwrap();
        assert_eq!((status.mode, status.version), (AdvisoryMode::None, 2));
    })
    .await;
}

#[tokio::test]
async fn a_record_that_unpacks_without_end_is_left_out() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let folder = tempfile::tempdir().unwrap();
        let bomb = format!("{{\"id\":\"{}\"}}", " ".repeat(9 << 20));
        export(
            folder.path(),
            "npm",
            &[("bomb.json", bomb), ("B.json", record("B", "npm", "b", "2025-06-01T00:00:00Z"))],
        );
        let imported = world.repos.import_advisories(&world.actor, folder.path(), |_| {}).await.unwrap();
        assert_eq!(imported.malformed, ["npm/bomb.json"]);
        assert_eq!(imported.sources[0].records, 1);
    })
    .await;
}
