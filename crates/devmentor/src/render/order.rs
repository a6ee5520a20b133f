//! In which order findings are read: everywhere the same.

pub(crate) use analysis::order::{Hardness, in_order};
