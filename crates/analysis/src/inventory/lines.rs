//! Lines of code, comment and nothing.
use super::catalogue::Language;
use crate::report::LineCount;
pub(crate) fn count(_text: &str, _language: Option<&Language>) -> LineCount {
    LineCount::default()
}
