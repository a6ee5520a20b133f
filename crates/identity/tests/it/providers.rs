//! Signing in with an account of a provider: how it goes, and everything that must not work.

mod attacks;
mod stand_in;

use std::time::Duration;

use base::{Clock, Ids, Secret, Timestamp};
use identity::account::AccountError;
use identity::audit::{Filter, Outcome, action};
use identity::providers::{
    Arrival, Arrived, Departure, NotUsable, ProviderError, ProviderSignInError, Providers, UnlinkError,
};
use identity::session::Means;
use identity::{Client, Granted, Session, Token};
use outbound::{Dependency, Limits, Options, Outbound};
use serde_json::{Value, json};
use storage::testing::{TestDb, each_engine};

use crate::scene::{ORIGIN, PASSWORD, Scene};
use stand_in::{StandIn, Ways};

const REDIRECT: &str = "https://mentor.example.org/oauth/house/callback";

/// People, and a provider that this server knows as `work`, as `other` and, speaking as GitHub does, as `github`.
struct World {
    scene: Scene,
    provider: StandIn,
}

impl World {
    async fn new(test: TestDb) -> Self {
        let clock = Clock::manual(Timestamp::from_seconds(1_767_225_600));
        let provider = StandIn::start(clock.clone()).await;
        Self::over(test.open().await, clock, provider, &["work", "other", "github"]).await
    }

    /// The same people, once the operator wrote other providers into the configuration.
    async fn over(db: storage::Db, clock: Clock, provider: StandIn, ids: &[&str]) -> Self {
        let all = ids.iter().map(|&id| provider.named(id, id == "github")).collect();
        let providers = Providers::new(all, &outbound(&clock), &clock).unwrap();
        Self { scene: Scene::with(db, clock, providers).await, provider }
    }

    async fn depart(&self, session: Option<&Session>, client: &Client) -> Departure {
        let password = Secret::new(PASSWORD);
        let linking = session.map(|session| (session, Some(&password)));
        self.scene.identity.depart("work", linking, REDIRECT, client).await.unwrap()
    }

    /// Goes there, agrees and comes back as everybody does.
    async fn travel(
        &self,
        provider: &str,
        session: Option<&Session>,
    ) -> Result<Arrived, ProviderSignInError> {
        let (client, password) = (Scene::client(), Secret::new(PASSWORD));
        let linking = session.map(|session| (session, Some(&password)));
        let identity = &self.scene.identity;
        let departure = identity.depart(provider, linking, REDIRECT, &client).await?;
        let code = self.provider.agree(&departure.address);
        let issuer = self.provider.address();
        let arrival = Arrival {
            state: &state(&departure),
            browser: &departure.browser,
            code: &code,
            issuer: Some(&issuer).filter(|_| provider != "github").map(String::as_str),
        };
        identity.arrive(provider, arrival, REDIRECT, ORIGIN, &client).await
    }

    async fn enter(&self, provider: &str) -> Granted {
        match self.travel(provider, None).await.unwrap() {
            Arrived::In(granted) => granted,
            other => panic!("{other:?}"),
        }
    }
}

fn outbound(clock: &Clock) -> Outbound {
    Outbound::new(Options::default(), clock.clone(), Ids::counted()).unwrap()
}

/// The state that a browser goes there with.
fn state(departure: &Departure) -> Token {
    let state = departure.address.query_pairs().find(|(name, _)| name == "state").unwrap().1;
    Token::parse(&state).unwrap()
}

#[tokio::test]
async fn somebody_new_comes_in_and_is_known_the_next_time() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        let first = world.enter("work").await;
        let user = &first.session.user;
        assert_eq!((user.name.as_str(), user.email.as_deref()), ("Ana Lopez", Some("ana@example.org")));
        assert!(!user.operator);
        let places = world.scene.identity.memberships(user.id).await.unwrap();
        assert_eq!(places.len(), 1);

        // Another address and another name there: still the same person.
        world.provider.behave(Ways {
            claims: vec![("email", json!("lopez@example.org")), ("name", json!("A. Lopez"))],
            ..Ways::default()
        });
        world.scene.clock.advance(Duration::from_mins(1));
        let again = world.enter("work").await;
        assert_eq!(again.session.user.id, user.id);
        let sessions = world.scene.identity.sessions(user.id).await.unwrap();
        assert!(sessions.iter().all(|session| session.means == Means::Provider) && sessions.len() == 2);
        let linked = world.scene.identity.linked(user.id).await.unwrap();
        assert_eq!((linked.len(), linked[0].provider.as_str()), (1, "work"));
        assert_eq!(linked[0].used_at, Some(world.scene.clock.now()));
    })
    .await;
}

