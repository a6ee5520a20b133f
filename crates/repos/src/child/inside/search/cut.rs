//! Where a file is cut into passages: at what it defines, else at empty lines. Pure.

use crate::child::protocol::Definition;

/// Lines of a passage, but for the last one of a file and for files without a place to cut.
const FEWEST: usize = 20;
const MOST: usize = 60;

/// Lines that a passage has in common with the one before where nothing separates the two.
const OVERLAP: usize = 8;

/// Lines of a file from `start` to before `end`, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// How good a place before a line is to cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Anywhere,
    /// After an empty line.
    Paragraph,
    /// The same, where the text is not indented.
    Section,
    /// A definition begins here, with what is written above it.
    Definition,
}

/// The passages of a file.
pub(super) fn passages(lines: &[&str], definitions: &[Definition]) -> Vec<Cut> {
    let places = places(lines, definitions);
    let mut cuts = Vec::new();
    let mut start = 0;
    while start < lines.len() {
        let rest = lines.len() - start;
        if rest <= MOST {
            cuts.push(Cut { start, end: lines.len() });
            break;
        }
        // The first of the best places.
        let end = (start + FEWEST..=start + MOST).rev().max_by_key(|at| places[*at]).unwrap_or(start + MOST);
        if places[end] == Place::Anywhere {
            cuts.push(Cut { start, end: start + MOST });
            start += MOST - OVERLAP;
        } else {
            cuts.push(Cut { start, end });
            start = end;
        }
    }
    cuts.retain(|cut| lines[cut.start..cut.end].iter().any(|line| !line.trim().is_empty()));
    cuts
}

fn places(lines: &[&str], definitions: &[Definition]) -> Vec<Place> {
    let empty = |at: usize| lines[at].trim().is_empty();
    let mut places: Vec<Place> = (0..lines.len())
        .map(|at| match at {
            0 => Place::Section,
            _ if !empty(at - 1) || empty(at) => Place::Anywhere,
            _ if lines[at].starts_with(char::is_whitespace) => Place::Paragraph,
            _ => Place::Section,
        })
        .collect();
    for definition in definitions {
        let mut at = (definition.start as usize).saturating_sub(1);
        if at >= lines.len() {
            continue;
        }
        // Comments and decorators above it are its own, as far as no empty line separates them.
        let above = at.saturating_sub(FEWEST);
        let own = (above..at).rev().take_while(|line| is_note(lines[*line])).last();
        at = own.unwrap_or(at);
        places[at] = Place::Definition;
    }
    places
}

/// Whether a line is a comment or decorates what follows, in most languages.
fn is_note(line: &str) -> bool {
    let line = line.trim_start();
    ["//", "#", "/*", "*", "--", "@", "\"\"\"", "%", ";"].iter().any(|start| line.starts_with(start))
}

/// The definition that a passage is best called by: the largest of those that begin in it, unless another one that
/// began before it takes up more of it; `None` where it stands in none.
pub(super) fn symbol(cut: Cut, definitions: &[Definition]) -> Option<usize> {
    let lines = |definition: &Definition| {
        let (start, end) = ((definition.start as usize).saturating_sub(1), definition.end as usize);
        (start, end.min(cut.end).saturating_sub(start.max(cut.start)))
    };
    let all = || definitions.iter().enumerate().map(|(at, definition)| (at, lines(definition)));
    let begins = all().filter(|(_, (start, within))| *within > 0 && *start >= cut.start);
    let begins = begins.max_by_key(|(at, (_, within))| (*within, std::cmp::Reverse(*at)));
    // The innermost of those around: the one that began last.
    let around = all().filter(|(_, (start, within))| *within > 0 && *start < cut.start);
    let around = around.max_by_key(|(_, (start, _))| *start);
    match (begins, around) {
        (Some((begins, (_, own))), Some((around, (_, other)))) => {
            Some(if own * 2 >= other { begins } else { around })
        }
        (begins, around) => begins.or(around).map(|(at, _)| at),
    }
}

#[cfg(test)]
mod tests {
    use analysis::syntax::SymbolKind;
    use proptest::prelude::*;

    use super::*;

    fn definition(name: &str, start: u32, end: u32) -> Definition {
        Definition { name: name.to_owned(), kind: SymbolKind::Function, start, end, cognitive: None }
    }

    fn cut(lines: &[String], definitions: &[Definition]) -> Vec<(usize, usize)> {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        passages(&lines, definitions).into_iter().map(|it| (it.start, it.end)).collect()
    }

    #[test]
    fn functions_begin_passages_with_the_comments_above_them() {
        let mut lines = vec!["    work();".to_owned(); 120];
        lines[29] = "/// Says what it does.".into();
        lines[30] = "fn second() {".into();
        lines[75] = "fn third() {".into();
        let definitions =
            [definition("first", 1, 28), definition("second", 31, 74), definition("third", 76, 120)];
        assert_eq!(cut(&lines, &definitions), [(0, 29), (29, 75), (75, 120)]);
    }

    #[test]
    fn without_definitions_empty_lines_separate_and_else_passages_overlap() {
        let mut text = vec!["words of a text".to_owned(); 100];
        text[39] = String::new();
        assert_eq!(cut(&text, &[]), [(0, 40), (40, 100)]);
        let dense = vec!["words of a text".to_owned(); 130];
        assert_eq!(cut(&dense, &[]), [(0, 60), (52, 112), (104, 130)]);
        assert_eq!(cut(&[], &[]), []);
        assert_eq!(cut(&vec![String::new(); 30], &[]), [], "nothing but empty lines");
    }

    #[test]
    fn a_passage_is_called_by_what_it_mostly_is() {
        let definitions = [
            definition("Type", 1, 200),
            definition("Type::long", 10, 90),
            definition("Type::short", 92, 95),
            definition("Type::next", 97, 120),
        ];
        let called =
            |start, end| symbol(Cut { start, end }, &definitions).map(|at| definitions[at].name.as_str());
        assert_eq!(called(30, 60), Some("Type::long"), "in the middle of one");
        assert_eq!(called(91, 120), Some("Type::next"), "the largest that begins");
        assert_eq!(called(40, 94), Some("Type::long"), "a little of another begins at its end");
        assert_eq!(called(0, 9), Some("Type"));
        assert_eq!(called(200, 220), None);
    }

    proptest! {
        #[test]
        fn every_line_with_words_is_in_a_passage_and_none_is_too_long(
            lines in prop::collection::vec(prop_oneof![Just(String::new()), "[ ]{0,2}[a-z/#]{1,3}"], 0..300),
            definitions in prop::collection::vec((0_u32..400, 0_u32..400), 0..20),
        ) {
            let definitions: Vec<Definition> =
                definitions.into_iter().map(|(start, end)| definition("x", start, end)).collect();
            let cuts = cut(&lines, &definitions);
            for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                prop_assert!(cuts.iter().any(|(start, end)| (*start..*end).contains(&at)), "{}: {}", at, line);
            }
            prop_assert!(cuts.iter().all(|(start, end)| end > start && end - start <= MOST));
            prop_assert!(cuts.is_sorted());
        }
    }
}
