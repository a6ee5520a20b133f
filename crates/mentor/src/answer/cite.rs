//! The numbers in an answer, held against the sources that there are. Pure.

use chat::Citation;

/// The largest number that is read as one of a source.
const LARGEST: u32 = 999;

/// What an answer cites, in order, each once: `[1]`, `[2, 3]`, `[4-6]`. Code is not read: an index there is no citation,
/// and neither is the text of a link.
pub(crate) fn citations(answer: &str, sources: u32) -> Vec<Citation> {
    let mut found: Vec<Citation> = Vec::new();
    let mut fence: Option<&str> = None;
    for line in answer.lines() {
        let mark = fence_of(line.trim_start());
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => in_line(line, &mut |number| {
                if !found.iter().any(|known| known.number == number) {
                    found.push(Citation { number, supported: (1..=sources).contains(&number) });
                }
            }),
            _ => {}
        }
    }
    found
}

/// The fence of code that a line begins with. A line of backticks with more of them behind is a code span (CommonMark 4.5).
fn fence_of(line: &str) -> Option<&'static str> {
    if line.starts_with("~~~") {
        return Some("~~~");
    }
    let rest = line.strip_prefix("```")?.trim_start_matches('`');
    (!rest.contains('`')).then_some("```")
}

/// The numbers of one line, outside of code spans.
fn in_line(line: &str, take: &mut impl FnMut(u32)) {
    let mut rest = line;
    while let Some(at) = rest.find(['`', '[']) {
        let (open, after) = rest[at..].split_at(1);
        if open == "`" {
            let ticks = rest[at..].bytes().take_while(|byte| *byte == b'`').count();
            let inside = &rest[at + ticks..];
            // One that nobody closes is a plain character.
            rest = match closing(inside, ticks) {
                Some(end) => &inside[end..],
                None => inside,
            };
            continue;
        }
        let Some(end) = after.find(']') else { return };
        let (inside, next) = (&after[..end], &after[end + 1..]);
        if next.starts_with('(') {
            rest = next;
        } else if let Some(numbers) = numbers(inside) {
            numbers.into_iter().for_each(&mut *take);
            rest = next;
        } else {
            // There may be one inside.
            rest = after;
        }
    }
}

/// Where a run of exactly that many backticks ends.
fn closing(text: &str, ticks: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        let from = at + found;
        let run = text[from..].bytes().take_while(|byte| *byte == b'`').count();
        at = from + run;
        if run == ticks {
            return Some(at);
        }
    }
    None
}

/// `1`, `1, 2`, `3-5`.
fn numbers(text: &str) -> Option<Vec<u32>> {
    let number = |text: &str| {
        let text = text.trim();
        let digits = !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok()).flatten().filter(|number| (1..=LARGEST).contains(number))
    };
    let mut all = Vec::new();
    for part in text.split(',') {
        match part.split_once(['-', '–']) {
            Some((from, to)) => {
                let (from, to) = (number(from)?, number(to)?);
                (from <= to && to - from < 50).then(|| all.extend(from..=to))?;
            }
            None => all.push(number(part)?),
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited(text: &str) -> Vec<u32> {
        citations(text, 9).into_iter().map(|citation| citation.number).collect()
    }

    #[test]
    fn numbers_are_found_where_they_cite() {
        assert_eq!(cited("It retries [2], then gives up [1][2]."), [2, 1]);
        assert_eq!(cited("See [1, 3] and [4-6] and [8–9]."), [1, 3, 4, 5, 6, 8, 9]);
        assert_eq!(cited("[a [1]] [see [2]]"), [1, 2]);
    }

    #[test]
    fn code_and_links_cite_nothing() {
        assert_eq!(cited("`a[1]` and ``b`[2]`` but [3]"), [3]);
        assert_eq!(cited("```rust\nx[1]\n```\n[2]\n~~~\n[4]\n```\n~~~\n[5]"), [2, 5]);
        assert!(cited("[1](https://example.org) [x](y) [0] [1000] [-] [] [1").is_empty());
        assert_eq!(cited("an open ` tick [7]"), [7]);
        assert_eq!(cited("```x``` is said in [1]\nand [2]"), [1, 2]);
    }

    #[test]
    fn what_names_no_source_is_unsupported() {
        let all = citations("[1] [3]", 2);
        assert_eq!(all.iter().map(|it| it.supported).collect::<Vec<_>>(), [true, false]);
        assert!(citations("[1]", 0).iter().all(|it| !it.supported));
    }
}
