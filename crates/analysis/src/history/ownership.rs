//! How the changes of each folder are spread over people. Who they are is never said: a folder is described, nobody
//! is rated.
//!
//! A commit gives its author, for each file it changed, the lines it added and removed (at least 1, at most
//! [`MAX_LINES`], so that one import of other code does not outweigh a year of work), halved for each
//! [`HALF_LIFE_DAYS`] days of age. The share of a person is their part of the sum. The absence factor is the smallest
//! number of people who together hold more than half of it, as CHAOSS defines its metric of that name, which used to
//! be called bus factor.

use std::collections::{BTreeMap, BTreeSet};

use super::{DAY, FileView};
use crate::report::Ownership;

/// Lines of one change that count.
const MAX_LINES: u32 = 400;

/// Days after which a change counts half.
const HALF_LIFE_DAYS: f64 = 180.0;

/// Commits that must have changed a folder before anything is said about it.
const MIN_COMMITS: u32 = 5;

/// What is known of one folder.
#[derive(Debug, Default)]
struct Folder {
    commits: u32,
    fixes: u32,
    last: i64,
    weights: BTreeMap<u32, f64>,
}

/// Collects commits, and tells the shares at the end.
#[derive(Debug, Default)]
pub(super) struct Owners<'a> {
    folders: BTreeMap<&'a str, Folder>,
    all: BTreeMap<u32, f64>,
}

/// One counted commit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work {
    pub author: u32,
    pub time: i64,
    pub age: i64,
    pub fix: bool,
}

impl<'a> Owners<'a> {
    /// Adds what a commit did to source files: each with the lines that were added and removed.
    pub(super) fn add(&mut self, work: Work, files: &[(&FileView<'a>, u32)]) {
        let mut folders = BTreeSet::new();
        for (file, lines) in files.iter().filter(|(file, _)| file.counted && !file.test) {
            #[expect(clippy::cast_precision_loss, reason = "days of one year")]
            let days = work.age as f64 / DAY as f64;
            let weight = f64::from((*lines).clamp(1, MAX_LINES)) * (-days / HALF_LIFE_DAYS).exp2();
            let path = folder(file.path);
            *self.all.entry(work.author).or_default() += weight;
            let known = self.folders.entry(path).or_default();
            *known.weights.entry(work.author).or_default() += weight;
            if folders.insert(path) {
                known.commits += 1;
                known.fixes += u32::from(work.fix);
                known.last = known.last.max(work.time);
            }
        }
    }

    /// The absence factor of the whole; `None` where nothing was changed.
    pub(super) fn absence_factor(&self) -> Option<u32> {
        spread(&self.all).map(|(_, factor)| factor)
    }

    /// The folders, those with the most commits first.
    pub(super) fn folders(&self, files: &[FileView<'_>]) -> Vec<Ownership> {
        let mut code: BTreeMap<&str, u32> = BTreeMap::new();
        for file in files.iter().filter(|file| file.counted && !file.test) {
            *code.entry(folder(file.path)).or_default() += file.code;
        }
        let changed = self.folders.iter().filter(|(_, folder)| folder.commits >= MIN_COMMITS);
        let mut found: Vec<Ownership> = changed
            .filter_map(|(path, folder)| {
                let (main_share, absence_factor) = spread(&folder.weights)?;
                Some(Ownership {
                    folder: (*path).to_owned(),
                    code: code.get(path).copied().unwrap_or(0),
                    commits: folder.commits,
                    fixes: folder.fixes,
                    people: u32::try_from(folder.weights.len()).unwrap_or(u32::MAX),
                    main_share,
                    absence_factor,
                    last_change: folder.last,
                })
            })
            .collect();
        found.sort_by(|a, b| b.commits.cmp(&a.commits).then_with(|| a.folder.cmp(&b.folder)));
        found.truncate(Ownership::LISTED);
        found
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The largest share in percent, and how many people hold more than half.
fn spread(weights: &BTreeMap<u32, f64>) -> Option<(u32, u32)> {
    let total: f64 = weights.values().sum();
    let mut shares: Vec<f64> = weights.values().map(|weight| weight / total).collect();
    shares.sort_by(|a, b| b.total_cmp(a));
    let largest = *shares.first()?;
    let (mut held, mut people) = (0.0, 0);
    for share in shares {
        held += share;
        people += 1;
        if held > 0.5 {
            break;
        }
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
    let largest = (largest * 100.0).round() as u32;
    Some((largest, people))
}
