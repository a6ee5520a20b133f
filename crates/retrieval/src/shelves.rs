//! The vectors, in memory: a shelf for each workspace, so that a search reads nothing of another one.

use std::collections::HashMap;

use base::id::WorkspaceId;
use uuid::Uuid;

use crate::texts::Volume;
use crate::vector::{self, DIMENSIONS, Vector};

/// The vectors of every workspace.
#[derive(Default)]
pub(crate) struct Shelves(HashMap<WorkspaceId, Shelf>);

impl Shelves {
    pub(crate) fn put(
        &mut self,
        workspace: WorkspaceId,
        id: Uuid,
        keys: &[String],
        vector: &Vector,
        words: u64,
    ) {
        self.0.entry(workspace).or_default().put(id, keys, vector, words);
    }

    pub(crate) fn remove(&mut self, workspace: WorkspaceId, id: Uuid) {
        if let Some(shelf) = self.0.get_mut(&workspace) {
            shelf.remove(id);
            if shelf.rows.is_empty() {
                self.0.remove(&workspace);
            }
        }
    }

    pub(crate) fn of(&self, workspace: WorkspaceId) -> Option<&Shelf> {
        self.0.get(&workspace)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.values().map(|shelf| shelf.rows.len()).sum()
    }
}

/// The vectors of one workspace.
#[derive(Default)]
pub(crate) struct Shelf {
    rows: Vec<Row>,
    /// Beside the rows, because a search reads these alone, one after the other.
    numbers: Vec<[i8; DIMENSIONS]>,
    places: HashMap<Uuid, usize>,
    /// The number of each key that was ever used here.
    keys: HashMap<String, u32>,
    /// Of all documents together.
    words: u64,
}

struct Row {
    id: Uuid,
    length: f32,
    keys: Box<[u32]>,
    words: u64,
}

impl Shelf {
    fn put(&mut self, id: Uuid, keys: &[String], vector: &Vector, words: u64) {
        let keys = keys.iter().map(|key| self.number(key)).collect();
        let row = Row { id, length: vector::length(vector.numbers()), keys, words };
        self.words += words;
        if let Some(&place) = self.places.get(&id) {
            self.words -= self.rows[place].words;
            self.rows[place] = row;
            self.numbers[place] = *vector.numbers();
        } else {
            self.places.insert(id, self.rows.len());
            self.rows.push(row);
            self.numbers.push(*vector.numbers());
        }
    }

    fn number(&mut self, key: &str) -> u32 {
        if let Some(&number) = self.keys.get(key) {
            return number;
        }
        let number = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        self.keys.insert(key.to_owned(), number);
        number
    }

    fn remove(&mut self, id: Uuid) {
        let Some(place) = self.places.remove(&id) else { return };
        self.words -= self.rows.swap_remove(place).words;
        self.numbers.swap_remove(place);
        if let Some(moved) = self.rows.get(place) {
            self.places.insert(moved.id, place);
        }
    }

    /// How much there is.
    pub(crate) fn volume(&self) -> Volume {
        Volume { documents: self.rows.len() as u64, words: self.words }
    }

    /// The ids, in order.
    pub(crate) fn ids(&self) -> Vec<Uuid> {
        let mut ids: Vec<Uuid> = self.rows.iter().map(|row| row.id).collect();
        ids.sort_unstable();
        ids
    }

    /// How alike a document is to a vector; `None` when there is no such document.
    pub(crate) fn likeness(&self, id: Uuid, to: &Vector) -> Option<f32> {
        let &place = self.places.get(&id)?;
        Some(self.likeness_at(place, to, vector::length(to.numbers())))
    }

    fn likeness_at(&self, place: usize, to: &Vector, length: f32) -> f32 {
        let lengths = length * self.rows[place].length;
        if lengths > 0.0 { vector::dot(to.numbers(), &self.numbers[place]) as f32 / lengths } else { 0.0 }
    }

    /// The documents most like a vector, each compared with it: the nearest first; of equals, the older id first.
    pub(crate) fn nearest(&self, to: &Vector, filter: &[Vec<String>], limit: usize) -> Vec<(Uuid, f32)> {
        let length = vector::length(to.numbers());
        if length == 0.0 || limit == 0 {
            return Vec::new();
        }
        // A key that no document ever had has no number, and fits none.
        let filter: Vec<Vec<u32>> = filter
            .iter()
            .map(|group| group.iter().filter_map(|key| self.keys.get(key).copied()).collect())
            .collect();
        let fits = |row: &Row| filter.iter().all(|group| group.iter().any(|key| row.keys.contains(key)));
        let mut near: Vec<(f32, usize)> = (0..self.rows.len())
            .filter(|&place| filter.is_empty() || fits(&self.rows[place]))
            .map(|place| (self.likeness_at(place, to, length), place))
            .collect();
        let order = |a: &(f32, usize), b: &(f32, usize)| {
            b.0.total_cmp(&a.0).then_with(|| self.rows[a.1].id.cmp(&self.rows[b.1].id))
        };
        if near.len() > limit {
            near.select_nth_unstable_by(limit - 1, order);
            near.truncate(limit);
        }
        near.sort_unstable_by(order);
        near.into_iter().map(|(likeness, place)| (self.rows[place].id, likeness)).collect()
    }
}
