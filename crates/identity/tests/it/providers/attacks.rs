//! What somebody else may try with a sign-in: each is refused, nobody is signed in, and no account is made or linked.

use std::collections::BTreeSet;
use std::time::Duration;

use base::Secret;
use identity::providers::{
    Arrival, Arrived, Departure, JOURNEY_LIFETIME, ProviderError, ProviderSignInError as Refusal,
};
use identity::{SignOut, Token};
use serde_json::{Value, json};
use storage::testing::each_engine;

use super::stand_in::{Ways, foreign_key};
use super::{ORIGIN, REDIRECT, Scene, World, state};

/// What comes back with a browser, to be tampered with.
struct Trip {
    at: &'static str,
    state: Token,
    browser: Token,
    code: Secret,
    issuer: Option<String>,
    redirect: &'static str,
}

impl Trip {
    fn of(world: &World, departure: &Departure) -> Self {
        Self {
            at: "work",
            state: state(departure),
            browser: departure.browser.clone(),
            code: world.provider.agree(&departure.address),
            issuer: Some(world.provider.address()),
            redirect: REDIRECT,
        }
    }
}

async fn arrive(world: &World, trip: &Trip) -> Result<Arrived, Refusal> {
    let Trip { state, browser, code, issuer, .. } = trip;
    let arrival = Arrival { state, browser, code, issuer: issuer.as_deref() };
    world.scene.identity.arrive(trip.at, arrival, trip.redirect, ORIGIN, &Scene::client()).await
}

/// Whether a refusal is the one that is meant.
type Expected = fn(&Refusal) -> bool;

fn over(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Over)
}

fn not_traded(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Provider(ProviderError::Refused))
}

fn mixed_up(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Provider(ProviderError::MixedUp))
}

fn no_proof(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Provider(ProviderError::Proof(_)))
}

fn no_answer(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Provider(ProviderError::Answer(_)))
}

/// Another sign-in of the same moment: that of the attacker, or of the victim.
type Tamper = fn(&mut Trip, other: Trip);

/// What is changed on the way back.
const ON_THE_WAY: [(&str, Tamper, Expected); 9] = [
    ("a state that the server never gave", |trip, _| trip.state = token('a'), over),
    ("the answer of the attacker in the victim's browser", |trip, other| trip.browser = other.browser, over),
    ("another browser's cookie, invented", |trip, _| trip.browser = token('b'), over),
    ("an answer of one provider taken for that of another", |trip, _| trip.at = "other", over),
    ("the code of another sign-in", |trip, other| trip.code = other.code, not_traded),
    ("a code that the provider never gave", |trip, _| trip.code = Secret::new("guessed"), not_traded),
    (
        "another issuer in the answer",
        |trip, _| trip.issuer = Some("https://evil.example".to_owned()),
        mixed_up,
    ),
    ("no issuer where the provider names it", |trip, _| trip.issuer = None, mixed_up),
    ("a page that the code was not sent to", |trip, _| trip.redirect = "https://evil.example/", not_traded),
];

fn token(digit: char) -> Token {
    Token::parse(&digit.to_string().repeat(64)).unwrap()
}

fn claim(name: &'static str, value: Value) -> Ways {
    Ways { claims: vec![(name, value)], ..Ways::default() }
}

fn header(header: Value) -> Ways {
    Ways { header: Some(header), ..Ways::default() }
}

/// What the ID token says that it should not.
fn in_the_token(now: i64) -> Vec<(&'static str, Ways, Expected)> {
    let mut brought = header(json!({ "alg": "EdDSA", "kid": "one", "jwk": foreign_key() }));
    brought.foreign_key = true;
    let mut shared = header(json!({ "alg": "HS256", "kid": "one" }));
    shared.public_key_as_secret = true;
    let mut none = header(json!({ "alg": "none" }));
    none.unsigned = true;
    vec![
        ("no signature", none, no_proof),
        ("the public key as a shared secret", shared, no_proof),
        ("a key that the token brings along", brought, no_proof),
        ("a key of somebody else", Ways { foreign_key: true, ..Ways::default() }, no_proof),
        ("a key that is not published", header(json!({ "alg": "EdDSA", "kid": "two" })), no_proof),
        (
            "an extension that is not understood",
            header(json!({ "alg": "EdDSA", "kid": "one", "crit": ["x"] })),
            no_proof,
        ),
        ("a token of another issuer", claim("iss", json!("https://evil.example")), no_proof),
        ("a token for another program", claim("aud", json!("another")), no_proof),
        ("a token that another program asked for", claim("azp", json!("another")), no_proof),
        ("a token for several, none of which asked", claim("aud", json!(["devmentor", "another"])), no_proof),
        ("the nonce of another sign-in", claim("nonce", json!("0".repeat(64))), no_proof),
        ("no nonce", claim("nonce", Value::Null), no_proof),
        ("a token that has run out", claim("exp", json!(now - 61)), no_proof),
        ("a token from the future", claim("iat", json!(now + 61)), no_proof),
        ("a token about nobody", claim("sub", json!("")), no_proof),
        ("an address that nobody verified", claim("email_verified", json!(false)), |refusal| {
            matches!(refusal, Refusal::NoEmail)
        }),
        ("the address of somebody who has an account", claim("email", json!("bea@example.org")), |refusal| {
            matches!(refusal, Refusal::EmailKnown)
        }),
    ]
}

