//! Shares of languages.
use super::Examined;
use crate::report::LanguageShare;
/// Languages of the files that count, the largest first, then by name.
pub fn languages(_files: &[Examined]) -> Vec<LanguageShare> {
    Vec::new()
}
