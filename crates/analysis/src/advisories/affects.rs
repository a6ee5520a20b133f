//! Does a record cover a version of a package: the evaluation algorithm of the OSV schema.

use std::borrow::Cow;

use super::osv::OsvRecord;

/// The name as its ecosystem compares names.
pub fn normal_name<'a>(_ecosystem: &str, name: &'a str) -> Cow<'a, str> {
    Cow::Borrowed(name)
}

/// Whether the record says that this version of the package is affected. A withdrawn record never does.
pub fn affects(_record: &OsvRecord, _ecosystem: &str, _name: &str, _version: &str) -> bool {
    false
}
