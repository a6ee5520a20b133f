//! Searches the files of a commit: cuts them into passages, which are kept for the next time, and ranks those.
//!
//! Left out is what is left out of the shares of languages as well: what is binary, written by a program or somebody
//! else's code. Reading order: [`search`], [`All`], `make` (a file becomes passages), `cut` (where), `stored` (what is
//! kept), `symbols`.

mod cut;
mod make;
mod stored;
mod symbols;

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

use analysis::inventory::Attributes;
use analysis::report::grouped;
use gix::ObjectId;
use gix::objs::Kind;
use retrieval::Vector;
use retrieval::passages::{self, Question, Ranked, Weights};
use sha2::{Digest as _, Sha256};

use super::super::protocol::{Beside, Message, Passage, SearchFound, Sought, What};
use super::known::{self, Key};
use super::{Answer, Voice};
use crate::failure::Failure;
use crate::git::tree::{self, TreeFile};
use crate::git::{Objects, Repository};
use crate::kept::SLOT_BYTES;
use crate::limits::Limits;
use make::{Conditions, Made};
use stored::{Record, Stored, StoredFile};

/// A longer line is cut, as a page with the file's source does it.
const LINE_CHARACTERS: usize = 2_000;

/// A longer passage is cut after a line: some files have nothing but long lines.
const PASSAGE_CHARACTERS: usize = 16_000;

/// What a repository says of its languages, in bytes, is read up to here: it may say it again in each of its folders.
const ATTRIBUTES_BYTES: usize = 4 << 20;

/// What is kept of an earlier search: nothing, where nothing is to be kept.
pub(super) type Kept = Option<Option<File>>;

/// Looks for something in a commit.
pub(super) fn search<W: Write>(
    repository: &Repository,
    sought: &Sought,
    limits: &Limits,
    voice: &Voice<W>,
    kept: Kept,
) -> Result<Answer, Failure> {
    let commit = match &sought.commit {
        Some(commit) => repository.resolve_commit(commit)?.id,
        None => repository.resolve(None)?.id,
    };
    let key = key(limits);
    let keeps = kept.is_some();
    let known = Stored::read(kept.flatten(), &key);
    let (stored, mut partial) = if known.whole && known.commit == commit.as_slice() {
        (known, Vec::new())
    } else {
        let until = Instant::now() + Duration::from_millis(sought.milliseconds);
        let (stored, partial) = anew(repository, commit, limits, &known, until)?;
        // More would be refused, and the search with it.
        let fits = |bytes: &Vec<u8>| bytes.len() as u64 <= SLOT_BYTES;
        if let Some(bytes) = stored.written(&key).filter(fits).filter(|_| keeps && sought.milliseconds > 0) {
            let what = Beside::Search;
            voice.say_with(&Message::KeepBeside { what, bytes: bytes.len() as u64 }, &bytes);
        }
        (stored, partial)
    };
    partial.extend(stored.notes.iter().map(|note| (*note).to_owned()));
    let read =
        |file: &StoredFile<'static>| postcard::from_bytes::<Record<'_>>(file.record).unwrap_or_default();
    let records: Vec<Record<'_>> = stored.files.iter().map(read).collect();
    let files = records.iter().filter(|record| !record.passages.is_empty()).count() as u64;
    let whole = stored.whole;
    let mut found =
        SearchFound { commit: commit.to_string(), files, partial, whole, ..SearchFound::default() };
    match sought.what {
        What::Symbols => found.symbols = symbols::find(&stored.files, &records, &sought.text, sought.limit),
        What::Passages { weights, per_file } => {
            let all = All { objects: repository.objects(), limits, files: &stored.files, records: &records };
            found.passages = all.best(sought, weights, per_file);
        }
    }
    Ok((Message::Search(found), Vec::new()))
}

/// Everything besides content that decides what a file comes to.
fn key(limits: &Limits) -> Key {
    let mut hash = Sha256::new();
    hash.update(known::key(limits));
    hash.update(retrieval::MODEL);
    hash.finalize().into()
}

