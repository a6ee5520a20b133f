//! What must not leave in a prompt, and is taken out of it.
//!
//! Secrets are found by rules that are handed in, in the text as it is, in the text as a compiler joins it
//! (`"AKIA" + "…"`), and behind Base64, hexadecimal and percent encoding. Private keys go whole. Of personal data this finds
//! what has a form: mail addresses, international telephone numbers, payment cards (by their check digit, ISO/IEC 7812) and
//! bank accounts (IBAN, by theirs, ISO 13616). It cannot find a person's name.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use regex::Regex;

/// Finds secrets in a text: their places, in order.
pub type SecretFinder = Arc<dyn Fn(&str) -> Vec<Range<usize>> + Send + Sync>;

/// A text that may leave: whatever a [`Redactor`] finds is not in it. Nothing else makes one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Redacted(String);

impl Redacted {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Goes on with a text that was redacted by itself.
    pub fn push(&mut self, next: &Self) {
        self.0.push_str(&next.0);
    }
}

/// Kinds of what is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// A credential.
    Secret,
    /// A mail address.
    Email,
    /// A telephone number.
    Phone,
    /// The number of a payment card.
    Card,
    /// The number of a bank account.
    Account,
}

impl What {
    /// What stands in its place, before its number.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Card => "card",
            Self::Account => "account",
        }
    }
}

/// Something that was removed from a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// What it was.
    pub what: What,
    /// What stands in its place.
    pub placeholder: String,
    /// How often it occurred.
    pub times: usize,
}

/// Takes out of texts what must not leave. Cheap to clone.
#[derive(Clone)]
pub struct Redactor {
    secrets: SecretFinder,
}

impl Redactor {
    /// With these rules for secrets.
    pub fn new(secrets: SecretFinder) -> Self {
        Self { secrets }
    }

    /// Begins with a prompt, whose texts are redacted one after the other.
    pub fn pass(&self) -> Pass<'_> {
        Pass { redactor: self, known: BTreeMap::new(), kinds: BTreeMap::new() }
    }

    /// One text alone, and what was removed from it.
    pub fn redact(&self, text: &str) -> (Redacted, Vec<Removed>) {
        let mut pass = self.pass();
        let redacted = pass.redact(text);
        (redacted, pass.removed())
    }

    fn places(&self, text: &str) -> Vec<(Range<usize>, What)> {
        let mut found: Vec<(Range<usize>, What)> =
            KEY.find_iter(text).map(|key| (key.range(), What::Secret)).collect();
        found.extend((self.secrets)(text).into_iter().map(|place| (place, What::Secret)));
        found.extend(self.joined(text).into_iter().map(|place| (place, What::Secret)));
        found.extend(self.encoded(text).map(|place| (place, What::Secret)));
        found.extend(personal(text));
        found.sort_by_key(|(place, what)| (place.start, std::cmp::Reverse(place.end), *what));
        found.dedup_by(|(next, _), (place, _)| {
            let meets = next.start < place.end;
            if meets {
                place.end = place.end.max(next.end);
            }
            meets
        });
        found
    }

    /// Secrets that are whole only once neighbouring literals and continued lines are joined.
    fn joined(&self, text: &str) -> Vec<Range<usize>> {
        let mut joined = String::with_capacity(text.len());
        // Where each kept piece begins, in both texts.
        let mut pieces = vec![(0, 0)];
        let mut from = 0;
        for joint in JOINT.find_iter(text) {
            joined.push_str(&text[from..joint.start()]);
            from = joint.end();
            pieces.push((joined.len(), from));
        }
        if from == 0 {
            return Vec::new();
        }
        joined.push_str(&text[from..]);
        let back = |at: usize| {
            let piece = pieces.partition_point(|(begins, _)| *begins <= at) - 1;
            pieces[piece].1 + (at - pieces[piece].0)
        };
        // The end is where its last byte is, so that a joint behind a secret stays.
        let places = (self.secrets)(&joined).into_iter().filter(|place| !place.is_empty());
        places.map(|place| back(place.start)..back(place.end - 1) + 1).collect()
    }

    /// Words that decode to a text with a secret in it.
    fn encoded(&self, text: &str) -> impl Iterator<Item = Range<usize>> {
        WORD.find_iter(text).filter(|word| self.hides(word.as_str())).map(|word| word.range())
    }

    fn hides(&self, word: &str) -> bool {
        let bare = word.trim_end_matches('=');
        let decoded = [
            STANDARD_NO_PAD.decode(bare).ok(),
            URL_SAFE_NO_PAD.decode(bare).ok(),
            hex::decode(bare).ok(),
            word.contains('%').then(|| percent_decoded(word)),
        ];
        decoded.into_iter().flatten().any(|bytes| {
            let text = String::from_utf8(bytes).unwrap_or_default();
            let printable = text.chars().all(|letter| !letter.is_control() || letter.is_whitespace());
            printable && !text.is_empty() && (KEY.is_match(&text) || !(self.secrets)(&text).is_empty())
        })
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor")
    }
}

