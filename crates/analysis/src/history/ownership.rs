//! How the changes of each folder are spread over people: a folder is described, nobody is rated. Who they are is said
//! by name alone, for the question who else knows a folder; addresses never leave the history.
//!
//! A commit gives its author, for each file it changed, the lines it added and removed (at least 1, at most
//! [`MAX_LINES`], so that one import of other code does not outweigh a year of work), halved for each
//! [`HALF_LIFE_DAYS`] days of age. The share of a person is their part of the sum. The absence factor is the smallest
//! number of people who together hold more than half of it, as CHAOSS defines its metric of that name, which used to
//! be called bus factor.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{DAY, FileView};
use crate::report::{Contributor, History, Ownership, Share};
use crate::source::{Person, folder};

/// Lines of one change that count.
const MAX_LINES: u32 = 400;

/// Days after which a change counts half.
const HALF_LIFE_DAYS: f64 = 180.0;

/// Commits that must have changed a folder before anything is said about it.
const MIN_COMMITS: u32 = 5;

/// Characters of a name that are kept: anybody can call themselves anything.
const MAX_NAME: usize = 80;

/// What somebody is called whose commits have no name.
const NAMELESS: &str = "somebody without a name";

/// What is known of one folder.
#[derive(Debug, Default)]
struct Folder {
    commits: u32,
    fixes: u32,
    last: i64,
    weights: BTreeMap<u32, f64>,
    seen: BTreeMap<u32, i64>,
}

/// Collects commits, and tells the shares at the end.
#[derive(Debug, Default)]
pub(super) struct Owners<'a> {
    folders: HashMap<&'a str, Folder>,
    all: BTreeMap<u32, f64>,
    commits: BTreeMap<u32, u32>,
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
        *self.commits.entry(work.author).or_default() += 1;
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
                let seen = known.seen.entry(work.author).or_insert(work.time);
                *seen = work.time.max(*seen);
            }
        }
    }

    /// Puts what is known into the history: the absence factor of the whole, the folders, those with the most commits
    /// first, and who changed them.
    pub(super) fn tell(&self, files: &[FileView<'_>], people: &[Person], history: &mut History) {
        history.absence_factor = spread(&self.all).map(|(_, factor)| factor);
        let mut code: HashMap<&str, u32> = HashMap::new();
        for file in files.iter().filter(|file| file.counted && !file.test) {
            *code.entry(folder(file.path)).or_default() += file.code;
        }
        let known = self.folders.iter().filter(|(_, folder)| folder.commits >= MIN_COMMITS);
        let mut known: Vec<(&str, &Folder)> = known.map(|(path, folder)| (*path, folder)).collect();
        known.sort_by(|(a, one), (b, other)| other.commits.cmp(&one.commits).then_with(|| a.cmp(b)));
        known.truncate(Ownership::LISTED);

        let listed = self.listed(&known);
        let position = |author: u32| listed.iter().position(|each| *each == author);
        history.ownership = known
            .iter()
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
                    shares: folder.shares(position),
                })
            })
            .collect();
        history.people = listed.iter().map(|author| self.contributor(*author, people)).collect();
    }

    /// The authors that are named: those with a listed share of a listed folder, who changed most of all first.
    fn listed(&self, folders: &[(&str, &Folder)]) -> Vec<u32> {
        let main: BTreeSet<u32> = folders.iter().flat_map(|(_, folder)| folder.main()).collect();
        let mut main: Vec<u32> = main.into_iter().collect();
        let weight = |author: &u32| self.all.get(author).copied().unwrap_or(0.0);
        main.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then_with(|| a.cmp(b)));
        main.truncate(Contributor::LISTED);
        main
    }

    fn contributor(&self, author: u32, people: &[Person]) -> Contributor {
        let total: f64 = self.all.values().sum();
        let person = usize::try_from(author).ok().and_then(|index| people.get(index));
        Contributor {
            name: shown(person.map_or("", |person| &person.name)),
            commits: self.commits.get(&author).copied().unwrap_or(0),
            percent: percent(self.all.get(&author).copied().unwrap_or(0.0), total),
        }
    }
}

/// A name as it is told: where it is an address, what stands before the host, and other names without the addresses in
/// them; never an empty one.
fn shown(name: &str) -> String {
    let is_address =
        |word: &&str| word.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty());
    let told: Vec<&str> = name.split_whitespace().filter(|word| !is_address(word)).collect();
    let told = match told.as_slice() {
        [] => name.split_whitespace().find_map(|word| word.split('@').next()).unwrap_or_default().to_owned(),
        words => words.join(" "),
    };
    let told = told.trim_matches(['<', '(']);
    let bare = told.trim_start_matches('@');
    if bare.is_empty() { NAMELESS.to_owned() } else { bare.chars().take(MAX_NAME).collect() }
}

impl Folder {
    /// Those with the largest shares, the largest first.
    fn main(&self) -> Vec<u32> {
        let mut authors: Vec<(u32, f64)> =
            self.weights.iter().map(|(author, weight)| (*author, *weight)).collect();
        authors.sort_by(|(a, one), (b, other)| other.total_cmp(one).then_with(|| a.cmp(b)));
        authors.into_iter().take(Share::LISTED).map(|(author, _)| author).collect()
    }

    /// Their shares; `position` finds somebody among the people of the report.
    fn shares(&self, position: impl Fn(u32) -> Option<usize>) -> Vec<Share> {
        let total: f64 = self.weights.values().sum();
        let share = |author: u32| {
            Some(Share {
                person: u32::try_from(position(author)?).ok()?,
                percent: percent(self.weights.get(&author).copied()?, total),
                last_change: self.seen.get(&author).copied()?,
            })
        };
        self.main().into_iter().filter_map(share).collect()
    }
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
    Some((percent(largest, 1.0), people))
}

/// A part in percent of the whole, rounded; nothing of nothing is 0.
fn percent(part: f64, whole: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
    let rounded = if whole > 0.0 { (100.0 * part / whole).round() as u32 } else { 0 };
    rounded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_everything_but_addresses() {
        for (name, told) in [
            ("Ann Example", "Ann Example"),
            ("ann@example.com", "ann"),
            ("<ann@example.com>", "ann"),
            ("Ann Example <ann@example.com>", "Ann Example"),
            ("Ann @ Work", "Ann @ Work"),
            ("@ann", "ann"),
            ("@", NAMELESS),
            ("  ", NAMELESS),
            ("", NAMELESS),
        ] {
            assert_eq!(shown(name), told, "{name}");
        }
    }
}
