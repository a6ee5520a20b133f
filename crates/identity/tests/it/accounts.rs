//! Signing up and in, passwords, and the end of an account.

use std::time::Duration;

use base::{PageSize, Secret};
use identity::account::{AccountError, ERASE_WORKSPACE};
use identity::audit::{Filter, Outcome, action};
use identity::password::Refused;
use identity::recover::{RESET_LIFETIME, ResetError};
use identity::sign_in::SignInError;
use identity::sign_up::{CODE_LIFETIME, SIGN_UP_LIFETIME, SignUpError, VerifyError};
use identity::{Client, Token};
use storage::testing::each_engine;

use crate::scene::{ORIGIN, OTHER, PASSWORD, Scene, code, link};

const ANA: &str = "ana@example.org";

/// Rows of a table.
async fn count(scene: &Scene, table: &'static str) -> i64 {
    let query = match table {
        "identity_sign_up" => "SELECT CAST(COUNT(*) AS BIGINT) FROM identity_sign_up",
        "identity_reset" => "SELECT CAST(COUNT(*) AS BIGINT) FROM identity_reset",
        _ => "SELECT CAST(COUNT(*) AS BIGINT) FROM identity_mail WHERE recipient = 'ana@example.org'",
    };
    let (count,): (i64,) = scene.db.query(query).one().await.unwrap();
    count
}

fn secret(text: &str) -> Secret {
    Secret::new(text)
}

#[tokio::test]
async fn an_account_is_made_when_its_address_is_shown_to_be_theirs() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let ticket =
            identity.sign_up("Ana", " Ana@Example.org ", &secret(PASSWORD), ORIGIN, &client).await.unwrap();
        let (recipient, letter) = scene.last_mail().await;
        assert_eq!(recipient, ANA);
        assert!(letter.body.contains(&format!("{ORIGIN}/verify#")), "{}", letter.body);
        let early = identity.sign_in(ANA, &secret(PASSWORD), &client).await;
        assert!(matches!(early, Err(SignInError::Refused)), "there is no account yet");

        let granted = identity.verify_code(&ticket, &code(&letter), &client).await.unwrap();
        let user = &granted.session.user;
        assert_eq!((user.handle.as_str(), user.name.as_str(), user.operator), ("ana", "Ana", false));
        let memberships = identity.memberships(user.id).await.unwrap();
        assert_eq!(memberships.len(), 1);
        assert_eq!((memberships[0].workspace.slug.as_str(), memberships[0].role), ("ana", base::Role::Owner));
        let again = identity.verify_code(&ticket, &code(&letter), &client).await;
        assert!(matches!(again, Err(VerifyError::Refused)), "a code works once");
        assert!(identity.sign_in(ANA, &secret(PASSWORD), &client).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn the_link_makes_the_account_and_signs_nobody_in() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        identity.sign_up("Ana", ANA, &secret(PASSWORD), ORIGIN, &client).await.unwrap();
        let (_, letter) = scene.last_mail().await;
        let (link, chosen) = (link(&letter), secret(PASSWORD));
        identity.verify_link(&link, &chosen, &client).await.unwrap();
        assert!(matches!(identity.verify_link(&link, &chosen, &client).await, Err(VerifyError::Refused)));
        let granted = identity.sign_in(ANA, &secret(PASSWORD), &client).await.unwrap();
        assert_eq!(identity.sessions(granted.session.user.id).await.unwrap().len(), 1);
        assert_eq!(count(&scene, "identity_sign_up").await, 0, "what was used is gone, with its hash");
        // Somebody else with the same name in their address.
        let other = scene.joined("Ana", "ana@example.net").await;
        assert_eq!(other.session.user.handle, "ana-2");
    })
    .await;
}

#[tokio::test]
async fn whoever_reads_the_mail_but_did_not_choose_the_password_makes_no_account() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let ticket = identity.sign_up("Ana", ANA, &secret(PASSWORD), ORIGIN, &client).await.unwrap();
        let (_, letter) = scene.last_mail().await;
        let link = link(&letter);
        for _ in 0..5 {
            let opened = identity.verify_link(&link, &secret(OTHER), &client).await;
            assert!(matches!(opened, Err(VerifyError::Password)));
            assert!(identity.sign_in(ANA, &secret(PASSWORD), &client).await.is_err());
            scene.clock.advance(Duration::from_mins(1));
        }
        let late = identity.verify_link(&link, &secret(PASSWORD), &client).await;
        assert!(matches!(late, Err(VerifyError::Refused)), "the tries are used up");
        let code = identity.verify_code(&ticket, &code(&letter), &client).await;
        assert!(matches!(code, Err(VerifyError::Refused)), "for the code as well");
    })
    .await;
}

