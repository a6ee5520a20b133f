//! Frameworks, tools and services in use.
use super::Examined;
use crate::report::{TechCategory, Technology};
use serde::{Deserialize, Serialize};
/// Evidence in one file that a technology is in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Its usual name.
    pub technology: String,
    /// What kind of thing it is.
    pub category: TechCategory,
    /// The line that shows it; 0 when the file as a whole does.
    pub line: u32,
}
/// Technologies by category and name, each with at most five places that show it.
pub fn stack(_files: &[Examined]) -> Vec<Technology> {
    Vec::new()
}
pub(crate) fn signals(_path: &str, _text: &str) -> Vec<Signal> {
    Vec::new()
}
