//! From bytes to a tree, within limits that hostile text cannot pass.
//!
//! Nothing here looks at a clock, so the same bytes are always let in or always turned away: the parser is
//! stopped by the number of its own steps.

use std::ops::ControlFlow;

use tree_sitter::{Language, ParseOptions, Parser, Tree};

use crate::report::SkipReason;

/// Larger files are not parsed. Source that people write stays far below; what is above is data or generated.
pub const MAX_BYTES: usize = 512 * 1024;

/// Brackets open at once, before the text is given to the parser at all.
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
/// densest minified code that was seen one for 52. A parser that mends errors all the time gets on by less, and
/// each of its steps costs more the longer it goes on: so it is stopped by how far it got, not by the file's size.
const BYTES_PER_STEP: usize = 48;

/// Steps the parser may be at a loss. In source it knows that is next to none; each costs more than the last.
const MAX_LOST_STEPS: u32 = 20;

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
    let (mut steps, mut reached, mut lost) = (0_usize, 0_usize, 0_u32);
    let mut progress = |state: &tree_sitter::ParseState| {
        steps += 1;
        reached = reached.max(state.current_byte_offset());
        lost += u32::from(state.has_error());
        if lost > MAX_LOST_STEPS || steps > BASE_STEPS + reached / BYTES_PER_STEP {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let mut left = MAX_ROUNDS * text.len().max(CHUNK_BYTES);
    let tree = parser.parse_with_options(
        &mut |offset, _| {
            let rest = text.get(offset..).unwrap_or_default();
            let chunk = rest.get(..CHUNK_BYTES).unwrap_or(rest);
            // Reading nothing is the end of the text to the parser; what it makes of that is thrown away.
            left = left.saturating_sub(chunk.len());
            if left == 0 { &[] } else { chunk }
        },
        None,
        Some(ParseOptions::new().progress_callback(&mut progress)),
    );
    tree.filter(|_| left > 0).ok_or(SkipReason::ParserGaveUp)
}

/// Whether brackets or indentation go deeper than the parser is let into.
///
/// Quoted text is passed over where the quote closes on its line. That is right in all languages often enough:
/// a wrong guess moves the count by a few, and the limit is far above what people write.
fn nests_too_deep(text: &[u8]) -> bool {
    let mut depth = 0_u32;
    let mut indent = Some(0_u32);
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' | b'\'' => at = closing_quote(text, at, byte).unwrap_or(at),
            _ => {}
        }
        indent = match (byte, indent) {
            (b'\n', _) => Some(0),
            (b' ' | b'\t', Some(width)) => Some(width + 1),
            (b'\r', width) => width,
            (_, Some(width)) if width > MAX_INDENT => return true,
            _ => None,
        };
        if depth > MAX_BRACKETS {
            return true;
        }
        at += 1;
    }
    false
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
