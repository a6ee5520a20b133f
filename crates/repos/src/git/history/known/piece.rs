//! Commits in columns of a fixed width, which are looked up without reading the rest.

use gix::ObjectId;

use super::View;
use crate::git::repository::CommitInfo;

/// Texts of a commit: the author's name and address, the subject, and what it changed.
const TEXTS: usize = 4;

type Id = [u8; 20];
type Number = [u8; 4];
type Time = [u8; 8];

/// Commits that were written down together. Every column but the last has a width; where one says where another begins
/// or ends, that was looked at when the piece was [read](Piece::read).
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::git::history) struct Piece<'a> {
    ids: &'a [Id],
    /// The rows by their ids.
    sorted: &'a [Number],
    times: &'a [Time],
    authored: &'a [Time],
    trees: &'a [Id],
    /// For each row where its parents end; they begin where those of the row before end.
    parent_ends: &'a [Number],
    /// A row, or behind the last row one of the others.
    parents: &'a [Number],
    /// Parents that are not here.
    others: &'a [Id],
    /// For each row where its texts end.
    text_ends: &'a [Number],
    texts: &'a [u8],
}

/// A commit that another one follows.
#[derive(Debug, Clone, Copy)]
pub(in crate::git::history) enum Parent {
    Row(u32),
    Id(ObjectId),
}

impl<'a> Piece<'a> {
    /// What [`write`] gave; `None` where it is not sound.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (counts, mut rest) = bytes.split_first_chunk::<12>()?;
        let [rows, parents, others] = *counts.as_chunks::<4>().0 else { return None };
        let rest = &mut rest;
        let piece = Self {
            ids: column(rest, rows, 1)?,
            sorted: column(rest, rows, 1)?,
            times: column(rest, rows, 1)?,
            authored: column(rest, rows, 1)?,
            trees: column(rest, rows, 1)?,
            parent_ends: column(rest, rows, 1)?,
            parents: column(rest, parents, 1)?,
            others: column(rest, others, 1)?,
            text_ends: column(rest, rows, TEXTS)?,
            texts: rest,
        };
        let known = piece.ids.len() + piece.others.len();
        let sound = ends(piece.parent_ends, piece.parents.len())
            && ends(piece.text_ends, piece.texts.len())
            && piece.parents.iter().all(|parent| number(*parent) < known)
            && piece.sorted.iter().all(|row| number(*row) < piece.ids.len());
        sound.then_some(piece)
    }

    /// How many commits.
    pub(in crate::git::history) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The ids of the rows.
    pub(super) fn ids(&self) -> impl Iterator<Item = ObjectId> {
        self.ids.iter().map(|id| ObjectId::from(*id))
    }

    /// The row of a commit.
    pub(in crate::git::history) fn find(&self, id: &ObjectId) -> Option<u32> {
        let order =
            |row: &Number| self.ids.get(number(*row)).map(|other| other.as_slice().cmp(id.as_slice()));
        let at = self.sorted.binary_search_by(|row| order(row).unwrap_or(std::cmp::Ordering::Less)).ok()?;
        self.sorted.get(at).map(|row| u32::from_le_bytes(*row))
    }

    pub(in crate::git::history) fn id(&self, row: u32) -> Option<ObjectId> {
        self.ids.get(row as usize).map(|id| ObjectId::from(*id))
    }

    /// Committer time.
    pub(in crate::git::history) fn time(&self, row: u32) -> Option<i64> {
        self.times.get(row as usize).map(|time| i64::from_le_bytes(*time))
    }

    /// The folder of files.
    pub(super) fn tree(&self, row: u32) -> Option<ObjectId> {
        self.trees.get(row as usize).map(|id| ObjectId::from(*id))
    }

    /// The commits that it follows.
    pub(in crate::git::history) fn parents(&self, row: u32) -> impl ExactSizeIterator<Item = Parent> {
        let parents = between(self.parent_ends, row as usize).and_then(|range| self.parents.get(range));
        parents.unwrap_or_default().iter().map(|parent| match self.others(number(*parent)) {
            Some(id) => Parent::Id(ObjectId::from(*id)),
            None => Parent::Row(u32::from_le_bytes(*parent)),
        })
    }

    fn others(&self, parent: usize) -> Option<&'a Id> {
        self.others.get(parent.checked_sub(self.ids.len())?)
    }

    /// The id of such a parent.
    pub(in crate::git::history) fn parent_id(&self, parent: Parent) -> Option<ObjectId> {
        match parent {
            Parent::Row(row) => self.id(row),
            Parent::Id(id) => Some(id),
        }
    }

    /// What a commit says, but for its time and parents.
    pub(in crate::git::history) fn view(&self, row: u32) -> Option<View<'a>> {
        Some(View {
            tree: self.tree(row)?,
            authored: self.authored.get(row as usize).map(|time| i64::from_le_bytes(*time))?,
            name: self.text(row, 0)?,
            email: self.text(row, 1)?,
            subject: String::from_utf8_lossy(self.text(row, 2)?),
        })
    }

    /// What it changed, as it was written down; `None` where it was not compared.
    pub(in crate::git::history) fn compared(&self, row: u32) -> Option<&'a [u8]> {
        self.text(row, 3).filter(|text| !text.is_empty())
    }

    fn text(&self, row: u32, which: usize) -> Option<&'a [u8]> {
        self.texts.get(between(self.text_ends, row as usize * TEXTS + which)?)
    }
}

