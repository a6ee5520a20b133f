//! The tokens of one file, as the one walk over its tree meets them.
//!
//! A token has a shape (its kind; all names are one kind, all literals another) and a text. Comments, layout and
//! imports give no tokens, so that neither licence headers nor lists of imports are ever called duplicates.

use std::fmt;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use bytes::{Buf as _, BufMut as _, Bytes};

use super::count;
use super::seeds::winnow;
use crate::later::{Far, digest};

/// The shape of every name.
const NAME: u16 = 1;

/// The shape of every literal.
const LITERAL: u16 = 2;

/// The shapes of what only ends, or begins, something.
static CLOSING: LazyLock<Vec<u16>> = LazyLock::new(|| shapes_of(&["}", ")", "]", ";", ",", "end"]));
static ENDING: LazyLock<Vec<u16>> = LazyLock::new(|| shapes_of(&["}", ")", "]"]));
static OPENING: LazyLock<Vec<u16>> = LazyLock::new(|| shapes_of(&["{", "(", "["]));

/// The start and the factor of FNV-1a in 64 bits (Fowler, Noll, Vo).
const FNV: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;

/// Shapes below this are names and literals.
const FIRST_KIND: u16 = 8;

/// The tokens of one file, in the order of the text.
///
/// Of a file that is known from an earlier analysis only the [`Summary`] is at hand: few files have anything in common
/// that was not compared then, and only theirs are brought.
#[derive(Clone)]
pub struct Tokens {
    body: OnceLock<Body>,
    far: Option<Far>,
    summary: OnceLock<Summary>,
    /// What its lines look like; made when it is asked for.
    looks: OnceLock<Vec<u64>>,
    /// The byte at which the last import ends; of no meaning when the walk is over.
    skip: usize,
}

/// The tokens themselves: four bytes for each, and eight for each line that has some.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Body {
    /// Shape in the upper half, hash of the text in the lower.
    codes: Vec<u32>,
    /// Lines that have tokens, from 1, with the position of the first one that begins there.
    lines: Vec<(u32, u32)>,
}

/// What decides which tokens of which files are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Summary {
    tokens: u32,
    lines: u32,
    /// The same for equal tokens on equal lines.
    digest: [u8; 16],
    /// Where they are compared with others: [`Mark`]s, as they are kept.
    marks: Bytes,
}

/// A run of tokens that was chosen to be compared: the hash of their shapes, and where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub hash: u64,
    pub at: u32,
}

impl Mark {
    fn bytes(self) -> [u8; 12] {
        let mut bytes = [0; 12];
        let mut rest = bytes.as_mut_slice();
        rest.put_u64_le(self.hash);
        rest.put_u32_le(self.at);
        bytes
    }

    fn read(bytes: &[u8; 12]) -> Self {
        let mut rest = bytes.as_slice();
        Self { hash: rest.get_u64_le(), at: rest.get_u32_le() }
    }
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            body: Body::default().into(),
            far: None,
            summary: OnceLock::new(),
            looks: OnceLock::new(),
            skip: 0,
        }
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("tokens", &self.len()).field("lines", &self.line_count()).finish()
    }
}

impl PartialEq for Tokens {
    fn eq(&self, other: &Self) -> bool {
        self.body() == other.body()
    }
}

impl Eq for Tokens {}

impl Body {
    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(4 * self.codes.len() + 8 * self.lines.len());
        for code in &self.codes {
            out.extend(code.to_le_bytes());
        }
        for (line, first) in &self.lines {
            out.extend(line.to_le_bytes());
            out.extend(first.to_le_bytes());
        }
        out
    }

    /// Reads what [`bytes`](Self::bytes) wrote of so many tokens and lines; `None` for anything that no walk could have
    /// given.
    fn read(bytes: &[u8], tokens: usize, lines: usize) -> Option<Self> {
        let (numbers, rest) = bytes.as_chunks::<4>();
        let (codes, numbers) = numbers.split_at_checked(tokens)?;
        if !rest.is_empty() || numbers.len() != lines.checked_mul(2)? {
            return None;
        }
        let (pairs, _) = numbers.as_chunks::<2>();
        let codes: Vec<u32> = codes.iter().map(|four| u32::from_le_bytes(*four)).collect();
        let lines: Vec<(u32, u32)> = pairs
            .iter()
            .map(|[line, first]| (u32::from_le_bytes(*line), u32::from_le_bytes(*first)))
            .collect();
        let ascending = lines.windows(2).all(|pair| matches!(pair, [a, b] if a.0 < b.0 && a.1 < b.1));
        let inside = lines.last().is_none_or(|(_, first)| (*first as usize) < codes.len());
        (ascending && inside).then_some(Self { codes, lines })
    }
}