/// One prompt on its way through a redactor: whatever occurs twice has the same name in both places. A text of somebody else
/// goes through it by itself, because the rest of a text goes with a key that has no end.
pub struct Pass<'a> {
    redactor: &'a Redactor,
    /// What was removed, as it was: its number, and how often.
    known: BTreeMap<(What, String), (usize, usize)>,
    /// How many different things of each kind.
    kinds: BTreeMap<What, usize>,
}

impl Pass<'_> {
    /// The text without what must not leave, and without letters that nobody sees.
    pub fn redact(&mut self, text: &str) -> Redacted {
        let text: String = text.chars().filter(|letter| !is_invisible(*letter)).collect();
        let mut left = String::with_capacity(text.len());
        let mut from = 0;
        for (place, what) in self.redactor.places(&text) {
            left.push_str(&text[from..place.start]);
            left.push_str(&self.placeholder(what, &text[place.clone()]));
            from = place.end;
        }
        left.push_str(&text[from..]);
        Redacted(left)
    }

    fn placeholder(&mut self, what: What, removed: &str) -> String {
        let (number, times) = self.known.entry((what, removed.to_owned())).or_insert_with(|| {
            let count = self.kinds.entry(what).or_default();
            *count += 1;
            (*count, 0)
        });
        *times += 1;
        placeholder(what, *number)
    }

    /// What was removed so far, in order of kind and number.
    pub fn removed(&self) -> Vec<Removed> {
        let mut removed: Vec<(What, usize, usize)> =
            self.known.iter().map(|((what, _), (number, times))| (*what, *number, *times)).collect();
        removed.sort_unstable();
        let removed = removed.into_iter();
        removed
            .map(|(what, number, times)| Removed { what, placeholder: placeholder(what, number), times })
            .collect()
    }
}

fn placeholder(what: What, number: usize) -> String {
    format!("[{} {number}]", what.as_str())
}

/// Letters that change nothing a person sees: they split what a rule would find, or hide words for the model alone.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}')
}

macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $pattern:expr;)*) => {$(
        $(#[$doc])*
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).expect("the pattern is well formed"));
    )*};
}

