//! Semantic Versioning 2.0, and the form `NuGet` has of it.

use std::cmp::Ordering;

use super::digits;

/// Compares by precedence: build data does not count.
pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    Some(parse(a)?.cmp_precedence(&parse(b)?))
}

/// Compares by precedence, then by build data: none is older than any, as in `pub_semver`.
pub(super) fn compare_with_build(a: &str, b: &str) -> Option<Ordering> {
    Some(parse(a)?.cmp(&parse(b)?))
}

/// Reads what people write: `v1.2`, `go1.20rc1`, `1.2.3-rc.1+build`.
fn parse(text: &str) -> Option<semver::Version> {
    let text = text.strip_prefix("go").unwrap_or(text);
    let text = text.strip_prefix(['v', 'V', '=']).unwrap_or(text).trim_start();
    if let Ok(version) = semver::Version::parse(text) {
        return Some(version);
    }
    let numbers = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let (numbers, rest) = text.split_at(numbers);
    let rest =
        if rest.is_empty() || rest.starts_with(['-', '+']) { rest.to_owned() } else { format!("-{rest}") };
    let mut parts =
        numbers.split('.').map(|part| if part.is_empty() { None } else { part.parse::<u64>().ok() });
    let mut read = || match parts.next() {
        None => Some(0),
        Some(part) => part,
    };
    let (major, minor, patch) = (read()?, read()?, read()?);
    if parts.next().is_some() {
        return None;
    }
    semver::Version::parse(&format!("{major}.{minor}.{patch}{rest}")).ok()
}

/// Up to four numeric parts, then an optional pre-release compared as Semantic Versioning does, without case.
pub(super) fn compare_four_parts(a: &str, b: &str) -> Option<Ordering> {
    let [a, b] = [a, b].map(|text| {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text).to_ascii_lowercase();
        text.split('+').next().unwrap_or_default().to_owned()
    });
    let cut = |text: &str| match text.split_once('-') {
        Some((numbers, pre)) => (numbers.to_owned(), Some(pre.to_owned())),
        None => (text.to_owned(), None),
    };
    let ((numbers_a, pre_a), (numbers_b, pre_b)) = (cut(&a), cut(&b));
    let parts = |numbers: &str| {
        let mut parts: Vec<String> = numbers.split('.').map(str::to_owned).collect();
        let valid = parts.len() <= 4 && parts.iter().all(|part| digits::is_number(part));
        parts.resize(4, "0".to_owned());
        valid.then_some(parts)
    };
    let by_number = parts(&numbers_a)?
        .iter()
        .zip(&parts(&numbers_b)?)
        .map(|(a, b)| digits::compare(a, b))
        .find(|order| *order != Ordering::Equal);
    Some(by_number.unwrap_or_else(|| match (pre_a, pre_b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => pre_release(&a, &b),
    }))
}

fn pre_release(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => match (digits::is_number(a), digits::is_number(b)) {
                (true, true) => digits::compare(a, b),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => a.cmp(b),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}
