//! Cursor paging: stable under inserts, and never an offset that the database has to count to.

/// An opaque position in a list. It holds the sort key of the last row that was given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub String);

/// How many rows to give at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize(u16);

impl PageSize {
    /// The size used when a caller names none.
    pub const DEFAULT: Self = Self(50);
    /// The largest page.
    pub const MAX: u16 = 500;

    /// The nearest permitted size: between 1 and [`PageSize::MAX`].
    pub fn clamped(wanted: u16) -> Self {
        Self(wanted.clamp(1, Self::MAX))
    }

    /// The number of rows.
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

/// Some rows of a longer list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub items: Vec<T>,
    /// Where the next page starts; `None` at the end.
    pub next: Option<Cursor>,
    /// How many rows the whole list has.
    pub total: u64,
}

impl<T> Page<T> {
    /// The same page with each row turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(turn).collect(), next: self.next, total: self.total }
    }
}
