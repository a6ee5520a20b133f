//! Values go in and come back the same, and statements are put together right.

use base::Timestamp;
use base::id::{EventId, TaskId};
use storage::testing::each_engine;
use storage::{Error, FromRow, Sql, SqlBuilder};

#[derive(Debug, PartialEq, FromRow)]
struct Reset {
    token_hash: Vec<u8>,
    #[sqlx(try_from = "i64")]
    created_at: Timestamp,
    used_at: Option<i64>,
}

#[tokio::test]
async fn values_come_back_as_they_went_in() {
    each_engine(|test| async move {
        let db = test.open().await;
        let mut tx = db.begin().await.unwrap();
        tx.query(
            "INSERT INTO identity_user (id, handle, name, created_at, version) VALUES ($1, $2, $2, $3, $4)",
        )
        .bind("u")
        .bind("Zoë \u{1f980} ' \" $1 \\")
        .bind(Timestamp::from_micros(i64::MIN))
        .bind(i64::MAX)
        .execute()
        .await
        .unwrap();
        let insert = "INSERT INTO identity_reset (token_hash, user_id, created_at, expires_at, used_at)
            VALUES ($1, $2, $3, $4, $5)";
        for (hash, used) in [(vec![0, 255, 10], None), (Vec::new(), Some(Timestamp::from_seconds(7)))] {
            let changed = tx
                .query(insert)
                .bind(hash)
                .bind("u")
                .bind(Timestamp::from_micros(5))
                .bind(6_u32)
                .bind(used)
                .execute()
                .await
                .unwrap();
            assert_eq!(changed, 1);
        }
        tx.commit().await.unwrap();

        let (name, created, version): (String, i64, i64) =
            db.query("SELECT name, created_at, version FROM identity_user").one().await.unwrap();
        assert_eq!((name.as_str(), created, version), ("Zoë \u{1f980} ' \" $1 \\", i64::MIN, i64::MAX));
        let resets: Vec<Reset> = db
            .query("SELECT token_hash, created_at, used_at FROM identity_reset ORDER BY token_hash")
            .all()
            .await
            .unwrap();
        let at = Timestamp::from_micros(5);
        assert_eq!(
            resets,
            [
                Reset { token_hash: vec![], created_at: at, used_at: Some(7_000_000) },
                Reset { token_hash: vec![0, 255, 10], created_at: at, used_at: None },
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_missing_value_of_every_type_is_null() {
    each_engine(|test| async move {
        let db = test.open().await;
        let mut tx = db.begin().await.unwrap();
        // TEXT, BIGINT and BYTEA columns that take NULL.
        tx.query("INSERT INTO event_outbox (channel, seq, id, kind, body, actor, created_at) VALUES ('c', 1, 'i', 'k', 'b', $1, 1)")
            .bind(None::<base::id::UserId>)
            .execute()
            .await
            .unwrap();
        tx.query(
            "INSERT INTO http_idempotency (workspace_id, user_id, key, route, request_hash, status, body, created_at)
             VALUES ('w', 'u', 'k', 'r', $1, $2, $3, 1)",
        )
        .bind(&b"hash"[..])
        .bind(None::<i64>)
        .bind(None::<Vec<u8>>)
        .execute()
        .await
        .unwrap();
        // BOOLEAN and DOUBLE PRECISION have no such column yet; their NULLs must still be of their type.
        let (truth, number): (bool, bool) = tx
            .query("SELECT CAST($1 AS BOOLEAN) IS NULL, CAST($2 AS DOUBLE PRECISION) IS NULL")
            .bind(None::<bool>)
            .bind(None::<f64>)
            .one()
            .await
            .unwrap();
        assert!(truth && number);
        tx.commit().await.unwrap();
        let row: (Option<String>,) = db.query("SELECT actor FROM event_outbox").one().await.unwrap();
        assert_eq!(row, (None,));
        let row: (Option<i64>, Option<Vec<u8>>, Vec<u8>) =
            db.query("SELECT status, body, request_hash FROM http_idempotency").one().await.unwrap();
        assert_eq!(row, (None, None, b"hash".to_vec()));
    })
    .await;
}

#[tokio::test]
async fn numbers_and_truth_keep_their_types_through_expressions() {
    each_engine(|test| async move {
        let db = test.open().await;
        let row: (f64, bool, i64, Option<f64>) = db
            .query(
                "SELECT CAST($1 AS DOUBLE PRECISION), CAST($2 AS BOOLEAN), CAST(SUM(n.v) AS BIGINT),
                 CAST(NULL AS DOUBLE PRECISION) FROM (SELECT CAST(1 AS BIGINT) AS v UNION ALL SELECT $3) n",
            )
            .bind(0.1_f64 + 0.2)
            .bind(true)
            .bind(41_i64)
            .one()
            .await
            .unwrap();
        assert_eq!(row, (0.1 + 0.2, true, 42, None));
    })
    .await;
}

#[tokio::test]
async fn a_built_statement_filters_by_what_was_bound() {
    each_engine(|test| async move {
        let db = test.open().await;
        let mut tx = db.begin().await.unwrap();
        for (channel, last) in [("a", 1), ("b", 2), ("c", 3)] {
            tx.query("INSERT INTO event_channel (channel, last) VALUES ($1, $2)")
                .bind(channel)
                .bind(last)
                .execute()
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let find = |channels: &'static [&'static str], above: Option<i64>| {
            let mut find = SqlBuilder::new("SELECT channel FROM event_channel WHERE channel IN (");
            find.bind_all(channels.iter().copied()).push(")");
            if let Some(above) = above {
                find.push(" AND last > ").bind(above);
            }
            find.push(Sql::per_engine(" ORDER BY 1 LIMIT -1", " ORDER BY 1 LIMIT ALL"));
            db.query(find).all::<(String,)>()
        };
        assert_eq!(find(&["c", "a", "x"], None).await.unwrap(), [("a".to_owned(),), ("c".to_owned(),)]);
        assert_eq!(find(&["c", "a"], Some(1)).await.unwrap(), [("c".to_owned(),)]);
        assert_eq!(find(&[], None).await.unwrap(), []);
        assert_eq!(find(&["'); DROP TABLE event_channel; --"], None).await.unwrap(), []);
    })
    .await;
}

#[derive(Debug, FromRow)]
struct Task {
    #[sqlx(try_from = "String")]
    #[expect(dead_code, reason = "only decoded")]
    channel: TaskId,
}

#[tokio::test]
async fn a_value_that_does_not_decode_is_damage_and_not_a_panic() {
    each_engine(|test| async move {
        let db = test.open().await;
        let mut tx = db.begin().await.unwrap();
        tx.query("INSERT INTO event_channel (channel, last) VALUES ('not an id', 1)")
            .execute()
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let task = db.query("SELECT channel FROM event_channel").optional::<Task>().await;
        assert!(matches!(task, Err(Error::Corrupt(_))), "{task:?}");
        let number = db.query("SELECT channel FROM event_channel").optional::<(i64,)>().await;
        assert!(matches!(number, Err(Error::Corrupt(_))), "{number:?}");
    })
    .await;
}

#[tokio::test]
async fn ids_are_kept_as_their_text() {
    each_engine(|test| async move {
        let db = test.open().await;
        let id: EventId = base::Ids::counted().new_id();
        let mut tx = db.begin().await.unwrap();
        tx.query("INSERT INTO event_epoch (id, epoch) VALUES (1, $1)").bind(id).execute().await.unwrap();
        let (text,): (String,) = tx.query("SELECT epoch FROM event_epoch").one().await.unwrap();
        assert_eq!(text, id.to_string());
    })
    .await;
}
