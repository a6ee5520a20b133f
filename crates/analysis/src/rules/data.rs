//! How a set of rules is read from its files of data.

use std::fmt::Display;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::report::RuleInfo;
use crate::table;

#[derive(Deserialize)]
struct RuleFile<R> {
    rule: Vec<R>,
}

/// The rules of all files, by id.
///
/// # Errors
/// When a file has another form.
pub(crate) fn read<R: DeserializeOwned>(files: &[&str], id: fn(&R) -> &str) -> serde_json::Result<Vec<R>> {
    let mut rules = Vec::new();
    for file in files {
        rules.extend(table::read::<RuleFile<R>>(file)?.rule);
    }
    rules.sort_by(|a, b| id(a).cmp(id(b)));
    Ok(rules)
}

/// What was read, or nothing of it and the reason: a test of each set makes sure that there is none.
pub(crate) fn or_nothing<T: Default, E: Display>(read: Result<T, E>) -> (T, Option<String>) {
    match read {
        Ok(data) => (data, None),
        Err(error) => (T::default(), Some(error.to_string())),
    }
}

/// What readers are told of a rule: its title, why it matters, and what to do.
pub(crate) fn info([title, why, fix]: [&str; 3], cwe: &[u32], links: &[String]) -> RuleInfo {
    RuleInfo {
        title: title.to_owned(),
        why: why.to_owned(),
        fix: fix.to_owned(),
        cwe: cwe.to_vec(),
        links: links.to_vec(),
    }
}
