//! The terminal: whether it shows colours, how wide it is, and what may be sent to it.
//!
//! Names and messages of analysed repositories are untrusted: a file name can hold the control sequences that
//! rewrite the screen or the marks that reverse the order of letters. [`clean`] makes them visible instead.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

/// Columns when the width cannot be known.
const DEFAULT_WIDTH: u16 = 80;
/// Lines longer than this are hard to read, however wide the window is.
const MAX_WIDTH: u16 = 140;

/// How results are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// Whether colours are used.
    pub(crate) color: bool,
    /// Columns; `None` when the output is not a terminal, so that every row stays one line.
    pub(crate) width: Option<u16>,
}

impl Style {
    /// What fits the standard output. Colours only on a terminal, and not where the user declines them.
    pub(crate) fn of_stdout(declined: bool) -> Self {
        let terminal = io::stdout().is_terminal();
        let width = terminal.then(|| {
            terminal_size::terminal_size().map_or(DEFAULT_WIDTH, |(width, _)| width.0.clamp(40, MAX_WIDTH))
        });
        Self { color: terminal && !declined, width }
    }

    /// The text in the given look.
    pub(crate) fn paint(self, look: Look, text: &str) -> String {
        if self.color { format!("\x1b[{}m{text}\x1b[0m", look.code()) } else { text.to_owned() }
    }
}

/// Looks of text, by what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// A heading.
    Heading,
    /// Something less important.
    Dim,
    /// Good.
    Good,
    /// Worth attention.
    Warn,
    /// Bad.
    Bad,
    /// Very bad.
    Alarm,
    /// A name to be found again.
    Name,
}

impl Look {
    /// Parameters of the `SGR` sequence; the sixteen basic colours, which every theme defines.
    fn code(self) -> &'static str {
        match self {
            Self::Heading => "1",
            Self::Dim => "2",
            Self::Good => "32",
            Self::Warn => "33",
            Self::Bad => "31",
            Self::Alarm => "1;31",
            Self::Name => "36",
        }
    }
}

/// Prints to the standard output.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Prints a document to the standard output, as JSON that people can read too.
pub(crate) fn print_json(document: &impl serde::Serialize) -> anyhow::Result<()> {
    print(&format!("{}\n", serde_json::to_string_pretty(document)?))?;
    Ok(())
}

/// Prints a line to the error output, where notes and progress go. Whether anybody reads it does not matter.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Untrusted text made safe to show: what would move the cursor, change colours, or turn the direction of
/// reading becomes a visible escape.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_deceptive) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\t' => shown.push(' '),
            c if is_deceptive(c) => shown.extend(c.escape_default()),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Characters that act instead of showing themselves.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Direction of writing (UAX 9), which can make a name read as another one.
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Invisible ones; the joiner U+200D stays, scripts and emoji need it.
            | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{00ad}' | '\u{180e}'
            // Separators that some terminals break lines at, and tags.
            | '\u{2028}' | '\u{2029}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_reaches_the_terminal() {
        assert_eq!(
            clean("a\x1b[2Jb\u{202e}c\r\nd\u{9b}e\x07"),
            "a\\u{1b}[2Jb\\u{202e}c\\r\\nd\\u{9b}e\\u{7}"
        );
        assert_eq!(clean("a\tb"), "a b");
        for c in ('\0'..='\u{10ffff}').filter(|c| is_deceptive(*c)) {
            assert!(!clean(&c.to_string()).chars().any(is_deceptive), "{c:?}");
        }
    }

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in ["src/näme.rs", "測試.py", "docs/👩‍💻.md", "a b.txt"] {
            assert!(matches!(clean(name), Cow::Borrowed(same) if same == name));
        }
    }

    #[test]
    fn colours_only_where_they_are_wanted() {
        assert_eq!(Style { color: false, width: None }.paint(Look::Bad, "x"), "x");
        assert_eq!(Style { color: true, width: None }.paint(Look::Bad, "x"), "\x1b[31mx\x1b[0m");
    }
}
