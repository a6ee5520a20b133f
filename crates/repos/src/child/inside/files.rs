//! One folder of a commit, or some lines of one file of it.

use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};

use analysis::inventory;
use analysis::source::SourceFile;
use analysis::syntax::{self, SymbolKind};
use gix::ObjectId;
use gix::objs::Kind;

use super::super::protocol::{Definition, Folder, FolderEntry, Form, Lines, Part};
use super::examine::{STACK_BYTES, is_lfs_pointer, no_thread};
use crate::failure::{Failure, FailureCode};
use crate::git::folder::{self, Entry, EntryKind};
use crate::git::{ObjectError, Repository, display_name, is_binary};
use crate::limits::Limits;

/// Lines given out at once.
const LINES: u32 = 2_000;

/// A longer line is cut: nobody reads it, and it may be a megabyte.
const LINE_CHARACTERS: usize = 2_000;

/// Things of a folder given out at once.
const ENTRIES: usize = 2_000;

/// Definitions of a file given out.
const DEFINITIONS: usize = 2_000;

/// Bytes of the text that a link leads to.
const LINK_BYTES: u64 = 4_096;

pub(super) fn missing() -> Failure {
    Failure::new(FailureCode::NotFound, "The commit has no such file, or it cannot be read.")
}

fn root(repository: &Repository, commit: &str) -> Result<ObjectId, Failure> {
    let id = repository.resolve_commit(commit)?.id;
    Ok(repository.head_commit(&id)?.tree)
}

/// What is in a folder.
pub(super) fn folder(
    repository: &Repository,
    commit: &str,
    path: &str,
    limits: &Limits,
) -> Result<Folder, Failure> {
    let objects = repository.objects();
    let (entries, more) = folder::list(objects, root(repository, commit)?, path, limits, ENTRIES)
        .ok_or_else(|| {
            Failure::new(FailureCode::NotFound, "The commit has no such folder, or it cannot be read.")
        })?;
    let sized = |entry: Entry| {
        let size = || objects.header(&entry.id).ok().map(|(_, bytes)| bytes);
        let bytes = if entry.kind == EntryKind::File { size() } else { None };
        FolderEntry { bytes, name: entry.name, kind: entry.kind }
    };
    Ok(Folder { entries: entries.into_iter().map(sized).collect(), more })
}

/// A file that was asked for, read as far as it may be.
pub(super) enum Content {
    /// Text.
    Text(Vec<u8>),
    /// No text, and why; with the size of what is there.
    Other(Form, u64),
}

/// Reads what lies at a path.
pub(super) fn content(
    repository: &Repository,
    commit: &str,
    path: &str,
    limits: &Limits,
) -> Result<Content, Failure> {
    let objects = repository.objects();
    let entry = folder::at(objects, root(repository, commit)?, path, limits).ok_or_else(missing)?;
    let mut buffer = Vec::new();
    let limit = match entry.kind {
        EntryKind::Folder => return Err(missing()),
        EntryKind::Submodule => return Ok(Content::Other(Form::Submodule(entry.id.to_string()), 0)),
        EntryKind::Link => LINK_BYTES,
        EntryKind::File => limits.file_bytes,
    };
    let bytes = match objects.read(&entry.id, Kind::Blob, limit, &mut buffer) {
        Ok(bytes) => bytes,
        Err(ObjectError::TooLarge(bytes)) => return Ok(Content::Other(Form::TooLarge, bytes)),
        Err(ObjectError::Missing | ObjectError::Damaged) => return Err(missing()),
    };
    let size = bytes.len() as u64;
    Ok(if entry.kind == EntryKind::Link {
        Content::Other(Form::Link(display_name(bytes).into_owned()), size)
    } else if is_lfs_pointer(bytes) {
        Content::Other(Form::LfsPointer, size)
    } else if is_binary(bytes) {
        Content::Other(Form::Binary, size)
    } else {
        Content::Text(bytes.to_vec())
    })
}

