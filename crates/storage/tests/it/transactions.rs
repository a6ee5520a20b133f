//! What a transaction promises.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use storage::testing::{each_engine, on_sqlite};
use storage::{Config, Db, Error, Tx};

const INSERT: &str = "INSERT INTO event_channel (channel, last) VALUES ($1, $2)";

async fn channels(db: &Db) -> Vec<(String, i64)> {
    db.query("SELECT channel, last FROM event_channel ORDER BY channel").all().await.unwrap()
}

async fn insert(tx: &mut Tx, channel: &str) -> Result<u64, Error> {
    tx.query(INSERT).bind(channel).bind(1).execute().await
}

#[tokio::test]
async fn what_is_not_committed_never_happened() {
    each_engine(|test| async move {
        let db = test.open().await;
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "dropped").await.unwrap();
        assert_eq!(channels(&db).await, [], "nobody sees it before the commit");
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "kept").await.unwrap();
        let seen: Vec<(String,)> = tx.query("SELECT channel FROM event_channel").all().await.unwrap();
        assert_eq!(seen, [("kept".to_owned(),)], "a transaction sees its own changes");
        tx.commit().await.unwrap();
        assert_eq!(channels(&db).await, [("kept".to_owned(), 1)]);
    })
    .await;
}

#[tokio::test]
async fn a_failed_statement_loses_its_transaction_and_no_other() {
    each_engine(|test| async move {
        let db = test.open().await;
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "first").await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "second").await.unwrap();
        assert!(matches!(insert(&mut tx, "first").await, Err(Error::Conflict(_))));
        assert!(matches!(insert(&mut tx, "third").await, Err(Error::Aborted)));
        assert!(matches!(tx.commit().await, Err(Error::Aborted)));

        let mut tx = db.begin().await.unwrap();
        assert!(matches!(tx.query("SELEC nonsense").execute().await, Err(Error::Refused(_))));
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        let check = "INSERT INTO identity_member (workspace_id, user_id, role, created_at) VALUES ('w', 'u', 'king', 1)";
        assert!(matches!(tx.query(check).execute().await, Err(Error::Refused(_))));
        drop(tx);
        assert_eq!(channels(&db).await, [("first".to_owned(), 1)]);
    })
    .await;
}

