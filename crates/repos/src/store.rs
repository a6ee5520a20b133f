//! The SQL of this crate. Every finder takes the workspace first.

pub(crate) mod advisories;
pub(crate) mod analyses;
pub(crate) mod findings;
pub(crate) mod hosts;
pub(crate) mod insights;
pub(crate) mod reports;
pub(crate) mod repositories;
pub(crate) mod suppressions;

use analysis::report::{FindingKind, Severity};
use storage::Error;

/// The kinds of findings by the names they are stored under.
pub(crate) const KINDS: [(FindingKind, &str); 4] = [
    (FindingKind::Advisory, "advisory"),
    (FindingKind::Secret, "secret"),
    (FindingKind::Security, "security"),
    (FindingKind::Smell, "smell"),
];

pub(crate) fn kind_name(kind: FindingKind) -> &'static str {
    KINDS.iter().find(|(it, _)| *it == kind).map_or("smell", |(_, name)| name)
}

pub(crate) fn kind(name: &str) -> Result<FindingKind, Error> {
    KINDS.iter().find(|(_, it)| *it == name).map(|(kind, _)| *kind).ok_or_else(|| unknown("kind", name))
}

pub(crate) fn severity(name: &str) -> Result<Severity, Error> {
    Severity::ALL.into_iter().find(|it| it.as_str() == name).ok_or_else(|| unknown("severity", name))
}

pub(crate) fn unknown(what: &str, name: &str) -> Error {
    Error::corrupt(format_args!("`{name}` is no {what}"))
}

pub(crate) fn id<T>(text: String) -> Result<T, Error>
where
    T: TryFrom<String>,
    T::Error: std::fmt::Display,
{
    T::try_from(text).map_err(Error::corrupt)
}
