//! Files become passages, on a few threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use analysis::inventory::{Attributes, survey, survey_unread};
use gix::objs::Kind;
use retrieval::Embedder;
use retrieval::passages::{Reader, Terms};

use super::super::examine::{STACK_BYTES, is_lfs_pointer, no_thread};
use super::super::files::definitions;
use super::cut::{self, Cut};
use super::stored::{MOST_BYTES, Record, StoredPassage, StoredSymbol};
use super::{LINE_CHARACTERS, PASSAGE_CHARACTERS};
use crate::child::protocol::Definition;
use crate::failure::Failure;
use crate::git::tree::TreeFile;
use crate::git::{Objects, Repository};
use crate::limits::Limits;

/// Definitions with longer names, in bytes, are left out: nobody types them, and each search goes through all names.
const LONGEST_NAME: usize = 200;

/// Files that a thread takes up at once.
const AT_ONCE: usize = 8;

/// What came of a file.
pub(super) enum Made {
    /// A [`Record`].
    Record(Vec<u8>),
    /// Its content is not there, or damaged.
    Unreadable,
    /// There was no time for it.
    Late,
    /// There was no room for it.
    NoRoom,
}

/// What all files are made under.
pub(super) struct Conditions<'a> {
    pub(super) limits: &'a Limits,
    pub(super) attributes: &'a Attributes,
    /// Nothing is begun afterwards.
    pub(super) until: Instant,
    /// Bytes that were taken over from earlier, with the paths.
    pub(super) taken: usize,
}

/// Makes the records of some files.
pub(super) fn all(
    repository: &Repository,
    conditions: &Conditions<'_>,
    files: &[&TreeFile],
) -> Result<Vec<Made>, Failure> {
    let tasks: Vec<&[&TreeFile]> = files.chunks(AT_ONCE).collect();
    let (next, taken) = (AtomicUsize::new(0), AtomicUsize::new(conditions.taken));
    let embedder = Embedder::new();
    let mut all: Vec<Made> = files.iter().map(|_| Made::Late).collect();
    std::thread::scope(|scope| -> std::io::Result<()> {
        let mut threads = Vec::new();
        for number in 0..conditions.limits.threads.max(1).min(tasks.len()) {
            let (tasks, next, taken) = (&tasks, &next, &taken);
            let objects = repository.objects().clone();
            let mut maker = Maker::new(conditions, objects, embedder.clone());
            // Parsers of hostile text recurse further than usual.
            let builder =
                std::thread::Builder::new().name(format!("search-{number}")).stack_size(STACK_BYTES);
            threads.push(builder.spawn_scoped(scope, move || {
                let mut made = Vec::new();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(task) = tasks.get(at) else { return made };
                    made.extend((at * AT_ONCE..).zip(task.iter().map(|file| maker.made(file, taken))));
                }
            })?);
        }
        for thread in threads {
            for (at, made) in thread.join().map_err(|_| std::io::Error::other("a thread ended early"))? {
                all[at] = made;
            }
        }
        Ok(())
    })
    .map_err(|error| no_thread(&error))?;
    Ok(all)
}

struct Maker<'a> {
    conditions: &'a Conditions<'a>,
    objects: Objects,
    embedder: Embedder,
    reader: Reader,
    buffer: Vec<u8>,
}

impl<'a> Maker<'a> {
    fn new(conditions: &'a Conditions<'a>, objects: Objects, embedder: Embedder) -> Self {
        Self { conditions, objects, embedder, reader: Reader::default(), buffer: Vec::new() }
    }

    fn made(&mut self, file: &TreeFile, taken: &AtomicUsize) -> Made {
        if Instant::now() >= self.conditions.until {
            return Made::Late;
        }
        if taken.load(Ordering::Relaxed) >= MOST_BYTES {
            return Made::NoRoom;
        }
        // Its name may say that it is no text.
        let Err(path) = survey_unread(file.path.clone(), file.bytes) else {
            let made = self.record(file, "", &[], &[]);
            taken.fetch_add(made.len() + file.path.len(), Ordering::Relaxed);
            return Made::Record(made);
        };
        let largest = self.conditions.limits.diff_bytes;
        let mut buffer = std::mem::take(&mut self.buffer);
        let made = match self.objects.read(&file.id, Kind::Blob, largest, &mut buffer) {
            // A parser that panics costs its file, not the search.
            Ok(bytes) => catch_unwind(AssertUnwindSafe(|| self.of_content(file, path, bytes)))
                .unwrap_or_else(|_| self.record(file, "", &[], &[])),
            Err(crate::git::ObjectError::TooLarge(_)) => self.record(file, "", &[], &[]),
            Err(_) => {
                self.buffer = buffer;
                return Made::Unreadable;
            }
        };
        self.buffer = buffer;
        taken.fetch_add(made.len() + file.path.len(), Ordering::Relaxed);
        Made::Record(made)
    }

