//! The languages: one file each, data first, then the adapter.

mod c;
mod csharp;
mod go;
mod java;
mod javascript;
mod kotlin;
mod php;
mod python;
mod ruby;
mod rust;
mod shapes;

use super::language::Language;

/// Every language whose syntax is understood. To add one: a file here, a grammar, a line below, and rules.
pub(super) fn all() -> Vec<Language> {
    let mut all = javascript::all();
    all.extend([python::language(), rust::language(), go::language(), java::language()]);
    all.extend([kotlin::language(), csharp::language(), php::language(), ruby::language()]);
    all.extend(c::all());
    all
}
