//! Addresses of mail, and names.

/// The most characters of an address (RFC 5321, 4.5.3.1.3, without the brackets).
const LONGEST: usize = 254;
/// The most characters of a name.
pub(crate) const NAME: usize = 100;

/// The address in the one form it is kept and looked up in; `None` for what is none. What is before the `@` could
/// differ by case (RFC 5321, 2.4), but no provider of mail tells people apart by it.
pub(crate) fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let parsed: lettre::Address = text.parse().ok()?;
    let plain = text.len() <= LONGEST && !text.contains(['"', '[']) && domain.contains('.');
    (plain && !local.is_empty()).then(|| parsed.to_string().to_lowercase())
}

/// The name without space around it; `None` for one that is empty, too long, or more than one line.
pub(crate) fn name(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = (1..=NAME).contains(&text.chars().count());
    (fits && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

/// A short name for addresses, made of what is before the `@`.
pub(crate) fn handle(email: &str) -> String {
    slug(email.split('@').next().unwrap_or_default(), "person")
}

/// A short name for addresses, made of a text: small letters, digits and single hyphens; `otherwise` where it has none.
pub(crate) fn slug(text: &str, otherwise: &str) -> String {
    let mut handle = String::new();
    for letter in text.chars() {
        match letter.to_ascii_lowercase() {
            letter @ ('a'..='z' | '0'..='9') => handle.push(letter),
            _ if handle.ends_with('-') || handle.is_empty() => {}
            _ => handle.push('-'),
        }
    }
    handle.truncate(32);
    let handle = handle.trim_end_matches('-');
    match handle {
        "" => otherwise.to_owned(),
        // Names that mean something in addresses belong to nobody.
        reserved if RESERVED.contains(&reserved) => format!("{reserved}-1"),
        handle => handle.to_owned(),
    }
}

const RESERVED: [&str; 5] = ["sample", "home", "owner", "admin", "api"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_form() {
        assert_eq!(email("  Ana.Lopez@Example.ORG "), Some("ana.lopez@example.org".to_owned()));
        let long = format!("{}@example.org", "a".repeat(250));
        for none in [
            "",
            "ana",
            "ana@",
            "@example.org",
            "ana@localhost",
            "a b@example.org",
            "ana@example.org\nbcc: x@example.org",
            "\"a b\"@example.org",
            "ana@[127.0.0.1]",
            &long,
        ] {
            assert_eq!(email(none), None, "{none}");
        }
    }

    #[test]
    fn names_are_one_line() {
        assert_eq!(name(" Ana "), Some("Ana".to_owned()));
        for none in ["", "   ", "a\nb", &"x".repeat(NAME + 1)] {
            assert_eq!(name(none), None, "{none}");
        }
    }

    #[test]
    fn handles_fit_into_addresses() {
        for (address, expected) in [
            ("ana.lopez@example.org", "ana-lopez"),
            ("a..b+c@example.org", "a-b-c"),
            ("-x-@example.org", "x"),
            ("sample@example.org", "sample-1"),
            ("ü@example.org", "person"),
        ] {
            assert_eq!(handle(address), expected);
        }
    }
}
