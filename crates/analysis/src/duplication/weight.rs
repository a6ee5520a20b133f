//! How much of a duplicate says something. What a language makes everybody write again is no copied work: the heads of
//! functions with their parameters, the ways out at the beginning of a function, and rows of one pattern.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::Tokens;
use super::tokens::shapes_of;

/// Tokens of a line before the parameters of a function, and of the parameters, at most: what bounds the work on lines
/// of thousands of calls.
const LONGEST_HEAD: usize = 400;

/// Tokens between the parameters of a function and its body, at most: what it gives back, and bounds.
const LONGEST_RESULT: usize = 60;

/// Tokens of the condition of a way out, and of what it gives back, at most.
const LONGEST_CONDITION: usize = 24;
const LONGEST_WAY_OUT: usize = 14;

/// Tokens from which on a line can be one of a row.
const SHORTEST_LINE: usize = 3;

/// Signs that decide what a stretch of tokens is.
struct Signs {
    open: u16,
    close: u16,
    begin: u16,
    end: u16,
    semicolon: u16,
    colon: u16,
    comma: u16,
    above: u16,
    closed: u16,
    bounds: u16,
    condition: u16,
    /// What leaves a function or a loop.
    leaves: Vec<u16>,
    /// What is no part of a function's head.
    breaks: Vec<u16>,
    /// What begins a line that is no head.
    control: Vec<u16>,
}

static SIGNS: LazyLock<Signs> = LazyLock::new(|| {
    let one = |text: &str| shapes_of(&[text]).first().copied().unwrap_or_default();
    Signs {
        open: one("("),
        close: one(")"),
        begin: one("{"),
        end: one("}"),
        semicolon: one(";"),
        colon: one(":"),
        comma: one(","),
        above: one(">"),
        closed: one("]"),
        bounds: one("where"),
        condition: one("if"),
        leaves: shapes_of(&["return", "throw", "continue", "break", "raise", "goto"]),
        control: shapes_of(&[
            "if", "else", "for", "while", "match", "switch", "return", "catch", "unless", "until", "=", ":=",
        ]),
        breaks: shapes_of(&[".", "?.", "&&", "||", "=", ")", "]", "}", "(", "+"]),
    }
});

/// The tokens of a stretch that count.
pub(super) fn of(tokens: &Tokens, (start, end): (usize, usize)) -> usize {
    let mut counts = vec![true; end.saturating_sub(start)];
    let leave_out = |counts: &mut Vec<bool>, range: Range<usize>| {
        for at in range.start.max(start)..range.end.min(end) {
            if let Some(counts) = counts.get_mut(at - start) {
                *counts = false;
            }
        }
    };
    for at in start..end {
        let shape = tokens.shape(at);
        let found = if shape == Some(SIGNS.open) {
            head(tokens, at, end)
        } else if shape == Some(SIGNS.condition) {
            way_out(tokens, at, end)
        } else {
            None
        };
        if let Some(range) = found {
            leave_out(&mut counts, range);
        }
    }
    let lines = tokens.line_index(start)..=tokens.line_index(end.saturating_sub(1));
    let mut seen: HashSet<Vec<Option<u16>>> = HashSet::new();
    for line in lines.map(|index| tokens.line(index)).filter(|line| line.len() >= SHORTEST_LINE) {
        if !seen.insert(line.clone().map(|at| tokens.shape(at)).collect()) {
            leave_out(&mut counts, line);
        }
    }
    counts.into_iter().filter(|counts| *counts).count()
}

