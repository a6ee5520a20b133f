//! The database file: who else has it open, who may read it, and what happens when it is damaged.

use storage::testing::on_sqlite;
use storage::{Config, Db, Error};

fn path(config: &Config) -> std::path::PathBuf {
    match config {
        Config::Sqlite { path } => path.clone(),
        Config::Postgres { .. } => unreachable!("a test of files"),
    }
}

#[tokio::test]
async fn the_first_to_open_is_alone_and_the_second_is_not() {
    on_sqlite(|test| async move {
        let first = test.open().await;
        let second = test.open().await;
        assert!(first.opened_alone() && !second.opened_alone());
        first.close().await;
        assert!(!test.open().await.opened_alone(), "the second is still there");
        second.close().await;
        let last = test.open().await;
        assert!(last.opened_alone());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_that_have_it_open_both_write() {
    on_sqlite(|test| async move {
        let (one, other) = (test.open().await, test.open().await);
        let mut writers = tokio::task::JoinSet::new();
        for (name, db) in [("one", one.clone()), ("other", other)] {
            writers.spawn(async move {
                for turn in 0..50 {
                    let mut tx = db.begin().await.unwrap();
                    tx.query("INSERT INTO event_channel (channel, last) VALUES ($1, 1)")
                        .bind(format!("{name}/{turn}"))
                        .execute()
                        .await
                        .unwrap();
                    tx.commit().await.unwrap();
                }
            });
        }
        while let Some(writer) = writers.join_next().await {
            writer.unwrap();
        }
        let (rows,): (i64,) =
            one.query("SELECT CAST(COUNT(*) AS BIGINT) FROM event_channel").one().await.unwrap();
        assert_eq!(rows, 100);
    })
    .await;
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;

    on_sqlite(|test| async move {
        let db = test.open().await;
        let mut tx = db.begin().await.unwrap();
        tx.query("INSERT INTO event_channel (channel, last) VALUES ('a', 1)").execute().await.unwrap();
        tx.commit().await.unwrap();
        let file = path(&test.config);
        let folder = file.parent().unwrap();
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(folder), 0o700);
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path), 0o600, "{}", path.display());
            names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
        }
        assert!(names.contains(&"devmentor.db-wal".to_owned()), "{names:?}");
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_in_words() {
    on_sqlite(|test| async move {
        let file = path(&test.config);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(
            &file,
            "this is a text file, and long enough to hold a header of a hundred bytes ".repeat(9),
        )
        .unwrap();
        let error = Db::open(&test.config).await.unwrap_err();
        assert!(matches!(error, Error::Corrupt(_) | Error::Open(_)), "{error:?}");
        let nowhere = Config::sqlite("/proc/nowhere/devmentor.db");
        assert!(matches!(Db::open(&nowhere).await, Err(Error::Open(_))));
    })
    .await;
}