impl Tokens {
    /// Notes a leaf of the tree. `kind` is the grammar's name for it, `named` whether the grammar gives it one.
    pub(crate) fn leaf(&mut self, kind: &str, named: bool, start: usize, line: u32, text: &str) {
        if start < self.skip || text.trim().is_empty() {
            return;
        }
        let Some(body) = self.body.get_mut() else { return };
        let shape = shape(kind, named, text);
        let text = hash(text.as_bytes());
        // A string comes in parts: its quotes, its text, its escapes.
        if shape == LITERAL
            && let Some(last) = body.codes.last_mut()
            && (*last >> 16) == u32::from(LITERAL)
        {
            *last = code(LITERAL, fold(u64::from(*last & 0xffff).wrapping_mul(31) ^ text));
            return;
        }
        let Ok(position) = u32::try_from(body.codes.len()) else { return };
        if body.lines.last().is_none_or(|(last, _)| *last < line) {
            body.lines.push((line, position));
        }
        body.codes.push(code(shape, fold(text)));
    }

    /// Leaves out everything before this byte: the end of an import.
    pub(crate) fn skip_to(&mut self, byte: usize) {
        self.skip = self.skip.max(byte);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.body.get().map_or_else(|| self.summary().tokens as usize, |body| body.codes.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many lines have any.
    pub(super) fn line_count(&self) -> u32 {
        self.body.get().map_or_else(|| self.summary().lines, |body| count(body.lines.len()))
    }

    /// The runs that are compared with those of other files, in the order of the text.
    pub(super) fn marks(&self) -> impl ExactSizeIterator<Item = Mark> {
        self.summary().marks.as_chunks().0.iter().map(Mark::read)
    }

    /// The same for equal tokens on equal lines.
    pub(crate) fn digest(&self) -> &[u8; 16] {
        &self.summary().digest
    }

    fn summary(&self) -> &Summary {
        self.summary.get_or_init(|| Summary {
            tokens: count(self.body().codes.len()),
            lines: count(self.body().lines.len()),
            digest: digest(&self.body().bytes()),
            marks: winnow(self).into_iter().flat_map(Mark::bytes).collect(),
        })
    }

    fn body(&self) -> &Body {
        self.body.get_or_init(|| {
            let counts = self.summary.get().map_or((0, 0), |it| (it.tokens as usize, it.lines as usize));
            let bytes = self.far.as_ref().and_then(Far::tokens);
            bytes.and_then(|bytes| Body::read(&bytes, counts.0, counts.1)).unwrap_or_default()
        })
    }

    /// Writes down what is needed of every file, and apart from it the tokens themselves, which are far more.
    pub(crate) fn write(&self) -> (Vec<u8>, Vec<u8>) {
        let Summary { tokens, lines, digest, marks } = self.summary();
        let mut near = Vec::with_capacity(24 + marks.len());
        near.extend(tokens.to_le_bytes());
        near.extend(lines.to_le_bytes());
        near.extend(digest);
        near.extend(marks);
        (near, self.body().bytes())
    }

    /// Reads what [`write`](Self::write) wrote first, with where the rest is; `None` for bytes of another form.
    pub(crate) fn read(near: &Bytes, far: Far) -> Option<Self> {
        let (tokens, rest) = near.split_first_chunk::<4>()?;
        let (lines, rest) = rest.split_first_chunk::<4>()?;
        let (digest, rest) = rest.split_first_chunk::<16>()?;
        let summary = Summary {
            tokens: u32::from_le_bytes(*tokens),
            lines: u32::from_le_bytes(*lines),
            digest: *digest,
            marks: near.slice_ref(rest),
        };
        let whole = rest.as_chunks::<12>().1.is_empty();
        whole.then(|| Self {
            body: OnceLock::new(),
            far: Some(far),
            summary: summary.into(),
            looks: OnceLock::new(),
            skip: 0,
        })
    }

    /// Lines with at least one token, from 1, with the position of their first token.
    pub(super) fn lines(&self) -> &[(u32, u32)] {
        &self.body().lines
    }

    pub(super) fn shapes(&self) -> impl Iterator<Item = u16> {
        self.body().codes.iter().map(|code| (code >> 16) as u16)
    }

    pub(super) fn shape(&self, at: usize) -> Option<u16> {
        self.body().codes.get(at).map(|code| (code >> 16) as u16)
    }

    /// The shape in a code.
    pub(super) fn shape_of(code: u32) -> u16 {
        (code >> 16) as u16
    }

    /// The codes before a position, and those from there on; none where there is no such position.
    pub(super) fn around(&self, at: usize) -> (&[u32], &[u32]) {
        self.body().codes.split_at_checked(at).unwrap_or_default()
    }

    /// What the lines look like, in the order of [`Self::lines`]: equal for equal shapes, and nothing for a line of one
    /// token.
    pub(super) fn looks(&self) -> &[u64] {
        self.looks.get_or_init(|| {
            let body = self.body();
            let starts = body.lines.iter().map(|(_, first)| *first as usize);
            let ends = starts.clone().skip(1).chain([body.codes.len()]);
            let of = |(start, end)| match body.codes.get(start..end) {
                Some(codes) if codes.len() > 1 => codes.iter().copied().fold(FNV, look).max(1),
                _ => 0,
            };
            starts.zip(ends).map(of).collect()
        })
    }

    /// What a stretch looks like: equal for equal shapes.
    pub(super) fn look(&self, (start, end): (usize, usize)) -> u64 {
        self.body().codes.get(start..end).unwrap_or_default().iter().copied().fold(FNV, look)
    }

    pub(super) fn code(&self, at: usize) -> Option<u32> {
        self.body().codes.get(at).copied()
    }

    /// The hash of the token's text if it is a name.
    pub(super) fn name(&self, at: usize) -> Option<u16> {
        self.body()
            .codes
            .get(at)
            .filter(|code| *code >> 16 == u32::from(NAME))
            .map(|code| (code & 0xffff) as u16)
    }

    /// Whether the token only ends something.
    pub(super) fn closes(&self, at: usize) -> bool {
        self.shape(at).is_some_and(|shape| CLOSING.contains(&shape))
    }

    /// Whether the token is a closing bracket.
    pub(super) fn ends(&self, at: usize) -> bool {
        self.shape(at).is_some_and(|shape| ENDING.contains(&shape))
    }

    /// Whether the token is a sign or a word that the grammars give no name.
    pub(super) fn is(&self, at: usize, text: &str) -> bool {
        self.shape(at) == Some(shape(text, false, text))
    }

    /// Whether the token only begins something.
    pub(super) fn opens(&self, at: usize) -> bool {
        self.shape(at).is_some_and(|shape| OPENING.contains(&shape))
    }

    /// The tokens of a line, by its position in [`Self::lines`].
    pub(super) fn line(&self, index: usize) -> Range<usize> {
        let lines = &self.body().lines;
        let first = |index: usize| lines.get(index).map_or(self.len(), |(_, first)| *first as usize);
        first(index)..first(index + 1)
    }

    /// Position in [`Self::lines`] of the line on which a token stands.
    pub(super) fn line_index(&self, token: usize) -> usize {
        self.lines().partition_point(|(_, first)| *first as usize <= token).saturating_sub(1)
    }
}

/// Adds the shape of a token to a hash.
fn look(hash: u64, code: u32) -> u64 {
    (hash ^ u64::from(Tokens::shape_of(code))).wrapping_mul(FNV_PRIME)
}

fn code(shape: u16, text: u16) -> u32 {
    u32::from(shape) << 16 | u32::from(text)
}

fn shape(kind: &str, named: bool, text: &str) -> u16 {
    let quote = || matches!(text, "\"" | "'" | "`" | "\"\"\"" | "'''");
    let is = |parts: &[&str]| parts.iter().any(|part| kind.contains(part));
    if named && (is(&["identifier", "word", "constant"]) || matches!(kind, "name" | "field_name" | "label")) {
        NAME
    } else if (named
        && is(&["string", "char", "number", "int", "float", "literal", "content", "escape", "heredoc"]))
        || quote()
    {
        LITERAL
    } else {
        fold(hash(kind.as_bytes())).max(FIRST_KIND)
    }
}

/// The shapes of signs and words that the grammars give no names.
pub(super) fn shapes_of(texts: &[&str]) -> Vec<u16> {
    texts.iter().map(|text| shape(text, false, text)).collect()
}

/// FNV-1a, 64 bits: the same on every machine, which is what a kept result needs.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(FNV, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(FNV_PRIME))
}

fn fold(hash: u64) -> u16 {
    ((hash ^ hash >> 16 ^ hash >> 32 ^ hash >> 48) & 0xffff) as u16
}

/// Tokens of a text in which blanks stand between them; words that are no keywords are names.
#[cfg(test)]
pub(super) fn spaced(text: &str) -> Tokens {
    const KEYWORDS: &[&str] = &["if", "else", "return", "pub", "fn", "def", "where"];
    let mut tokens = Tokens::default();
    for (number, line) in (1..).zip(text.lines()) {
        for word in line.split_whitespace() {
            let name = word.starts_with(|first: char| first.is_alphabetic() || first == '_');
            let name = name && !KEYWORDS.contains(&word);
            tokens.leaf(if name { "identifier" } else { word }, name, 0, number, word);
        }
    }
    tokens
}