/// The head of a function whose parameters are opened at `open`, from the beginning of its line.
fn head(tokens: &Tokens, open: usize, end: usize) -> Option<Range<usize>> {
    let named = |at: usize| {
        tokens.name(at).is_some() || [SIGNS.above, SIGNS.closed].map(Some).contains(&tokens.shape(at))
    };
    let before = open.checked_sub(1).filter(|before| named(*before))?;
    let first = tokens.line(tokens.line_index(before)).start;
    let controls = |at: usize| tokens.shape(at).is_some_and(|shape| SIGNS.control.contains(&shape));
    if before - first > LONGEST_HEAD || (first..before).any(controls) {
        return None;
    }
    let close = closing(tokens, open, end.min(open + LONGEST_HEAD))?;
    let last = tokens.line_index(close);
    let mut bounds = false;
    for at in close + 1..end.min(close + 1 + LONGEST_RESULT) {
        let shape = tokens.shape(at)?;
        bounds |= shape == SIGNS.bounds;
        // What stands on the next line is another statement, unless it is the body.
        if tokens.line_index(at) != last && !bounds && shape != SIGNS.begin {
            return None;
        }
        let ends = if shape == SIGNS.semicolon {
            // A declaration has a type before its name or behind its parameters; a call has neither.
            let typed = before.checked_sub(1).is_some_and(|type_of| type_of >= first && named(type_of));
            return (typed || tokens.shape(close + 1) == Some(SIGNS.colon)).then_some(first..at + 1);
        } else {
            // Python ends a head with a colon at the end of a line.
            shape == SIGNS.begin || (shape == SIGNS.colon && tokens.line(tokens.line_index(at)).end == at + 1)
        };
        if ends {
            return Some(first..at + 1);
        }
        if SIGNS.breaks.contains(&shape) || (shape == SIGNS.comma && !bounds) {
            return None;
        }
    }
    None
}

/// A condition that does nothing but leave.
fn way_out(tokens: &Tokens, start: usize, end: usize) -> Option<Range<usize>> {
    let leaves = |at: usize| tokens.shape(at).is_some_and(|shape| SIGNS.leaves.contains(&shape));
    let jump = (start + 1..end.min(start + LONGEST_CONDITION)).find(|at| leaves(*at))?;
    let before = tokens.shape(jump.checked_sub(1)?)?;
    let until = if before == SIGNS.begin {
        let close = |at: &usize| tokens.shape(*at) == Some(SIGNS.end);
        (jump..end.min(jump + LONGEST_WAY_OUT)).find(close)?
    } else if before == SIGNS.close || before == SIGNS.colon {
        tokens.line(tokens.line_index(jump)).end.min(end) - 1
    } else {
        return None;
    };
    Some(start..until + 1)
}

/// Where the bracket is closed that is opened at `open`.
fn closing(tokens: &Tokens, open: usize, end: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for at in open..end {
        let shape = tokens.shape(at)?;
        if shape == SIGNS.open {
            depth += 1;
        } else if shape == SIGNS.close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::tokens::spaced;
    use super::*;

    fn weight(text: &str) -> (usize, usize) {
        let tokens = spaced(text);
        (of(&tokens, (0, tokens.len())), tokens.len())
    }

    #[test]
    fn heads_of_functions_do_not_count() {
        assert_eq!(weight("pub fn a ( x : u8 , y : u8 ) -> u8 {\nx ;\n}").0, 3);
        assert_eq!(weight("Task run ( Context context , Token token ) ;").0, 0);
        assert_eq!(weight("def f ( self , x ) -> str :\nx").0, 1);
        let (counts, all) = weight("run ( context , token ) ;");
        assert_eq!(counts, all, "a call is no head");
        let (counts, all) = weight("if ready ( context ) {\nx ;\n}\nlog ( x )\ny {\nz\n}");
        assert_eq!(counts, all, "nor is a condition, nor what ends without a sign");
    }

    #[test]
    fn ways_out_do_not_count() {
        assert_eq!(weight("if err != nil {\nreturn err\n}\nx ;").0, 2);
        assert_eq!(weight("if ( user == null ) return x ( ) ;\ny ;").0, 2);
        let (counts, all) = weight("if a {\nb ( ) ;\nreturn c\n}");
        assert_eq!(counts, all, "it does something before it leaves");
    }

    #[test]
    fn a_line_of_many_calls_has_no_head_beyond_its_beginning() {
        // Looked at from each bracket as a whole, this line would take minutes.
        let calls = 20_000;
        let (counts, all) = weight(&"f ( ".repeat(calls));
        assert_eq!((counts, all), (2 * calls, 2 * calls));
        let (counts, all) = weight(&"f ( x ) ; ".repeat(calls));
        assert_eq!((counts, all), (5 * calls, 5 * calls));
    }

    #[test]
    fn a_row_counts_once() {
        assert_eq!(weight("_a = a ;\n_b = b ;\n_c = c ;").0, 4);
    }
}
