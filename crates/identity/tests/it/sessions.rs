//! Links and sessions.

use std::time::Duration;

use base::id::UserId;
use base::{Clock, Ids, PageSize, Role};
use identity::audit::Filter;
use identity::{
    ACCESS_LIFETIME, AuthError, IDLE_LIFETIME, LINK_LIFETIME, RedeemError, RefreshError, SESSION_LIFETIME,
    SignOut, Token,
};
use storage::testing::each_engine;

use crate::scene::Scene;

#[tokio::test]
async fn there_is_one_owner_however_often_the_server_starts() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        assert_eq!(scene.identity.ensure_owner().await.unwrap(), scene.owner);
        assert_eq!(scene.owner.role, Role::Owner);
        let memberships = scene.identity.memberships(scene.owner.user).await.unwrap();
        assert_eq!(memberships.len(), 1);
        assert_eq!(memberships[0].workspace.slug, "home");
        assert!(!scene.identity.is_set_up().await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn two_servers_that_start_over_one_new_database_have_one_owner() {
    each_engine(|test| async move {
        let (one, other) = (test.open().await, test.open().await);
        let (one, other) = tokio::join!(Scene::over(one), Scene::over(other));
        assert_eq!(one.owner, other.owner);

        // One link, from one place and from another at the same moment.
        let link = one.identity.new_link(one.owner.user).await.unwrap();
        let client = Scene::client();
        let (here, there) = tokio::join!(
            one.identity.redeem_link(&link, &client),
            other.identity.redeem_link(&link, &client)
        );
        assert_eq!([here.is_ok(), there.is_ok()].into_iter().filter(|&entered| entered).count(), 1);
        let refused = here.err().or(there.err());
        assert!(matches!(refused, Some(RedeemError::Invalid)), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_link_signs_in_once() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let identity = &scene.identity;
        let link = identity.new_link(scene.owner.user).await.unwrap();
        let granted = identity.redeem_link(&link, &Scene::client()).await.unwrap();
        assert_eq!(granted.session.user.id, scene.owner.user);
        assert!(granted.session.user.operator);
        let again = identity.redeem_link(&link, &Scene::client()).await;
        assert!(matches!(again, Err(RedeemError::Invalid)));
        assert_eq!(identity.authenticate(granted.access.expose()).await.unwrap(), granted.session);
    })
    .await;
}

#[tokio::test]
async fn links_expire_and_a_fresh_one_replaces_the_last() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, user, client) = (&scene.identity, scene.owner.user, Scene::client());
        let first = identity.new_link(user).await.unwrap();
        let second = identity.new_link(user).await.unwrap();
        assert!(matches!(identity.redeem_link(&first, &client).await, Err(RedeemError::Invalid)));
        scene.clock.advance(LINK_LIFETIME);
        assert!(matches!(identity.redeem_link(&second, &client).await, Err(RedeemError::Invalid)));
        let third = identity.new_link(user).await.unwrap();
        scene.clock.advance(LINK_LIFETIME.saturating_sub(Duration::from_secs(1)));
        assert!(identity.redeem_link(&third, &client).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn sessions_end_by_time_and_by_hand_and_the_end_is_told_once() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let identity = &scene.identity;
        let granted = scene.enter().await;
        let access = granted.access.expose();
        assert!(identity.authenticate(access).await.is_ok());
        for ended in [1, 0] {
            let gone = identity.sign_out(&granted.session, SignOut::This, &Scene::client()).await.unwrap();
            assert_eq!(gone.len(), ended);
        }
        assert!(matches!(identity.authenticate(access).await, Err(AuthError::SignedOut)));
        assert!(!identity.is_live(granted.session.id).await.unwrap());
        let refreshed = identity.refresh(&granted.refresh, &Scene::client()).await;
        assert!(refreshed.is_err());
        let (told,) = scene
            .db
            .query("SELECT COUNT(*) FROM event_outbox WHERE kind = 'session.revoked'")
            .one::<(i64,)>()
            .await
            .unwrap();
        assert_eq!(told, 1);

        let granted = scene.enter().await;
        assert!(identity.is_live(granted.session.id).await.unwrap());
        scene.clock.advance(SESSION_LIFETIME);
        assert!(!identity.is_live(granted.session.id).await.unwrap());
        assert!(identity.refresh(&granted.refresh, &Scene::client()).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_that_nobody_uses_and_one_that_is_used_after_thirty_days() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let (six_days, second) = (Duration::from_hours(6 * 24), Duration::from_secs(1));
        let idle = scene.enter().await;
        assert_eq!(idle.session.expires_at, scene.clock.now().plus(IDLE_LIFETIME));
        let began = scene.clock.now();
        let mut used = scene.enter().await;
        // The fourth use comes on the 24th day, and a week after it is past the thirtieth.
        for _ in 0..4 {
            scene.clock.advance(six_days);
            used = identity.refresh(&used.refresh, &client).await.unwrap();
        }
        assert_eq!(used.session.expires_at, began.plus(SESSION_LIFETIME), "not a week after the last use");
        assert!(matches!(identity.refresh(&idle.refresh, &client).await, Err(RefreshError::SignedOut)));
        assert!(!identity.is_live(idle.session.id).await.unwrap());
        let listed = identity.sessions(scene.owner.user).await.unwrap();
        assert_eq!(
            listed.iter().map(|one| (one.id, one.expires_at)).collect::<Vec<_>>(),
            [(used.session.id, used.session.expires_at)]
        );
        scene.clock.advance(six_days.saturating_sub(second));
        used = identity.refresh(&used.refresh, &client).await.unwrap();
        scene.clock.advance(second);
        assert!(matches!(identity.refresh(&used.refresh, &client).await, Err(RefreshError::SignedOut)));
    })
    .await;
}

