//! Where a duplicate begins and ends for those who read it: with a statement or an item, not with the brackets of what
//! stands before it, nor with the head of what comes behind.

use super::Tokens;

/// Tokens between the parameters of a function and its body, at most.
const LONGEST_RESULT: usize = 40;

/// Leaves out lines at the beginning that close what was opened before, with what stands behind that on the line, and
/// the rest of a list of parameters; and lines at the end that only open what is no part of the stretch any more, or
/// begin a list of arguments or parameters. The stretch begins and ends with whole lines.
pub(super) fn trim(tokens: &Tokens, (mut start, mut end): (usize, usize)) -> (usize, usize) {
    while start < end {
        let line = tokens.line(tokens.line_index(start));
        let begins = tokens.closes(start) || (line.len() == 1 && tokens.opens(start));
        start = if begins {
            line.end
        } else if let Some(inner) = inside_parameters(tokens, (start, end)) {
            inner
        } else {
            break;
        };
    }
    while start < end {
        let line = tokens.line(tokens.line_index(end - 1));
        if tokens.opens(line.end.min(end) - 1) {
            // A bracket that stands alone belongs to the line above.
            let alone = line.len() == 1 && line.start > start;
            end = if alone { tokens.line(tokens.line_index(line.start - 1)).start } else { line.start };
        } else if let Some(list) = open_list(tokens, (start, end)) {
            end = tokens.line(tokens.line_index(list)).start;
        } else {
            break;
        }
    }
    (start, end.max(start))
}

/// Where the lines after a list of parameters begin, if the stretch begins inside one: its first bracket without a
/// partner closes round ones, and a body follows.
fn inside_parameters(tokens: &Tokens, (start, end): (usize, usize)) -> Option<usize> {
    let mut depth = 0_usize;
    let first = (start..end).find(|at| {
        depth += usize::from(tokens.opens(*at));
        let without = tokens.ends(*at) && depth == 0;
        depth = depth.saturating_sub(usize::from(tokens.ends(*at)));
        without
    })?;
    if !tokens.is(first, ")") {
        return None;
    }
    let body =
        (first + 1..end.min(first + LONGEST_RESULT)).find(|at| tokens.opens(*at) || tokens.closes(*at))?;
    tokens.is(body, "{").then(|| tokens.line(tokens.line_index(body)).end.min(end))
}

/// The bracket of a list that is not closed any more, and that belongs to a name.
fn open_list(tokens: &Tokens, (start, end): (usize, usize)) -> Option<usize> {
    let mut open = Vec::new();
    for at in start..end {
        if tokens.opens(at) {
            open.push(at);
        } else if tokens.ends(at) {
            open.pop();
        }
    }
    let list = open.pop().filter(|list| tokens.is(*list, "("))?;
    let named = list.checked_sub(1).is_some_and(|name| tokens.name(name).is_some() || tokens.is(name, ">"));
    named.then_some(list)
}

#[cfg(test)]
mod tests {
    use super::super::tokens::spaced;
    use super::*;

    fn trimmed(text: &str) -> String {
        let all = spaced(text);
        let words: Vec<&str> = text.split_whitespace().collect();
        let (start, end) = trim(&all, (0, all.len()));
        words[start..end].join(" ")
    }

    #[test]
    fn a_duplicate_begins_and_ends_with_something_whole() {
        assert_eq!(trimmed("} ;\n}\nfn a ( ) {\nx ;\n}"), "fn a ( ) { x ; }");
        assert_eq!(trimmed("x ;\n}\nfn b ( ) {"), "x ; }");
        assert_eq!(trimmed("x ;\nfn b ( )\n{"), "x ;");
        assert_eq!(trimmed("} else {\nx ;\n}"), "x ; }", "what stands before belongs to what is not seen");
        assert_eq!(trimmed("a : u8 ,\nb : u8\n) -> u8 {\nx ;\n}"), "x ; }", "the rest of the parameters");
        assert_eq!(trimmed("x ;\nfn b (\na : u8 ,\nb : u8 ,"), "x ;", "parameters of what follows");
        assert_eq!(trimmed("x (\na ,\n) ;\ny ;"), "x ( a , ) ; y ;", "a call is whole");
        assert_eq!(trimmed("}\n}\n{"), "");
        assert_eq!(trimmed("x"), "x");
    }
}
