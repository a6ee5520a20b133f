//! Bearer secrets: 256 random bits, shown once, stored only as a hash.

use std::fmt::Write as _;

use base::{Ids, Secret};
use sha2::{Digest, Sha256};

/// A link or session token.
#[derive(Clone, Debug)]
pub struct Token(Secret);

impl Token {
    /// A fresh one.
    pub(crate) fn new(ids: &Ids) -> Self {
        let text = ids.new_token().iter().fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        Self(Secret::new(text))
    }

    /// What a client sent. Anything that is not 64 hexadecimal digits is no token.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed =
            text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        well_formed.then(|| Self(Secret::new(text)))
    }

    /// The text to hand to the client: the only moment it exists outside a hash.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// What is stored. The token has 256 random bits, so a plain hash is as good as a slow one; and a look-up by
    /// hash takes the same time for a near miss as for any other, since a near miss has another hash entirely.
    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.expose().as_bytes()).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_its_text_and_never_prints() {
        let token = Token::new(&Ids::random(base::Clock::system()));
        let again = Token::parse(token.expose()).map(|token| token.hash());
        assert_eq!(again, Some(token.hash()));
        assert!(!format!("{token:?}").contains(token.expose()));
        assert!(Token::parse("").is_none());
        assert!(Token::parse(&"G".repeat(64)).is_none());
    }
}
