//! Workspaces, members, invitations, requests, tokens and codes, on both engines.

use std::time::Duration;

use base::{Actor, Permission, Permissions, Role};
use identity::api_tokens::{ApiSecret, LookUpError, NewApiToken, TokenError};
use identity::audit::{Filter, action};
use identity::device::PollError;
use identity::invites::InviteError;
use identity::members::MemberError;
use identity::requests::RequestError;
use identity::sign_up::SignUpError;
use identity::workspaces::WorkspaceError;
use identity::{Client, Granted, Token};
use sha2::{Digest as _, Sha256};
use storage::testing::each_engine;

use crate::scene::{ORIGIN, PASSWORD, Scene, link};

impl Scene {
    /// Somebody new, in the owner's workspace by an invitation.
    pub(crate) async fn invited(&self, name: &str, email: &str, role: Role) -> (Granted, Actor) {
        self.identity.invite(&self.owner, email, role, ORIGIN, &Self::client()).await.unwrap();
        let (to, letter) = self.last_mail().await;
        assert_eq!(to, email);
        let link = link(&letter);
        let granted = self.joined(name, email).await;
        let joined = self.identity.accept_invite(&granted.session, &link, &Self::client()).await.unwrap();
        assert_eq!((joined.role, joined.workspace.id), (role, self.owner.workspace));
        let actor = self.identity.actor(granted.session.user.id, "home").await.unwrap().unwrap();
        (granted, actor)
    }
}

#[tokio::test]
async fn people_come_by_an_invitation_that_works_once_and_for_a_week() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let (ana, actor) = scene.invited("Ana", "ana@example.org", Role::Member).await;
        assert!(actor.may(Permission::TaskWrite) && !actor.may(Permission::MembersManage));
        assert!(identity.invites(&scene.owner).await.unwrap().is_empty());
        let again = identity.invite(&scene.owner, "Ana@example.org", Role::Viewer, ORIGIN, &client).await;
        assert!(matches!(again, Err(InviteError::Member)));

        // Sent again, replaced, taken back, run out: only the newest link works.
        let sent =
            identity.invite(&scene.owner, "bo@example.org", Role::Viewer, ORIGIN, &client).await.unwrap();
        assert!(sent.link.is_none(), "it was mailed");
        let first = link(&scene.last_mail().await.1);
        let sent = identity.resend_invite(&scene.owner, sent.invite.id, ORIGIN, &client).await.unwrap();
        let second = link(&scene.last_mail().await.1);
        assert!(matches!(identity.invitation(&first, &client).await, Err(InviteError::Refused)));
        let told = identity.invitation(&second, &client).await.unwrap();
        assert_eq!((told.workspace.slug.as_str(), told.email.as_str()), ("home", "bo@example.org"));
        assert!(matches!(
            identity.accept_invite(&ana.session, &second, &client).await,
            Err(InviteError::Member)
        ));
        identity.revoke_invite(&scene.owner, sent.invite.id, &client).await.unwrap();
        assert!(matches!(identity.invitation(&second, &client).await, Err(InviteError::Refused)));
        identity.invite(&scene.owner, "bo@example.org", Role::Viewer, ORIGIN, &client).await.unwrap();
        let third = link(&scene.last_mail().await.1);
        scene.clock.advance(Duration::from_hours(7 * 24));
        let late = identity.accept_invite(&ana.session, &third, &client).await;
        assert!(matches!(late, Err(InviteError::Member | InviteError::Refused)));
        assert_eq!(identity.invites(&scene.owner).await.unwrap().len(), 1, "it can be sent again");
        let above = identity.invite(&actor, "cy@example.org", Role::Admin, ORIGIN, &client).await;
        assert!(matches!(above, Err(InviteError::Above)));
    })
    .await;
}

#[tokio::test]
async fn an_invitation_opens_sign_up_for_its_address_only() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        identity.invite(&scene.owner, "ana@example.org", Role::Member, ORIGIN, &client).await.unwrap();
        let link = link(&scene.last_mail().await.1);
        let password = base::Secret::new(PASSWORD);
        let ask =
            async |email| identity.sign_up_invited(&link, "Ana", email, &password, ORIGIN, &client).await;
        assert!(matches!(ask("eve@example.org").await, Err(SignUpError::OtherAddress)));
        assert!(matches!(ask("eve").await, Err(SignUpError::Email)));
        assert!(ask("Ana@example.org").await.is_ok());
        scene.clock.advance(Duration::from_hours(7 * 24));
        assert!(matches!(ask("Ana@example.org").await, Err(SignUpError::Invite)), "it ran out");
    })
    .await;
}

