//! Bearer secrets: 256 random bits, shown once, stored only as a hash.

use base::{Ids, Secret};
use ring::hmac;
use sha2::{Digest, Sha256};

/// Bytes of a token.
const LENGTH: usize = 32;

/// A token of a link, of a form, or for refreshing a session.
#[derive(Clone, Debug)]
pub struct Token(Secret);

impl Token {
    /// A fresh one.
    pub(crate) fn new(ids: &Ids) -> Self {
        Self::of(ids.new_token())
    }

    fn of(bytes: [u8; LENGTH]) -> Self {
        Self(Secret::new(hex::encode(bytes)))
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

    /// The hash of a short code that only the holder of this token may try: without the token, whoever reads the
    /// database cannot go through all codes.
    pub(crate) fn hash_code(&self, code: &str) -> Vec<u8> {
        self.keyed(&[b"code:", code.as_bytes()].concat()).to_vec()
    }

    /// The token that follows this one, so that only the holder of this one can open it: one block, under a key of
    /// its own, which is used for this and nothing else.
    pub(crate) fn seal(&self, successor: &Self) -> Vec<u8> {
        let mut bytes = [0; LENGTH];
        // A token is 64 hexadecimal digits by construction, so this fills the whole of it.
        let _ = hex::decode_to_slice(successor.expose(), &mut bytes);
        self.mask(bytes).to_vec()
    }

    /// The token sealed by [`Self::seal`].
    pub(crate) fn open(&self, sealed: &[u8]) -> Option<Self> {
        Some(Self::of(self.mask(sealed.try_into().ok()?)))
    }

    /// A secret for one purpose that only the holder of this token can make, and that does not tell the token.
    pub(crate) fn derive(&self, purpose: &str) -> Secret {
        Secret::new(hex::encode(self.keyed(format!("derived:{purpose}").as_bytes())))
    }

    fn mask(&self, mut bytes: [u8; LENGTH]) -> [u8; LENGTH] {
        for (byte, key) in bytes.iter_mut().zip(self.keyed(b"successor")) {
            *byte ^= key;
        }
        bytes
    }

    fn keyed(&self, message: &[u8]) -> [u8; LENGTH] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.expose().as_bytes());
        let mut bytes = [0; LENGTH];
        bytes.copy_from_slice(hmac::sign(&key, message).as_ref());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> Token {
        Token::new(&Ids::random(base::Clock::system()))
    }

    #[test]
    fn a_token_survives_its_text_and_never_prints() {
        let token = token();
        let again = Token::parse(token.expose()).map(|token| token.hash());
        assert_eq!(again, Some(token.hash()));
        assert!(!format!("{token:?}").contains(token.expose()));
        assert!(Token::parse("").is_none());
        assert!(Token::parse(&"G".repeat(64)).is_none());
    }

    #[test]
    fn only_the_token_before_opens_the_one_that_follows() {
        let (first, second, other) = (token(), token(), token());
        let sealed = first.seal(&second);
        assert_ne!(sealed, hex::decode(second.expose()).unwrap());
        assert_eq!(first.open(&sealed).unwrap().hash(), second.hash());
        assert_ne!(other.open(&sealed).unwrap().hash(), second.hash());
        assert!(first.open(&sealed[1..]).is_none());
    }

    #[test]
    fn a_code_is_bound_to_its_token() {
        let (one, other) = (token(), token());
        assert_eq!(one.hash_code("123456"), one.hash_code("123456"));
        assert_ne!(one.hash_code("123456"), one.hash_code("123457"));
        assert_ne!(one.hash_code("123456"), other.hash_code("123456"));
    }
}
