//! Which language a file is written in.
use super::catalogue::Language;
pub(crate) fn language(_path: &str, _text: &str) -> Option<&'static Language> {
    None
}
