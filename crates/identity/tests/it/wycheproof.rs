//! Wycheproof's vectors for JSON web signatures (`tests/data/wycheproof`): none of them is a token of ours.
//!
//! They are signed with every algorithm but ours, rightly and wrongly, and twisted in every way that made some library
//! accept one. Whatever they are worth elsewhere, here each must be refused.

use identity::AuthError;
use serde_json::Value;
use storage::testing::on_sqlite;

use crate::scene::Scene;

const FILES: [&str; 3] = [
    include_str!("../data/wycheproof/json_web_signature_test.json"),
    include_str!("../data/wycheproof/json_web_crypto_test.json"),
    include_str!("../data/wycheproof/json_web_key_test.json"),
];

/// Every token of the vectors, as it would be sent.
fn tokens() -> Vec<String> {
    let mut tokens = Vec::new();
    for file in FILES {
        let file: Value = serde_json::from_str(file).unwrap();
        for group in file["testGroups"].as_array().unwrap() {
            for test in group["tests"].as_array().unwrap() {
                for name in ["jws", "jwe"] {
                    match &test[name] {
                        Value::Null => {}
                        Value::String(token) => tokens.push(token.clone()),
                        other => tokens.push(other.to_string()),
                    }
                }
            }
        }
    }
    tokens
}

#[tokio::test]
async fn no_vector_signs_anybody_in() {
    on_sqlite(|test| async move {
        let scene = Scene::new(test).await;
        let granted = scene.enter().await;
        assert!(scene.identity.authenticate(granted.access.expose()).await.is_ok());
        let tokens = tokens();
        assert!(tokens.len() >= 500, "{} vectors were found", tokens.len());
        for token in tokens {
            let refused = scene.identity.authenticate(&token).await;
            assert!(matches!(refused, Err(AuthError::SignedOut)), "{token}");
        }
    })
    .await;
}
