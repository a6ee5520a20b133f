//! HTML that cannot be broken out of: markup is only what this program's source says, everything else is text.

use std::fmt::Write as _;

use crate::terminal::clean;

/// Characters of one text that are shown; what is longer is data, not a sentence.
const LONGEST: usize = 600;

/// A page while it is written.
#[derive(Debug, Default)]
pub(super) struct Html {
    written: String,
    cuts: Vec<String>,
}

impl Html {
    /// Markup. It can only come out of the source of this program.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.written.push_str(markup);
        self
    }

    /// Text of anybody.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        let text = clean(text);
        for letter in text.chars().take(LONGEST) {
            match letter {
                '&' => self.written.push_str("&amp;"),
                '<' => self.written.push_str("&lt;"),
                '>' => self.written.push_str("&gt;"),
                '"' => self.written.push_str("&quot;"),
                '\'' => self.written.push_str("&#39;"),
                plain => self.written.push(plain),
            }
        }
        if text.chars().nth(LONGEST).is_some() {
            self.written.push('…');
        }
        self
    }

    /// Sentences in which backticks mark code.
    pub(super) fn prose(&mut self, text: &str) -> &mut Self {
        let pairs = text.matches('`').count() / 2 * 2;
        for (at, part) in text.splitn(pairs + 1, '`').enumerate() {
            if at % 2 == 1 {
                self.raw("<code>").text(part).raw("</code>");
            } else {
                self.text(part);
            }
        }
        self
    }

    /// A number, as an attribute or as text.
    pub(super) fn number(&mut self, number: impl Into<f64>) -> &mut Self {
        // Writing to a string cannot fail.
        let _ = write!(self.written, "{}", number.into());
        self
    }

    /// An element with a class; both come out of the source of this program.
    pub(super) fn element(
        &mut self,
        tag: &'static str,
        class: &'static str,
        content: impl FnOnce(&mut Self),
    ) -> &mut Self {
        self.raw("<").raw(tag);
        if !class.is_empty() {
            self.raw(" class=\"").raw(class).raw("\"");
        }
        self.raw(">");
        content(self);
        self.raw("</").raw(tag).raw(">")
    }

    /// A link to another site, where the address is one that a browser opens over TLS; else the address as text.
    pub(super) fn link(&mut self, address: &str) -> &mut Self {
        let plain = |c: char| c.is_ascii_graphic() && !"\"'<>`".contains(c);
        if address.starts_with("https://") && address.chars().all(plain) && address.len() <= LONGEST {
            self.raw("<a rel=\"noreferrer noopener\" href=\"")
                .text(address)
                .raw("\">")
                .text(address)
                .raw("</a>")
        } else {
            self.text(address)
        }
    }

    /// A document as the rest of a `data:` address: every byte that is not plain in one is encoded.
    pub(super) fn address(&mut self, document: &str) -> &mut Self {
        for byte in document.bytes() {
            if byte.is_ascii_alphanumeric() || b" -_.~/=;,!*{}".contains(&byte) {
                self.written.push(char::from(byte));
            } else {
                let _ = write!(self.written, "%{byte:02X}");
            }
        }
        self
    }

    /// A table with these columns; an asterisk before a title puts the numbers of the column under each other.
    pub(super) fn table(&mut self, columns: &[&'static str], rows: impl FnOnce(&mut Self)) -> &mut Self {
        // Numbers need no more room than a narrow screen has. Rows with sentences stand there one below the other, and
        // the style sheet, which knows the table by its first two titles, writes before a cell what it is.
        let figures = columns.iter().skip(1).all(|title| title.starts_with('*'));
        self.raw("<div class=\"scroll\"><table class=\"").raw(if figures { "figures" } else { "rows" });
        let titles: Vec<&str> = columns.iter().take(2).map(|title| title.trim_start_matches('*')).collect();
        self.raw(" ").text(&titles.join("-").to_lowercase().replace(' ', "-")).raw("\"><thead><tr>");
        for title in columns {
            match title.strip_prefix('*') {
                Some(title) => self.raw("<th scope=\"col\" class=\"number\">").raw(title),
                None => self.raw("<th scope=\"col\">").raw(title),
            };
            self.raw("</th>");
        }
        self.raw("</tr></thead><tbody>");
        rows(self);
        self.raw("</tbody></table></div>\n")
    }

    /// An element that holds a name.
    pub(super) fn text_in(&mut self, tag: &'static str, class: &'static str, text: &str) -> &mut Self {
        self.element(tag, class, |html| {
            html.text(text);
        })
    }

    /// An element that holds sentences.
    pub(super) fn prose_in(&mut self, tag: &'static str, class: &'static str, text: &str) -> &mut Self {
        self.element(tag, class, |html| {
            html.prose(text);
        })
    }

    /// A cell of text.
    pub(super) fn cell(&mut self, text: &str) -> &mut Self {
        self.prose_in("td", "", text)
    }

    /// A cell of a column of numbers.
    pub(super) fn number_cell(&mut self, text: &str) -> &mut Self {
        self.text_in("td", "number", text)
    }

    /// A paragraph of sentences.
    pub(super) fn paragraph(&mut self, class: &'static str, text: &str) -> &mut Self {
        self.prose_in("p", class, text).raw("\n")
    }

    /// Says at its place, and once more at the end of the page, that a list is cut.
    pub(super) fn cut(&mut self, shown: usize, all: usize, what: &str) -> &mut Self {
        if shown >= all {
            return self;
        }
        let text = format!("{} of {} {what} are shown.", grouped(shown), grouped(all));
        self.paragraph("cut", &text);
        self.cuts.push(text);
        self
    }

    /// Says that something was left out altogether.
    pub(super) fn left_out(&mut self, text: &str) -> &mut Self {
        self.paragraph("cut", text);
        self.cuts.push(text.to_owned());
        self
    }

    /// What was cut so far.
    pub(super) fn cuts(&self) -> &[String] {
        &self.cuts
    }

    /// The page.
    pub(super) fn finish(self) -> String {
        self.written
    }
}

fn grouped(number: usize) -> String {
    crate::render::text::count(number as u64)
}
