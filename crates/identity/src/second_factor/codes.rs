//! Codes of an app (TOTP, RFC 6238) and codes for the day it is lost.

use base::{Ids, Secret, Timestamp};
use sha2::{Digest as _, Sha256};
use totp_rs::{Algorithm, Builder, Secret as Key, Totp};

/// What apps call this program.
const ISSUER: &str = "DevMentor";
/// Bytes of the key that app and server share: as many as SHA-1 has (RFC 4226, 4).
const KEY: usize = 20;
/// Digits of a code, and the seconds it is shown: what every app takes.
const DIGITS: u8 = 6;
const STEP: u64 = 30;
/// Clocks may differ by one step (RFC 6238, 5.2).
const SKEW: u16 = 1;

/// Codes that are given out at once.
pub(super) const RECOVERY_CODES: usize = 10;
/// Bytes of one: 120 bits, so that a plain hash keeps it (OWASP ASVS 5.0, 6.5.2 asks for 112).
const RECOVERY: usize = 15;
/// How many letters of it are written together.
const GROUP: usize = 6;

/// Makes codes from a key; `account` is shown in the app beside the program's name.
pub(super) struct Codes(Totp);

impl Codes {
    /// A fresh key.
    pub(super) fn fresh(ids: &Ids, account: &str) -> Self {
        // The end of a token is where a counted source counts.
        Self::of(&ids.new_token()[32 - KEY..], account)
    }

    /// With the key that was kept; `None` for what is none.
    pub(super) fn kept(key: &Secret, account: &str) -> Option<Self> {
        let key = Key::try_from_base32(key.expose()).ok()?;
        Some(Self::of(key.as_bytes(), account))
    }

    fn of(key: &[u8], account: &str) -> Self {
        // The library refuses names with a colon, which separates them in the address.
        let account = account.replace(':', " ");
        let builder = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_skew(SKEW)
            .with_step_duration(STEP)
            .with_secret(Key::new(key.into()))
            .with_account_name(account)
            .with_issuer(Some(ISSUER));
        // Every number is one of the constants above, so there is nothing left to refuse.
        Self(builder.build_noncompliant())
    }

    /// The key, to be typed into an app and to be kept.
    pub(super) fn key(&self) -> Secret {
        Secret::new(self.0.secret().to_base32())
    }

    /// The address that apps read from a picture.
    pub(super) fn address(&self) -> Secret {
        // It has a name without a colon, which is all that is asked for.
        Secret::new(self.0.to_url().unwrap_or_default())
    }

    /// The step in which that code was shown, if it is shown now or was or will be one step away. Compared in the same
    /// time for every code.
    pub(super) fn step(&self, code: &str, now: Timestamp) -> Option<i64> {
        let seconds = u64::try_from(now.as_seconds()).ok()?;
        let code: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
        self.0.check(&code, seconds).and_then(|step| i64::try_from(step).ok())
    }
}

/// Fresh codes for the day the app is lost, as they are shown once.
pub(super) fn recovery(ids: &Ids) -> Vec<Secret> {
    let code = |_| {
        let text = Key::new(ids.new_token()[32 - RECOVERY..].into()).to_base32().to_lowercase();
        let letters: Vec<char> = text.chars().collect();
        let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
        Secret::new(groups.join("-"))
    };
    (0..RECOVERY_CODES).map(code).collect()
}

/// What is kept of such a code, however it was typed.
pub(super) fn hash(code: &str) -> Vec<u8> {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::digest(letters.to_lowercase().as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, SHA-1: the last six of eight digits.
        let codes = Codes::of(b"12345678901234567890", "ana@example.org");
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(codes.step(code, at(seconds)), Some(seconds / 30), "{code}");
            assert_eq!(codes.step(code, at(seconds + 30)), Some(seconds / 30), "a step late");
            assert_eq!(codes.step(code, at(seconds + 90)), None, "too late");
        }
        assert_eq!(codes.step(" 287 082 ", at(59)), Some(1), "as apps show them");
        for wrong in ["", "28708", "2870822", "２８７０８２", "287083"] {
            assert_eq!(codes.step(wrong, at(59)), None, "{wrong}");
        }
        assert_eq!(codes.step("287082", at(-59)), None);
    }

    #[test]
    fn a_key_survives_its_text_and_the_address_names_the_account() {
        let ids = Ids::random(base::Clock::system());
        let codes = Codes::fresh(&ids, "ana@example.org");
        let again = Codes::kept(&codes.key(), "ana@example.org").unwrap();
        assert_eq!(codes.key().expose(), again.key().expose());
        assert_eq!(codes.key().expose().len(), 32, "160 bits");
        let address = codes.address();
        assert!(
            address.expose().starts_with("otpauth://totp/DevMentor:ana%40example.org?"),
            "{}",
            address.expose()
        );
        assert!(Codes::of(&[7; KEY], "a:b").address().expose().contains("a%20b"));
        assert!(Codes::kept(&Secret::new("1"), "").is_none());
    }

    #[test]
    fn a_recovery_code_has_120_bits_and_is_known_however_it_is_typed() {
        let ids = Ids::random(base::Clock::system());
        let codes = recovery(&ids);
        assert_eq!(codes.len(), RECOVERY_CODES);
        let first = codes[0].expose();
        assert_eq!(first.split('-').map(str::len).collect::<Vec<_>>(), [6, 6, 6, 6]);
        assert_eq!(hash(first), hash(&format!(" {} ", first.to_uppercase().replace('-', " "))));
        assert_ne!(hash(first), hash(codes[1].expose()));
    }
}