#[tokio::test]
async fn a_workspace_keeps_an_owner_and_nobody_reaches_above_their_role() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client, owner) = (&scene.identity, Scene::client(), scene.owner);
        let (_, ana) = scene.invited("Ana", "ana@example.org", Role::Admin).await;
        let (_, bo) = scene.invited("Bo", "bo@example.org", Role::Viewer).await;
        let leave = identity.remove_member(&owner, owner.user, &client).await;
        assert!(matches!(leave, Err(MemberError::LastOwner)));
        let lower = identity.set_role(&owner, owner.user, Role::Admin, &client).await;
        assert!(matches!(lower, Err(MemberError::LastOwner)));
        let above = identity.set_role(&ana, bo.user, Role::Owner, &client).await;
        assert!(matches!(above, Err(MemberError::Above)));
        assert!(matches!(identity.remove_member(&ana, owner.user, &client).await, Err(MemberError::Above)));
        assert_eq!(identity.set_role(&ana, bo.user, Role::Member, &client).await.unwrap().role, Role::Member);
        // An admin of before, whose request is still on its way.
        identity.set_role(&owner, ana.user, Role::Viewer, &client).await.unwrap();
        let late = identity.set_role(&ana, bo.user, Role::Admin, &client).await;
        assert!(matches!(late, Err(MemberError::Above)));
        identity.remove_member(&owner, bo.user, &client).await.unwrap();
        assert_eq!(identity.actor(bo.user, "home").await.unwrap(), None);
        assert!(!identity.is_member(bo.user, owner.workspace).await.unwrap());
        let roles: Vec<_> = identity.members(&owner).await.unwrap().into_iter().map(|one| one.role).collect();
        assert_eq!(roles, [Role::Owner, Role::Viewer]);
        let filter = Filter {
            workspace: Some(owner.workspace),
            action: Some(action::ROLE.into()),
            ..Filter::default()
        };
        let page = identity.audit().find(&filter, None, base::PageSize::DEFAULT).await.unwrap();
        let said: Vec<_> = page.items.iter().map(|entry| entry.detail.as_str()).collect();
        assert_eq!(said, ["admin to viewer", "viewer to member"]);
    })
    .await;
}

#[tokio::test]
async fn who_is_refused_asks_and_gets_the_least_role_that_permits_it() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client, owner) = (&scene.identity, Scene::client(), scene.owner);
        let (_, ana) = scene.invited("Ana", "ana@example.org", Role::Viewer).await;
        let names: Vec<_> = identity
            .grantors(&ana, Permission::TaskWrite)
            .await
            .unwrap()
            .into_iter()
            .map(|one| one.user.name)
            .collect();
        assert_eq!(names, ["Owner"]);
        let nothing = identity.request_access(&ana, Permission::TaskRead, "", &client).await;
        assert!(matches!(nothing, Err(RequestError::Permitted)));
        identity.request_access(&ana, Permission::WorkspaceManage, "first", &client).await.unwrap();
        let asked = identity.request_access(&ana, Permission::TaskWrite, "for DEV-1", &client).await.unwrap();
        let waiting = identity.access_requests(&owner).await.unwrap();
        assert_eq!(waiting.iter().map(|one| one.note.as_str()).collect::<Vec<_>>(), ["for DEV-1"]);
        let member = identity.answer_request(&owner, asked.id, true, &client).await.unwrap();
        assert_eq!(member.map(|one| one.role), Some(Role::Member));
        let again = identity.answer_request(&owner, asked.id, true, &client).await;
        assert!(matches!(again, Err(RequestError::NotFound)));
        let (kept,): (i64,) =
            scene.db.query("SELECT CAST(COUNT(*) AS BIGINT) FROM identity_request").one().await.unwrap();
        assert_eq!(kept, 0, "what somebody wrote goes with the answer");
    })
    .await;
}

