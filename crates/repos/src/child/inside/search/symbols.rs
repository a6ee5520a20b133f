//! Definitions by their names. Pure.

use super::stored::{Record, StoredFile};
use crate::child::protocol::FoundSymbol;

/// How a name fits what was typed, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is the name, letter for letter.
    Same,
    /// It is the name in other letters, or the last part of it.
    Whole,
    /// The last part begins with it.
    Start,
    /// A word of the name begins with it.
    Word,
    /// It is somewhere in the name.
    Inside,
}

/// The definitions that fit best, the best first; of equals the shorter name, then by path and line.
pub(super) fn find(
    files: &[StoredFile<'_>],
    records: &[Record<'_>],
    text: &str,
    limit: usize,
) -> Vec<FoundSymbol> {
    let text = text.trim();
    let lower = text.to_lowercase();
    let mut found = Vec::new();
    for (file, record) in files.iter().zip(records) {
        for symbol in &record.symbols {
            if let Some(fit) = fit(symbol.name, text, &lower) {
                found.push(((fit, symbol.name.len(), symbol.name, file.path, symbol.start), file, symbol));
            }
        }
    }
    found.sort_by_key(|(rank, _, _)| *rank);
    let told = found.into_iter().take(limit).map(|(_, file, symbol)| FoundSymbol {
        name: symbol.name.to_owned(),
        kind: symbol.kind,
        path: file.path.to_owned(),
        lines: symbol.start..=symbol.end,
    });
    told.collect()
}

fn fit(name: &str, text: &str, lower: &str) -> Option<Fit> {
    if lower.is_empty() {
        return None;
    }
    let last = name.rsplit(['.', ':', '#', '/']).next().unwrap_or(name);
    if name == text || last == text {
        return Some(Fit::Same);
    }
    let (name_lower, last_lower) = (name.to_lowercase(), last.to_lowercase());
    if name_lower == lower || last_lower == lower {
        return Some(Fit::Whole);
    }
    if last_lower.starts_with(lower) {
        return Some(Fit::Start);
    }
    // `user` of `getUserName`: what is left from the beginning of each of its words.
    let words = retrieval::words::words(name).map(|word| word.as_ptr().addr() - name.as_ptr().addr());
    if words.into_iter().any(|at| begins(&name[at..], lower)) {
        return Some(Fit::Word);
    }
    name_lower.contains(lower).then_some(Fit::Inside)
}

/// Whether a text in any letters begins with one in small ones. Without a copy: this is asked for each word of each name.
fn begins(text: &str, lower: &str) -> bool {
    let mut letters = text.chars().flat_map(char::to_lowercase);
    lower.chars().all(|letter| letters.next() == Some(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_better_and_worse() {
        let fits = |name: &str, text: &str| fit(name, text, &text.to_lowercase());
        assert_eq!(fits("Store::read", "read"), Some(Fit::Same));
        assert_eq!(fits("Store::read", "Store::read"), Some(Fit::Same));
        assert_eq!(fits("Store.Read", "read"), Some(Fit::Whole));
        assert_eq!(fits("readAll", "READ"), Some(Fit::Start));
        assert_eq!(fits("getUserName", "userN"), Some(Fit::Word));
        assert_eq!(fits("get_user_name", "user_n"), Some(Fit::Word));
        assert_eq!(fits("getGrößeNow", "GRÖßE"), Some(Fit::Word));
        assert_eq!(fits("spread", "read"), Some(Fit::Inside));
        assert_eq!(fits("Größe", "größe"), Some(Fit::Whole));
        assert_eq!(fits("write", "read"), None);
        assert_eq!(fits("write", ""), None);
        assert!(Fit::Same < Fit::Inside);
    }
}