    fn of_content(&mut self, file: &TreeFile, path: String, bytes: &[u8]) -> Vec<u8> {
        let mut inventory = survey(path, bytes).inventory;
        self.conditions.attributes.apply(&file.path, &mut inventory);
        let left_out = inventory.left_out.generated || inventory.left_out.vendored;
        if inventory.binary || left_out || is_lfs_pointer(bytes) {
            return self.record(file, "", &[], &[]);
        }
        let language = inventory.language.as_deref();
        let mut definitions =
            language.map(|language| definitions(&file.path, bytes, language)).unwrap_or_default();
        definitions.retain(|definition| definition.name.len() <= LONGEST_NAME);
        let text = String::from_utf8_lossy(bytes);
        let lines: Vec<&str> = lines(&text).collect();
        let cuts = cut::passages(&lines, &definitions);
        let stem = file.path.rsplit_once('.').map_or(file.path.as_str(), |(stem, _)| stem);
        self.record(file, stem, &definitions, &passages_of(&lines, &definitions, &cuts))
    }

    /// `stem`: the path without its ending.
    fn record(&mut self, file: &TreeFile, stem: &str, definitions: &[Definition], texts: &[Text]) -> Vec<u8> {
        let path = self.reader.terms("", &file.path);
        let parts: Vec<(Terms, Vec<u8>)> = texts
            .iter()
            .map(|Text { names, body, .. }| {
                let vector = self.embedder.embed(&format!("{stem} {names} {body}"));
                (self.reader.terms(names, body), vector.map(|vector| vector.to_bytes()).unwrap_or_default())
            })
            .collect();
        let passages = texts.iter().zip(&parts).map(|(text, (terms, vector))| StoredPassage {
            start: number(text.cut.start + 1),
            end: number(text.cut.end),
            symbol: text.symbol.map(number),
            words: terms.words,
            terms: &terms.bytes,
            vector,
        });
        let symbols = definitions.iter().map(|definition| StoredSymbol {
            name: &definition.name,
            kind: definition.kind,
            start: definition.start,
            end: definition.end,
        });
        let record = Record { path: &path.bytes, symbols: symbols.collect(), passages: passages.collect() };
        // Of plain numbers and texts: it cannot fail.
        postcard::to_allocvec(&record).unwrap_or_default()
    }
}

/// A passage before it is looked at.
struct Text {
    cut: Cut,
    symbol: Option<usize>,
    names: String,
    body: String,
}

fn passages_of(lines: &[&str], definitions: &[Definition], cuts: &[Cut]) -> Vec<Text> {
    let text = |cut: &Cut| {
        let symbol = cut::symbol(*cut, definitions);
        let begins = |it: &&Definition| (cut.start..cut.end).contains(&(it.start as usize).saturating_sub(1));
        let mut names: Vec<&str> =
            definitions.iter().filter(begins).map(|definition| definition.name.as_str()).collect();
        names.extend(symbol.and_then(|at| definitions.get(at)).map(|it| it.name.as_str()));
        names.dedup();
        let (body, _) = text(lines, cut.start, cut.end);
        Text { cut: *cut, symbol, names: names.join(" "), body }
    };
    cuts.iter().map(text).collect()
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The lines of a file, without their ends.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let whole = text.strip_suffix('\n').unwrap_or(text);
    // An empty file has no line, not an empty one.
    let most = if text.is_empty() { 0 } else { usize::MAX };
    whole.split('\n').take(most).map(|line| line.strip_suffix('\r').unwrap_or(line))
}

/// Lines from `start` to before `end` as one text, and how many of them it has: it is cut where it is too long.
pub(super) fn text(lines: &[&str], start: usize, end: usize) -> (String, usize) {
    let mut text = String::new();
    let mut characters = 0;
    let wanted = lines.get(start..end.min(lines.len())).unwrap_or_default();
    for (count, line) in wanted.iter().enumerate() {
        let line = line.char_indices().nth(LINE_CHARACTERS).map_or(*line, |(end, _)| &line[..end]);
        characters += line.chars().count() + 1;
        if count > 0 && characters > PASSAGE_CHARACTERS {
            return (text, count);
        }
        if count > 0 {
            text.push('\n');
        }
        text.push_str(line);
    }
    (text, wanted.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_after_a_line() {
        let long = "x".repeat(3_000);
        let all = [long.as_str(); 20];
        let (text, count) = text(&all, 0, 20);
        assert_eq!((count, text.lines().count()), (7, 7));
        assert!(text.lines().all(|line| line.len() == LINE_CHARACTERS));
        assert_eq!(super::text(&["a", "b", "c"], 1, 9), ("b\nc".to_owned(), 2));
        assert_eq!(super::text(&["a"], 5, 9), (String::new(), 0));
    }

    #[test]
    fn lines_are_those_of_an_editor() {
        let of = |text| lines(text).collect::<Vec<_>>();
        assert_eq!(of("a\r\nb\n\nc\n"), ["a", "b", "", "c"]);
        assert_eq!(of(""), <[&str; 0]>::default());
    }
}
