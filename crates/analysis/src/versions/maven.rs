//! Maven: the version order specification of the POM reference.

use std::cmp::Ordering;

use super::digits;

/// A token and the separator before it.
#[derive(Clone, PartialEq, Eq)]
struct Token {
    dash: bool,
    value: String,
}

/// Compares two versions; every text is one.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (tokens(a), tokens(b));
    (0..a.len().max(b.len()))
        .map(|i| match (a.get(i), b.get(i)) {
            (Some(a), Some(b)) => compare_tokens(a, b),
            (Some(a), None) => compare_tokens(a, &padding(a)),
            (None, Some(b)) => compare_tokens(&padding(b), b),
            (None, None) => Ordering::Equal,
        })
        .find(|order| *order != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}

/// What stands for a token that the shorter version does not have.
fn padding(of: &Token) -> Token {
    Token { dash: of.dash, value: if digits::is_number(&of.value) { "0".to_owned() } else { String::new() } }
}

fn tokens(text: &str) -> Vec<Token> {
    let lower = text.to_ascii_lowercase();
    let mut tokens: Vec<Token> = Vec::new();
    let mut dash = false;
    for part in lower.split_inclusive(['.', '-', '_']) {
        let (body, separator) = match part.strip_suffix(['.', '-', '_']) {
            Some(body) => (body, part.as_bytes().last().copied()),
            None => (part, None),
        };
        let mut any = false;
        for run in digits::runs(body) {
            // Between digits and letters a dash is understood.
            tokens.push(Token { dash: dash || any, value: run.to_owned() });
            any = true;
        }
        if !any {
            tokens.push(Token { dash, value: "0".to_owned() });
        }
        dash = separator.is_some_and(|byte| byte != b'.');
    }
    spell_out(&mut tokens);
    trim(tokens)
}

/// `a1`, `b1` and `m1` are short for alpha, beta and milestone.
fn spell_out(tokens: &mut [Token]) {
    for i in 1..tokens.len() {
        let (before, after) = tokens.split_at_mut(i);
        let (Some(word), Some(number)) = (before.last_mut(), after.first()) else { continue };
        if digits::is_number(&number.value) {
            let long = match word.value.as_str() {
                "a" => "alpha",
                "b" => "beta",
                "m" => "milestone",
                _ => continue,
            };
            long.clone_into(&mut word.value);
        }
    }
}

/// Takes away what means nothing at the end, before each dash and before each word, since a word after a dot is the same
/// as after a dash: `1.0.0-foo.0.0` is `1-foo`, and so is `1.0.foo`.
fn trim(tokens: Vec<Token>) -> Vec<Token> {
    let means_nothing = |token: &Token| {
        matches!(token.value.as_str(), "" | "final" | "ga" | "release")
            || digits::compare(&token.value, "").is_eq()
    };
    let mut kept: Vec<Token> = Vec::new();
    for token in tokens {
        if token.dash || !digits::is_number(&token.value) {
            while kept.len() > 1 && kept.last().is_some_and(means_nothing) {
                kept.pop();
            }
        }
        kept.push(token);
    }
    while kept.len() > 1 && kept.last().is_some_and(means_nothing) {
        kept.pop();
    }
    kept
}

fn compare_tokens(a: &Token, b: &Token) -> Ordering {
    let (number_a, number_b) = (digits::is_number(&a.value), digits::is_number(&b.value));
    let rank = |token: &Token, number: bool| match (number, token.dash) {
        (false, _) => 0,
        (true, true) => 1,
        (true, false) => 2,
    };
    rank(a, number_a).cmp(&rank(b, number_b)).then_with(|| {
        if number_a {
            digits::compare(&a.value, &b.value)
        } else {
            qualifier(&a.value).cmp(&qualifier(&b.value))
        }
    })
}

/// Known qualifiers in their order; the others after them, by spelling.
fn qualifier(word: &str) -> (u8, &str) {
    match word {
        "alpha" => (0, ""),
        "beta" => (1, ""),
        "milestone" => (2, ""),
        "rc" | "cr" => (3, ""),
        "snapshot" => (4, ""),
        "" | "final" | "ga" | "release" => (5, ""),
        "sp" => (6, ""),
        other => (7, other),
    }
}
