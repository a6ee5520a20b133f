//! What goes with a role, a session or an account, and what does not, on both engines.

#![expect(clippy::disallowed_methods, reason = "what a test starts ends with it")]

use std::time::Duration;

use base::{Actor, Role};
use identity::account::AccountError;
use identity::device::PollError;
use identity::invites::InviteError;
use identity::{SignOut, Token};
use storage::testing::each_engine;

use crate::scene::{ORIGIN, OTHER, PASSWORD, Scene, link};

const BO: &str = "bo@example.org";

/// Long enough for what was begun meanwhile to meet the lock that it waits for.
const MEANWHILE: Duration = Duration::from_secs(1);

fn secret(text: &str) -> base::Secret {
    base::Secret::new(text)
}

/// The link of an invitation that somebody sends.
async fn invitation(scene: &Scene, by: &Actor, email: &str, role: Role) -> Token {
    scene.identity.invite(by, email, role, ORIGIN, &Scene::client()).await.unwrap();
    link(&scene.last_mail().await.1)
}

#[tokio::test]
async fn an_operator_who_owns_nothing_any_more_still_starts_the_server() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client, owner) = (&scene.identity, Scene::client(), scene.owner);
        let (_, bo) = scene.invited("Bo", BO, Role::Owner).await;
        identity.set_role(&bo, owner.user, Role::Member, &client).await.unwrap();
        let again = identity.ensure_owner().await.unwrap();
        assert_eq!((again.user, again.role), (owner.user, Role::Owner));
        assert_ne!(again.workspace, owner.workspace, "Bo decides there");
        assert_eq!(identity.ensure_owner().await.unwrap(), again, "one is enough");
        assert_eq!(identity.memberships(owner.user).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_approved_program_does_not_outlive_what_ends_every_session() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        for way in ["this", "others", "all", "password", "reset"] {
            let email = format!("{way}@example.org");
            let person = scene.joined("Ana", &email).await.session;
            let waiting = identity.begin_device("x", &client).await.unwrap();
            identity.decide_device(&person, &waiting.code, true, &client).await.unwrap();
            match way {
                "this" => drop(identity.sign_out(&person, SignOut::This, &client).await.unwrap()),
                "others" => drop(identity.sign_out(&person, SignOut::Others, &client).await.unwrap()),
                "all" => drop(identity.sign_out(&person, SignOut::All, &client).await.unwrap()),
                "password" => {
                    let (before, after) = (secret(PASSWORD), secret(OTHER));
                    identity.change_password(&person, Some(&before), &after, ORIGIN, &client).await.unwrap();
                }
                _ => {
                    identity.forgot(&email, ORIGIN, &client).await.unwrap();
                    let reset = link(&scene.last_mail().await.1);
                    identity.reset(&reset, &secret(OTHER), &client).await.unwrap();
                }
            }
            let polled = identity.poll_device(&waiting.token, &client).await;
            // Whoever leaves one browser has not taken back what they approved in it.
            let fits = if way == "this" { polled.is_ok() } else { matches!(polled, Err(PollError::Expired)) };
            assert!(fits, "{way}: {polled:?}");
        }
        // Nor does a session approve anything once it has ended.
        let late = scene.joined("Cy", "cy@example.org").await.session;
        let waiting = identity.begin_device("x", &client).await.unwrap();
        identity.sign_out(&late, SignOut::All, &client).await.unwrap();
        assert!(identity.decide_device(&late, &waiting.code, true, &client).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_that_is_under_way_ends_with_the_password_it_began_with() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let bo = scene.joined("Bo", BO).await.session.user.id;
        identity.forgot(BO, ORIGIN, &client).await.unwrap();
        let reset = link(&scene.last_mail().await.1);
        let mut tx = scene.db.begin().await.unwrap();
        tx.query(
            "INSERT INTO identity_pending (ticket_hash, user_id, means, tries, created_at, expires_at)
             VALUES ($1, $2, 'password', 0, 0, $3)",
        )
        .bind(vec![7_u8; 32])
        .bind(bo)
        .bind(scene.clock.now().plus(Duration::from_mins(10)))
        .execute()
        .await
        .unwrap();
        tx.commit().await.unwrap();

        // The second step of it: the ticket is used up, the session is there, and nothing is committed yet.
        let mut step = scene.db.begin().await.unwrap();
        step.query("DELETE FROM identity_pending WHERE user_id = $1").bind(bo).execute().await.unwrap();
        step.query(
            "INSERT INTO identity_session (id, user_id, means, user_agent, created_at, used_at, expires_at)
             VALUES ('00000000-0000-7000-8000-00000000001a', $1, 'password', '', 0, 0, $2)",
        )
        .bind(bo)
        .bind(scene.clock.now().plus(Duration::from_hours(1)))
        .execute()
        .await
        .unwrap();
        let resetting = tokio::spawn({
            let identity = identity.clone();
            async move { identity.reset(&reset, &secret(OTHER), &Scene::client()).await }
        });
        tokio::time::sleep(MEANWHILE).await;
        step.commit().await.unwrap();
        resetting.await.unwrap().unwrap();
        let (why,): (Option<String>,) = scene
            .db
            .query("SELECT ended_why FROM identity_session WHERE created_at = 0")
            .one()
            .await
            .unwrap();
        assert_eq!(why.as_deref(), Some("password_changed"));
    })
    .await;
}

