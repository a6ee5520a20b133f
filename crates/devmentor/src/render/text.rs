//! Numbers, dates, bars and tables as text.

use analysis::report::{Severity, Span};
use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table, presets};

use crate::terminal::{Look, Style, clean};

/// `5,389`
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 file`, `5,389 files`
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// `60.2 MB`; powers of ten, as disks and downloads are counted.
pub(crate) fn bytes(number: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.into_iter().find(|(size, _)| number >= *size) {
        Some((size, unit)) => format!("{:.1} {unit}", number as f64 / size as f64),
        None => counted(number, "byte", "bytes"),
    }
}

/// `2026-11-14`, in UTC.
pub(crate) fn date(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| "an unknown date".to_owned(), |time| time.strftime("%Y-%m-%d").to_string())
}

/// A bar of up to `width` cells for a share of 100, in eighths of a cell.
pub(crate) fn bar(percent: f64, width: u32) -> String {
    let share = (percent / 100.0).clamp(0.0, 1.0);
    let mut bar = String::new();
    for cell in 0..width {
        let filled = share.mul_add(f64::from(width), -f64::from(cell)).clamp(0.0, 1.0);
        let eighths = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
        let mut marks = eighths.iter().enumerate().filter(|(at, _)| filled * 8.0 >= (at + 1) as f64);
        if let Some((_, mark)) = marks.next_back() {
            bar.push(*mark);
        }
    }
    bar
}

/// `src/main.rs:12`
pub(crate) fn place(span: &Span) -> String {
    let path = clean(&span.path);
    if span.start == 0 { path.into_owned() } else { format!("{path}:{}", span.start) }
}

/// How a severity looks.
pub(crate) fn look(severity: Severity) -> Look {
    match severity {
        Severity::Critical => Look::Alarm,
        Severity::High => Look::Bad,
        Severity::Medium => Look::Warn,
        Severity::Low => Look::Name,
        Severity::Info => Look::Dim,
    }
}

/// A table without lines. On a terminal it is folded to its width; elsewhere every row is one line.
pub(crate) struct Rows {
    table: Table,
    style: Style,
}

impl Rows {
    /// A table with these columns.
    pub(crate) fn new(style: Style, header: &[&str]) -> Self {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(header.iter().map(|name| Cell::new(name).add_attribute(Attribute::Dim)));
        if style.color {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        match style.width {
            Some(width) => {
                table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
            }
            None => {
                table.set_content_arrangement(ContentArrangement::Disabled);
            }
        }
        Self { table, style }
    }

    /// Puts the numbers of these columns under each other.
    pub(crate) fn right(mut self, columns: &[usize]) -> Self {
        for column in columns {
            if let Some(column) = self.table.column_mut(*column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        self
    }

    /// Adds a row; the text must be clean already.
    pub(crate) fn add(&mut self, cells: impl IntoIterator<Item = (String, Option<Look>)>) {
        let color = self.style.color;
        self.table.add_row(cells.into_iter().map(|(text, look)| {
            let cell = Cell::new(text);
            match look.filter(|_| color) {
                None => cell,
                Some(Look::Heading) => cell.add_attribute(Attribute::Bold),
                Some(Look::Dim) => cell.add_attribute(Attribute::Dim),
                Some(Look::Good) => cell.fg(Color::DarkGreen),
                Some(Look::Warn) => cell.fg(Color::DarkYellow),
                Some(Look::Bad) => cell.fg(Color::DarkRed),
                Some(Look::Alarm) => cell.fg(Color::DarkRed).add_attribute(Attribute::Bold),
                Some(Look::Name) => cell.fg(Color::DarkCyan),
            }
        }));
    }

    /// The table, with no blanks at the ends of lines.
    pub(crate) fn text(&self) -> String {
        self.table.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
    }
}

/// Breaks a paragraph at blanks so that it fits, each line after the same indent.
pub(crate) fn fold(style: Style, indent: usize, text: &str) -> String {
    fold_painted(style, indent, None, text)
}

/// The same in a look. Blanks stay as they are, so that no colour reaches into the margin.
pub(crate) fn fold_painted(style: Style, indent: usize, look: Option<Look>, text: &str) -> String {
    let blank = " ".repeat(indent);
    let paint = |line: &str| look.map_or_else(|| line.to_owned(), |look| style.paint(look, line));
    lines(style, indent, text).iter().fold(String::new(), |text, line| text + &blank + &paint(line) + "\n")
}

/// A paragraph as one item of a list: its other lines stand under the first.
pub(crate) fn item(style: Style, indent: usize, mark: &str, text: &str) -> String {
    let blank = " ".repeat(indent);
    let under = " ".repeat(mark.chars().count());
    let lines = lines(style, indent + under.len(), text);
    lines.iter().enumerate().fold(String::new(), |text, (at, line)| {
        text + &blank + if at == 0 { mark } else { &under } + line + "\n"
    })
}

/// The lines of a paragraph after an indent. A word longer than a line is not broken: a path stays one to copy.
fn lines(style: Style, indent: usize, text: &str) -> Vec<String> {
    let Some(width) = style.width else { return vec![text.to_owned()] };
    let room = usize::from(width).saturating_sub(indent).max(20);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// A path in at most `room` columns: its end, from a folder's beginning where that fits.
pub(crate) fn shortened(path: &str, room: usize) -> String {
    let length = path.chars().count();
    if length <= room {
        return path.to_owned();
    }
    let kept: String = path.chars().skip(length - room.saturating_sub(1)).collect();
    let end = kept.find('/').map_or(kept.as_str(), |slash| &kept[slash..]);
    format!("…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(
            [0, 12, 999, 1_000, 5_389, 1_234_567].map(count),
            ["0", "12", "999", "1,000", "5,389", "1,234,567"]
        );
        assert_eq!([1, 999, 1_000, 60_249_000].map(bytes), ["1 byte", "999 bytes", "1.0 kB", "60.2 MB"]);
        assert_eq!(date(1_763_078_400), "2025-11-14");
        assert_eq!(date(i64::MAX), "an unknown date");
    }

    #[test]
    fn bars_fill_in_eighths() {
        assert_eq!(bar(100.0, 4), "████");
        assert_eq!(bar(50.0, 4), "██");
        assert_eq!(bar(0.0, 4), "");
        assert_eq!(bar(f64::NAN, 4), "");
        assert_eq!(bar(3.2, 4), "▏");
    }

    #[test]
    fn paragraphs_fold_only_on_a_terminal() {
        let narrow = Style { color: false, width: Some(40) };
        assert_eq!(
            fold(narrow, 20, "one two three four five six"),
            format!("{0}one two three four\n{0}five six\n", " ".repeat(20))
        );
        let piped = Style { color: false, width: None };
        assert_eq!(fold(piped, 2, "one two three four"), "  one two three four\n");
        let item = item(narrow, 18, "- ", "one two three four five");
        assert_eq!(item, format!("{0}- one two three four\n{0}  five\n", " ".repeat(18)));
        let red = Style { color: true, width: Some(40) };
        assert_eq!(fold_painted(red, 1, Some(Look::Bad), "one"), " \x1b[31mone\x1b[0m\n");
    }

    #[test]
    fn long_paths_keep_their_end() {
        assert_eq!(shortened("src/lib.rs", 10), "src/lib.rs");
        assert_eq!(shortened("packages/vite/src/node/build.ts", 20), "…/src/node/build.ts");
        assert_eq!(shortened("a_very_long_name_of_a_file.rs", 10), "…a_file.rs");
        assert_eq!(shortened("übergröße/ä.rs", 6), "…/ä.rs");
    }
}
