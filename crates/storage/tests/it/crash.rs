//! What was acknowledged is there after the process was killed.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use storage::Config;
use storage::testing::on_sqlite;
use tokio::task::JoinSet;

const PATH: &str = "DEVMENTOR_TEST_CRASH_DB";

/// Not a test by itself: the process that is killed. It writes in pairs and says which pairs were committed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "how the test tells its other process what to do")]
async fn victim() {
    let Some(path) = std::env::var_os(PATH) else { return };
    let db = storage::Db::open(&Config::sqlite(path)).await.unwrap();
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        let db = db.clone();
        writers.spawn(async move {
            for turn in 0.. {
                let mut tx = db.begin().await.unwrap();
                for half in ["a", "b"] {
                    tx.query("INSERT INTO event_channel (channel, last) VALUES ($1, 1)")
                        .bind(format!("{writer}/{turn}/{half}"))
                        .execute()
                        .await
                        .unwrap();
                }
                tx.commit().await.unwrap();
                println!("committed {writer}/{turn}");
            }
        });
    }
    while writers.join_next().await.is_some() {}
}

#[tokio::test]
async fn a_killed_process_loses_nothing_it_acknowledged() {
    on_sqlite(|test| async move {
        let Config::Sqlite { path } = &test.config else { unreachable!() };
        let mut acknowledged = Vec::new();
        for kill_after in [1, 40, 200, 333] {
            let folder = path.parent().unwrap();
            let _fresh = std::fs::remove_dir_all(folder);
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["crash::victim", "--exact", "--nocapture"])
                .env(PATH, path)
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
            acknowledged.clear();
            while acknowledged.len() < kill_after {
                let line = lines.next().expect("the victim writes for ever").unwrap();
                acknowledged.extend(line.split_once("committed ").map(|(_, pair)| pair.to_owned()));
            }
            child.kill().unwrap();
            child.wait().unwrap();
            // What it had said before it died counts as well.
            for line in lines.map_while(Result::ok) {
                acknowledged.extend(line.strip_prefix("committed ").map(str::to_owned));
            }

            let db = test.open().await;
            let rows: Vec<(String,)> =
                db.query("SELECT channel FROM event_channel ORDER BY channel").all().await.unwrap();
            let rows: Vec<&str> = rows.iter().map(|(row,)| row.as_str()).collect();
            let pairs: Vec<&str> = rows.chunks(2).map(|pair| pair[0].trim_end_matches("/a")).collect();
            for (pair, halves) in pairs.iter().zip(rows.chunks(2)) {
                assert_eq!(halves, [format!("{pair}/a"), format!("{pair}/b")], "half of a transaction");
            }
            // The last line may have been cut by the kill; a cut number is a prefix of another pair at most.
            acknowledged.pop();
            for pair in &acknowledged {
                assert!(pairs.contains(&pair.as_str()), "{pair} was acknowledged and is lost");
            }
            db.close().await;
        }
    })
    .await;
}
