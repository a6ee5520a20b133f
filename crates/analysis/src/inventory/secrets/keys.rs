//! Private keys and certificates as PEM writes them.

use super::context::is_name_of_samples;

/// Characters behind the head of a key that are looked at, and how many of the key's own must be among them.
const KEY_WINDOW: usize = 1_000;
const KEY_CHARACTERS: usize = 64;

/// Characters that tell one key from another: some formats begin with more than a line that all keys share.
const OWN_CHARACTERS: usize = 256;

/// Certificates of one file that are looked at.
const MAX_CERTIFICATES: usize = 10;

const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";

/// Lines as a key has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Body {
    /// What tells this key from others, however its lines are broken or quoted.
    pub own: String,
    /// Whether no program would read it as a key.
    pub odd: bool,
}

/// What stands behind a head that names this kind of key: lines of base64, perhaps behind comment marks, quotes, or on one
/// line with written line breaks. `None` where that is no key.
pub(super) fn body(kind: &str, text: &str) -> Option<Body> {
    let mut end = text.len().min(KEY_WINDOW);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let window = text[..end].replace("\\n", "\n").replace("\\r", "\n");
    let mut characters = String::new();
    let mut encrypted = false;
    for (number, line) in window.lines().enumerate() {
        let line = line.trim_matches(|letter: char| letter.is_whitespace() || "#*\"'+,;>|/".contains(letter));
        // Headers of an encrypted key, and empty lines behind them.
        let header = line.contains(": ") || line.is_empty();
        if line.starts_with("-----") || (number > 6 && characters.is_empty()) {
            break;
        }
        if header {
            encrypted |= line.contains("ENCRYPTED") || line.contains("DEK-Info");
            continue;
        }
        if !line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)) {
            break;
        }
        characters.push_str(line);
    }
    let repeated = characters.get(..8).is_some_and(|start| characters.matches(start).count() > 2);
    if characters.len() < KEY_CHARACTERS || repeated {
        return None;
    }
    // All but the encrypted ones begin with what says that a sequence follows, and how long it is.
    let sequence = || {
        let mut signs = characters.bytes();
        signs.next() == Some(b'M') && signs.next().is_some_and(|sign| sign.is_ascii_uppercase())
    };
    let known = match kind {
        kind if kind.contains("OPENSSH") => characters.starts_with("b3BlbnNzaC1rZXkt"),
        kind if kind.contains("PGP") => true,
        _ => encrypted || sequence(),
    };
    let odd = !known;
    characters.truncate(OWN_CHARACTERS);
    Some(Body { own: characters, odd })
}

/// Whether the certificates of a file are made out to names that only tests and one's own machine have; `None` where it
/// has none that say a name.
pub(in crate::inventory) fn certified_for_samples(text: &str) -> Option<bool> {
    let blocks = text.split(CERTIFICATE).skip(1).take(MAX_CERTIFICATES);
    let named: Vec<bool> = blocks
        .filter_map(|block| {
            let body = block.split("-----").next().unwrap_or_default();
            let names = common_names(&decoded(body));
            (!names.is_empty()).then(|| names.iter().any(|name| is_name_of_samples(name)))
        })
        .collect();
    (!named.is_empty()).then(|| named.into_iter().all(|sample| sample))
}

/// The common names in a certificate: of who made it and of whom it is for.
fn common_names(bytes: &[u8]) -> Vec<String> {
    /// What stands before a common name: the number of that attribute.
    const ATTRIBUTE: [u8; 5] = [0x06, 0x03, 0x55, 0x04, 0x03];
    memchr::memmem::find_iter(bytes, &ATTRIBUTE)
        .filter_map(|at| {
            let value = bytes.get(at + ATTRIBUTE.len()..)?;
            // Its type, its length and the text.
            let length = usize::from(*value.get(1).filter(|length| **length < 0x80)?);
            Some(String::from_utf8_lossy(value.get(2..2 + length)?).into_owned())
        })
        .collect()
}

/// The bytes that base64 stands for, in either of its alphabets; what is no part of it is left out.
pub(super) fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for sign in text.bytes() {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = (bits << 6 | u32::from(value)) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_begins_as_a_key_does() {
        let line = "MIIEpAIBAAKCAQEAv2fYcTLiTzJbkYlOF06VU1m1P9UNb569ABDQk5fT6ixTinbh\n";
        let odd = |kind: &str, text: &str| body(kind, text).map(|body| body.odd);
        assert_eq!(odd("RSA PRIVATE KEY", line), Some(false));
        assert_eq!(odd("OPENSSH PRIVATE KEY", line), Some(true));
        assert_eq!(odd("PRIVATE KEY", &line[4..].repeat(2)), Some(true));
        assert_eq!(odd("RSA PRIVATE KEY", &"  #   privatekeyprivatekeyprivatekey\n".repeat(5)), None);
        let encrypted = format!("Proc-Type: 4,ENCRYPTED\n\nx{}", line.replace("MII", "xKq9"));
        assert_eq!(odd("RSA PRIVATE KEY", &encrypted), Some(false));
    }

    #[test]
    fn a_key_is_the_same_however_its_lines_are_written() {
        let line = "MIIEpAIBAAKCAQEAv2fYcTLiTzJbkYlOF06VU1m1P9UNb569ABDQk5fT6ixTinbh\n";
        let second = "hurbYdWCmrWc8ArEhOGaXgZpj7kJ4M9afZcxn5lVshv0FKXUXE0TgLHp5SsV07g4\n";
        let own = |text: &str| body("RSA PRIVATE KEY", text).map(|body| body.own);
        let plain = own(&[line, second].concat());
        assert_eq!(own(&format!("  # {line}  # {second}")), plain);
        assert_eq!(own(&[line, second].concat().replace('\n', "\\n")), plain);
        assert_ne!(own(&[line, &second.replace("hurb", "hurc")].concat()), plain);
        assert_eq!(plain.map(|own| own.len()), Some(128));
    }

    #[test]
    fn certificates_say_whom_they_are_for() {
        // A name, as it stands in a certificate: `localhost`, and `api.acme.io`.
        let of = |body: &str| format!("{CERTIFICATE}\n{body}\n-----END CERTIFICATE-----\n");
        let local = of("BgNVBAMMCWxvY2FsaG9zdA==");
        let real = of("BgNVBAMMC2FwaS5hY21lLmlv");
        assert_eq!(certified_for_samples(&local), Some(true));
        assert_eq!(certified_for_samples(&real), Some(false));
        assert_eq!(certified_for_samples(&(local + &real)), Some(false));
        assert_eq!(certified_for_samples("text"), None);
        assert_eq!(certified_for_samples(&of("AAAA")), None);
    }
}
