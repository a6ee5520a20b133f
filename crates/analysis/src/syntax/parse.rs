//! From bytes to a tree, within limits that hostile text cannot pass.
//!
//! Nothing here looks at a clock, so the same bytes are always let in or always turned away: the parser is
//! stopped by the number of its own steps.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tree_sitter::{Language, LogType, ParseOptions, ParseState, Parser, Tree};

use crate::report::SkipReason;

/// Larger files are not parsed. The largest that people were seen to write has 570 KiB (`module.c` of Redis); what is
/// above is data or generated.
pub const MAX_BYTES: usize = 768 * 1024;

/// Brackets open at once, before the text is given to the parser at all; angles that may be brackets count apart.
pub const MAX_BRACKETS: u32 = 256;

/// Spaces or tabs before the first character of a line that is not blank: deep blocks without brackets.
pub const MAX_INDENT: u32 = 2_000;

/// Levels of the tree. Long chains of operators are deep on the left without being nested to a reader.
pub const MAX_TREE_DEPTH: usize = 20_000;

/// Nodes of the tree.
pub const MAX_NODES: u32 = 3_000_000;

/// Steps that are always granted, in the parser's own unit of a hundred operations.
const BASE_STEPS: usize = 20;

/// Bytes the parser must get on by for each further step. Ordinary source needs a step for about 240 bytes, the
/// densest that was seen, a test made of calls in one line each, one for 42. A parser that mends errors all the time
/// gets on by less, and each of its steps costs more the longer it goes on: so it is stopped by how far it got, not
/// by the file's size.
const BYTES_PER_STEP: usize = 40;

/// Steps the parser may be at a loss. In source it knows that is next to none; each costs more than the last.
const MAX_LOST_STEPS: u32 = 100;

/// The parser is listened to in one of so many steps: what it tells costs more than what it does.
const LISTENED: usize = 32;

/// Errors it may tell of in all listened steps. Sources tell of less than 300, in a dialect full of macros of up to
/// 800; text that is no source of 15 to 130 in each. A step of mending costs up to fifty times what others do, and in
/// memory more still when the parser gathers at the end what it did not understand.
const MAX_ERRORS: u32 = 1_000;

/// Bytes that the parser is handed at a time.
const CHUNK_BYTES: usize = 4 * 1024;

/// How often over the parser may read the text. It reads ahead, and again where it has to try twice; source that
/// people write takes two or three rounds. One that looks for the end of an open string from every quote on reads
/// the rest as often as there are quotes, and no step of its own is counted meanwhile.
const MAX_ROUNDS: usize = 64;

/// Parses text within the limits.
pub(super) fn parse(language: &Language, text: &[u8]) -> Result<Tree, SkipReason> {
    if text.len() > MAX_BYTES {
        return Err(SkipReason::TooLarge);
    }
    if nests_too_deep(text) {
        return Err(SkipReason::TooDeep);
    }
    let mut parser = Parser::new();
    parser.set_language(language).map_err(|_| SkipReason::ParserGaveUp)?;
    let mut watch = Watch::default();
    let mut left = MAX_ROUNDS * text.len().max(CHUNK_BYTES);
    loop {
        let tree = parser.parse_with_options(
            &mut |offset, _| {
                let rest = text.get(offset..).unwrap_or_default();
                let chunk = rest.get(..CHUNK_BYTES).unwrap_or(rest);
                // Reading nothing is the end of the text to the parser; what it makes of that is thrown away.
                left = left.saturating_sub(chunk.len());
                if left == 0 { &[] } else { chunk }
            },
            None,
            Some(ParseOptions::new().progress_callback(&mut |state| watch.step(state))),
        );
        if left == 0 || watch.exhausted {
            return Err(SkipReason::ParserGaveUp);
        }
        if let Some(tree) = tree {
            return Ok(tree);
        }
        // Called again, the parser goes on where it was interrupted. It may then mend an error in another order, but
        // since it is interrupted by its own steps, always in the same.
        watch.listening = !watch.listening;
        parser.set_logger(watch.listening.then(|| listener(&watch.errors)));
    }
}

/// What is known of how the parser gets on.
#[derive(Default)]
struct Watch {
    steps: usize,
    /// The furthest byte it has come to.
    reached: usize,
    /// Steps at the end of which it was at a loss.
    lost: u32,
    /// Errors it has told of in listened steps.
    errors: Arc<AtomicU32>,
    listening: bool,
    /// Whether a limit was passed.
    exhausted: bool,
}

