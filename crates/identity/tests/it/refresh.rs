//! Refresh tokens: one use each, and the end of the session for whoever uses one twice.

use std::time::Duration;

use identity::audit::{Filter, Outcome, action};
use identity::{Granted, REFRESH_GRACE, RefreshError};
use storage::testing::each_engine;

use crate::scene::Scene;

/// S-AUTH-1: chains of two to six tokens, each used one replayed.
#[tokio::test]
async fn a_replay_anywhere_in_a_chain_ends_the_whole_family_and_nothing_else() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let elsewhere = scene.enter().await;
        let mut families = 0;
        for length in 2..=6 {
            for replayed in 0..length - 1 {
                let mut chain: Vec<Granted> = vec![scene.enter().await];
                while chain.len() < length {
                    let last = &chain[chain.len() - 1];
                    chain.push(identity.refresh(&last.refresh, &client).await.unwrap());
                    scene.clock.advance(REFRESH_GRACE);
                }
                let stolen = identity.refresh(&chain[replayed].refresh, &client).await;
                assert!(matches!(stolen, Err(RefreshError::SignedOut)));
                for granted in &chain {
                    assert!(identity.refresh(&granted.refresh, &client).await.is_err());
                    assert!(identity.authenticate(granted.access.expose()).await.is_err());
                }
                assert!(!identity.is_live(chain[0].session.id).await.unwrap());
                families += 1;
            }
        }
        assert_eq!(families, 15);
        let filter = Filter { action: Some(action::REPLAY.to_owned()), ..Filter::default() };
        let noted = identity.audit().find(&filter, None, base::PageSize::DEFAULT).await.unwrap();
        assert_eq!(noted.total, 15);
        assert!(
            noted
                .items
                .iter()
                .all(|act| act.outcome == Outcome::Refused && act.actor == Some(scene.owner.user))
        );
        assert!(identity.refresh(&elsewhere.refresh, &client).await.is_ok(), "other devices are not touched");
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_is_given_again_for_ten_seconds_while_nobody_used_it() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let first = scene.enter().await;
        let second = identity.refresh(&first.refresh, &client).await.unwrap();
        scene.clock.advance(REFRESH_GRACE.saturating_sub(Duration::from_millis(1)));
        let again = identity.refresh(&first.refresh, &client).await.unwrap();
        assert_eq!(again.refresh.expose(), second.refresh.expose());
        assert_eq!(again.session, second.session);
        let third = identity.refresh(&second.refresh, &client).await.unwrap();
        // Now somebody has used it: whoever still has the first one is not the one who did.
        assert!(identity.refresh(&first.refresh, &client).await.is_err());
        assert!(identity.refresh(&third.refresh, &client).await.is_err());

        let first = scene.enter().await;
        identity.refresh(&first.refresh, &client).await.unwrap();
        scene.clock.advance(REFRESH_GRACE);
        assert!(identity.refresh(&first.refresh, &client).await.is_err());
    })
    .await;
}

/// S-AUTH-2, in short: many windows that refresh at the same moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_two_refreshes_at_once_make_no_fork_and_sign_nobody_out() {
    /// Rounds; the long run makes 200.
    const ROUNDS: usize = 12;
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let mut token = scene.enter().await.refresh;
        for _ in 0..ROUNDS {
            let mut all = tokio::task::JoinSet::new();
            for _ in 0..32 {
                let (identity, token, client) = (scene.identity.clone(), token.clone(), Scene::client());
                all.spawn(async move { identity.refresh(&token, &client).await });
            }
            let given: Vec<Granted> = all.join_all().await.into_iter().map(Result::unwrap).collect();
            let next = given[0].refresh.expose();
            assert!(given.iter().all(|granted| granted.refresh.expose() == next));
            token = given[0].refresh.clone();
        }
        let (tokens,) =
            scene.db.query("SELECT COUNT(*) FROM identity_refresh").one::<(i64,)>().await.unwrap();
        assert_eq!(usize::try_from(tokens).unwrap(), ROUNDS + 1);
    })
    .await;
}
