//! Codes of an app beside the password.

use std::time::Duration;

use base::Secret;
use identity::account::AccountError;
use identity::audit::{Filter, Outcome, action};
use identity::recover::ResetError;
use identity::second_factor::{FactorError, PENDING_LIFETIME, Pending, SecondStepError, TRUST_LIFETIME};
use identity::sign_in::SignInError;
use identity::{Client, Granted, Session, Token};
use storage::testing::each_engine;

use crate::scene::{ORIGIN, OTHER, PASSWORD, Scene, link};

const ANA: &str = "ana@example.org";

fn secret(text: &str) -> Secret {
    Secret::new(text)
}

/// An app: shows codes of a key, by the scene's clock.
struct App(totp_rs::Totp);

impl App {
    fn code(&self, scene: &Scene) -> String {
        self.0.generate(u64::try_from(scene.clock.now().as_seconds()).unwrap()).to_string()
    }
}

/// Sets a second factor up: the app, and the recovery codes.
async fn enrol(scene: &Scene, session: &Session) -> (App, Vec<Secret>) {
    let client = Scene::client();
    let offer = scene.identity.enrol(session, Some(&secret(PASSWORD)), &client).await.unwrap();
    let app = App(totp_rs::Totp::from_url(offer.address.expose()).unwrap());
    let codes = scene.identity.confirm_factor(session, &app.code(scene), ORIGIN, &client).await.unwrap();
    scene.clock.advance(Duration::from_secs(30));
    (app, codes)
}

async fn first_step(scene: &Scene, client: &Client) -> Pending {
    let asked = match scene.identity.sign_in(ANA, &secret(PASSWORD), client).await {
        Err(SignInError::CodeNeeded(pending)) => Some(pending),
        _ => None,
    };
    assert!(asked.is_some(), "no code was asked for");
    asked.unwrap()
}

async fn step(scene: &Scene, pending: &Pending, code: &str) -> Result<Granted, SecondStepError> {
    let done = scene.identity.second_step(&pending.ticket, code, false, ORIGIN, &Scene::client()).await;
    done.map(|(granted, _)| granted)
}

#[tokio::test]
async fn with_a_second_factor_the_password_alone_signs_nobody_in() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let ana = scene.joined("Ana", ANA).await.session;
        assert_eq!(identity.second_factor(ana.user.id).await.unwrap().since, None);
        // A key that was only offered asks nobody for anything, and another one takes its place.
        identity.enrol(&ana, Some(&secret(PASSWORD)), &client).await.unwrap();
        assert!(identity.sign_in(ANA, &secret(PASSWORD), &client).await.is_ok());
        let wrong = identity.enrol(&ana, Some(&secret(OTHER)), &client).await;
        assert!(matches!(wrong, Err(FactorError::Account(AccountError::Wrong))));

        let (app, recovery) = enrol(&scene, &ana).await;
        assert_eq!(recovery.len(), 10);
        assert!(scene.last_mail().await.1.subject.contains("asks for a code"));
        let state = identity.second_factor(ana.user.id).await.unwrap();
        assert!(state.since.is_some() && (state.recovery_left, state.trusted_browsers) == (10, 0));
        assert!(matches!(identity.enrol(&ana, Some(&secret(PASSWORD)), &client).await, Err(FactorError::On)));
        let pending = first_step(&scene, &client).await;
        assert!(matches!(step(&scene, &pending, "000000").await, Err(SecondStepError::Code)));
        let granted = step(&scene, &pending, &app.code(&scene)).await.unwrap();
        assert!(identity.authenticate(granted.access.expose()).await.is_ok());
        assert!(matches!(step(&scene, &pending, &app.code(&scene)).await, Err(SecondStepError::Over)));
        let refused = Filter {
            action: Some(action::SECOND_STEP.to_owned()),
            outcome: Some(Outcome::Refused),
            ..Filter::default()
        };
        assert_eq!(identity.audit().find(&refused, None, base::PageSize::DEFAULT).await.unwrap().total, 2);
    })
    .await;
}