#[tokio::test]
async fn a_provider_is_asked_for_what_it_leaves_out_of_its_proof() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        let tells = |info: Value| {
            world.provider.behave(Ways { user_info: Some(info), ..Ways::default() });
        };
        let told = |sub: &str, verified: bool| {
            json!({ "sub": sub, "name": "Ana Lopez", "email": "ana@example.org", "email_verified": verified })
        };
        tells(told("sub-bea", true));
        let other = world.travel("work", None).await.unwrap_err();
        assert!(matches!(other, ProviderSignInError::Provider(ProviderError::Answer(_))), "{other}");
        tells(told("sub-ana", false));
        assert!(matches!(world.travel("work", None).await.unwrap_err(), ProviderSignInError::NoEmail));

        tells(told("sub-ana", true));
        let user = world.enter("work").await.session.user;
        assert_eq!((user.name.as_str(), user.email.as_deref()), ("Ana Lopez", Some("ana@example.org")));
        let linked = world.scene.identity.linked(user.id).await.unwrap();
        assert_eq!(linked[0].used_at, Some(world.scene.clock.now()), "the account was made with it");
        // Who is known comes in, whatever this server may not ask any more.
        tells(Value::Null);
        assert_eq!(world.enter("work").await.session.user.id, user.id);
    })
    .await;
}

