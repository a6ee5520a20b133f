//! Tokens that are not taken (S-AUTH-4).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::signature::Ed25519KeyPair;
use serde_json::{Value, json};

use super::*;

const SEED: [u8; 32] = [7; 32];
const KID: &str = "a-key";

fn now() -> Timestamp {
    Timestamp::from_seconds(1_767_225_600)
}

fn public() -> Vec<u8> {
    super::super::eddsa::public(&SEED).unwrap()
}

fn claims() -> Claims {
    let ids = Ids::counted();
    Claims::new(ids.new_id(), ids.new_id(), now(), &ids)
}

fn verify(token: &str, at: Timestamp) -> Result<Claims, NotTaken> {
    Claims::verify(token, at, |kid| (kid == KID).then(|| DecodingKey::from_ed_der(&public())))
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn header() -> Value {
    json!({ "alg": "EdDSA", "typ": "JWT", "kid": KID })
}

/// A token with that header and payload, rightly signed with that key.
fn signed_by(seed: &[u8; 32], header: &Value, payload: &Value) -> String {
    let message = format!("{}.{}", part(header), part(payload));
    let key = Ed25519KeyPair::from_seed_unchecked(seed).unwrap();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes())))
}

fn signed(header: &Value, payload: &Value) -> String {
    signed_by(&SEED, header, payload)
}

fn payload() -> Value {
    serde_json::to_value(claims()).unwrap()
}

fn with(name: &str, value: Value) -> Value {
    let mut payload = payload();
    payload[name] = value;
    payload
}

#[test]
fn our_own_token_is_taken() {
    let token = claims().sign(KID, &EncodingKey::from_ed_der(&SEED)).unwrap();
    assert_eq!(verify(&token, now()), Ok(claims()));
    assert_eq!(verify(&signed(&header(), &payload()), now()), Ok(claims()));
}

#[test]
fn another_algorithm_is_not() {
    let message = |algorithm: &str| {
        let header = json!({ "alg": algorithm, "typ": "JWT", "kid": KID });
        format!("{}.{}", part(&header), part(&payload()))
    };
    for none in ["none", "None", "NONE", "nOnE"] {
        assert_eq!(verify(&format!("{}.", message(none)), now()), Err(NotTaken::Invalid), "{none}");
    }
    // The public key as the secret of an HMAC, in each form that a library might take it from.
    let (raw, text) = (public(), URL_SAFE_NO_PAD.encode(public()));
    for (algorithm, hash) in
        [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)]
    {
        for secret in [raw.as_slice(), text.as_bytes(), b""] {
            let message = message(algorithm);
            let signature = hmac::sign(&hmac::Key::new(hash, secret), message.as_bytes());
            let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
            assert_eq!(verify(&token, now()), Err(NotTaken::Invalid), "{algorithm}");
        }
    }
    for algorithm in ["RS256", "PS512", "ES256", "ES384", "ES256K", "EDDSA", "Ed448", ""] {
        let signed = signed(&json!({ "alg": algorithm, "typ": "JWT", "kid": KID }), &payload());
        assert_eq!(verify(&signed, now()), Err(NotTaken::Invalid), "{algorithm}");
    }
}

#[test]
fn another_key_is_not() {
    assert_eq!(verify(&signed_by(&[8; 32], &header(), &payload()), now()), Err(NotTaken::Invalid));
    let headers = [
        json!({ "alg": "EdDSA", "typ": "JWT" }),
        json!({ "alg": "EdDSA", "typ": "JWT", "kid": "another" }),
        json!({ "alg": "EdDSA", "typ": "JWT", "kid": "../../etc/passwd" }),
        json!({ "alg": "EdDSA", "typ": "JWT", "kid": ["a-key"] }),
    ];
    for header in headers {
        assert_eq!(verify(&signed(&header, &payload()), now()), Err(NotTaken::Invalid), "{header}");
    }
    // A key that the token brings along, or an address where one is, is looked at by nobody.
    let (other, x) = ([8; 32], URL_SAFE_NO_PAD.encode(super::super::eddsa::public(&[8; 32]).unwrap()));
    for header in [
        json!({ "alg": "EdDSA", "typ": "JWT", "kid": KID, "jwk": { "kty": "OKP", "crv": "Ed25519", "x": x } }),
        json!({ "alg": "EdDSA", "typ": "JWT", "kid": KID, "jku": "https://evil.example/keys" }),
        json!({ "alg": "EdDSA", "typ": "JWT", "kid": KID, "x5u": "https://evil.example/keys" }),
    ] {
        assert_eq!(
            verify(&signed_by(&other, &header, &payload()), now()),
            Err(NotTaken::Invalid),
            "{header}"
        );
    }
}

