//! Composer: four numeric parts, then the stability, older to newer: dev, alpha, beta, RC, stable, patch.

use std::cmp::Ordering;

use super::digits;

/// Compares two versions; branches (`dev-main`, `1.x-dev`) have no order.
pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (parse(a)?, parse(b)?);
    let by_number = a.numbers.iter().zip(&b.numbers).map(|(a, b)| digits::compare(a, b));
    let order = by_number.into_iter().find(|order| *order != Ordering::Equal);
    Some(order.unwrap_or_else(|| {
        a.stability.cmp(&b.stability).then_with(|| {
            let longest = a.counters.len().max(b.counters.len());
            (0..longest)
                .map(|i| {
                    let of = |counters: &[String]| counters.get(i).cloned().unwrap_or_default();
                    digits::compare(&of(&a.counters), &of(&b.counters))
                })
                .find(|order| *order != Ordering::Equal)
                .unwrap_or(Ordering::Equal)
        })
    }))
}

struct Version {
    numbers: [String; 4],
    stability: u8,
    counters: Vec<String>,
}

fn parse(text: &str) -> Option<Version> {
    let text = text.split(['+', '@']).next()?.trim();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let mut numbers = [const { String::new() }; 4];
    let mut rest = text;
    for (i, number) in numbers.iter_mut().enumerate() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            if i == 0 {
                return None;
            }
            break;
        }
        let (head, tail) = rest.split_at(digits);
        head.clone_into(number);
        match tail.strip_prefix('.') {
            Some(after) if after.starts_with(|c: char| c.is_ascii_digit()) && i < 3 => rest = after,
            _ => {
                rest = tail;
                break;
            }
        }
    }
    let mut runs = digits::runs(rest);
    let stability = match runs.next().map(str::to_ascii_lowercase).as_deref() {
        None | Some("stable") => 4,
        Some("dev") => 0,
        Some("a" | "alpha") => 1,
        Some("b" | "beta") => 2,
        Some("rc") => 3,
        Some("p" | "pl" | "patch") => 5,
        // `1.x-dev` and the like name a branch.
        Some(_) => return None,
    };
    let counters = runs.filter(|run| digits::is_number(run)).map(str::to_owned).collect();
    Some(Version { numbers, stability, counters })
}
