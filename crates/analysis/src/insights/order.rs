//! The one order in which insights stand, wherever they are shown.

use std::cmp::{Ordering, Reverse};

use crate::report::{Evidence, Insight};

/// Best value for effort first; then by kind, by the first file in their evidence, and by fingerprint, so that the
/// order is the same on every machine, in the report and in a list that was stored.
pub fn in_order(a: &Insight, b: &Insight) -> Ordering {
    let key = |insight: &Insight| Reverse(insight.rank);
    key(a)
        .cmp(&key(b))
        .then_with(|| a.kind.cmp(&b.kind))
        .then_with(|| place(a).cmp(&place(b)))
        .then_with(|| a.fingerprint.cmp(&b.fingerprint))
}

/// Path and line of the first evidence that has them.
fn place(insight: &Insight) -> Option<(&str, u32)> {
    insight.evidence.iter().find_map(|evidence| match evidence {
        Evidence::Span { span, .. } => Some((span.path.as_str(), span.start)),
        Evidence::Advisory { .. } | Evidence::Commit { .. } | Evidence::Metric { .. } => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Check;
    use crate::report::{Effort, Severity, Span};

    fn insight(rank: u32, kind: &str, path: &str, fingerprint: &str) -> Insight {
        Insight {
            fingerprint: fingerprint.to_owned(),
            kind: kind.to_owned(),
            severity: Severity::Medium,
            title: String::new(),
            why: String::new(),
            evidence: vec![
                Evidence::Metric { name: "z".to_owned(), note: String::new() },
                Evidence::Span { span: Span::lines(path, 1, 1), note: String::new() },
            ],
            effort: Effort { min_minutes: 1, max_minutes: 2, reason: String::new() },
            check: Check::AnyFileExists { globs: Vec::new() },
            rank,
            quick_win: false,
        }
    }

    #[test]
    fn rank_comes_before_kind_and_kind_before_path() {
        let expected = [
            insight(90, "z", "z", "9"),
            insight(80, "a", "z", "8"),
            insight(80, "b", "a", "7"),
            insight(80, "b", "b", "5"),
            insight(80, "b", "b", "6"),
        ];
        let mut shuffled: Vec<_> = expected.iter().rev().cloned().collect();
        shuffled.sort_by(in_order);
        assert_eq!(shuffled, expected);
    }
}