#[test]
fn what_was_changed_after_signing_is_not() {
    let token = signed(&header(), &payload());
    let parts: Vec<&str> = token.split('.').collect();
    let forged = part(&with("sub", json!("00000000-0000-7000-8000-000000000bad")));
    for token in [
        format!("{}.{forged}.{}", parts[0], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{}.{}.", parts[0], parts[1], parts[2]),
        format!("{}.{}.{}", parts[0], parts[1], &parts[2][..parts[2].len() - 2]),
        format!("{}.{}.{}", parts[0], parts[1], URL_SAFE_NO_PAD.encode([0; 64])),
        format!(" {token}"),
        format!("{token}="),
        String::new(),
        "..".to_owned(),
        "a".repeat(LONGEST + 1),
    ] {
        assert_eq!(verify(&token, now()), Err(NotTaken::Invalid), "{token}");
    }
}

#[test]
fn headers_that_ask_for_more_are_not() {
    for (name, value) in
        [("typ", json!("at+jwt")), ("typ", Value::Null), ("crit", json!(["exp"])), ("crit", json!(["b64"]))]
    {
        let mut header = header();
        header[name] = value;
        assert_eq!(verify(&signed(&header, &payload()), now()), Err(NotTaken::Invalid), "{header}");
    }
}

#[test]
fn every_claim_has_to_be_there_and_right() {
    for name in ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"] {
        let mut payload = payload();
        payload.as_object_mut().unwrap().remove(name);
        assert_eq!(verify(&signed(&header(), &payload), now()), Err(NotTaken::Invalid), "without {name}");
    }
    for (name, value) in [
        ("iss", json!("somebody-else")),
        ("aud", json!("another-api")),
        ("aud", json!(["devmentor-api", "another-api"])),
        ("sub", json!("root")),
        ("sid", json!("")),
        ("exp", json!("2099-01-01")),
        ("exp", json!(1e300)),
        ("exp", json!(now().as_seconds() + 86_400)),
        ("nbf", json!(now().as_seconds() + 6)),
        ("iat", json!(now().as_seconds() + 6)),
        ("iat", json!(now().as_seconds() - 86_400)),
    ] {
        let payload = with(name, value);
        assert_eq!(verify(&signed(&header(), &payload), now()), Err(NotTaken::Invalid), "{payload}");
    }
    // A claim said twice could be read in two ways.
    let twice = payload().to_string().replacen('{', "{\"exp\":4102444800,", 1);
    let message = format!("{}.{}", part(&header()), URL_SAFE_NO_PAD.encode(twice));
    let key = Ed25519KeyPair::from_seed_unchecked(&SEED).unwrap();
    let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes())));
    assert_eq!(verify(&token, now()), Err(NotTaken::Invalid));
}

#[test]
fn clocks_may_be_five_seconds_apart_and_no_more() {
    let token = signed(&header(), &payload());
    let end = now().plus(ACCESS_LIFETIME);
    assert!(verify(&token, now().minus(LEEWAY)).is_ok());
    assert_eq!(verify(&token, now().minus(LEEWAY + Duration::from_secs(1))), Err(NotTaken::Invalid));
    assert!(verify(&token, end.plus(Duration::from_secs(4))).is_ok());
    assert_eq!(verify(&token, end.plus(LEEWAY)), Err(NotTaken::Expired));
}
