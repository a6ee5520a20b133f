//! Bytes that arrive in any pieces, as lines of text.

/// The longest line that is believed, in bytes: more is no answer of a model.
const LONGEST: usize = 1 << 20;

/// A line is too long, or is no UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoLine;

/// Splits at line feeds, with or without a carriage return before them. Text is decoded line by line, so that a letter
/// whose bytes arrive in two pieces is whole.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    held: Vec<u8>,
    /// Up to here nothing ends a line.
    searched: usize,
}

impl Lines {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.held.extend_from_slice(bytes);
    }

    /// The next whole line.
    pub(crate) fn next(&mut self) -> Result<Option<String>, NoLine> {
        let Some(end) = self.held[self.searched..].iter().position(|byte| *byte == b'\n') else {
            self.searched = self.held.len();
            return if self.held.len() > LONGEST { Err(NoLine) } else { Ok(None) };
        };
        let end = self.searched + end;
        let rest = self.held.split_off(end + 1);
        let line = std::mem::replace(&mut self.held, rest);
        self.searched = 0;
        text(line).map(Some)
    }

    /// What stands behind the last line feed; a stream may end without one.
    pub(crate) fn last(&mut self) -> Result<Option<String>, NoLine> {
        let line = std::mem::take(&mut self.held);
        self.searched = 0;
        if line.is_empty() { Ok(None) } else { text(line).map(Some) }
    }
}

fn text(mut line: Vec<u8>) -> Result<String, NoLine> {
    for end in [b'\n', b'\r'] {
        if line.last() == Some(&end) {
            line.pop();
        }
    }
    String::from_utf8(line).map_err(|_| NoLine)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(pieces: &[&[u8]]) -> Vec<String> {
        let (mut lines, mut found) = (Lines::default(), Vec::new());
        for piece in pieces {
            lines.push(piece);
            while let Some(line) = lines.next().unwrap() {
                found.push(line);
            }
        }
        found.extend(lines.last().unwrap());
        found
    }

    proptest! {
        #[test]
        fn however_the_bytes_are_cut_the_lines_are_the_same(
            text in "[a-zé€😀\r\n ]{0,80}", cuts in prop::collection::vec(0_usize..200, 0..8),
        ) {
            let bytes = text.as_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|cut| &bytes[cut[0]..cut[1]]).collect();
            prop_assert_eq!(lines(&pieces), lines(&[bytes]));
        }
    }

    #[test]
    fn what_is_no_text_and_what_never_ends_is_no_line() {
        let mut broken = Lines::default();
        broken.push(b"\xff\xfe\n");
        assert_eq!(broken.next(), Err(NoLine));
        let mut endless = Lines::default();
        endless.push(&vec![b'x'; LONGEST + 1]);
        assert_eq!(endless.next(), Err(NoLine));
        assert_eq!(lines(&[b"a\r\nb\n\nc"]), ["a", "b", "", "c"]);
    }
}