patterns! {
    /// A private key, with its body; one that is cut off goes to the end of the text.
    KEY = r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----.*?(-----END [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----|\z)";
    /// What stands between two pieces of one literal: quotes with a sign that joins, or nothing but blanks and the mark of
    /// a changed line; or the mark of a line that goes on.
    JOINT = r#"["'`][ \t]*(?:[+.&][ \t]*)?(?:\r?\n[+-]?[ \t]*(?:[+.&][ \t]*)?)?["'`]|\\\r?\n[+-]?[ \t]*"#;
    /// What may be a text in another encoding.
    WORD = r"[A-Za-z0-9+/_%-]{20,}={0,2}";
    EMAIL = r"(?i)\b[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}\b";
    PHONE = r"\+[1-9][0-9]{0,2}(?:[ .\-/]?\(?[0-9]{1,4}\)?){2,6}";
    CARD = r"\b[3-6][0-9]{3}(?:[ -]?[0-9]{2,6}){2,4}\b";
    ACCOUNT = r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b";
}

fn personal(text: &str) -> Vec<(Range<usize>, What)> {
    let mut found: Vec<(Range<usize>, What)> = Vec::new();
    let mails = EMAIL.find_iter(text).filter(|mail| is_somebodys(mail.as_str()));
    found.extend(mails.map(|mail| (mail.range(), What::Email)));
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let phones = PHONE.find_iter(text).filter(|phone| (9..=15).contains(&digits(phone.as_str())));
    found.extend(phones.map(|phone| (phone.range(), What::Phone)));
    let cards = CARD.find_iter(text).filter(|card| (13..=19).contains(&digits(card.as_str())));
    found.extend(cards.filter(|card| is_card(card.as_str())).map(|card| (card.range(), What::Card)));
    let accounts = ACCOUNT.find_iter(text).filter(|account| is_account(account.as_str()));
    found.extend(accounts.map(|account| (account.range(), What::Account)));
    found
}

/// Whether a mail address can be a person's: no user of git, no name that is reserved for examples (RFC 2606), no sender
/// that nobody answers.
fn is_somebodys(mail: &str) -> bool {
    let (user, host) = mail.split_once('@').unwrap_or_default();
    let (user, host) = (user.to_ascii_lowercase(), host.to_ascii_lowercase());
    let reserved = ["example.com", "example.org", "example.net"];
    let reserved = reserved.iter().any(|name| host == *name || host.ends_with(&format!(".{name}")));
    let top = host.rsplit('.').next().unwrap_or_default();
    user != "git"
        && !user.contains("noreply")
        && !reserved
        && !matches!(
            top,
            "example" | "test" | "invalid" | "localhost" | "local" | "png" | "jpg" | "svg" | "webp"
        )
}

/// The check digit of a card (ISO/IEC 7812-1, Annex B).
fn is_card(number: &str) -> bool {
    let digits = number.bytes().rev().filter(u8::is_ascii_digit).map(|digit| u32::from(digit - b'0'));
    let sum: u32 = digits
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, double) => double / 10 + double % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The check digits of an account (ISO 7064, MOD 97-10).
fn is_account(number: &str) -> bool {
    let letters: Vec<u8> = number.bytes().filter(|letter| *letter != b' ').collect();
    if !(15..=34).contains(&letters.len()) {
        return false;
    }
    let turned = letters[4..].iter().chain(&letters[..4]);
    let rest = turned.fold(0_u32, |rest, letter| match letter {
        b'0'..=b'9' => (rest * 10 + u32::from(letter - b'0')) % 97,
        _ => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
    });
    rest == 1
}

fn percent_decoded(word: &str) -> Vec<u8> {
    let bytes = word.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let code = bytes.get(at + 1..at + 3).and_then(|code| std::str::from_utf8(code).ok());
        match (bytes[at], code.and_then(|code| u8::from_str_radix(code, 16).ok())) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                at += 3;
            }
            (byte, _) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rule for one kind of token is enough here; the real ones are held to their canaries where both are known.
    fn redactor() -> Redactor {
        let token = Regex::new("tok_[A-Za-z0-9]{16}").unwrap();
        Redactor::new(Arc::new(move |text| token.find_iter(text).map(|found| found.range()).collect()))
    }

    fn left(text: &str) -> String {
        redactor().redact(text).0.as_str().to_owned()
    }

    #[test]
    fn the_same_thing_has_the_same_name_everywhere_and_is_counted() {
        let text =
            "tok_aaaaaaaaaaaaaaaa, ann@corp.io and bob@corp.io; again tok_aaaaaaaaaaaaaaaa of ann@corp.io";
        let (redacted, removed) = redactor().redact(text);
        assert_eq!(redacted.as_str(), "[secret 1], [email 1] and [email 2]; again [secret 1] of [email 1]");
        let removed: Vec<(String, usize)> =
            removed.into_iter().map(|removed| (removed.placeholder, removed.times)).collect();
        assert_eq!(removed, [("[secret 1]".into(), 2), ("[email 1]".into(), 2), ("[email 2]".into(), 1)]);
        assert_eq!(left(redacted.as_str()), redacted.as_str(), "what is redacted stays as it is");
    }

    #[test]
    fn each_kind_is_numbered_by_itself() {
        let redactor = redactor();
        let mut pass = redactor.pass();
        let left = pass.redact("ana@our-team.dev +49 170 1234567 bo@our-team.dev ana@our-team.dev");
        assert_eq!(left.as_str(), "[email 1] [phone 1] [email 2] [email 1]");
    }

    #[test]
    fn secrets_that_are_split_or_encoded_are_found() {
        for (text, kept) in [
            ("key = \"tok_aaaaaaaa\" + \"aaaaaaaa\";", "key = \"[secret 1]\";"),
            ("+key = 'tok_aaaaaaaa'\n+      'aaaaaaaa'\n+next", "+key = '[secret 1]'\n+next"),
            ("run tok_aaaaaaaa\\\n  aaaaaaaa now", "run [secret 1] now"),
            ("tok_aaaa\u{200b}aaaaaaaaaaaa", "[secret 1]"),
            ("data: dG9rX2FhYWFhYWFhYWFhYWFhYWE=", "data: [secret 1]"),
            ("746f6b5f61616161616161616161616161616161 is hex", "[secret 1] is hex"),
            ("q=tok%5Faaaaaaaaaaaaaaaa&x=1", "q=[secret 1]&x=1"),
            ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nok", "[secret 1]\nok"),
            ("-----BEGIN PRIVATE KEY-----\nMIIE", "[secret 1]"),
        ] {
            assert_eq!(left(text), kept, "{text}");
        }
    }

    #[test]
    fn personal_data_is_found_by_its_form_and_what_looks_like_it_stays() {
        for (text, kept) in [
            ("call +49 30 1234567 now", "call [phone 1] now"),
            ("pay with 4111 1111 1111 1111.", "pay with [card 1]."),
            ("to DE89 3704 0044 0532 0130 00", "to [account 1]"),
            ("Ann <Ann.Lee+dev@mail.corp.io>", "Ann <[email 1]>"),
        ] {
            assert_eq!(left(text), kept);
        }
        for text in [
            "git@github.com:owner/repo.git and user@example.com",
            "4111 1111 1111 1112 has a wrong digit; 1795339920123456 is a time",
            "1 + 2 + 3, i += 10, +1.5, c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00",
            "lodash@4.17.21 @types/node icon@2x.png sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "let a = [\"one\", \"two\"]; 0x7fffffff",
        ] {
            assert_eq!(left(text), text);
        }
    }
}