#[tokio::test]
async fn github_tells_who_somebody_is_by_number_and_verified_address() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        let first = world.enter("github").await;
        assert_eq!(first.session.user.email.as_deref(), Some("ana@example.org"));
        // The name was given up there: the number counts.
        world.provider.person("lopez");
        assert_eq!(world.enter("github").await.session.user.id, first.session.user.id);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_has_an_account_leads_nowhere_until_it_is_linked() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        let ana = world.scene.joined("Ana", "ana@example.org").await.session;
        let refused = world.travel("work", None).await.unwrap_err();
        assert!(matches!(refused, ProviderSignInError::EmailKnown), "{refused}");

        let wrong = Secret::new("not the password");
        let linking = Some((&ana, Some(&wrong)));
        let refused = world.scene.identity.depart("work", linking, REDIRECT, &Scene::client()).await;
        assert!(matches!(refused, Err(ProviderSignInError::Account(_))));

        assert!(matches!(world.travel("work", Some(&ana)).await.unwrap(), Arrived::Linked));
        let (to, letter) = world.scene.last_mail().await;
        assert_eq!(
            (to.as_str(), letter.subject.as_str()),
            ("ana@example.org", "Another way into your DevMentor account")
        );
        assert_eq!(world.enter("work").await.session.user.id, ana.user.id);
        let filter = Filter { actor: Some(ana.user.id), ..Filter::default() };
        let acts = world.scene.identity.audit().find(&filter, None, base::PageSize::DEFAULT).await.unwrap();
        assert!(acts.items.iter().any(|act| act.action == action::LINKED && act.outcome == Outcome::Done));

        // Somebody else cannot have it too, nor she another one of the same provider.
        let bea = world.scene.joined("Bea", "bea@example.org").await.session;
        let refused = world.travel("work", Some(&bea)).await.unwrap_err();
        assert!(matches!(refused, ProviderSignInError::Taken), "{refused}");
        world.provider.person("ana-at-home");
        let refused = world.travel("work", Some(&ana)).await.unwrap_err();
        assert!(matches!(refused, ProviderSignInError::Taken), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn another_provider_under_the_same_name_knows_nobody() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        let ana = world.enter("work").await.session;
        world.provider.person("gil");
        let gil = world.enter("github").await.session;

        let (db, clock) = (world.scene.db.clone(), world.scene.clock.clone());
        let elsewhere = StandIn::start(clock.clone()).await;
        let moved = World::over(db, clock, elsewhere, &["work", "github"]).await;
        moved.provider.person("max");
        assert_ne!(moved.enter("github").await.session.user.id, gil.user.id, "the same number");
        moved.provider.behave(Ways {
            claims: vec![("sub", json!("sub-ana")), ("email", json!("mia@example.org"))],
            ..Ways::default()
        });
        assert_ne!(moved.enter("work").await.session.user.id, ana.user.id, "the same subject");

        // What she was linked to before is in nobody's way.
        moved.provider.behave(Ways::default());
        assert!(matches!(moved.travel("work", Some(&ana)).await.unwrap(), Arrived::Linked));
        assert_eq!(moved.enter("work").await.session.user.id, ana.user.id);
        assert_eq!(moved.scene.identity.linked(ana.user.id).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn somebody_new_who_comes_in_two_windows_at_once_is_one_person() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        let (one, other) = tokio::join!(world.travel("work", None), world.travel("work", None));
        let [one, other] = [one, other].map(|arrived| match arrived {
            Ok(Arrived::In(granted)) => granted.session.user.id,
            refused => panic!("{refused:?}"),
        });
        assert_eq!(one, other);
        assert_eq!(world.scene.identity.memberships(one).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_last_way_in_stays() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        let user = world.enter("work").await.session;
        let (identity, client) = (&world.scene.identity, Scene::client());
        let unlink = |provider| identity.unlink(&user, provider, None, &client);
        assert!(matches!(unlink("work").await, Err(UnlinkError::OnlyWay)));
        assert!(matches!(unlink("other").await, Err(UnlinkError::None)));
        assert!(matches!(world.travel("other", Some(&user)).await.unwrap(), Arrived::Linked));
        unlink("work").await.unwrap();
        assert!(matches!(world.travel("github", Some(&user)).await.unwrap(), Arrived::Linked));

        // A provider that the operator took away lets nobody in.
        let (db, clock) = (world.scene.db.clone(), world.scene.clock.clone());
        let fewer = World::over(db, clock, world.provider.clone(), &["other"]).await.scene.identity;
        let only = fewer.unlink(&user, "other", None, &client).await;
        assert!(matches!(only, Err(UnlinkError::OnlyWay)));
        fewer.unlink(&user, "github", None, &client).await.unwrap();

        let left = identity.linked(user.user.id).await.unwrap();
        assert_eq!(left.iter().map(|one| one.provider.as_str()).collect::<Vec<_>>(), ["other"]);
        assert!(matches!(unlink("other").await, Err(UnlinkError::OnlyWay)));

        // With a password there is another one; and the password is asked for.
        identity.change_password(&user, None, &Secret::new(PASSWORD), ORIGIN, &client).await.unwrap();
        assert!(matches!(unlink("other").await, Err(UnlinkError::Account(_))));
        let password = Secret::new(PASSWORD);
        identity.unlink(&user, "other", Some(&password), &client).await.unwrap();
        assert_eq!(identity.linked(user.user.id).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn who_has_no_password_signs_in_again_for_what_a_password_is_asked_for() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        let (identity, client) = (&world.scene.identity, Scene::client());
        let old = world.enter("work").await.session;
        world.scene.clock.advance(Duration::from_mins(10) + Duration::from_secs(1));
        let again = |error: &AccountError| matches!(error, AccountError::SignInAgain);

        let linked = world.travel("other", Some(&old)).await.unwrap_err();
        assert!(matches!(&linked, ProviderSignInError::Account(error) if again(error)), "{linked}");
        let unlinked = identity.unlink(&old, "work", None, &client).await.unwrap_err();
        assert!(matches!(&unlinked, UnlinkError::Account(error) if again(error)), "{unlinked}");
        let fresh = Secret::new(PASSWORD);
        let set = identity.change_password(&old, None, &fresh, ORIGIN, &client).await.unwrap_err();
        assert!(again(&set), "{set}");
        let deleted = identity.delete_account(&old, None, &client).await.unwrap_err();
        assert!(again(&deleted), "{deleted}");
        assert!(identity.enrol(&old, None, &client).await.is_err());
        assert_eq!(identity.account(old.user.id).await.unwrap().unwrap().password_at, None);

        // A code that the open session approves is no proof either.
        let pending = identity.begin_device("a program", &client).await.unwrap();
        identity.decide_device(&old, &pending.code, true, &client).await.unwrap();
        let device = identity.poll_device(&pending.token, &client).await.unwrap().session;
        let set = identity.change_password(&device, None, &fresh, ORIGIN, &client).await.unwrap_err();
        assert!(again(&set), "{set}");

        let new = world.enter("work").await.session;
        identity.change_password(&new, None, &fresh, ORIGIN, &client).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_a_deleted_account_is_forgotten() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        let (identity, client) = (&world.scene.identity, Scene::client());
        let granted = world.enter("work").await;
        let offer = identity.enrol(&granted.session, None, &client).await.unwrap();
        let app = totp_rs::Totp::from_url(offer.address.expose()).unwrap();
        let shown = || app.generate(u64::try_from(world.scene.clock.now().as_seconds()).unwrap()).to_string();
        identity.confirm_factor(&granted.session, &shown(), ORIGIN, &client).await.unwrap();
        world.scene.clock.advance(Duration::from_secs(30));
        let Arrived::Waiting(pending) = world.travel("work", None).await.unwrap() else { panic!("no code") };
        let (granted, _) =
            identity.second_step(&pending.ticket, &shown(), false, ORIGIN, &client).await.unwrap();
        let sessions = identity.sessions(granted.session.user.id).await.unwrap();
        assert!(sessions.iter().all(|session| session.means == Means::Provider));

        identity.delete_account(&granted.session, None, &client).await.unwrap();
        assert_eq!(identity.linked(granted.session.user.id).await.unwrap(), []);
        assert_ne!(world.enter("work").await.session.user.id, granted.session.user.id);
    })
    .await;
}

#[tokio::test]
async fn a_key_that_changed_under_its_name_is_asked_for_again() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        let user = world.enter("work").await.session.user.id;
        world.provider.behave(Ways { key: Some(3), ..Ways::default() });
        assert_eq!(world.enter("work").await.session.user.id, user);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_the_set_up_is_told_apart_from_a_code_that_is_used() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        for (provider, status, error, expected) in [
            ("work", 401, "invalid_client", Some("invalid_client")),
            ("work", 400, "redirect_uri\u{1b}_mismatch", Some("redirect_uri_mismatch")),
            ("work", 400, "invalid_grant", None),
            ("github", 200, "incorrect_client_credentials", Some("incorrect_client_credentials")),
            ("github", 200, "bad_verification_code", None),
        ] {
            let answer = Some((status, json!({ "error": error })));
            world.provider.behave(Ways { no_tokens: answer, ..Ways::default() });
            let refused = match world.travel(provider, None).await {
                Err(ProviderSignInError::Provider(refused)) => refused,
                other => panic!("{error}: {other:?}"),
            };
            match (refused, expected) {
                (ProviderError::SetUp { status: said, error }, Some(expected)) => {
                    assert_eq!((said, error.as_str()), (status, expected));
                }
                (ProviderError::Refused, None) => {}
                (other, _) => panic!("{error}: {other}"),
            }
        }
        world.provider.behave(Ways { no_tokens: Some((404, json!("no page"))), ..Ways::default() });
        let refused = world.travel("work", None).await.unwrap_err();
        assert!(refused.to_string().contains("status 404"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn an_app_of_github_that_sees_no_addresses_lets_those_in_who_are_linked() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        let known = world.enter("github").await.session.user.id;
        world.provider.behave(Ways { emails: Some(Value::Null), ..Ways::default() });
        assert_eq!(world.enter("github").await.session.user.id, known);
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_cannot_be_used_says_why() {
    let clock = Clock::manual(Timestamp::from_seconds(0));
    let provider = StandIn::start(clock.clone()).await;
    let outbound = outbound(&clock);
    let with = |id: &str, url: &str| {
        let mut named = provider.named(id, false);
        named.kind = identity::providers::Kind::Oidc(url.parse().unwrap());
        named
    };
    let far = "https://id.example.org";
    for (all, expected) in [
        (vec![with("Work", far)], NotUsable::Id("Work".to_owned())),
        (vec![with("", far)], NotUsable::Id(String::new())),
        (vec![with("work", far), with("work", far)], NotUsable::Twice("work".to_owned())),
        (vec![with("work", "http://id.example.org")], NotUsable::Open("work".to_owned())),
    ] {
        assert_eq!(Providers::new(all, &outbound, &clock).err(), Some(expected));
    }
    assert!(Providers::new(vec![with("work", far)], &outbound, &clock).is_ok());
}

#[tokio::test]
async fn a_provider_on_this_machine_is_reached_to_sign_in_and_for_nothing_else() {
    let clock = Clock::manual(Timestamp::from_seconds(0));
    let provider = StandIn::start(clock.clone()).await;
    let outbound = outbound(&clock);
    assert!(Providers::new(vec![provider.named("work", false)], &outbound, &clock).is_ok());
    let other = outbound.client(Dependency::new("models"), Limits::default());
    let keys: url::Url = format!("{}/keys", provider.address()).parse().unwrap();
    assert!(matches!(other.get(keys.clone()).send().await, Err(outbound::Error::Refused(_))));
    assert!(other.also_to([&keys]).get(keys.clone()).send().await.is_ok());
}