#[tokio::test]
async fn sessions_of_a_time_when_they_could_be_left_for_longer_are_held_to_what_it_is_now() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (left, ended) = (scene.enter().await.session, scene.enter().await.session);
        let now = scene.clock.now();
        scene.identity.sign_out(&ended, SignOut::This, &Scene::client()).await.unwrap();
        let longer = now.plus(SESSION_LIFETIME);
        let mut tx = scene.db.begin().await.unwrap();
        let query = tx.query("UPDATE identity_session SET expires_at = $1 WHERE created_at = $2");
        assert_eq!(query.bind(longer).bind(now).execute().await.unwrap(), 2);
        tx.commit().await.unwrap();

        scene.identity.trim().await.unwrap();
        let ends = scene.identity.sessions(scene.owner.user).await.unwrap();
        let end = ends.iter().find(|one| one.id == left.id).unwrap().expires_at;
        assert_eq!(end, now.plus(IDLE_LIFETIME));
        let ended = scene.db.query("SELECT expires_at FROM identity_session WHERE id = $1").bind(ended.id);
        assert_eq!(ended.one::<(i64,)>().await.unwrap().0, longer.as_micros(), "what ended is a fact");
    })
    .await;
}

#[tokio::test]
async fn an_access_token_lasts_ten_minutes_and_keys_change_under_it() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let identity = &scene.identity;
        let first = scene.enter().await;
        scene.clock.advance(ACCESS_LIFETIME);
        assert!(
            identity.authenticate(first.access.expose()).await.is_ok(),
            "clocks may be five seconds apart"
        );
        scene.clock.advance(Duration::from_secs(5));
        assert!(matches!(identity.authenticate(first.access.expose()).await, Err(AuthError::Expired)));

        let month = Duration::from_hours(30 * 24);
        scene.clock.advance(month.saturating_sub(ACCESS_LIFETIME + Duration::from_mins(1)));
        let old = scene.enter().await;
        scene.clock.advance(Duration::from_mins(2));
        let new = scene.enter().await;
        assert_eq!(identity.public_keys().await.unwrap().len(), 2);
        for granted in [&old, &new] {
            assert!(identity.authenticate(granted.access.expose()).await.is_ok());
        }
        scene.clock.advance(Duration::from_hours(25));
        scene.enter().await;
        assert_eq!(identity.public_keys().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_node_believes_the_keys_of_the_others_and_hears_of_the_end_within_a_second() {
    each_engine(|test| async move {
        let here = Scene::new(test.clone()).await;
        let there = Scene::over(test.open().await).await;
        let granted = here.enter().await;
        let access = granted.access.expose();
        assert_eq!(there.identity.authenticate(access).await.unwrap(), granted.session);
        here.identity.sign_out(&granted.session, SignOut::This, &Scene::client()).await.unwrap();
        assert!(here.identity.authenticate(access).await.is_err());
        let began = std::time::Instant::now();
        while there.identity.authenticate(access).await.is_ok() {
            assert!(began.elapsed() < Duration::from_secs(1), "the other node did not hear of it");
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn people_see_and_end_their_own_sessions_only() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let identity = &scene.identity;
        let ana = scene.joined("Ana", "ana@example.org").await;
        let (first, second) = (scene.enter().await, scene.enter().await);
        let listed = identity.sessions(scene.owner.user).await.unwrap();
        assert_eq!(listed.len(), 2);
        assert_eq!(listed[0].place.as_deref(), Some("192.0.2.7"));
        assert!(!identity.revoke(scene.owner.user, ana.session.id, &Scene::client()).await.unwrap());
        assert!(identity.revoke(scene.owner.user, first.session.id, &Scene::client()).await.unwrap());
        assert!(identity.authenticate(first.access.expose()).await.is_err());
        let third = scene.enter().await;
        let others = identity.sign_out(&third.session, SignOut::Others, &Scene::client()).await.unwrap();
        assert_eq!(others, [second.session.id]);
        assert!(identity.authenticate(third.access.expose()).await.is_ok());
        identity.sign_out(&third.session, SignOut::All, &Scene::client()).await.unwrap();
        assert_eq!(identity.sessions(scene.owner.user).await.unwrap(), []);
        assert!(identity.authenticate(ana.access.expose()).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn only_members_act_in_a_workspace() {
    each_engine(|test| async move {
        let Scene { identity, owner, .. } = Scene::new(test).await;
        assert_eq!(identity.actor(owner.user, "home").await.unwrap(), Some(owner));
        assert_eq!(identity.actor(owner.user, "elsewhere").await.unwrap(), None);
        let stranger: UserId = Ids::random(Clock::system()).new_id();
        assert_eq!(identity.actor(stranger, "home").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn no_token_is_stored_as_it_was_handed_out() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let granted = scene.enter().await;
        scene.identity.refresh(&granted.refresh, &Scene::client()).await.unwrap();
        let mut seen = 0;
        for statement in [
            "SELECT token_hash FROM identity_link",
            "SELECT token_hash FROM identity_refresh",
            "SELECT successor FROM identity_refresh WHERE successor IS NOT NULL",
        ] {
            for (stored,) in scene.db.query(statement).all::<(Vec<u8>,)>().await.unwrap() {
                assert_ne!(stored, granted.refresh.expose().as_bytes());
                assert_ne!(hex::encode(&stored), granted.refresh.expose());
                assert_eq!(stored.len(), 32);
                seen += 1;
            }
        }
        assert_eq!(seen, 4);
    })
    .await;
}

#[tokio::test]
async fn what_is_over_is_forgotten_a_month_later() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let granted = scene.enter().await;
        scene.joined("Ana", "ana@example.org").await;
        scene.identity.forgot("ana@example.org", "http://x", &Scene::client()).await.unwrap();
        scene.identity.sign_out(&granted.session, SignOut::This, &Scene::client()).await.unwrap();
        scene.last_mail().await;
        assert_eq!(scene.identity.trim().await.unwrap(), 0);
        scene.clock.advance(SESSION_LIFETIME * 2 + Duration::from_hours(2));
        // Two sessions, a reset and two letters; the sign-up went when it was used.
        assert_eq!(scene.identity.trim().await.unwrap(), 5);
        let acts =
            scene.identity.audit().find(&Filter::default(), None, base::PageSize::DEFAULT).await.unwrap();
        assert!(acts.total >= 5, "the audit log is never shortened");
    })
    .await;
}

#[tokio::test]
async fn made_up_links_and_refresh_tokens_are_limited_and_right_ones_are_not() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let right = scene.enter().await;
        let made_up = Token::parse(&"0".repeat(64)).unwrap();
        for _ in 0..30 {
            let link = identity.redeem_link(&made_up, &client).await;
            assert!(matches!(link, Err(RedeemError::Invalid)));
            let refresh = identity.refresh(&made_up, &client).await;
            assert!(matches!(refresh, Err(RefreshError::SignedOut)));
        }
        let noted =
            async || identity.audit().find(&Filter::default(), None, PageSize::DEFAULT).await.unwrap().total;
        let before = noted().await;
        assert!(matches!(identity.redeem_link(&made_up, &client).await, Err(RedeemError::TooMany(_))));
        assert!(matches!(identity.refresh(&made_up, &client).await, Err(RefreshError::TooMany(_))));
        assert_eq!(noted().await, before, "what a limit refused is not noted");
        assert!(identity.refresh(&right.refresh, &client).await.is_ok());
        scene.enter().await;
    })
    .await;
}