#[tokio::test]
async fn what_was_asked_for_and_ran_out_is_forgotten_within_the_hour() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        identity.sign_up("Ana", ANA, &secret(PASSWORD), ORIGIN, &client).await.unwrap();
        identity.forgot(ANA, ORIGIN, &client).await.unwrap();
        identity.trim().await.unwrap();
        assert_eq!(count(&scene, "identity_sign_up").await, 1, "it can still be used");
        scene.clock.advance(SIGN_UP_LIFETIME.max(RESET_LIFETIME));
        identity.trim().await.unwrap();
        assert_eq!(count(&scene, "identity_sign_up").await + count(&scene, "identity_reset").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_network_of_ipv6_counts_as_one_place() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let from = |place: &str| Client::new(Some(place.to_owned()), "a script");
        let network = |place: &str| from(place).network().unwrap();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        for number in 1..=5 {
            let place = from(&format!("2001:db8:1:2::{number}"));
            let refused = scene.identity.sign_in(ANA, &secret("x"), &place).await;
            assert!(matches!(refused, Err(SignInError::Refused)));
        }
        let same = scene.identity.sign_in(ANA, &secret("x"), &from("2001:db8:1:2:ffff::1")).await;
        assert!(matches!(same, Err(SignInError::TooMany(_))), "{same:?}");
        let other = scene.identity.sign_in(ANA, &secret("x"), &from("2001:db8:1:3::1")).await;
        assert!(matches!(other, Err(SignInError::Refused)), "{other:?}");
    })
    .await;
}

#[tokio::test]
async fn a_known_address_is_told_by_mail_and_by_nothing_else() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        scene.joined("Ana", ANA).await;
        let ticket = identity.sign_up("Mallory", ANA, &secret(OTHER), ORIGIN, &client).await.unwrap();
        let (recipient, letter) = scene.last_mail().await;
        assert_eq!(recipient, ANA);
        assert!(letter.subject.contains("already") && !letter.body.contains('#'), "{letter:?}");
        for code in ["000000", "123456"] {
            assert!(matches!(identity.verify_code(&ticket, code, &client).await, Err(VerifyError::Refused)));
        }
        assert!(identity.sign_in(ANA, &secret(PASSWORD), &client).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_code_is_tried_five_times_and_lasts_ten_minutes() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let ticket = identity.sign_up("Ana", ANA, &secret(PASSWORD), ORIGIN, &client).await.unwrap();
        let right = code(&scene.last_mail().await.1);
        let wrong = if right == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            assert!(identity.verify_code(&ticket, wrong, &client).await.is_err());
        }
        assert!(identity.verify_code(&ticket, &right, &client).await.is_err(), "the tries are used up");

        let ticket = identity.sign_up("Ana", ANA, &secret(PASSWORD), ORIGIN, &client).await.unwrap();
        let (_, letter) = scene.last_mail().await;
        scene.clock.advance(CODE_LIFETIME);
        assert!(identity.verify_code(&ticket, &code(&letter), &client).await.is_err());
        let wrong = identity.verify_link(&link(&letter), &secret("not what was chosen"), &client).await;
        assert!(matches!(wrong, Err(VerifyError::Password)), "the link still works: {wrong:?}");
        scene.clock.advance(SIGN_UP_LIFETIME);
        assert!(identity.verify_link(&link(&letter), &secret(PASSWORD), &client).await.is_err());
        let unknown = Token::parse(&"0".repeat(64)).unwrap();
        assert!(matches!(identity.verify_code(&unknown, &right, &client).await, Err(VerifyError::Refused)));

        let ticket = identity.sign_up("Ana", ANA, &secret(PASSWORD), ORIGIN, &client).await.unwrap();
        let (_, letter) = scene.last_mail().await;
        scene.clock.advance(CODE_LIFETIME.saturating_sub(Duration::from_secs(1)));
        assert!(identity.verify_code(&ticket, &code(&letter), &client).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_form_is_said() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let ask = async |name: &str, email: &str, password: &str| {
            identity.sign_up(name, email, &secret(password), ORIGIN, &client).await.unwrap_err()
        };
        assert!(matches!(ask(" ", ANA, PASSWORD).await, SignUpError::Name));
        assert!(matches!(ask("Ana", "ana", PASSWORD).await, SignUpError::Email));
        assert!(matches!(ask("Ana", ANA, "short").await, SignUpError::Password(Refused::Short)));
        assert!(matches!(ask("Ana", ANA, "ana@example.org1").await, SignUpError::Password(Refused::Weak(_))));
    })
    .await;
}

