//! Lines of code, comment and nothing.
//!
//! One walk over the bytes with a small state; what starts and ends comments and literals is data. A line counts as
//! code when anything on it is neither comment nor white space; an empty line is empty wherever it stands.

use super::catalogue::{Language, Style, catalogue};
use crate::report::LineCount;

/// Nested comments deeper than this are counted as if they stopped nesting.
const DEEPEST: u32 = 1_000;

/// What the walk is inside of.
enum Inside<'a> {
    Code,
    /// The rest of the line is comment.
    LineComment,
    Block(&'a str, &'a str, u32),
    /// A literal: its end, whether a backslash escapes, whether it goes on over lines.
    Literal(&'a str, bool, bool),
}

/// Counts the lines of a text in that language; without one every line that is not empty is code.
pub(super) fn count(text: &str, language: Option<&Language>) -> LineCount {
    let nothing = Style::default();
    let style = language.and_then(|language| catalogue().styles.get(language.style)).unwrap_or(&nothing);
    let starts = Starts::new(style);
    let mut lines = LineCount::default();
    let mut inside = Inside::Code;
    let (mut code, mut comment) = (false, false);
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte == b'\n' {
            tally(&mut lines, code, comment);
            (code, comment) = (false, false);
            if matches!(inside, Inside::LineComment | Inside::Literal(_, _, false)) {
                inside = Inside::Code;
            }
            at += 1;
            continue;
        }
        if byte.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let rest = &bytes[at..];
        let starts_with = |marker: &str| rest.starts_with(marker.as_bytes());
        match &mut inside {
            Inside::LineComment => {
                comment = true;
                at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            }
            Inside::Block(open, close, depth) => {
                comment = true;
                if starts_with(close) {
                    at += close.len();
                    *depth -= 1;
                    if *depth == 0 {
                        inside = Inside::Code;
                    }
                } else if style.nested && *depth < DEEPEST && starts_with(open) {
                    at += open.len();
                    *depth += 1;
                } else {
                    at += 1;
                }
            }
            Inside::Literal(close, escapes, _) => {
                code = true;
                if *escapes && byte == b'\\' {
                    // The next byte means itself, unless it ends the line.
                    at += if rest.get(1) == Some(&b'\n') { 1 } else { 2 };
                } else if starts_with(close) {
                    at += close.len();
                    inside = Inside::Code;
                } else {
                    at += 1;
                }
            }
            Inside::Code => match starts.at(byte, rest) {
                Some(Start::Skip(marker)) => {
                    code = true;
                    at += marker.len();
                }
                Some(Start::Block(open, close)) => {
                    comment = true;
                    at += open.len();
                    inside = Inside::Block(open, close, 1);
                }
                Some(Start::Line) => inside = Inside::LineComment,
                Some(Start::Literal(open, close, escapes, long)) => {
                    code = true;
                    at += open.len();
                    inside = Inside::Literal(close, escapes, long);
                }
                None => {
                    code = true;
                    at += 1;
                }
            },
        }
    }
    if bytes.last().is_some_and(|last| *last != b'\n') {
        tally(&mut lines, code, comment);
    }
    lines
}

fn tally(lines: &mut LineCount, code: bool, comment: bool) {
    let kind = match (code, comment) {
        (true, _) => &mut lines.code,
        (false, true) => &mut lines.comment,
        (false, false) => &mut lines.blank,
    };
    *kind = kind.saturating_add(1);
}

/// What may start in code.
#[derive(Clone, Copy)]
enum Start<'a> {
    Skip(&'a str),
    Block(&'a str, &'a str),
    Line,
    Literal(&'a str, &'a str, bool, bool),
}

/// The markers of a style, the longer first, and which bytes one of them begins with.
struct Starts<'a> {
    markers: Vec<(&'a str, Start<'a>)>,
    first: [bool; 256],
}

impl<'a> Starts<'a> {
    fn new(style: &'a Style) -> Self {
        let mut markers: Vec<(&str, Start)> = Vec::new();
        markers.extend(style.skip.iter().map(|marker| (marker.as_str(), Start::Skip(marker))));
        markers.extend(style.block.iter().map(|(open, close)| (open.as_str(), Start::Block(open, close))));
        markers.extend(
            style.raw.iter().map(|(open, close)| (open.as_str(), Start::Literal(open, close, false, true))),
        );
        markers.extend(
            style.long.iter().map(|(open, close)| (open.as_str(), Start::Literal(open, close, true, true))),
        );
        markers.extend(style.line.iter().map(|marker| (marker.as_str(), Start::Line)));
        markers.extend(
            style.text.iter().map(|quote| (quote.as_str(), Start::Literal(quote, quote, true, false))),
        );
        // Stable: among equally long markers the order above decides.
        markers.sort_by_key(|(marker, _)| std::cmp::Reverse(marker.len()));
        let mut first = [false; 256];
        for (marker, _) in &markers {
            if let Some(byte) = marker.as_bytes().first() {
                first[usize::from(*byte)] = true;
            }
        }
        Self { markers, first }
    }

    fn at(&self, byte: u8, rest: &[u8]) -> Option<Start<'a>> {
        if !self.first[usize::from(byte)] {
            return None;
        }
        self.markers.iter().find(|(marker, _)| rest.starts_with(marker.as_bytes())).map(|(_, start)| *start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line of the text begins with what it is: `c` code, `#` comment, `_` blank.
    fn check(language: &str, marked: &str) {
        let (mut text, mut wanted) = (String::new(), LineCount::default());
        for line in marked.lines() {
            let (mark, line) = line.split_at(1);
            text.push_str(line);
            text.push('\n');
            match mark {
                "c" => wanted.code += 1,
                "#" => wanted.comment += 1,
                _ => wanted.blank += 1,
            }
        }
        assert_eq!(count(&text, catalogue().named(language)), wanted, "{language}:\n{marked}");
    }

    #[test]
    fn markers_inside_literals_do_not_count() {
        check(
            "Rust",
            "# // a\ncfn f() { // b\nc    \"/* no\nc// still text\"; 'x': '\"';\n# /* a /* b */ c */\ncr#\"// \" no\"#\n_\n#//",
        );
        check("Rust", "clet q = '\"'; // a\n# // b\nclet l: &'static str = \"\\\"//\";");
        check("Python", "##\ncx = '#'\nc\"\"\"doc\nc# text\nc\"\"\"\n_  \n#   # y");
        check("JavaScript", "clet u = `http://\nc// no\nc`; /* a\n# b\n_\n#*/\nc'//'");
        check("Go", "cs := `\nc// text\nc`\n#// x");
        check("C", "c#include <x> /* a\n# */\ncchar c = '\"'; /* b */\n# /* one line */\n#// x");
        check("HTML", "c<a href='//x'>\n#<!-- a\n# b -->\nc</a>");
        check("Shell", "##!/bin/sh\ncecho \"# no\" $# # yes\nc'\nc#'\n_");
        check("Lua", "#--[[ a\n#b ]]\ncx = '--'\n#-- y");
        check("Haskell", "#{- a {- b -}\n#-}\ncx = 1 -- y\n#-- z");
        check("SQL", "c'-- no'\n#-- yes");
        check("CSS", "ca { background: url(//x) } /* y */\n# /* z */");
    }

    #[test]
    fn the_last_line_needs_no_end_and_unknown_text_is_code() {
        assert_eq!(count("a\n\nb", None), LineCount { code: 2, comment: 0, blank: 1 });
        assert_eq!(count("", None), LineCount::default());
    }
}
