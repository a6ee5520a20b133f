//! Importing a mirror: a folder as OSV exports it, with `ECOSYSTEM/all.zip` for each ecosystem.
//!
//! An ecosystem is replaced as a whole or not at all. Archives are read as untrusted: entries, their sizes and the
//! sum of all are bounded before anything is kept.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use analysis::advisories::{OsvRecord, normal_name};
use base::Timestamp;
use storage::Error;

use super::{Advisories, store};
use crate::model::AdvisorySource;
use store::AdvisoryRow;

/// Records of one archive.
const RECORDS: usize = 2_000_000;

/// Bytes of one record. The longest of the public ones have a few hundred thousand.
const RECORD_BYTES: u64 = 8 << 20;

/// Bytes of all records of one archive once unpacked.
const UNPACKED_BYTES: u64 = 16 << 30;

/// Bytes of one ecosystem as it is kept.
const KEPT_BYTES: usize = 2 << 30;

/// Malformed records that are named.
const NAMED: usize = 20;

/// What came of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// What is there now, by ecosystem.
    pub sources: Vec<AdvisorySource>,
    /// Records that could not be understood, with the name of their file; at most 20 are named.
    pub malformed: Vec<String>,
    /// How many could not be understood.
    pub malformed_total: u64,
}

/// Why an import stopped. Ecosystems that were finished before stay imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The folder is not an export.
    #[error("`{0}` holds no `ECOSYSTEM/all.zip`; download the export's folder as it is")]
    NotAnExport(PathBuf),
    /// An archive cannot be read.
    #[error("`{0}` cannot be read: {1}")]
    Unreadable(PathBuf, String),
    /// An archive is larger than any honest one.
    #[error("`{0}` unpacks to more than is accepted")]
    TooLarge(PathBuf),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] Error),
}

/// How far an import is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportProgress {
    /// The ecosystem that was just finished.
    pub ecosystem: String,
    /// Its records.
    pub records: u64,
    /// How many ecosystems are finished.
    pub done: usize,
    /// How many there are.
    pub total: usize,
}

impl Advisories {
    /// Imports every ecosystem of the export in `folder`.
    pub async fn import(
        &self,
        folder: &Path,
        mut progress: impl FnMut(ImportProgress) + Send,
    ) -> Result<Imported, ImportError> {
        let archives = archives(folder)?;
        let total = archives.len();
        let mut imported = Imported::default();
        for (done, (ecosystem, archive)) in (1..).zip(archives) {
            let name = ecosystem.clone();
            let reading = tokio::task::spawn_blocking(move || read(&name, &archive));
            let read = reading
                .await
                .map_err(|error| ImportError::Unreadable(folder.to_owned(), error.to_string()))??;
            let source = AdvisorySource {
                ecosystem: ecosystem.clone(),
                records: read.records,
                as_of: read.newest,
                imported_at: self.clock.now(),
                source: folder.display().to_string(),
            };
            let mut tx = self.db.begin().await?;
            store::clear(&mut tx, &ecosystem).await?;
            store::insert(&mut tx, &ecosystem, read.rows).await?;
            store::set_source(&mut tx, &source).await?;
            tx.commit().await?;
            imported.malformed_total += read.malformed_total;
            imported.malformed.extend(read.malformed);
            imported.malformed.truncate(NAMED);
            imported.sources.push(source);
            progress(ImportProgress { ecosystem, records: read.records, done, total });
        }
        Ok(imported)
    }
}

/// The archives of an export, by ecosystem.
fn archives(folder: &Path) -> Result<Vec<(String, PathBuf)>, ImportError> {
    let unreadable = |error: std::io::Error| ImportError::Unreadable(folder.to_owned(), error.to_string());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let archive = entry.path().join("all.zip");
        if let Ok(name) = entry.file_name().into_string()
            && archive.is_file()
        {
            found.push((name, archive));
        }
    }
    found.sort();
    if found.is_empty() { Err(ImportError::NotAnExport(folder.to_owned())) } else { Ok(found) }
}