/// Takes a column of `rows` times `each` values off.
fn column<'a, const WIDTH: usize>(
    bytes: &mut &'a [u8],
    rows: Number,
    each: usize,
) -> Option<&'a [[u8; WIDTH]]> {
    let (column, rest) = bytes.split_at_checked(number(rows).checked_mul(WIDTH * each)?)?;
    *bytes = rest;
    Some(column.as_chunks().0)
}

fn number(bytes: Number) -> usize {
    u32::from_le_bytes(bytes) as usize
}

/// Whether these are ends of parts of so many values.
fn ends(ends: &[Number], of: usize) -> bool {
    ends.is_sorted_by_key(|end| number(*end)) && ends.last().map_or(0, |end| number(*end)) == of
}

/// The part with that number.
fn between(ends: &[Number], part: usize) -> Option<std::ops::Range<usize>> {
    let start = part.checked_sub(1).map_or(Some(0), |before| ends.get(before).map(|end| number(*end)))?;
    Some(start..number(*ends.get(part)?))
}

/// Writes commits down, each with what it changed; `None` where they are too many.
pub(super) fn write(commits: &[(ObjectId, &CommitInfo, Vec<u8>)]) -> Option<Vec<u8>> {
    let mut sorted: Vec<usize> = (0..commits.len()).collect();
    sorted.sort_unstable_by_key(|row| commits[*row].0);
    let row_of = |id: &ObjectId| Some(sorted[sorted.binary_search_by_key(id, |row| commits[*row].0).ok()?]);
    let mut others: Vec<ObjectId> = Vec::new();
    let (mut parents, mut parent_ends) = (Vec::new(), Vec::new());
    let (mut texts, mut text_ends) = (Vec::new(), Vec::new());
    for (_, commit, compared) in commits {
        for parent in &commit.parents {
            parents.push(row_of(parent).unwrap_or_else(|| {
                others.push(*parent);
                commits.len() + others.len() - 1
            }));
        }
        parent_ends.push(parents.len());
        let subject = commit.subject.as_bytes();
        for text in [commit.author_name.as_slice(), commit.author_email.as_slice(), subject, compared] {
            texts.extend_from_slice(text);
            text_ends.push(texts.len());
        }
    }
    let mut bytes = Vec::new();
    numbers(&mut bytes, &[commits.len(), parents.len(), others.len()])?;
    for (id, ..) in commits {
        bytes.extend_from_slice(id.as_slice());
    }
    numbers(&mut bytes, &sorted)?;
    for (_, commit, _) in commits {
        bytes.extend_from_slice(&commit.time.to_le_bytes());
    }
    for (_, commit, _) in commits {
        bytes.extend_from_slice(&commit.authored.to_le_bytes());
    }
    for (_, commit, _) in commits {
        bytes.extend_from_slice(commit.tree.as_slice());
    }
    numbers(&mut bytes, &parent_ends)?;
    numbers(&mut bytes, &parents)?;
    for id in &others {
        bytes.extend_from_slice(id.as_slice());
    }
    numbers(&mut bytes, &text_ends)?;
    bytes.extend(texts);
    Some(bytes)
}

fn numbers(bytes: &mut Vec<u8>, numbers: &[usize]) -> Option<()> {
    for number in numbers {
        bytes.extend_from_slice(&u32::try_from(*number).ok()?.to_le_bytes());
    }
    Some(())
}