#[tokio::test]
async fn a_workspace_is_made_named_and_ended_and_everybody_stays_somewhere() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let ana = scene.joined("Ana", "ana@example.org").await.session.user;
        let made = identity.create_workspace(&ana, "  Team Blue! ", &client).await.unwrap();
        assert_eq!((made.workspace.slug.as_str(), made.role), ("team-blue", Role::Owner));
        let actor = identity.actor(ana.id, "team-blue").await.unwrap().unwrap();
        let details = identity.workspace(&actor).await.unwrap().unwrap();
        let renamed = identity.rename_workspace(&actor, "Red", details.version, &client).await.unwrap();
        assert_eq!((renamed.workspace.name.as_str(), renamed.workspace.slug.as_str()), ("Red", "team-blue"));
        let stale = identity.rename_workspace(&actor, "Green", details.version, &client).await;
        assert!(matches!(stale, Err(WorkspaceError::Storage(storage::Error::Changed))));
        let meant = identity.delete_workspace(&actor, "Blue", &client).await;
        assert!(matches!(meant, Err(WorkspaceError::Unconfirmed)));
        identity.delete_workspace(&actor, "Red", &client).await.unwrap();
        assert_eq!(identity.actor(ana.id, "team-blue").await.unwrap(), None);
        let own = identity.actor(ana.id, "ana").await.unwrap().unwrap();
        identity.delete_workspace(&own, "Ana", &client).await.unwrap();
        let left = identity.memberships(ana.id).await.unwrap();
        assert_eq!(left.iter().map(|one| one.workspace.slug.as_str()).collect::<Vec<_>>(), ["ana-2"]);
    })
    .await;
}

/// A token that nobody was given, with a checksum that fits.
fn made_up(number: u32) -> ApiSecret {
    let body = format!("dm_{number:064x}");
    let sum = hex::encode(&Sha256::digest(body.as_bytes())[..4]);
    ApiSecret::parse(&format!("{body}{sum}")).unwrap()
}

