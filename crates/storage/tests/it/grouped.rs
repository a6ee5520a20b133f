//! Many writers at once.

use std::time::Duration;

use storage::Error;
use storage::testing::each_engine;
use tokio::task::JoinSet;

/// What one of many writers does with its transaction.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Commits,
    RollsBack,
    Fails,
    IsCancelled,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_writers_get_exactly_what_each_of_them_did() {
    each_engine(|test| async move {
        let db = test.open().await;
        let mut writers = JoinSet::new();
        for writer in 0..64_i64 {
            let db = db.clone();
            writers.spawn(async move {
                let mut committed = 0_i64;
                for turn in 0..20_i64 {
                    let fate = match (writer + turn) % 10 {
                        3 => Fate::RollsBack,
                        6 => Fate::Fails,
                        8 => Fate::IsCancelled,
                        _ => Fate::Commits,
                    };
                    let mut tx = db.begin().await.unwrap();
                    for half in 0..2 {
                        tx.query("INSERT INTO event_channel (channel, last) VALUES ($1, $2)")
                            .bind(format!("{writer}/{turn}/{half}"))
                            .bind(writer)
                            .execute()
                            .await
                            .unwrap();
                    }
                    match fate {
                        Fate::Commits => {
                            tx.commit().await.unwrap();
                            committed += 1;
                        }
                        Fate::RollsBack => drop(tx),
                        Fate::Fails => {
                            let again = tx.query("INSERT INTO event_channel (channel, last) VALUES ($1, 0)");
                            let refused = again.bind(format!("{writer}/{turn}/0")).execute().await;
                            assert!(matches!(refused, Err(Error::Conflict(_))));
                            assert!(matches!(tx.commit().await, Err(Error::Aborted)));
                        }
                        Fate::IsCancelled => {
                            // The caller goes away in the middle of a statement.
                            let busy = tx.query("UPDATE event_channel SET last = -1").execute();
                            let gone = tokio::time::timeout(Duration::ZERO, busy).await;
                            assert!(gone.is_ok() || matches!(tx.commit().await, Err(Error::Aborted)));
                        }
                    }
                }
                committed
            });
        }
        let mut committed = 0;
        while let Some(writer) = writers.join_next().await {
            committed += writer.unwrap();
        }
        let (rows, broken): (i64, i64) = db
            .query("SELECT CAST(COUNT(*) AS BIGINT), CAST(COUNT(CASE WHEN last < 0 THEN 1 END) AS BIGINT) FROM event_channel")
            .one()
            .await
            .unwrap();
        assert_eq!((rows, broken), (committed * 2, 0));
        let halves: Vec<(String,)> = db
            .query(
                "SELECT channel FROM event_channel a WHERE NOT EXISTS (SELECT 1 FROM event_channel b
                 WHERE b.channel <> a.channel AND SUBSTR(b.channel, 1, LENGTH(b.channel) - 1)
                 = SUBSTR(a.channel, 1, LENGTH(a.channel) - 1))",
            )
            .all()
            .await
            .unwrap();
        assert_eq!(halves, [], "no half of a transaction is there without the other");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_stops_waiting_harms_nobody() {
    each_engine(|test| async move {
        let db = test.open().await;
        let holder = db.begin().await.unwrap();
        let mut waiting = JoinSet::new();
        for _ in 0..8 {
            let db = db.clone();
            waiting.spawn(async move { db.begin().await.map(drop) });
        }
        tokio::task::yield_now().await;
        waiting.abort_all();
        while waiting.join_next().await.is_some() {}
        drop(holder);
        let tx = db.begin().await.unwrap();
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_counter_row_gives_numbers_without_gaps_in_commit_order() {
    each_engine(|test| async move {
        let db = test.open().await;
        let mut writers = JoinSet::new();
        for _ in 0..16 {
            let db = db.clone();
            writers.spawn(async move {
                for _ in 0..10 {
                    let mut tx = db.begin().await.unwrap();
                    let (seq,): (i64,) = tx
                        .query(
                            "INSERT INTO event_channel (channel, last) VALUES ('c', 1)
                             ON CONFLICT (channel) DO UPDATE SET last = event_channel.last + 1 RETURNING last",
                        )
                        .one()
                        .await
                        .unwrap();
                    tx.query(
                        "INSERT INTO event_outbox (channel, seq, id, kind, body, created_at)
                         VALUES ('c', $1, $2, 'k', '{}', 1)",
                    )
                    .bind(seq)
                    .bind(seq.to_string())
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
        let rows: Vec<(i64,)> = db.query("SELECT seq FROM event_outbox ORDER BY seq").all().await.unwrap();
        assert_eq!(rows, (1..=160).map(|seq| (seq,)).collect::<Vec<_>>());
    })
    .await;
}