#[tokio::test]
async fn every_failed_sign_in_is_the_same_and_is_noted() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let ana = scene.joined("Ana", ANA).await.session.user.id;
        for (email, password) in
            [(ANA, OTHER), ("nobody@example.org", PASSWORD), ("nonsense", PASSWORD), (ANA, "")]
        {
            let refused = identity.sign_in(email, &secret(password), &client).await;
            assert!(matches!(refused, Err(SignInError::Refused)), "{email}");
        }
        let mut tx = scene.db.begin().await.unwrap();
        tx.query("UPDATE identity_user SET disabled_at = 1 WHERE email = $1")
            .bind(ANA)
            .execute()
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let closed = identity.sign_in(ANA, &secret(PASSWORD), &client).await;
        assert!(matches!(closed, Err(SignInError::Refused)));

        let filter = Filter {
            action: Some(action::SIGN_IN.to_owned()),
            outcome: Some(Outcome::Refused),
            ..Filter::default()
        };
        let acts = identity.audit().find(&filter, None, PageSize::clamped(2)).await.unwrap();
        assert_eq!((acts.items.len(), acts.total), (2, 5));
        let rest = identity.audit().find(&filter, acts.next.as_ref(), PageSize::DEFAULT).await.unwrap();
        assert_eq!((rest.items.len(), rest.next), (3, None));
        let theirs = acts.items.iter().chain(&rest.items).filter(|act| act.actor == Some(ana)).count();
        assert_eq!(theirs, 3);
        let since = Filter {
            since: Some(scene.clock.now()),
            until: Some(scene.clock.now().plus(Duration::from_secs(1))),
            actor: Some(ana),
            workspace: None,
            ..filter.clone()
        };
        assert_eq!(identity.audit().find(&since, None, PageSize::DEFAULT).await.unwrap().total, 3);
        let elsewhere = Filter { workspace: Some(scene.owner.workspace), ..filter };
        assert_eq!(identity.audit().find(&elsewhere, None, PageSize::DEFAULT).await.unwrap().total, 0);
        // Nobody's password or mistyped address is kept.
        let (words,) = scene
            .db
            .query("SELECT COUNT(*) FROM identity_audit WHERE object LIKE '%@%' OR detail LIKE '%quarry%'")
            .one::<(i64,)>()
            .await
            .unwrap();
        assert_eq!(words, 0);
    })
    .await;
}

#[tokio::test]
async fn tries_are_limited_and_nobody_is_locked_out_by_others() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        scene.joined("Ana", ANA).await;
        let from = |number: u32| Client::new(Some(format!("198.51.100.{number}")), "a script");
        for _ in 0..5 {
            let refused = identity.sign_in(ANA, &secret(OTHER), &from(1)).await;
            assert!(matches!(refused, Err(SignInError::Refused)));
        }
        let Err(SignInError::TooMany(wait)) = identity.sign_in(ANA, &secret(PASSWORD), &from(1)).await else {
            panic!("a sixth try within a minute was let through");
        };
        assert_eq!(wait.0, Duration::from_secs(12));
        scene.clock.advance(Duration::from_mins(1));
        // As fast as a minute's bound lets one place: soon an hour's holds it up, and her it does not.
        let mut lasting = 0;
        for _ in 0..60 {
            scene.clock.advance(Duration::from_secs(13));
            lasting += u32::from(
                identity
                    .sign_in(ANA, &secret("x"), &from(9))
                    .await
                    .is_err_and(|error| matches!(error, SignInError::Refused)),
            );
        }
        assert!((30..=37).contains(&lasting), "{lasting} tries in 13 minutes");
        assert!(
            identity.sign_in(ANA, &secret(PASSWORD), &from(200)).await.is_ok(),
            "a place of hers that is new"
        );
        assert!(
            identity.sign_in(ANA, &secret(PASSWORD), &client).await.is_ok(),
            "she signed in from here before"
        );
    })
    .await;
}