/// Makes what is not known of the files of a commit; and says what is missing for now. What was made ends with the
/// process.
fn anew(
    repository: &Repository,
    commit: ObjectId,
    limits: &Limits,
    known: &Stored<'static>,
    until: Instant,
) -> Result<(Stored<'static>, Vec<String>), Failure> {
    let root = repository.head_commit(&commit)?.tree;
    let mut tree = tree::walk(repository.objects(), root, limits)?;
    tree.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let files: &'static [TreeFile] = Box::leak(tree.files.into_boxed_slice());
    let (attributes, decided) = attributes(repository.objects(), files);
    // What the repository says of its languages decides which files are left out.
    let same = known.attributes == decided;
    let known: HashMap<(&str, &[u8]), &'static [u8]> =
        known.files.iter().filter(|_| same).map(|file| ((file.path, file.blob), file.record)).collect();
    let find = |file: &TreeFile| known.get(&(file.path.as_str(), file.id.as_slice())).copied();
    let taken = files.iter().filter_map(|file| Some(find(file)?.len() + file.path.len())).sum();
    let missing: Vec<&TreeFile> = files.iter().filter(|file| find(file).is_none()).collect();
    let conditions = Conditions { limits, attributes: &attributes, until, taken };
    let mut made = make::all(repository, &conditions, &missing)?.into_iter();
    let mut stored = Stored {
        commit: Box::leak(Box::<[u8]>::from(commit.as_slice())),
        attributes: Box::leak(decided.into_boxed_slice()),
        ..Stored::default()
    };
    let [mut late, mut unreadable, mut no_room] = [0_u64; 3];
    for file in files {
        let record = find(file).or_else(|| match made.next()? {
            Made::Record(record) => Some(&*Box::leak(record.into_boxed_slice())),
            Made::Late => {
                late += 1;
                None
            }
            Made::Unreadable => {
                unreadable += 1;
                None
            }
            Made::NoRoom => {
                no_room += 1;
                None
            }
        });
        let kept = record.map(|record| StoredFile { path: &file.path, blob: file.id.as_slice(), record });
        stored.files.extend(kept);
    }
    // What cannot be read now cannot be read the next time either: the copy would have to be mended.
    stored.whole = late == 0;
    stored
        .notes
        .extend(tree.notes.iter().filter(|note| note.code == "file_limit").map(|note| leaked(&note.text)));
    if no_room > 0 {
        let text =
            format!("The repository is larger than what is searched: {} were left out.", counted(no_room));
        stored.notes.push(leaked(&text));
    }
    if unreadable > 0 {
        stored.notes.push(leaked(&format!("{} could not be read.", counted(unreadable))));
    }
    let mut partial = Vec::new();
    if late > 0 {
        partial.push(format!("{} were not read yet: search again to look into more of them.", counted(late)));
    }
    Ok((stored, partial))
}

fn leaked(text: &str) -> &'static str {
    Box::leak(Box::<str>::from(text))
}

fn counted(files: u64) -> String {
    format!("{} {}", grouped(files), if files == 1 { "file" } else { "files" })
}

/// What the repository says of its languages, and what tells one such saying from another.
fn attributes(objects: &Objects, files: &[TreeFile]) -> (Attributes, Vec<u8>) {
    let mut hash = Sha256::new();
    let mut texts = Vec::new();
    let mut bytes_read = 0;
    let mut buffer = Vec::new();
    for file in files.iter().filter(|file| file.path.rsplit('/').next() == Some(".gitattributes")) {
        hash.update(file.path.as_bytes());
        hash.update(file.id.as_slice());
        if bytes_read >= ATTRIBUTES_BYTES {
            continue;
        }
        if let Ok(bytes) = objects.read(&file.id, Kind::Blob, 1 << 20, &mut buffer) {
            bytes_read += bytes.len();
            texts.push((file.path.as_str(), String::from_utf8_lossy(bytes).into_owned()));
        }
    }
    let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
    (Attributes::parse(&texts), hash.finalize().to_vec())
}

/// All there is to be searched.
struct All<'a> {
    objects: &'a Objects,
    limits: &'a Limits,
    files: &'a [StoredFile<'a>],
    records: &'a [Record<'a>],
}

impl All<'_> {
    /// The passages that fit best, with their texts.
    fn best(&self, sought: &Sought, weights: Weights, per_file: usize) -> Vec<Passage> {
        let vector = sought.vector.as_ref().and_then(|bytes| Vector::from_bytes(bytes).ok());
        let question = Question::new(&sought.text, vector);
        let files: Vec<passages::File<'_>> = self
            .records
            .iter()
            .map(|record| passages::File {
                path: record.path,
                passages: record
                    .passages
                    .iter()
                    .map(|it| passages::Passage { terms: it.terms, words: it.words, vector: it.vector })
                    .collect(),
            })
            .collect();
        let ranked = passages::rank(&question, &files, weights, [per_file, sought.limit]);
        let mut buffer = Vec::new();
        ranked.into_iter().filter_map(|ranked| self.told(ranked, &mut buffer)).collect()
    }

    /// Nothing where the content is not there any more.
    fn told(&self, ranked: Ranked, buffer: &mut Vec<u8>) -> Option<Passage> {
        let (file, record) = (self.files.get(ranked.file)?, self.records.get(ranked.file)?);
        let passage = record.passages.get(ranked.passage)?;
        let id = ObjectId::try_from(file.blob).ok()?;
        let bytes = self.objects.read(&id, Kind::Blob, self.limits.diff_bytes, buffer).ok()?;
        let text = String::from_utf8_lossy(bytes);
        let lines: Vec<&str> = make::lines(&text).collect();
        let start = (passage.start as usize).saturating_sub(1);
        let (text, count) = make::text(&lines, start, passage.end as usize);
        let symbol = passage.symbol.and_then(|at| record.symbols.get(at as usize));
        let end = passage.start.saturating_add(u32::try_from(count).unwrap_or(u32::MAX)).saturating_sub(1);
        Some(Passage {
            path: file.path.to_owned(),
            blob: id.to_string(),
            lines: passage.start..=end,
            symbol: symbol.map(|symbol| symbol.name.to_owned()),
            text,
            score: ranked.score.score,
            from_meaning: ranked.score.from_meaning,
            terms: ranked.terms,
        })
    }
}
