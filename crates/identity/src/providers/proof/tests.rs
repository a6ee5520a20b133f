use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};

use super::*;

const NOW: i64 = 1_800_000_000;

struct Signer {
    ed: Ed25519KeyPair,
    ec: EcdsaKeyPair,
}

impl Signer {
    fn new() -> Self {
        let random = SystemRandom::new();
        let ec = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        Self {
            ed: Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap(),
            ec: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, ec.as_ref(), &random).unwrap(),
        }
    }

    fn keys(&self) -> Value {
        let point = self.ec.public_key().as_ref();
        json!({ "keys": [
            { "kty": "RSA", "kid": "other", "n": "AQAB", "e": "AQAB" },
            { "kty": "OKP", "crv": "Ed25519", "kid": "ed", "use": "sig", "x": encode(self.ed.public_key().as_ref()) },
            { "kty": "EC", "crv": "P-256", "kid": "ec", "alg": "ES256", "x": encode(&point[1..33]), "y": encode(&point[33..]) },
        ] })
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let signed =
            format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()));
        let signature = match header["kid"].as_str() {
            Some("ec") => self.ec.sign(&SystemRandom::new(), signed.as_bytes()).unwrap().as_ref().to_vec(),
            _ => self.ed.sign(signed.as_bytes()).as_ref().to_vec(),
        };
        format!("{signed}.{}", encode(&signature))
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn claims() -> Value {
    json!({
        "iss": "https://id.example.org", "sub": "ana", "aud": "devmentor", "exp": NOW + 300, "iat": NOW,
        "nonce": "n", "email": "ana@example.org", "email_verified": "true",
    })
}

fn look(token: &str, keys: &Value) -> Result<Claims, NoProof> {
    let wanted = Wanted {
        issuer: "https://id.example.org",
        client: "devmentor",
        nonce: "n",
        now: Timestamp::from_seconds(NOW),
    };
    read(token, &serde_json::from_value(keys.clone()).unwrap(), wanted)
}

#[test]
fn a_token_of_each_algorithm_is_read() {
    let signer = Signer::new();
    for (alg, kid) in [("EdDSA", "ed"), ("ES256", "ec")] {
        let token = signer.sign(&json!({ "alg": alg, "kid": kid }), &claims());
        let read = look(&token, &signer.keys()).unwrap();
        assert_eq!((read.sub.as_str(), read.email_verified), ("ana", Flag(true)), "{alg}");
        let unnamed = signer.sign(&json!({ "alg": "EdDSA" }), &claims());
        assert!(look(&unnamed, &signer.keys()).is_ok(), "without a name every key that fits is tried");
    }
    // RFC 7515, A.2: a signature by RSA, over other claims.
    let token = include_str!("rfc7515-a2.txt").trim();
    let keys: KeySet = serde_json::from_str(include_str!("rfc7515-a2.jwk.json")).unwrap();
    let (header_and_payload, signature) = token.rsplit_once('.').unwrap();
    let signature = bytes(signature).unwrap();
    assert!(keys.keys[0].verifies("RS256", header_and_payload.as_bytes(), &signature));
    assert!(!keys.keys[0].verifies("RS256", b"something else", &signature));
}

#[test]
fn no_header_chooses_another_algorithm_or_key() {
    let signer = Signer::new();
    for header in [
        json!({ "alg": "none" }),
        json!({ "alg": "HS256", "kid": "ed" }),
        json!({ "alg": "RS256", "kid": "ed" }),
        json!({ "alg": "ES256", "kid": "ed" }),
        json!({ "alg": "EdDSA", "kid": "unknown" }),
    ] {
        let token = signer.sign(&header, &claims());
        assert_eq!(look(&token, &signer.keys()), Err(NoProof::UnknownKey), "{header}");
    }
    let critical = signer.sign(&json!({ "alg": "EdDSA", "kid": "ed", "crit": ["x"] }), &claims());
    assert_eq!(look(&critical, &signer.keys()), Err(NoProof::Malformed));
    // With a key of the attacker's in the header, and signed by it.
    let header = json!({ "alg": "EdDSA", "kid": "ed", "jwk": signer.keys()["keys"][1] });
    let mallory = Signer { ed: Ed25519KeyPair::from_seed_unchecked(&[8; 32]).unwrap(), ..Signer::new() };
    assert_eq!(look(&mallory.sign(&header, &claims()), &signer.keys()), Err(NoProof::Signature));
    // A key that is for something else.
    let mut keys = signer.keys();
    keys["keys"][1]["use"] = json!("enc");
    let token = signer.sign(&json!({ "alg": "EdDSA", "kid": "ed" }), &claims());
    assert_eq!(look(&token, &keys), Err(NoProof::UnknownKey));
}

#[test]
fn every_claim_has_to_be_the_one_that_was_asked_for() {
    let signer = Signer::new();
    let told = |changes: &[(&str, Value)]| {
        let mut claims = claims();
        for (name, value) in changes {
            claims[*name] = value.clone();
        }
        look(&signer.sign(&json!({ "alg": "EdDSA", "kid": "ed" }), &claims), &signer.keys())
    };
    for (changes, expected) in [
        (vec![("iss", json!("https://id.example.org/"))], NoProof::Claim("issuer")),
        (vec![("aud", json!("another"))], NoProof::Claim("audience")),
        (vec![("aud", json!(["devmentor", "another"]))], NoProof::Claim("audience")),
        (vec![("azp", json!("another"))], NoProof::Claim("audience")),
        (vec![("aud", json!([]))], NoProof::Claim("audience")),
        (vec![("nonce", json!("m"))], NoProof::Claim("nonce")),
        (vec![("nonce", Value::Null)], NoProof::Claim("nonce")),
        (vec![("sub", json!(""))], NoProof::Claim("subject")),
        (vec![("sub", json!("x".repeat(256)))], NoProof::Claim("subject")),
        (vec![("exp", json!(NOW - 61))], NoProof::Time),
        (vec![("iat", json!(NOW + 61))], NoProof::Time),
        (vec![("nbf", json!(NOW + 61))], NoProof::Time),
        (vec![("exp", json!("soon"))], NoProof::Malformed),
    ] {
        assert_eq!(told(&changes), Err(expected), "{changes:?}");
    }
    let both = [("aud", json!(["devmentor", "another"])), ("azp", json!("devmentor"))];
    assert!(told(&both).is_ok());
    assert_eq!(told(&[("email_verified", json!("no"))]).unwrap().email_verified, Flag(false));
}

#[test]
fn what_was_changed_or_is_no_token_is_refused() {
    let signer = Signer::new();
    let token = signer.sign(&json!({ "alg": "EdDSA", "kid": "ed" }), &claims());
    let parts: Vec<&str> = token.split('.').collect();
    let mut other = claims();
    other["sub"] = json!("mallory");
    let swapped = format!("{}.{}.{}", parts[0], encode(other.to_string().as_bytes()), parts[2]);
    assert_eq!(look(&swapped, &signer.keys()), Err(NoProof::Signature));
    let long = format!("{token}{}", "A".repeat(LONGEST));
    let unsigned = format!("{}.{}.", parts[0], parts[1]);
    for none in ["", "a.b", "a.b.c.d", "a.b.c", long.as_str()] {
        assert_eq!(look(none, &signer.keys()), Err(NoProof::Malformed), "{}", &none[..none.len().min(20)]);
    }
    assert_eq!(look(&unsigned, &signer.keys()), Err(NoProof::Signature));
}