#[tokio::test]
async fn a_code_works_once_also_when_it_comes_twice_at_once() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let ana = scene.joined("Ana", ANA).await.session;
        let (app, _) = enrol(&scene, &ana).await;
        let code = app.code(&scene);
        let mut tries = tokio::task::JoinSet::new();
        for number in 0..4 {
            let client = Client::new(Some(format!("198.51.100.{number}")), "a browser");
            let pending = first_step(&scene, &client).await;
            let (identity, code) = (scene.identity.clone(), code.clone());
            tries.spawn(async move {
                identity.second_step(&pending.ticket, &code, false, ORIGIN, &client).await.is_ok()
            });
        }
        let through = tries.join_all().await.into_iter().filter(|through| *through).count();
        assert_eq!(through, 1);
        // The one before it is shown within the window, and is used up with it.
        scene.clock.advance(Duration::from_secs(30));
        let pending = first_step(&scene, &Scene::client()).await;
        assert!(matches!(step(&scene, &pending, &code).await, Err(SecondStepError::Code)));
        assert!(step(&scene, &pending, &app.code(&scene)).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn codes_are_tried_five_times_for_a_ticket_and_a_ticket_waits_ten_minutes() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let ana = scene.joined("Ana", ANA).await.session;
        let (app, _) = enrol(&scene, &ana).await;
        let pending = first_step(&scene, &Scene::client()).await;
        for _ in 0..5 {
            assert!(matches!(step(&scene, &pending, "000000").await, Err(SecondStepError::Code)));
        }
        let late = step(&scene, &pending, &app.code(&scene)).await;
        assert!(matches!(late, Err(SecondStepError::Over)), "the tries are used up");
        let pending = first_step(&scene, &Scene::client()).await;
        scene.clock.advance(PENDING_LIFETIME);
        assert!(matches!(step(&scene, &pending, &app.code(&scene)).await, Err(SecondStepError::Over)));
        // Whoever has the password and makes ticket after ticket gets no further.
        let mut asked = 0;
        let refused = loop {
            let place = Client::new(Some(format!("203.0.113.{asked}")), "a script");
            let pending = first_step(&scene, &place).await;
            match scene.identity.second_step(&pending.ticket, "000000", false, ORIGIN, &place).await {
                Err(SecondStepError::Code) => asked += 1,
                other => break other,
            }
        };
        assert!(matches!(refused, Err(SecondStepError::TooMany(_))), "{refused:?}");
        assert!(asked <= 30, "{asked}");
    })
    .await;
}

#[tokio::test]
async fn a_recovery_code_works_once_and_is_told_by_mail() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let ana = scene.joined("Ana", ANA).await.session;
        let (app, recovery) = enrol(&scene, &ana).await;
        let typed = recovery[3].expose().to_uppercase().replace('-', " ");
        let pending = first_step(&scene, &client).await;
        assert!(step(&scene, &pending, &typed).await.is_ok());
        assert!(scene.last_mail().await.1.subject.contains("recovery code"));
        assert_eq!(identity.second_factor(ana.user.id).await.unwrap().recovery_left, 9);
        let pending = first_step(&scene, &client).await;
        assert!(matches!(step(&scene, &pending, &typed).await, Err(SecondStepError::Code)));

        let fresh =
            identity.renew_recovery(&ana, Some(&secret(PASSWORD)), &app.code(&scene), &client).await.unwrap();
        assert!(matches!(step(&scene, &pending, recovery[0].expose()).await, Err(SecondStepError::Code)));
        assert!(step(&scene, &pending, fresh[0].expose()).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_trusted_browser_asks_for_no_code_until_the_password_changes() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let ana = scene.joined("Ana", ANA).await.session;
        let (app, _) = enrol(&scene, &ana).await;
        let pending = first_step(&scene, &client).await;
        let (_, token) =
            identity.second_step(&pending.ticket, &app.code(&scene), true, ORIGIN, &client).await.unwrap();
        let trusted = client.clone().trusted_by(&token.unwrap());
        assert!(identity.sign_in(ANA, &secret(PASSWORD), &trusted).await.is_ok());
        assert!(identity.sign_in(ANA, &secret(OTHER), &trusted).await.is_err(), "trust is no password");
        first_step(&scene, &client.clone().trusted_by(&Token::parse(&"0".repeat(64)).unwrap())).await;
        // Nor does it open somebody else's account.
        let bob = scene.joined("Bob", "bob@example.org").await.session;
        enrol(&scene, &bob).await;
        let other = identity.sign_in("bob@example.org", &secret(PASSWORD), &trusted).await;
        assert!(matches!(other, Err(SignInError::CodeNeeded(_))));

        let waiting = first_step(&scene, &client).await;
        identity.forgot(ANA, ORIGIN, &client).await.unwrap();
        let reset = link(&scene.last_mail().await.1);
        let entered = identity.reset(&reset, &secret(PASSWORD), &trusted).await;
        assert!(matches!(entered, Err(ResetError::CodeNeeded(_))), "mail alone is one factor: {entered:?}");
        scene.clock.advance(Duration::from_mins(1));
        first_step(&scene, &trusted).await;
        let old = step(&scene, &waiting, &app.code(&scene)).await;
        assert!(matches!(old, Err(SecondStepError::Over)), "what waited under the password before");
    })
    .await;
}