#[tokio::test]
async fn an_invitation_ends_with_the_right_to_send_it() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client, owner) = (&scene.identity, Scene::client(), scene.owner);
        let (_, eve) = scene.invited("Eve", "eve@example.org", Role::Admin).await;
        let works = async |link: &Token| identity.invitation(link, &client).await.is_ok();
        let (own, others) = (
            invitation(&scene, &eve, "eve2@example.org", Role::Admin).await,
            invitation(&scene, &owner, "dee@example.org", Role::Viewer).await,
        );
        identity.set_role(&owner, eve.user, Role::Owner, &client).await.unwrap();
        assert!(works(&own).await, "more is not less");
        identity.set_role(&owner, eve.user, Role::Member, &client).await.unwrap();
        assert!(!works(&own).await && works(&others).await);
        // A request of the admin she was, still on its way.
        let late = identity.invite(&eve, "eve3@example.org", Role::Viewer, ORIGIN, &client).await;
        assert!(matches!(late, Err(InviteError::Above)), "{late:?}");
        let waiting = identity.invites(&owner).await.unwrap()[0].id;
        let late = identity.resend_invite(&eve, waiting, ORIGIN, &client).await;
        assert!(matches!(late, Err(InviteError::Above)), "{late:?}");
        assert!(works(&others).await);

        identity.set_role(&owner, eve.user, Role::Admin, &client).await.unwrap();
        let own = invitation(&scene, &eve, "eve2@example.org", Role::Admin).await;
        identity.remove_member(&owner, eve.user, &client).await.unwrap();
        assert!(!works(&own).await && works(&others).await);
        let late = identity.invite(&eve, "eve3@example.org", Role::Viewer, ORIGIN, &client).await;
        assert!(matches!(late, Err(InviteError::NotFound)), "{late:?}");
    })
    .await;
}

#[tokio::test]
async fn a_deleted_account_takes_its_invitations_along_and_others_are_told() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let (bo, there) = scene.invited("Bo", BO, Role::Admin).await;
        let home = identity.actor(there.user, "bo").await.unwrap().unwrap();
        let shared = invitation(&scene, &there, "dee@example.org", Role::Member).await;
        let own = invitation(&scene, &home, "dee@example.org", Role::Member).await;
        invitation(&scene, &scene.owner, "cy@example.org", Role::Member).await;
        let cy = scene.joined("Cy", "cy@example.org").await.session;
        identity.delete_account(&cy, Some(&secret(PASSWORD)), &client).await.unwrap();
        assert_eq!(
            identity.invites(&scene.owner).await.unwrap().len(),
            1,
            "with the address its invitations"
        );
        identity.delete_account(&bo.session, Some(&secret(PASSWORD)), &client).await.unwrap();
        for link in [&shared, &own] {
            assert!(matches!(identity.invitation(link, &client).await, Err(InviteError::Refused)));
        }
        let (told,): (i64,) = scene
            .db
            .query(
                "SELECT CAST(COUNT(*) AS BIGINT) FROM event_outbox
                 WHERE kind = 'member.updated' AND channel = $1 AND body NOT LIKE '%\"role\":\"%'",
            )
            .bind(events::Channel::workspace(scene.owner.workspace).to_string())
            .one()
            .await
            .unwrap();
        assert_eq!(told, 1);
    })
    .await;
}

#[tokio::test]
async fn two_owners_do_not_go_at_the_same_time() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let identity = scene.identity.clone();
        let (bo, _) = scene.invited("Bo", BO, Role::Owner).await;
        // The other one is made a member, and that is not committed yet.
        let mut tx = scene.db.begin().await.unwrap();
        tx.query("UPDATE identity_workspace SET created_at = created_at WHERE id = $1")
            .bind(scene.owner.workspace)
            .execute()
            .await
            .unwrap();
        tx.query("UPDATE identity_member SET role = 'member' WHERE user_id = $1")
            .bind(scene.owner.user)
            .execute()
            .await
            .unwrap();
        let going = tokio::spawn(async move {
            identity.delete_account(&bo.session, Some(&secret(PASSWORD)), &Scene::client()).await
        });
        tokio::time::sleep(MEANWHILE).await;
        tx.commit().await.unwrap();
        let gone = going.await.unwrap();
        assert!(matches!(&gone, Err(AccountError::OnlyOwner(names)) if names == &["Home"]), "{gone:?}");
    })
    .await;
}