#[tokio::test]
async fn where_nobody_knows_the_place_a_stranger_holds_nobody_up() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let identity = &scene.identity;
        scene.joined("Ana", ANA).await;
        let unknown = Client::new(None, "a browser");
        for _ in 0..31 {
            let refused = identity.sign_in(ANA, &secret("x"), &unknown).await;
            assert!(matches!(refused, Err(SignInError::Refused)));
            let code =
                identity.verify_code(&Token::parse(&"0".repeat(64)).unwrap(), "000000", &unknown).await;
            assert!(matches!(code, Err(VerifyError::Refused)));
        }
        assert!(identity.sign_in(ANA, &secret(PASSWORD), &unknown).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_reset_sets_the_password_once_and_ends_every_session() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let before = scene.joined("Ana", ANA).await;
        let letters = scene.mail.letters().len();
        identity.forgot("nobody@example.org", ORIGIN, &client).await.unwrap();
        identity.forgot(ANA, ORIGIN, &client).await.unwrap();
        let (recipient, letter) = scene.last_mail().await;
        assert_eq!(
            (recipient.as_str(), scene.mail.letters().len()),
            (ANA, letters + 1),
            "nobody gets no mail"
        );
        let token = link(&letter);
        let listed = identity.sessions_of_reset(&token, &client).await.unwrap();
        assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [before.session.id]);

        let weak = identity.reset(&token, &secret("short"), &client).await;
        assert!(matches!(weak, Err(ResetError::Password(Refused::Short))));
        let after = identity.reset(&token, &secret(OTHER), &client).await.unwrap();
        assert!(identity.authenticate(before.access.expose()).await.is_err());
        assert!(identity.authenticate(after.access.expose()).await.is_ok());
        assert!(matches!(identity.reset(&token, &secret(OTHER), &client).await, Err(ResetError::Link)));
        assert!(matches!(identity.sessions_of_reset(&token, &client).await, Err(ResetError::Link)));
        assert!(identity.sign_in(ANA, &secret(PASSWORD), &client).await.is_err());
        assert!(identity.sign_in(ANA, &secret(OTHER), &client).await.is_ok());

        identity.forgot(ANA, ORIGIN, &client).await.unwrap();
        let token = link(&scene.last_mail().await.1);
        scene.clock.advance(RESET_LIFETIME);
        assert!(matches!(identity.reset(&token, &secret(PASSWORD), &client).await, Err(ResetError::Link)));
    })
    .await;
}

#[tokio::test]
async fn a_password_that_a_reset_replaced_meanwhile_signs_nobody_in_and_sets_no_other() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let thief = scene.joined("Ana", ANA).await.session;
        identity.forgot(ANA, ORIGIN, &client).await.unwrap();
        let token = link(&scene.last_mail().await.1);
        // All read the old hash; the new one is stored while the last of them still compare.
        let (old, fresh, theirs) = (secret(PASSWORD), secret(OTHER), secret("copper meadow violin ninety"));
        let mut tries = tokio::task::JoinSet::new();
        for number in 1..8 {
            let (identity, old) = (identity.clone(), old.clone());
            let place = Client::new(Some(format!("198.51.100.{number}")), "a script");
            tries.spawn(async move { identity.sign_in(ANA, &old, &place).await });
        }
        let (reset, changed, tries) = tokio::join!(
            identity.reset(&token, &fresh, &client),
            identity.change_password(&thief, Some(&old), &theirs, ORIGIN, &client),
            tries.join_all(),
        );
        let reset = reset.unwrap();
        assert!(matches!(changed, Err(AccountError::Wrong | AccountError::Gone)), "{changed:?}");
        assert!(tries.iter().any(|tried| matches!(tried, Err(SignInError::Refused))));
        let left = identity.sessions(thief.user.id).await.unwrap();
        assert_eq!(left.iter().map(|one| one.id).collect::<Vec<_>>(), [reset.session.id]);
        assert!(identity.sign_in(ANA, &fresh, &client).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_needs_the_present_one_and_ends_the_other_sessions() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let there = scene.joined("Ana", ANA).await;
        let here = identity.sign_in(ANA, &secret(PASSWORD), &client).await.unwrap();
        identity.forgot(ANA, ORIGIN, &client).await.unwrap();
        let reset = link(&scene.last_mail().await.1);
        for present in [None, Some(secret(OTHER))] {
            let refused = identity
                .change_password(&here.session, present.as_ref(), &secret(OTHER), ORIGIN, &client)
                .await;
            assert!(matches!(refused, Err(AccountError::Wrong)));
        }
        let present = secret(PASSWORD);
        identity
            .change_password(&here.session, Some(&present), &secret(OTHER), ORIGIN, &client)
            .await
            .unwrap();
        assert!(identity.authenticate(there.access.expose()).await.is_err());
        assert!(identity.refresh(&there.refresh, &client).await.is_err());
        assert!(identity.authenticate(here.access.expose()).await.is_ok());
        assert!(matches!(identity.reset(&reset, &secret(PASSWORD), &client).await, Err(ResetError::Link)));
        assert!(scene.last_mail().await.1.subject.contains("was changed"));
    })
    .await;
}

