//! Versions in every ecosystem's order, and records of vulnerabilities.

use std::cmp::Ordering;

use analysis::advisories::{self, OsvRecord};
use analysis::{export, versions};

/// Three versions are held against each other: more says no more about an order.
const WORDS: usize = 3;

/// An input has the ecosystem in its first line, a version in each of three more, and may have a record of a
/// vulnerability after them.
pub(crate) fn run(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let mut lines = text.splitn(WORDS + 2, '\n');
    let Some(ecosystem) = lines.next().filter(|name| !name.is_empty()) else { return false };
    let words: Vec<&str> = lines.by_ref().take(WORDS).collect();
    if words.len() < WORDS {
        return false;
    }
    ordered(ecosystem, &words);
    for word in &words {
        export::purl(ecosystem, word, Some(word));
        advisories::normal_name(ecosystem, word);
    }
    if let Some(record) = lines.next().and_then(|text| serde_json::from_str::<OsvRecord>(text).ok()) {
        for affected in record.affected.iter().take(4) {
            for version in &words {
                advisories::affects(&record, ecosystem, &affected.package.name, version);
            }
        }
    }
    true
}

/// It is an order: the same from both sides, and what is between two is between them from everywhere.
fn ordered(ecosystem: &str, words: &[&str]) {
    let known: Vec<&str> =
        words.iter().copied().filter(|word| versions::is_version(ecosystem, word)).collect();
    let order = |a: &str, b: &str| versions::compare(ecosystem, a, b);
    for a in &known {
        assert_eq!(order(a, a), Some(Ordering::Equal), "{ecosystem}: {a:?} with itself");
        for b in &known {
            assert_eq!(order(a, b), order(b, a).map(Ordering::reverse), "{ecosystem}: {a:?} and {b:?}");
            for c in &known {
                let least = |one: &str, other: &str| order(one, other).is_some_and(Ordering::is_le);
                assert!(
                    !(least(a, b) && least(b, c)) || least(a, c),
                    "{ecosystem}: {a:?} <= {b:?} <= {c:?}, and yet {a:?} > {c:?}"
                );
            }
        }
    }
}