/// Every session and every link of everybody whom these attacks could be about.
async fn unchanged(world: &World, bea: base::id::UserId) -> bool {
    let identity = &world.scene.identity;
    identity.sessions(bea).await.unwrap().len() == 1 && identity.linked(bea).await.unwrap().is_empty()
}

#[tokio::test]
async fn nothing_changed_on_the_way_signs_anybody_in() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        let bea = world.scene.joined("Bea", "bea@example.org").await.session.user.id;
        for (what, tamper, expected) in ON_THE_WAY {
            let departure = world.depart(None, &Scene::client()).await;
            let other = world.depart(None, &Scene::client()).await;
            let mut trip = Trip::of(&world, &departure);
            tamper(&mut trip, Trip::of(&world, &other));
            let refused = arrive(&world, &trip).await.unwrap_err();
            assert!(expected(&refused), "{what}: {refused}");
            assert!(unchanged(&world, bea).await, "{what}");
            world.scene.clock.advance(Duration::from_mins(20));
        }
    })
    .await;
}

#[tokio::test]
async fn no_token_that_is_not_about_this_sign_in_signs_anybody_in() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        let bea = world.scene.joined("Bea", "bea@example.org").await.session.user.id;
        let many = in_the_token(0).len();
        for number in 0..many {
            let now = world.scene.clock.now().as_seconds();
            let (what, ways, expected) = in_the_token(now).swap_remove(number);
            world.provider.behave(ways);
            let trip = Trip::of(&world, &world.depart(None, &Scene::client()).await);
            let refused = arrive(&world, &trip).await.unwrap_err();
            assert!(expected(&refused), "{what}: {refused}");
            assert!(unchanged(&world, bea).await, "{what}");
            world.scene.clock.advance(Duration::from_mins(20));
        }
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_works_once_and_for_ten_minutes() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        let trip = Trip::of(&world, &world.depart(None, &Scene::client()).await);
        assert!(matches!(arrive(&world, &trip).await.unwrap(), Arrived::In(_)));
        assert!(over(&arrive(&world, &trip).await.unwrap_err()), "the same answer again");
        let departure = world.depart(None, &Scene::client()).await;
        let again = Trip { code: trip.code, ..Trip::of(&world, &departure) };
        assert!(not_traded(&arrive(&world, &again).await.unwrap_err()), "a code that was used");

        let late = Trip::of(&world, &world.depart(None, &Scene::client()).await);
        world.scene.clock.advance(JOURNEY_LIFETIME);
        assert!(over(&arrive(&world, &late).await.unwrap_err()), "an answer after ten minutes");
    })
    .await;
}

#[tokio::test]
async fn a_session_that_ended_links_nothing() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        let bea = world.scene.joined("Bea", "bea@example.org").await.session;
        let trip = Trip::of(&world, &world.depart(Some(&bea), &Scene::client()).await);
        world.scene.identity.sign_out(&bea, SignOut::This, &Scene::client()).await.unwrap();
        assert!(over(&arrive(&world, &trip).await.unwrap_err()));
        assert_eq!(world.scene.identity.linked(bea.user.id).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_is_not_the_one_it_says_is_not_asked() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        for (what, name, value) in [
            ("another issuer", "issuer", "https://evil.example"),
            ("a page that can be read along", "authorization_endpoint", "http://evil.example/authorize"),
            ("tokens that can be read along", "token_endpoint", "http://evil.example/token"),
            ("people told of in the open", "userinfo_endpoint", "http://evil.example/userinfo"),
            ("keys that can be changed on the way", "jwks_uri", "http://evil.example/keys"),
        ] {
            world.provider.behave(Ways { metadata: vec![(name, json!(value))], ..Ways::default() });
            let went = world.scene.identity.depart("work", None, REDIRECT, &Scene::client()).await;
            assert!(no_answer(&went.unwrap_err()), "{what}");
        }
    })
    .await;
}

#[tokio::test]
async fn github_vouches_only_for_the_address_it_verified() {
    each_engine(|test| async move {
        let world = World::new(test).await;
        for emails in [
            json!([]),
            json!([{ "email": "ana@example.org", "primary": true, "verified": false }]),
            json!([{ "email": "ana@example.org", "primary": false, "verified": true }]),
        ] {
            world.provider.behave(Ways { emails: Some(emails.clone()), ..Ways::default() });
            let refused = world.travel("github", None).await.unwrap_err();
            assert!(matches!(refused, Refusal::NoEmail), "{emails}: {refused}");
        }
    })
    .await;
}

#[test]
fn there_are_at_least_twenty_attacks() {
    let names: BTreeSet<_> = ON_THE_WAY.iter().map(|attack| attack.0).collect();
    let told: BTreeSet<_> = in_the_token(0).into_iter().map(|attack| attack.0).collect();
    assert!(names.union(&told).count() >= 20);
}