/// Some lines of a file, with what its syntax says of it.
pub(super) fn lines(
    repository: &Repository,
    commit: &str,
    path: &str,
    wanted: RangeInclusive<u32>,
    limits: &Limits,
) -> Result<Lines, Failure> {
    match content(repository, commit, path, limits)? {
        Content::Other(form, bytes) => Ok(Lines { form, bytes, start: 1, ..Lines::default() }),
        // Parsers of hostile text recurse further than usual.
        Content::Text(bytes) => std::thread::scope(|scope| {
            let builder = std::thread::Builder::new().name("lines".to_owned()).stack_size(STACK_BYTES);
            let reader = builder.spawn_scoped(scope, || shown(path, &bytes, wanted));
            let reader = reader.map_err(|error| no_thread(&error))?;
            reader.join().map_err(|_| Failure::new(FailureCode::Internal, "The file could not be shown."))
        }),
    }
}

fn shown(path: &str, bytes: &[u8], wanted: RangeInclusive<u32>) -> Lines {
    let start = (*wanted.start()).max(1);
    let count = wanted.end().saturating_sub(start).saturating_add(1).min(LINES);
    let text = String::from_utf8_lossy(bytes);
    let mut cut = Vec::new();
    let mut shorten = |(number, line): (u32, &str)| {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match line.char_indices().nth(LINE_CHARACTERS) {
            Some((end, _)) => {
                cut.push(number);
                line[..end].to_owned()
            }
            None => line.to_owned(),
        }
    };
    let whole = text.strip_suffix('\n').unwrap_or(&text);
    // An empty file has no line, not an empty one.
    let all = || whole.split('\n').take(if bytes.is_empty() { 0 } else { usize::MAX });
    let wanted = all().skip(start as usize - 1).take(count as usize);
    let given: Vec<String> = (start..=u32::MAX).zip(wanted).map(&mut shorten).collect();
    let language = inventory::survey(path.to_owned(), bytes).inventory.language;
    // What a parser makes of a file is an ornament here: the lines are shown without it too.
    let (colours, definitions) = catch_unwind(AssertUnwindSafe(|| match &language {
        Some(language) => (colours(&text, language, start, &given), definitions(path, bytes, language)),
        None => Default::default(),
    }))
    .unwrap_or_default();
    Lines {
        form: Form::Text,
        bytes: bytes.len() as u64,
        language,
        start,
        total: u32::try_from(all().count()).unwrap_or(u32::MAX),
        cut,
        colours,
        definitions,
        lines: given,
    }
}

/// The parts of the lines that are given out, from `start` on.
fn colours(text: &str, language: &str, start: u32, given: &[String]) -> Vec<Vec<Part>> {
    let mut parts: Vec<Vec<Part>> = vec![Vec::new(); given.len()];
    let units = |line: &String| u32::try_from(line.encode_utf16().count()).unwrap_or(u32::MAX);
    let ends: Vec<u32> = given.iter().map(units).collect();
    for colour in syntax::colours(text, language) {
        let Some(at) = colour.line.checked_sub(start - 1).map(|at| at as usize) else { continue };
        let (Some(end), Some(parts)) = (ends.get(at), parts.get_mut(at)) else { break };
        let length = colour.length.min(end.saturating_sub(colour.start));
        if length > 0 {
            parts.push((colour.start, length, colour.kind));
        }
    }
    parts
}

/// Functions, and what else a file defines at its top level.
pub(super) fn definitions(path: &str, bytes: &[u8], language: &str) -> Vec<Definition> {
    let file = SourceFile { path, executable: false, bytes };
    let Ok(syntax) = syntax::examine(&file, language) else { return Vec::new() };
    let mut found: Vec<Definition> = syntax
        .functions
        .iter()
        .map(|function| Definition {
            name: function.name.clone(),
            kind: SymbolKind::Function,
            start: function.start,
            end: function.end,
            cognitive: Some(function.cognitive),
        })
        .collect();
    let functions: HashSet<u32> = found.iter().map(|function| function.start).collect();
    let others = syntax.symbols.iter();
    found.extend(others.filter(|symbol| !functions.contains(&symbol.start)).map(|symbol| Definition {
        name: symbol.name.clone(),
        kind: symbol.kind,
        start: symbol.start,
        end: symbol.end,
        cognitive: None,
    }));
    found.sort_by(|a, b| (a.start, b.end, &a.name).cmp(&(b.start, a.end, &b.name)));
    found.truncate(DEFINITIONS);
    found
}
