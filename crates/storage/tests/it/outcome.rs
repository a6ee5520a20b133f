//! A connection that breaks while a transaction commits.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use storage::testing::{Cut, CutWire, on_postgres};
use storage::{Db, Error};

async fn insert(db: &Db, channel: &str, acknowledged: &Arc<AtomicU32>) -> Result<(), Error> {
    let mut tx = db.begin().await?;
    let insert = tx.query("INSERT INTO event_channel (channel, last) VALUES ($1, 1)");
    insert.bind(channel).execute().await?;
    let count = Arc::clone(acknowledged);
    tx.after_commit(move || {
        count.fetch_add(1, Ordering::SeqCst);
    });
    tx.commit().await
}

#[tokio::test]
async fn a_connection_lost_at_the_commit_leaves_its_outcome_unknown() {
    on_postgres(|test| async move {
        let direct = test.open().await;
        let wire = CutWire::to(&test.config).await;
        let db = Db::open(wire.config()).await.unwrap();
        let acknowledged = Arc::default();
        for (channel, cut) in [("never-arrived", Cut::BeforeCommit), ("never-answered", Cut::AfterCommit)] {
            wire.cut(channel, cut);
            let error = insert(&db, channel, &acknowledged).await.unwrap_err();
            assert!(matches!(error, Error::OutcomeUnknown(_)), "{cut:?}: {error:?}");
            assert!(error.is_outcome_unknown() && !error.is_temporary());
        }
        // The pool heals, and both outcomes were possible.
        insert(&db, "whole", &acknowledged).await.unwrap();
        assert_eq!(acknowledged.load(Ordering::SeqCst), 1, "a hook ran for a commit that is not known");
        let kept: Vec<(String,)> =
            direct.query("SELECT channel FROM event_channel ORDER BY channel").all().await.unwrap();
        assert_eq!(kept, [("never-answered".to_owned(),), ("whole".to_owned(),)]);
    })
    .await;
}