#[tokio::test]
async fn an_old_hash_is_made_anew_when_its_person_signs_in() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        scene.joined("Ana", ANA).await;
        // The same password under eight mebibytes and one pass.
        let weak = "$argon2id$v=19$m=8192,t=1,p=1$BwcHBwcHBwcHBwcHBwcHBw$";
        let params = argon2::Params::new(8_192, 1, 1, None).unwrap();
        let hasher = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        let kept = argon2::PasswordHasher::hash_password_with_salt(&hasher, PASSWORD.as_bytes(), &[7; 16]);
        let kept = kept.unwrap().to_string();
        assert!(kept.starts_with(weak), "{kept}");
        let mut tx = scene.db.begin().await.unwrap();
        tx.query("UPDATE identity_user SET password = $1 WHERE email = $2")
            .bind(kept)
            .bind(ANA)
            .execute()
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for _ in 0..2 {
            scene.identity.sign_in(ANA, &secret(PASSWORD), &Scene::client()).await.unwrap();
        }
        let (kept,): (String,) = scene
            .db
            .query("SELECT password FROM identity_user WHERE email = $1")
            .bind(ANA)
            .one()
            .await
            .unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
    })
    .await;
}

#[tokio::test]
async fn the_operator_is_set_up_once_and_stays() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let entered = scene.enter().await;
        let session = &entered.session;
        let set_up = async |email: Option<&str>, password: Option<&str>, needed: bool| {
            let password = password.map(Secret::new);
            identity.set_up(session, "Olga", email, password.as_ref(), needed, &client).await
        };
        assert!(matches!(set_up(None, None, true).await, Err(AccountError::PasswordNeeded)));
        assert!(matches!(set_up(None, Some(PASSWORD), false).await, Err(AccountError::Email)));
        scene.joined("Ana", ANA).await;
        assert!(matches!(set_up(Some(ANA), Some(PASSWORD), true).await, Err(AccountError::Email)));
        let account = set_up(Some("olga@example.org"), Some(PASSWORD), true).await.unwrap();
        assert_eq!((account.user.name.as_str(), account.user.operator), ("Olga", true));
        assert!(account.password_at.is_some() && identity.is_set_up().await.unwrap());
        assert!(matches!(set_up(Some("x@example.org"), None, false).await, Err(AccountError::SetUp)));
        assert!(identity.sign_in("olga@example.org", &secret(PASSWORD), &client).await.is_ok());
        let deleted = identity.delete_account(session, Some(&secret(PASSWORD)), &client).await;
        assert!(matches!(deleted, Err(AccountError::Operator)));
    })
    .await;
}

