//! Where a duplicate begins and ends for those who read it: with a statement or an item, not with the brackets of what
//! stands before it, nor with the head of what comes behind.

use std::ops::Range;

use super::Tokens;

/// Leaves out lines at the beginning that only close what was opened before, and lines at the end that only open what
/// is no part of the stretch any more. The stretch begins and ends with whole lines.
pub(super) fn trim(tokens: &Tokens, (mut start, mut end): (usize, usize)) -> (usize, usize) {
    while start < end {
        let line = line_of(tokens, start);
        if !line.clone().all(|at| tokens.closes(at)) {
            break;
        }
        start = line.end;
    }
    while start < end {
        let line = line_of(tokens, end - 1);
        if !tokens.opens(line.end.min(end) - 1) {
            break;
        }
        // A bracket that stands alone belongs to the line above.
        let alone = line.len() == 1 && line.start > start;
        end = if alone { line_of(tokens, line.start - 1).start } else { line.start };
    }
    (start, end.max(start))
}

/// The tokens of the line on which one stands.
fn line_of(tokens: &Tokens, at: usize) -> Range<usize> {
    let index = tokens.line_index(at);
    let first = |index: usize| tokens.lines().get(index).map_or(tokens.len(), |(_, first)| *first as usize);
    first(index)..first(index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens of a text in which blanks stand between them.
    fn tokens(text: &str) -> Tokens {
        let mut tokens = Tokens::default();
        for (number, line) in (1..).zip(text.lines()) {
            for word in line.split_whitespace() {
                tokens.leaf(word, false, 0, number, word);
            }
        }
        tokens
    }

    fn trimmed(text: &str) -> String {
        let all = tokens(text);
        let words: Vec<&str> = text.split_whitespace().collect();
        let (start, end) = trim(&all, (0, all.len()));
        words[start..end].join(" ")
    }

    #[test]
    fn a_duplicate_begins_and_ends_with_something_whole() {
        assert_eq!(trimmed("} ;\n}\nfn a ( ) {\nx ;\n}"), "fn a ( ) { x ; }");
        assert_eq!(trimmed("x ;\n}\nfn b ( ) {"), "x ; }");
        assert_eq!(trimmed("x ;\nfn b ( )\n{"), "x ;");
        assert_eq!(trimmed("} else {\nx ;\n}"), "} else { x ; }", "a part of a statement");
        assert_eq!(trimmed("}\n}\n{"), "");
        assert_eq!(trimmed("x"), "x");
    }
}
