//! Numbers, dates, bars and tables as text.

use analysis::report::{Severity, Span, grouped};
use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, presets,
};

use crate::terminal::{Look, Style, clean};

/// `5,389`
pub(crate) fn count(number: u64) -> String {
    grouped(number)
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

/// Columns that the last column of a table needs at least, before its rows are shown one below the other.
pub(super) const LAST: usize = 24;

/// A table without lines. On a terminal its last column is folded to the width, and where even that leaves no room, each
/// row becomes a paragraph; elsewhere every row is one line.
pub(crate) struct Rows {
    style: Style,
    header: Vec<&'static str>,
    right: Vec<usize>,
    name: usize,
    titled: bool,
    cells: Vec<Vec<(String, Option<Look>)>>,
}

impl Rows {
    /// A table with these columns.
    pub(crate) fn new(style: Style, header: &[&'static str]) -> Self {
        Self { style, header: header.to_vec(), right: Vec::new(), name: 0, titled: true, cells: Vec::new() }
    }

    /// Puts the numbers of these columns under each other.
    pub(crate) fn right(mut self, columns: &[usize]) -> Self {
        self.right = columns.to_vec();
        self
    }

    /// The column that says what a row is about; the first where nothing is said.
    pub(crate) fn named(mut self, column: usize) -> Self {
        self.name = column;
        self
    }

    /// Shows the rows without the titles of the columns.
    pub(crate) fn untitled(mut self) -> Self {
        self.titled = false;
        self
    }

    /// Adds a row; the text must be clean already.
    pub(crate) fn add(&mut self, cells: impl IntoIterator<Item = (String, Option<Look>)>) {
        self.cells.push(cells.into_iter().collect());
    }

    /// The table, with no blanks at the ends of lines.
    pub(crate) fn text(&self) -> String {
        if self.style.width.is_some_and(|width| self.least() > usize::from(width)) {
            self.paragraphs()
        } else {
            self.table().lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
        }
    }

    /// Columns that are needed so that only cells of the last column are folded.
    fn least(&self) -> usize {
        let cells = |column: usize| {
            let in_rows = self.cells.iter().filter_map(move |row| row.get(column));
            let longest = in_rows.flat_map(|(text, _)| text.lines()).map(|line| line.chars().count()).max();
            longest.unwrap_or(0).max(self.header.get(column).map_or(0, |title| title.chars().count()))
        };
        let last = self.header.len().saturating_sub(1);
        // A blank before the first column and two between columns.
        (0..last).map(|column| cells(column) + 2).sum::<usize>() + 1 + cells(last).min(LAST)
    }

    /// Each row as its name and, below it, what its other columns say.
    fn paragraphs(&self) -> String {
        let mut text = String::new();
        for row in &self.cells {
            let Some((name, look)) = row.get(self.name) else { continue };
            let look = look.or((self.name == 0).then_some(Look::Heading));
            for line in name.lines() {
                text += &fold_painted(self.style, 1, look, line);
            }
            let said: Vec<String> = row
                .iter()
                .zip(&self.header)
                .enumerate()
                .filter(|(at, ((cell, _), title))| *at != self.name && !cell.is_empty() && !title.is_empty())
                .map(|(_, ((cell, _), title))| format!("{title} {}", cell.replace('\n', "; ")))
                .collect();
            text += &fold(self.style, 3, &said.join(", "));
        }
        text
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        if self.titled {
            table.set_header(self.header.iter().map(|name| Cell::new(name).add_attribute(Attribute::Dim)));
        }
        if self.style.color {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        match self.style.width {
            Some(width) => {
                table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
            }
            None => {
                table.set_content_arrangement(ContentArrangement::Disabled);
            }
        }
        for row in &self.cells {
            table.add_row(row.iter().map(|(text, look)| {
                let cell = Cell::new(text);
                match look.filter(|_| self.style.color) {
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
        let last = self.header.len().saturating_sub(1);
        for (at, column) in table.column_iter_mut().enumerate() {
            if self.right.contains(&at) {
                column.set_cell_alignment(CellAlignment::Right);
            }
            if at < last {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        table
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
        if !line.is_empty() && columns(&line) + 1 + columns(word) > room {
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

/// The columns that a text takes; colours take none.
pub(crate) fn columns(text: &str) -> usize {
    let mut columns = 0;
    let mut hidden = false;
    for c in text.chars() {
        match c {
            '\x1b' => hidden = true,
            'm' if hidden => hidden = false,
            _ if hidden => {}
            _ => columns += 1,
        }
    }
    columns
}

/// A text in at most `room` columns: its beginning, up to a blank where there is one.
pub(crate) fn begun(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let kept: String = text.chars().take(room.saturating_sub(2)).collect();
    let whole = kept.rfind(' ').map_or(kept.as_str(), |blank| &kept[..blank]);
    format!("{} …", whole.trim_end_matches([',', ';', ':', '.']))
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
    fn colours_take_no_room() {
        assert_eq!(columns("\x1b[1;31mhigh\x1b[0m, m"), 7);
        let style = Style { color: true, width: Some(21) };
        let red = style.paint(Look::Bad, "a high wall");
        assert_eq!(fold(style, 0, &format!("{red} of 2 m")), format!("{red} of 2 m\n"));
    }

    #[test]
    fn long_sentences_keep_their_beginning() {
        assert_eq!(begun("one two", 7), "one two");
        assert_eq!(begun("one two, three", 12), "one two …");
        assert_eq!(begun("überlanges", 6), "über …");
    }

    #[test]
    fn a_narrow_table_breaks_no_words() {
        let table = |width| {
            let mut rows =
                Rows::new(Style { color: false, width: Some(width) }, &["ecosystem", "direct", "in use"])
                    .right(&[1]);
            rows.add([("GitHub Actions".into(), None), ("13".into(), None), ("one two three".into(), None)]);
            rows.text()
        };
        assert_eq!(table(40), " ecosystem       direct  in use\n GitHub Actions      13  one two three\n");
        assert_eq!(table(30), " GitHub Actions\n   direct 13, in use one two\n   three\n");
    }

    #[test]
    fn long_paths_keep_their_end() {
        assert_eq!(shortened("src/lib.rs", 10), "src/lib.rs");
        assert_eq!(shortened("packages/vite/src/node/build.ts", 20), "…/src/node/build.ts");
        assert_eq!(shortened("a_very_long_name_of_a_file.rs", 10), "…a_file.rs");
        assert_eq!(shortened("übergröße/ä.rs", 6), "…/ä.rs");
    }
}