#[tokio::test]
async fn a_name_is_changed_once_for_each_version() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let ana = scene.joined("Ana", ANA).await;
        let user = ana.session.user.id;
        assert!(identity.authenticate(ana.access.expose()).await.is_ok());
        let account = identity.rename(user, "Ana Lopez", 1, &client).await.unwrap();
        assert_eq!((account.user.name.as_str(), account.version), ("Ana Lopez", 2));
        assert_eq!(identity.authenticate(ana.access.expose()).await.unwrap().user.name, "Ana Lopez");
        let late = identity.rename(user, "Anna", 1, &client).await;
        assert!(matches!(late, Err(AccountError::Storage(storage::Error::Changed))));
        assert!(matches!(identity.rename(user, "", 2, &client).await, Err(AccountError::Name)));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_account_leaves_no_name_and_its_own_workspace_goes() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let ana = scene.joined("Ana", ANA).await;
        let export = identity.export(ana.session.user.id, &client).await.unwrap();
        assert_eq!((export.account.user.email.as_deref(), export.sessions.len()), (Some(ANA), 1));
        assert!(export.acts.iter().any(|act| act.action == action::CREATED));
        let workspace = export.memberships[0].workspace.id;
        identity.sign_up("Mallory", ANA, &secret(OTHER), ORIGIN, &client).await.unwrap();
        scene.last_mail().await;
        assert!(count(&scene, "identity_mail").await > 0);

        // While somebody else is in it, it needs an owner.
        let mut tx = scene.db.begin().await.unwrap();
        tx.query("INSERT INTO identity_member (workspace_id, user_id, role, created_at) VALUES ($1, $2, 'member', 1)")
            .bind(workspace)
            .bind(scene.owner.user)
            .execute()
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let password = secret(PASSWORD);
        let alone = identity.delete_account(&ana.session, Some(&password), &client).await;
        assert!(matches!(alone, Err(AccountError::OnlyOwner(names)) if names == ["Ana"]));
        let mut tx = scene.db.begin().await.unwrap();
        tx.query("DELETE FROM identity_member WHERE workspace_id = $1 AND role = 'member'")
            .bind(workspace)
            .execute()
            .await
            .unwrap();
        tx.commit().await.unwrap();

        assert!(matches!(
            identity.delete_account(&ana.session, None, &client).await,
            Err(AccountError::Wrong)
        ));
        identity.delete_account(&ana.session, Some(&password), &client).await.unwrap();
        assert!(identity.authenticate(ana.access.expose()).await.is_err());
        assert!(identity.account(ana.session.user.id).await.unwrap().is_none());
        assert_eq!(count(&scene, "identity_sign_up").await, 0, "somebody asked for an account with her address");
        assert_eq!(count(&scene, "identity_mail").await, 0, "and she was written to");
        assert!(identity.sign_in(ANA, &password, &client).await.is_err());
        let (kind,): (String,) =
            scene.db.query("SELECT kind FROM job WHERE state = 'ready'").one().await.unwrap();
        assert_eq!(kind, ERASE_WORKSPACE);
        let mut tx = scene.db.begin().await.unwrap();
        identity.drop_workspace(&mut tx, workspace).await.unwrap();
        tx.commit().await.unwrap();
        assert!(identity.memberships(ana.session.user.id).await.unwrap().is_empty());
        // The address is free again.
        scene.joined("Ana", ANA).await;
    })
    .await;
}

#[tokio::test]
async fn without_a_mail_server_the_operator_has_the_messages() {
    each_engine(|test| async move {
        let db = test.open().await;
        let scene = Scene::over(db.clone()).await;
        let (clock, ids) = (scene.clock.clone(), base::Ids::random(scene.clock.clone()));
        let jobs = jobs::Jobs::new(db.clone(), clock.clone(), ids.clone());
        let config = identity::Config { sign_up: identity::SignUp::Open, ..identity::Config::closed() };
        let events = events::Events::without_hub(clock.clone(), ids.clone());
        let limits = transient::Limits::in_process(clock.clone());
        let parts = identity::Parts { db, events, jobs: jobs.clone(), limits, clock, ids, config };
        let silent = identity::Identity::new(parts);
        assert!(!silent.sends_mail());
        silent.sign_up("Ana", ANA, &secret(PASSWORD), ORIGIN, &Scene::client()).await.unwrap();
        silent.forgot("nobody@example.org", ORIGIN, &Scene::client()).await.unwrap();
        let handlers = silent.handlers(jobs::Handlers::new());
        jobs::Runner::new(jobs, handlers, jobs::RunnerOptions::default()).run_until_idle().await.unwrap();
        let held = silent.outbox(scene.owner.user, &Scene::client()).await.unwrap();
        assert_eq!(held.len(), 1);
        assert_eq!((held[0].recipient.as_str(), &held[0].error), (ANA, &None));
        silent.verify_link(&link(&held[0].letter), &secret(PASSWORD), &Scene::client()).await.unwrap();
        let read = Filter { action: Some(action::OUTBOX.to_owned()), ..Filter::default() };
        assert_eq!(silent.audit().find(&read, None, PageSize::DEFAULT).await.unwrap().total, 1);
    })
    .await;
}
