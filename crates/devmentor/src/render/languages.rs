//! Languages and lines, as `devmentor languages` shows them.

use std::collections::BTreeMap;

use analysis::inventory::Survey;
use analysis::report::{LineCount, SkipReason};

use super::heading;
use super::overview::{at_commit, reason_text};
use super::text::{Rows, bar, bytes, count, counted, fold, item};
use crate::terminal::{Look, Style, clean};

/// Languages that each table shows.
const ROWS: usize = 20;

pub(super) fn sections(survey: &Survey, source: &str, style: Style, all: bool) -> [String; 4] {
    let rows = if all { usize::MAX } else { ROWS };
    [
        header(survey, source, style),
        counting(survey, style, rows),
        rest(survey, style, rows),
        not_read(survey, style),
    ]
}

fn header(survey: &Survey, source: &str, style: Style) -> String {
    let size = format!("{} ({})", counted(survey.files, "file", "files"), bytes(survey.bytes));
    heading(style, &clean(source), "") + &fold(style, 0, &at_commit(&survey.commit)) + &fold(style, 0, &size)
}

fn counting(survey: &Survey, style: Style, shown: usize) -> String {
    if survey.languages.is_empty() {
        return heading(style, "Languages", "none that count: no source code in this commit");
    }
    let header = ["language", "share", "", "files", "code", "comment", "blank"];
    let mut rows = Rows::new(style, &header).right(&[1, 3, 4, 5, 6]);
    let (mut files, mut lines) = (0, [0_u64; 3]);
    for (at, language) in survey.languages.iter().enumerate() {
        files += language.files;
        for (all, more) in lines.iter_mut().zip(numbers(language.lines)) {
            *all += more;
        }
        if at < shown {
            let name = clean(&language.name).into_owned();
            let beside = [language.percent_text(), bar(language.percent, 20)];
            rows.add(cells(name, beside, language.files, numbers(language.lines)));
        }
    }
    if survey.languages.len() > 1 {
        rows.add(cells("in all".to_owned(), [String::new(), String::new()], files, lines));
    }
    heading(style, "Languages", "") + &rows.text() + &more(survey.languages.len(), shown, style)
}

fn cells(
    name: String,
    [share, bar]: [String; 2],
    files: u64,
    lines: [u64; 3],
) -> impl Iterator<Item = (String, Option<Look>)> {
    let numbers = std::iter::once(files).chain(lines).map(|number| (count(number), None));
    [(name, None), (share, None), (bar, Some(Look::Name))].into_iter().chain(numbers)
}

fn rest(survey: &Survey, style: Style, shown: usize) -> String {
    if survey.not_counted.is_empty() {
        return String::new();
    }
    let header = ["language", "files", "code", "comment", "blank"];
    let mut rows = Rows::new(style, &header).right(&[1, 2, 3, 4]);
    for language in survey.not_counted.iter().take(shown) {
        let name = language.name.as_deref().map_or("other text".into(), clean).into_owned();
        let numbers = std::iter::once(language.files).chain(numbers(language.lines));
        rows.add(std::iter::once(name).chain(numbers.map(count)).map(|text| (text, None)));
    }
    let what = "data, prose, documentation, and what is vendored or generated";
    heading(style, "Beside them", what) + &rows.text() + &more(survey.not_counted.len(), shown, style)
}

/// What is not shown of a table, and how to see it.
fn more(languages: usize, shown: usize, style: Style) -> String {
    let hidden = languages.saturating_sub(shown) as u64;
    if hidden == 0 {
        return String::new();
    }
    fold(style, 1, &format!("and {} more; --all shows them", count(hidden)))
}

fn numbers(lines: LineCount) -> [u64; 3] {
    [lines.code, lines.comment, lines.blank].map(u64::from)
}

fn not_read(survey: &Survey, style: Style) -> String {
    if survey.binary == 0 && survey.skipped.is_empty() && survey.notes.is_empty() {
        return String::new();
    }
    let mut text = heading(style, "Not counted at all", "");
    for note in &survey.notes {
        text += &item(style, 1, "- ", &clean(&note.text));
    }
    if survey.binary > 0 {
        text += &item(style, 1, "- ", &format!("not text ({})", count(survey.binary)));
    }
    let mut reasons: BTreeMap<SkipReason, u64> = BTreeMap::new();
    for skipped in &survey.skipped {
        *reasons.entry(skipped.reason).or_default() += 1;
    }
    for (reason, files) in reasons {
        text += &item(style, 1, "- ", &format!("{} ({})", reason_text(reason), count(files)));
    }
    text
}

#[cfg(test)]
mod tests {
    use analysis::inventory::survey;
    use analysis::report::{Commit, Skipped};

    use super::*;

    #[test]
    fn everything_is_told_and_nothing_acts() {
        let files: [(&str, &[u8]); 4] =
            [("a.py", b"# one\nx = 1\n"), ("b.rs", b"fn f() {}\n"), ("c.json", b"{}\n"), ("d.png", b"\0")];
        let surveyed = files.iter().map(|(path, bytes)| survey((*path).to_owned(), bytes)).collect();
        let commit = Commit {
            id: "0123456789".repeat(4),
            branch: Some("ma\u{202e}in".to_owned()),
            time: 1_763_078_400,
            subject: "A \x1b[2J".to_owned(),
        };
        let skipped = vec![Skipped { path: "l".to_owned(), reason: SkipReason::Symlink }];
        let survey = Survey::new(commit, [5, 27], surveyed, skipped, Vec::new());
        let style = Style { color: false, width: None };
        let text = super::super::languages(&survey, "./x", style, false);
        assert_eq!(
            text,
            "./x\n\
             ma\\u{202e}in at 0123456789, 2025-11-14: A \\u{1b}[2J\n\
             5 files (27 bytes)\n\n\
             Languages\n\
             \x20language   share               files  code  comment  blank\n\
             \x20Python    54.5 %  ██████████▉      1     1        1      0\n\
             \x20Rust      45.5 %  █████████        1     1        0      0\n\
             \x20in all                             2     2        1      0\n\n\
             Beside them  data, prose, documentation, and what is vendored or generated\n\
             \x20language  files  code  comment  blank\n\
             \x20JSON          1     1        0      0\n\n\
             Not counted at all\n\
             \x20- not text (1)\n\
             \x20- links (1)\n"
        );
    }
}