#[tokio::test]
async fn a_conflict_that_is_expected_costs_nothing() {
    each_engine(|test| async move {
        let db = test.open().await;
        let mut tx = db.begin().await.unwrap();
        let quiet = "INSERT INTO event_channel (channel, last) VALUES ($1, 1) ON CONFLICT DO NOTHING";
        assert_eq!(tx.query(quiet).bind("a").execute().await.unwrap(), 1);
        assert_eq!(tx.query(quiet).bind("a").execute().await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert_eq!(channels(&db).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_swap_changes_one_row_or_says_so() {
    each_engine(|test| async move {
        let db = test.open().await;
        let swap = "UPDATE event_channel SET last = last + 1 WHERE channel = $1 AND last = $2";
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "a").await.unwrap();
        tx.query(swap).bind("a").bind(1).swap().await.unwrap();
        assert!(matches!(tx.query(swap).bind("a").bind(1).swap().await, Err(Error::Changed)));
        // A lost swap is an answer, not a failure: the transaction goes on.
        tx.query(swap).bind("a").bind(2).swap().await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(channels(&db).await, [("a".to_owned(), 3)]);
    })
    .await;
}

#[tokio::test]
async fn sixty_four_writers_of_one_row_lose_no_update() {
    each_engine(|test| async move {
        let db = test.open().await;
        let mut tx = db.begin().await.unwrap();
        tx.query(INSERT).bind("a").bind(0).execute().await.unwrap();
        tx.commit().await.unwrap();
        let (won, lost) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let mut writers = tokio::task::JoinSet::new();
        for _ in 0..64 {
            let (db, won, lost) = (db.clone(), Arc::clone(&won), Arc::clone(&lost));
            writers.spawn(async move {
                let (seen,): (i64,) = db.query("SELECT last FROM event_channel").one().await.unwrap();
                let mut tx = db.begin().await.unwrap();
                let swap =
                    tx.query("UPDATE event_channel SET last = last + 1 WHERE last = $1").bind(seen).swap();
                match swap.await {
                    Ok(()) => {
                        tx.commit().await.unwrap();
                        won.fetch_add(1, Ordering::SeqCst);
                    }
                    Err(Error::Changed) => drop(lost.fetch_add(1, Ordering::SeqCst)),
                    Err(error) => panic!("{error:?}"),
                }
            });
        }
        while let Some(writer) = writers.join_next().await {
            writer.unwrap();
        }
        assert_eq!(won.load(Ordering::SeqCst) + lost.load(Ordering::SeqCst), 64);
        assert_eq!(channels(&db).await, [("a".to_owned(), i64::from(won.load(Ordering::SeqCst)))]);
    })
    .await;
}

#[tokio::test]
async fn hooks_run_after_the_commit_and_only_then() {
    each_engine(|test| async move {
        let db = test.open().await;
        let ran = Arc::new(Mutex::new(Vec::new()));
        let hook = |name: &'static str| {
            let ran = Arc::clone(&ran);
            move || ran.lock().unwrap().push(name)
        };
        let mut tx = db.begin().await.unwrap();
        tx.after_commit(hook("dropped"));
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        tx.after_commit(hook("failed"));
        let _refused = tx.query("SELEC").execute().await;
        assert!(tx.commit().await.is_err());
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "a").await.unwrap();
        tx.after_commit(|| panic!("a hook that panics hurts nobody"));
        tx.after_commit(hook("committed"));
        assert!(ran.lock().unwrap().is_empty());
        tx.commit().await.unwrap();
        assert_eq!(*ran.lock().unwrap(), ["committed"]);
        db.ping().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_was_put_off_runs_at_the_end_in_the_order_of_its_keys() {
    each_engine(|test| async move {
        let db = test.open().await;
        let mut tx = db.begin().await.unwrap();
        for (key, channel) in [("b", "1"), ("a", "2"), ("b", "3")] {
            tx.before_commit(
                key,
                Box::new(move |tx| {
                    Box::pin(async move {
                        let (count,): (i64,) =
                            tx.query("SELECT CAST(COUNT(*) AS BIGINT) FROM event_channel").one().await?;
                        tx.query(INSERT).bind(channel).bind(count).execute().await.map(drop)
                    })
                }),
            );
        }
        insert(&mut tx, "0").await.unwrap();
        tx.commit().await.unwrap();
        let order: Vec<(String, i64)> = channels(&db).await;
        let pairs: Vec<(&str, i64)> =
            order.iter().map(|(channel, count)| (channel.as_str(), *count)).collect();
        assert_eq!(pairs, [("0", 1), ("1", 2), ("2", 1), ("3", 3)]);

        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "lost").await.unwrap();
        tx.before_commit("a", Box::new(|_| Box::pin(async { Err(Error::Changed) })));
        assert!(matches!(tx.commit().await, Err(Error::Changed)));
        assert_eq!(channels(&db).await.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn reading_does_not_write_and_does_not_wait_for_writers() {
    on_sqlite(|test| async move {
        let db = test.open().await;
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "a").await.unwrap();
        db.ping().await.unwrap();
        let write = db.query("INSERT INTO event_channel (channel, last) VALUES ('b', 1) RETURNING last");
        assert!(matches!(write.all::<(i64,)>().await, Err(Error::ReadOnly(_))));
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error_in_words() {
    let error = Db::open(&Config::postgres("postgres://nobody@127.0.0.1:1/none")).await.unwrap_err();
    assert!(matches!(error, Error::Open(_)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_an_answer_and_heals() {
    on_sqlite(|test| async move {
        let db = test.open().await;
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, "before").await.unwrap();
        tx.commit().await.unwrap();
        // The engine's own limit, at the present size, behaves like a disk without room.
        let mut tx = db.begin().await.unwrap();
        tx.query("PRAGMA max_page_count = 1").all::<(i64,)>().await.unwrap();
        let body =
            "INSERT INTO repo_advisory (ecosystem, package, id, modified, body) VALUES ('e', $1, 'i', 1, $2)";
        let full = tx.query(body).bind("a").bind(vec![7_u8; 1 << 20]).execute().await;
        assert!(matches!(full, Err(Error::ReadOnly(_))), "{full:?}");
        assert!(matches!(tx.commit().await, Err(Error::Aborted)));
        assert_eq!(channels(&db).await, [("before".to_owned(), 1)], "reading goes on");
        // There is room again.
        let mut tx = db.begin().await.unwrap();
        tx.query("PRAGMA max_page_count = 100000").all::<(i64,)>().await.unwrap();
        tx.query(body).bind("a").bind(vec![7_u8; 1 << 20]).execute().await.unwrap();
        tx.commit().await.unwrap();
        db.ping().await.unwrap();
    })
    .await;
}