impl Watch {
    /// Takes note of a step; interrupts the parser for good, or to begin or end listening.
    fn step(&mut self, state: &ParseState) -> ControlFlow<()> {
        self.steps += 1;
        self.reached = self.reached.max(state.current_byte_offset());
        self.lost += u32::from(state.has_error());
        self.exhausted = self.lost > MAX_LOST_STEPS
            || self.errors.load(Ordering::Relaxed) > MAX_ERRORS
            || self.steps > BASE_STEPS + self.reached / BYTES_PER_STEP;
        let listen = self.steps % LISTENED == LISTENED - 1;
        if self.exhausted || listen != self.listening {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// What the parser tells its steps to.
type Listener = Box<dyn FnMut(LogType, &str) + Send>;

/// Counts the errors that the parser tells of.
fn listener(errors: &Arc<AtomicU32>) -> Listener {
    let errors = Arc::clone(errors);
    Box::new(move |kind, message| {
        let tells = ["detect_error", "skip_token", "recover"].iter().any(|word| message.starts_with(word));
        if kind == LogType::Parse && tells {
            errors.fetch_add(1, Ordering::Relaxed);
        }
    })
}

/// Whether brackets or indentation go deeper than the parser is let into.
///
/// Quoted text is passed over where the quote closes on its line. That is right in all languages often enough:
/// a wrong guess moves the count by a few, and the limit is far above what people write.
fn nests_too_deep(text: &[u8]) -> bool {
    let mut depth = 0_u32;
    let mut angles = Angles::default();
    let mut indent = Some(0_u32);
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' | b'\'' => at = closing_quote(text, at, byte).unwrap_or(at),
            _ => {}
        }
        angles.pass(byte);
        indent = match (byte, indent) {
            (b'\n', _) => Some(0),
            (b' ' | b'\t', Some(width)) => Some(width + 1),
            (b'\r', width) => width,
            (_, Some(width)) if width > MAX_INDENT => return true,
            _ => None,
        };
        if depth > MAX_BRACKETS || angles.open > MAX_BRACKETS {
            return true;
        }
        at += 1;
    }
    false
}

/// Angles that are open if they are brackets of types. Where they are not closed, the parsers of languages that could
/// still take them for comparisons keep every way to read them, which costs the square of their number.
#[derive(Default)]
struct Angles {
    open: u32,
    /// Whether the next line goes on with what this one ends with.
    goes_on: bool,
}

impl Angles {
    fn pass(&mut self, byte: u8) {
        match byte {
            b'<' => self.open += 1,
            b'>' => self.open = self.open.saturating_sub(1),
            b';' | b'{' | b'}' => self.open = 0,
            b'\n' if !self.goes_on => self.open = 0,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            self.goes_on = matches!(byte, b'<' | b',');
        }
    }
}

/// Position of the quote that closes the one at `open`, on the same line and within 500 bytes.
fn closing_quote(text: &[u8], open: usize, quote: u8) -> Option<usize> {
    let mut at = open + 1;
    let end = text.len().min(open + 500);
    while at < end {
        match text.get(at)? {
            b'\\' => at += 1,
            b'\n' => return None,
            byte if *byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::language::languages;

    #[test]
    fn angles_that_stay_open_are_turned_away_and_comparisons_are_not() {
        for part in ["Vec<", "Map<A,\n", "a <\n"] {
            assert!(nests_too_deep(part.repeat(300).as_bytes()), "{part}");
            assert!(!nests_too_deep(part.repeat(200).as_bytes()), "{part}");
        }
        for part in ["if a < b:\n    c()\n", "for (i = 0; i < n; i++) f(i << 2);\n", "List<Map<A, B>> a;\n"] {
            assert!(!nests_too_deep(part.repeat(1_000).as_bytes()), "{part}");
        }
    }

    #[test]
    fn a_parser_that_only_mends_is_stopped_and_one_that_works_is_not() {
        let bombs = [
            ("Python", "/**/".repeat(20_000)),
            ("Rust", format!("x = \"\"\"{}", "a\n".repeat(40_000))),
            // Few errors in each step, but in all of them.
            ("Ruby", "'\"`".repeat(80_000)),
        ];
        for (name, text) in bombs {
            let language = languages().iter().find(|language| language.name == name).unwrap();
            assert_eq!(
                parse(&language.grammar, text.as_bytes()).err(),
                Some(SkipReason::ParserGaveUp),
                "{name}"
            );
        }
        // Long enough to be listened to, and interrupted for it, many times: the tree is that of one go.
        let text = "def f(a, b=1):\n    return [a, b, 'text', 3.5]\n".repeat(1_000);
        let language = languages().iter().find(|language| language.name == "Python").unwrap();
        let mut parser = Parser::new();
        parser.set_language(&language.grammar).unwrap();
        let whole = parser.parse(&text, None).unwrap().root_node().to_sexp();
        assert_eq!(parse(&language.grammar, text.as_bytes()).unwrap().root_node().to_sexp(), whole);
    }
}
