//! Procfiles: one process a line, `name: command`.

use super::hosts::hosts;
use super::program::started;
use super::units::{Unit, UnitSource};
use crate::inventory::folder;

pub(super) fn read(path: &str, text: &str) -> Vec<Unit> {
    (1..)
        .zip(text.lines())
        .filter_map(|(line, content)| {
            let (name, command) = content.split_once(':')?;
            let fits = !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
            // `release` runs once before the others and serves nobody.
            (fits && name != "release" && !command.trim().is_empty()).then(|| Unit {
                source: UnitSource::Process,
                name: name.to_owned(),
                line,
                folder: Some(folder(path).to_owned()),
                hosts: hosts("command", command, line),
                starts: started(command).into_iter().map(|started| (line, started)).collect(),
                ..Unit::default()
            })
        })
        .collect()
}