#[tokio::test]
async fn made_up_tokens_soon_cost_no_look_up_and_those_that_worked_go_on() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let scopes: Permissions = [Permission::TaskRead].into_iter().collect();
        let new = || NewApiToken { name: "CI".into(), scopes, days: 90 };
        let (_, works) = identity.create_token(&scene.owner, new(), &client).await.unwrap();
        let (_, fresh) = identity.create_token(&scene.owner, new(), &client).await.unwrap();
        assert!(identity.authenticate_token(&works, &client).await.unwrap().is_some());
        for number in 1..60 {
            assert!(identity.authenticate_token(&made_up(number), &client).await.unwrap().is_none());
        }
        let refused = async |secret: &ApiSecret| {
            matches!(identity.authenticate_token(secret, &client).await, Err(LookUpError::TooMany(_)))
        };
        assert!(refused(&made_up(60)).await && refused(&made_up(1)).await && refused(&fresh).await);
        assert!(identity.authenticate_token(&works, &client).await.unwrap().is_some());
        let elsewhere = Client::new(Some("192.0.2.8".to_owned()), "CI");
        assert!(identity.authenticate_token(&made_up(60), &elsewhere).await.unwrap().is_none());
        // Those whose address nobody knows would all be counted as one, and one of them could shut the others out.
        let nowhere = Client::new(None, "CI");
        for number in 0..100 {
            assert!(identity.authenticate_token(&made_up(number), &nowhere).await.unwrap().is_none());
        }
        scene.clock.advance(Duration::from_secs(1));
        assert!(identity.authenticate_token(&fresh, &client).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_token_acts_within_its_scopes_and_its_workspace_until_it_is_revoked() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client, owner) = (&scene.identity, Scene::client(), scene.owner);
        let (_, ana) = scene.invited("Ana", "ana@example.org", Role::Member).await;
        let scopes = |all: &[Permission]| all.iter().copied().collect::<Permissions>();
        let new = |scopes, days| NewApiToken { name: "CI".into(), scopes, days };
        let read = scopes(&[Permission::TaskRead, Permission::TaskWrite]);
        for (wrong, days) in
            [(Permissions::default(), 90), (scopes(&[Permission::MembersManage]), 90), (read, 0), (read, 366)]
        {
            assert!(identity.create_token(&ana, new(wrong, days), &client).await.is_err());
        }
        let beyond =
            identity.create_token(&ana, new(scopes(&[Permission::MembersManage]), 90), &client).await;
        assert!(matches!(beyond, Err(TokenError::Beyond(Permission::MembersManage))));
        let (token, secret) = identity.create_token(&ana, new(read, 90), &client).await.unwrap();
        let secret = ApiSecret::parse(secret.expose()).unwrap();
        let [near, far] = ["192.0.2.9", "192.0.2.10"].map(|place| Client::new(Some(place.to_owned()), "CI"));
        let found = identity.authenticate_token(&secret, &near).await.unwrap().unwrap();
        assert_eq!((found.id, found.used_at), (token.id, None));
        assert_eq!(identity.tokens(ana.user).await.unwrap()[0].used_from, near.place);
        // Two machines with one token write no more than one.
        for (minutes, seen) in [(0, "192.0.2.9"), (9, "192.0.2.9"), (1, "192.0.2.10")] {
            scene.clock.advance(Duration::from_mins(minutes));
            identity.authenticate_token(&secret, &far).await.unwrap().unwrap();
            assert_eq!(identity.tokens(ana.user).await.unwrap()[0].used_from.as_deref(), Some(seen));
        }
        let acting = found.narrows(ana).unwrap();
        assert!(acting.may(Permission::TaskWrite) && !acting.may(Permission::RepoRead));
        // The person may less now, and so may the token.
        identity.set_role(&owner, ana.user, Role::Viewer, &client).await.unwrap();
        let lower = identity.actor(ana.user, "home").await.unwrap().unwrap();
        assert!(!found.narrows(lower).unwrap().may(Permission::TaskWrite));
        let own = identity.actor(ana.user, "ana").await.unwrap().unwrap();
        assert_eq!(found.narrows(own), None, "it is for another workspace");
        assert!(!identity.revoke_token(owner.user, token.id, &client).await.unwrap(), "not theirs");
        assert!(identity.revoke_token(ana.user, token.id, &client).await.unwrap());
        assert!(identity.authenticate_token(&secret, &near).await.unwrap().is_none());

        let (_, short) = identity.create_token(&own, new(read, 1), &client).await.unwrap();
        scene.clock.advance(Duration::from_hours(24));
        assert!(identity.authenticate_token(&short, &near).await.unwrap().is_none());
        scene.clock.advance(Duration::from_hours(32 * 24));
        assert!(identity.trim().await.unwrap() > 0);
        assert!(identity.tokens(ana.user).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_program_is_signed_in_by_a_code_once_it_is_approved() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let owner = scene.enter().await.session;
        let begun = identity.begin_device("devmentor on laptop", &client).await.unwrap();
        let poll = async || identity.poll_device(&begun.token, &client).await;
        assert!(matches!(poll().await, Err(PollError::Pending)));
        assert!(matches!(poll().await, Err(PollError::SlowDown(10))));
        scene.clock.advance(Duration::from_secs(10));
        assert!(matches!(poll().await, Err(PollError::Pending)));
        let typed = begun.code.to_lowercase().replace('-', " ");
        let shown = identity.device_request(owner.user.id, &typed).await.unwrap();
        assert_eq!(shown.client, "devmentor on laptop");
        identity.decide_device(&owner, &typed, true, &client).await.unwrap();
        assert!(identity.decide_device(&owner, &typed, false, &client).await.is_err(), "answered");
        let granted = poll().await.unwrap();
        assert_eq!(granted.session.user.id, owner.user.id);
        assert!(matches!(poll().await, Err(PollError::Expired)), "used");

        let denied = identity.begin_device("x", &client).await.unwrap();
        identity.decide_device(&owner, &denied.code, false, &client).await.unwrap();
        assert!(matches!(identity.poll_device(&denied.token, &client).await, Err(PollError::Denied)));
        let late = identity.begin_device("x", &client).await.unwrap();
        scene.clock.advance(Duration::from_mins(10));
        assert!(identity.device_request(owner.user.id, &late.code).await.is_err());
        assert!(matches!(identity.poll_device(&late.token, &client).await, Err(PollError::Expired)));
        let invented = Token::parse(&"a".repeat(64)).unwrap();
        assert!(matches!(identity.poll_device(&invented, &client).await, Err(PollError::Expired)));
    })
    .await;
}
