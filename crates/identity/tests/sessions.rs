//! Links and sessions, on each engine.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use base::id::UserId;
use base::{Actor, Clock, Ids, Role, Timestamp};
use events::Events;
use identity::{Identity, LINK_LIFETIME, RedeemError, SESSION_LIFETIME, Token};
use storage::testing::{TestDb, each_engine};

struct Scene {
    identity: Identity,
    clock: Clock,
    owner: Actor,
    db: storage::Db,
}

async fn scene(test: TestDb) -> Scene {
    let db = test.open().await;
    let clock = Clock::manual(Timestamp::from_seconds(1_000_000));
    let ids = Ids::counted();
    let events = Events::without_hub(clock.clone(), ids.clone());
    let identity = Identity::new(db.clone(), events, clock.clone(), ids);
    let owner = identity.ensure_owner().await.unwrap();
    Scene { identity, clock, owner, db }
}

#[tokio::test]
async fn there_is_one_owner_however_often_the_server_starts() {
    each_engine(|test| async move {
        let scene = scene(test).await;
        assert_eq!(scene.identity.ensure_owner().await.unwrap(), scene.owner);
        assert_eq!(scene.owner.role, Role::Owner);
        let memberships = scene.identity.memberships(scene.owner.user).await.unwrap();
        assert_eq!(memberships.len(), 1);
        assert_eq!(memberships[0].workspace.slug, "home");
    })
    .await;
}

#[tokio::test]
async fn a_link_signs_in_once() {
    each_engine(|test| async move {
        let Scene { identity, owner, .. } = scene(test).await;
        let link = identity.new_link(owner.user).await.unwrap();
        let (token, session) = identity.redeem_link(&link, "a browser").await.unwrap();
        assert_eq!(session.user.id, owner.user);
        assert!(matches!(identity.redeem_link(&link, "another").await, Err(RedeemError::Invalid)));

        let again = Token::parse(token.expose()).unwrap();
        assert_eq!(identity.session(&again).await.unwrap(), Some(session));
    })
    .await;
}

#[tokio::test]
async fn links_expire_and_a_fresh_one_replaces_the_last() {
    each_engine(|test| async move {
        let Scene { identity, owner, clock, .. } = scene(test).await;
        let first = identity.new_link(owner.user).await.unwrap();
        let second = identity.new_link(owner.user).await.unwrap();
        assert!(matches!(identity.redeem_link(&first, "").await, Err(RedeemError::Invalid)));
        clock.advance(LINK_LIFETIME);
        assert!(matches!(identity.redeem_link(&second, "").await, Err(RedeemError::Invalid)));
        let third = identity.new_link(owner.user).await.unwrap();
        clock.advance(LINK_LIFETIME.saturating_sub(Duration::from_secs(1)));
        assert!(identity.redeem_link(&third, "").await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn sessions_end_by_time_and_by_hand_and_the_end_is_told_once() {
    each_engine(|test| async move {
        let Scene { identity, owner, clock, db } = scene(test).await;
        let link = identity.new_link(owner.user).await.unwrap();
        let (token, session) = identity.redeem_link(&link, "a browser").await.unwrap();
        identity.revoke(&session).await.unwrap();
        identity.revoke(&session).await.unwrap();
        assert_eq!(identity.session(&token).await.unwrap(), None);
        assert!(!identity.is_live(session.id).await.unwrap());
        let (told,) = db
            .query("SELECT COUNT(*) FROM event_outbox WHERE kind = 'session.revoked'")
            .one::<(i64,)>()
            .await
            .unwrap();
        assert_eq!(told, 1);

        let link = identity.new_link(owner.user).await.unwrap();
        let (token, session) = identity.redeem_link(&link, "a browser").await.unwrap();
        assert!(identity.is_live(session.id).await.unwrap());
        clock.advance(SESSION_LIFETIME);
        assert_eq!(identity.session(&token).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn only_members_act_in_a_workspace() {
    each_engine(|test| async move {
        let Scene { identity, owner, .. } = scene(test).await;
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
        let Scene { identity, owner, db, .. } = scene(test).await;
        let link = identity.new_link(owner.user).await.unwrap();
        let (token, _) = identity.redeem_link(&link, "a browser").await.unwrap();
        for statement in ["SELECT token_hash FROM identity_link", "SELECT token_hash FROM identity_session"] {
            for (stored,) in db.query(statement).all::<(Vec<u8>,)>().await.unwrap() {
                assert_ne!(stored, token.expose().as_bytes());
                assert_ne!(stored, link.expose().as_bytes());
                assert_eq!(stored.len(), 32);
            }
        }
    })
    .await;
}