#[tokio::test]
async fn trust_ends_after_thirty_days_or_when_it_is_taken_back() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let ana = scene.joined("Ana", ANA).await.session;
        let (app, _) = enrol(&scene, &ana).await;
        for taken_back in [false, true] {
            scene.clock.advance(Duration::from_secs(30));
            let pending = first_step(&scene, &client).await;
            let stepped =
                identity.second_step(&pending.ticket, &app.code(&scene), true, ORIGIN, &client).await;
            let trusted = client.clone().trusted_by(&stepped.unwrap().1.unwrap());
            assert!(identity.sign_in(ANA, &secret(PASSWORD), &trusted).await.is_ok());
            if taken_back {
                identity.forget_browsers(ana.user.id, &client).await.unwrap();
            } else {
                scene.clock.advance(TRUST_LIFETIME);
            }
            first_step(&scene, &trusted).await;
            assert_eq!(identity.second_factor(ana.user.id).await.unwrap().trusted_browsers, 0);
        }
        assert!(identity.trim().await.unwrap() > 0, "what ran out goes");
    })
    .await;
}

#[tokio::test]
async fn it_is_taken_away_for_password_and_code() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (identity, client) = (&scene.identity, Scene::client());
        let ana = scene.joined("Ana", ANA).await.session;
        let (app, recovery) = enrol(&scene, &ana).await;
        let remove = async |password: &str, code: &str| {
            identity.remove_factor(&ana, Some(&secret(password)), code, ORIGIN, &client).await
        };
        let wrong = remove(OTHER, &app.code(&scene)).await;
        assert!(matches!(wrong, Err(FactorError::Account(AccountError::Wrong))));
        assert!(matches!(remove(PASSWORD, "000000").await, Err(FactorError::Code)));
        remove(PASSWORD, &app.code(&scene)).await.unwrap();
        assert!(scene.last_mail().await.1.subject.contains("no code"));
        assert!(identity.sign_in(ANA, &secret(PASSWORD), &client).await.is_ok());
        assert!(matches!(remove(PASSWORD, recovery[0].expose()).await, Err(FactorError::Off)));
    })
    .await;
}

#[tokio::test]
async fn the_key_is_sealed_and_follows_a_change_of_keys() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let ana = scene.joined("Ana", ANA).await.session;
        let (app, _) = enrol(&scene, &ana).await;
        let (kept,): (Vec<u8>,) = scene.db.query("SELECT secret FROM identity_factor").one().await.unwrap();
        assert!(!kept.windows(20).any(|part| part == app.0.secret().as_bytes()));
        let used = identity::second_factor::keys_in_use(&scene.db, &scene.keyring).await.unwrap();
        assert_eq!(used.into_iter().collect::<Vec<_>>(), scene.keyring.key_ids().unwrap());
        // Another key in front of the one there was.
        let both = format!("{},{}", crate::scene::OTHER_KEY, crate::scene::KEY);
        let ids = base::Ids::random(scene.clock.clone());
        let keyring = secrets::Keyring::from_text(&secret(&both), ids).unwrap();
        let resealed = identity::second_factor::reseal(&scene.db, &keyring).await.unwrap();
        assert_eq!((resealed.done, resealed.lost), (1, 0));
        assert_eq!(identity::second_factor::reseal(&scene.db, &keyring).await.unwrap().done, 0);
        let used = identity::second_factor::keys_in_use(&scene.db, &keyring).await.unwrap();
        assert_eq!(used.into_iter().collect::<Vec<_>>(), [keyring.current().unwrap()]);
    })
    .await;
}
