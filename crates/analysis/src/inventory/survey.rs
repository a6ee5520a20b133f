//! Languages and lines alone, of a whole commit: [`survey`] looks at one file, [`Survey::new`] joins the answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::shares::{add, adds};
use super::{Attributes, Examined, FileInventory, classify, languages, look};
use crate::report::{Commit, LanguageShare, LineCount, Note, Skipped};
use crate::source::SourceFile;

/// A file of the commit with what [`survey`] said about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Surveyed {
    /// Path from the root.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Its language and lines; nothing else of it is filled in.
    pub inventory: FileInventory,
    /// The text of a `.gitattributes` file.
    pub attributes: Option<String>,
}

/// Languages and lines of one commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Survey {
    /// The commit.
    pub commit: Commit,
    /// Files in it, those that were not read included.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The languages of the files that count, as a report has them.
    pub languages: Vec<LanguageShare>,
    /// Text that does not count: data, prose, documentation, and what is vendored or generated. The most lines first.
    pub not_counted: Vec<NotCounted>,
    /// Files that are not text.
    pub binary: u64,
    /// What was not read, and why.
    pub skipped: Vec<Skipped>,
    /// What limits the whole.
    pub notes: Vec<Note>,
}

/// The files of a language that do not count for its share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotCounted {
    /// Name as GitHub Linguist spells it; `None` for text in no language that is known.
    pub name: Option<String>,
    /// Their bytes.
    pub bytes: u64,
    /// How many.
    pub files: u64,
    /// Their lines.
    pub lines: LineCount,
}

/// Looks at one file for its language and its lines.
pub fn survey(path: String, bytes: &[u8]) -> Surveyed {
    let file = SourceFile { path: &path, executable: false, bytes };
    let (inventory, text) = look(&file, None);
    let attributes = text.filter(|_| Attributes::are_in(&file)).map(|(text, _)| text.into_owned());
    Surveyed { inventory, attributes, bytes: bytes.len() as u64, path }
}

/// What [`survey`] says of a file whose content need not be read, because its name says that it is no text.
pub fn survey_unread(path: String, bytes: u64) -> Result<Surveyed, String> {
    if !classify::is_binary(&path, &[]) {
        return Err(path);
    }
    let inventory = FileInventory { binary: true, ..FileInventory::default() };
    Ok(Surveyed { path, bytes, inventory, attributes: None })
}

impl Survey {
    /// Joins the files, which may be in any order, of a commit with so many files and bytes.
    pub fn new(
        commit: Commit,
        [files, bytes]: [u64; 2],
        mut surveyed: Vec<Surveyed>,
        mut skipped: Vec<Skipped>,
        notes: Vec<Note>,
    ) -> Self {
        let texts =
            surveyed.iter().filter_map(|file| Some((file.path.as_str(), file.attributes.as_deref()?)));
        let attributes = Attributes::parse(&texts.collect::<Vec<_>>());
        if !attributes.is_empty() {
            for file in &mut surveyed {
                attributes.apply(&file.path, &mut file.inventory);
            }
        }
        let examined: Vec<Examined<'_>> =
            surveyed.iter().map(|file| (file.path.as_str(), file.bytes, &file.inventory)).collect();
        skipped.sort_by(|a, b| a.path.cmp(&b.path));
        Self {
            commit,
            files,
            bytes,
            languages: languages(&examined),
            not_counted: not_counted(&examined),
            binary: surveyed.iter().filter(|file| file.inventory.binary).count() as u64,
            skipped,
            notes,
        }
    }
}

fn not_counted(files: &[Examined<'_>]) -> Vec<NotCounted> {
    let mut found: BTreeMap<Option<&str>, NotCounted> = BTreeMap::new();
    for (_, bytes, inventory) in files.iter().filter(|(_, _, inventory)| !adds(inventory)) {
        if inventory.binary || inventory.lfs_pointer {
            continue;
        }
        let name = inventory.language.as_deref();
        let all = found.entry(name).or_insert_with(|| NotCounted {
            name: name.map(str::to_owned),
            bytes: 0,
            files: 0,
            lines: LineCount::default(),
        });
        all.bytes = all.bytes.saturating_add(*bytes);
        all.files += 1;
        add(&mut all.lines, inventory.lines);
    }
    let mut found: Vec<NotCounted> = found.into_values().collect();
    found.sort_by(|a, b| b.lines.total().cmp(&a.lines.total()).then_with(|| a.name.cmp(&b.name)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::examine;

    const FILES: [(&str, &[u8]); 9] = [
        ("src/a.rs", b"// one\nfn f() {}\n\n"),
        ("src/b.rs", b"fn g() {}\n"),
        ("vendor/c.rs", b"fn h() {}\n"),
        ("docs/d.md", b"# d\n\ntext\n"),
        ("data.json", b"{}\n"),
        ("odd.thing", b"x\n"),
        ("own/e.thing", b"x\n"),
        ("logo.png", b"\x89PNG\0\0"),
        (".gitattributes", b"own/* linguist-language=Python\n"),
    ];

    fn commit() -> Commit {
        Commit { id: "1".repeat(40), branch: None, time: 0, subject: String::new() }
    }

    fn surveyed() -> Vec<Surveyed> {
        FILES.iter().map(|(path, bytes)| survey((*path).to_owned(), bytes)).collect()
    }

    #[test]
    fn it_says_of_each_file_what_an_analysis_says() {
        for (file, (path, bytes)) in surveyed().into_iter().zip(FILES) {
            let whole = examine(&SourceFile { path, executable: false, bytes });
            let part = file.inventory;
            assert_eq!(
                (&part.language, part.lines, part.binary),
                (&whole.language, whole.lines, whole.binary)
            );
            assert_eq!(part.left_out, whole.left_out, "{path}");
        }
    }

    #[test]
    fn what_counts_is_told_apart_from_what_does_not() {
        let skipped =
            |path: &str| Skipped { path: path.to_owned(), reason: crate::report::SkipReason::Symlink };
        let survey =
            Survey::new(commit(), [11, 99], surveyed(), vec![skipped("y"), skipped("x")], Vec::new());
        let counted: Vec<(&str, u64, u32)> = survey
            .languages
            .iter()
            .map(|share| (share.name.as_str(), share.files, share.lines.total()))
            .collect();
        assert_eq!(counted, [("Rust", 2, 4), ("Python", 1, 1)]);
        let rest: Vec<(Option<&str>, u64, u32)> = survey
            .not_counted
            .iter()
            .map(|rest| (rest.name.as_deref(), rest.files, rest.lines.total()))
            .collect();
        assert_eq!(
            rest,
            [
                (Some("Markdown"), 1, 3),
                (None, 1, 1),
                (Some("Git Attributes"), 1, 1),
                (Some("JSON"), 1, 1),
                (Some("Rust"), 1, 1),
            ]
        );
        assert_eq!((survey.binary, survey.files), (1, 11));
        assert_eq!(survey.skipped[0].path, "x", "in order");
        let mut turned = surveyed();
        turned.reverse();
        let again = Survey::new(commit(), [11, 99], turned, survey.skipped.clone(), Vec::new());
        assert_eq!(again, survey, "whatever the order");
    }

    #[test]
    fn only_a_name_that_says_so_spares_the_reading() {
        let unread = survey_unread("a/logo.png".to_owned(), 7).unwrap();
        assert!(unread.inventory.binary && unread.bytes == 7);
        assert_eq!(survey_unread("a/logo".to_owned(), 7), Err("a/logo".to_owned()));
    }
}