#[derive(Default)]
struct ReadArchive {
    rows: Vec<AdvisoryRow>,
    records: u64,
    newest: Timestamp,
    malformed: Vec<String>,
    malformed_total: u64,
}

fn read(ecosystem: &str, path: &Path) -> Result<ReadArchive, ImportError> {
    let unreadable =
        |error: &dyn std::fmt::Display| ImportError::Unreadable(path.to_owned(), error.to_string());
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|error| unreadable(&error))?;
    if archive.len() > RECORDS {
        return Err(ImportError::TooLarge(path.to_owned()));
    }
    let mut result = ReadArchive::default();
    let (mut unpacked, mut kept) = (0_u64, 0_usize);
    let mut text = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| unreadable(&error))?;
        let name = entry.name().map_or_else(|_| format!("entry {index}"), std::borrow::Cow::into_owned);
        if !entry.is_file() || !has_json_ending(&name) {
            continue;
        }
        text.clear();
        // The size an archive states is a claim; what is unpacked is counted.
        let read = entry.take(RECORD_BYTES + 1).read_to_end(&mut text);
        unpacked += text.len() as u64;
        if unpacked > UNPACKED_BYTES {
            return Err(ImportError::TooLarge(path.to_owned()));
        }
        let record = match read {
            Ok(_) if text.len() as u64 <= RECORD_BYTES => serde_json::from_slice::<OsvRecord>(&text).ok(),
            _ => None,
        };
        let rows = record.as_ref().and_then(|record| rows(ecosystem, record));
        let Some((modified, rows)) = rows else {
            result.malformed_total += 1;
            if result.malformed.len() < NAMED {
                result.malformed.push(format!("{ecosystem}/{}", name.escape_debug()));
            }
            continue;
        };
        kept += rows.iter().map(|row| row.body.len()).sum::<usize>();
        if kept > KEPT_BYTES {
            return Err(ImportError::TooLarge(path.to_owned()));
        }
        result.records += 1;
        result.newest = result.newest.max(modified);
        result.rows.extend(rows);
    }
    // One id twice in one archive: the later entry wins, as it would when unpacked into a folder.
    let mut unique: std::collections::BTreeMap<(String, String), AdvisoryRow> =
        std::collections::BTreeMap::new();
    for row in std::mem::take(&mut result.rows) {
        unique.insert((row.package.clone(), row.id.clone()), row);
    }
    result.rows = unique.into_values().collect();
    Ok(result)
}

fn has_json_ending(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}

/// The record under the name of each package of this ecosystem; `None` when it is no record.
fn rows(ecosystem: &str, record: &OsvRecord) -> Option<(Timestamp, Vec<AdvisoryRow>)> {
    let modified = time(&record.modified)?;
    if record.id.is_empty() || record.id.len() > 200 {
        return None;
    }
    let mut names: Vec<String> = record
        .affected
        .iter()
        .filter(|affected| affected.package.ecosystem.split(':').next() == Some(ecosystem))
        .map(|affected| normal_name(ecosystem, &affected.package.name).into_owned())
        .filter(|name| !name.is_empty())
        .collect();
    names.sort();
    names.dedup();
    let body = encode(record)?;
    let row = |package| AdvisoryRow { package, id: record.id.clone(), modified, body: body.clone() };
    (!names.is_empty()).then(|| (modified, names.into_iter().map(row).collect()))
}

fn encode(record: &OsvRecord) -> Option<Vec<u8>> {
    let json = serde_json::to_vec(record).ok()?;
    zstd::bulk::compress(&json, 3).ok()
}

/// A record as it is kept.
pub(super) fn decode(body: &[u8]) -> Result<OsvRecord, String> {
    let limit = usize::try_from(RECORD_BYTES).unwrap_or(usize::MAX).saturating_mul(2);
    let json = zstd::bulk::decompress(body, limit).map_err(|error| error.to_string())?;
    serde_json::from_slice(&json).map_err(|error| error.to_string())
}

/// An RFC 3339 time.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    text.parse::<jiff::Timestamp>().ok().map(|time| Timestamp::from_micros(time.as_microsecond()))
}
