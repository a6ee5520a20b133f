//! Settings that a program takes from its environment: `.env` and the like.

use super::hosts::hosts;
use super::units::{Unit, UnitSource};

/// Parts of names whose values are credentials.
const NAMES: &[&str] =
    &["PASS", "PWD", "SECRET", "TOKEN", "KEY", "CREDENTIAL", "DSN", "PRIVATE", "AUTH", "SALT", "SIGNATURE"];

/// Values that say that there is none.
const NONE: &[&str] = &["", "null", "none", "true", "false", "0", "1", "yes", "no"];

/// Whether a credential may be among the values. An address with a user in it is one whatever it is called.
pub(super) fn hold_credentials(text: &str) -> bool {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let mut assigned = lines.filter_map(|line| line.split_once('='));
    assigned.any(|(name, value)| {
        let name = name.to_ascii_uppercase();
        let value = value.trim().trim_matches(['"', '\'']);
        let address = value.split_once("://").is_some_and(|(_, rest)| rest.contains('@'));
        let named = NAMES.iter().any(|known| name.contains(known));
        let empty = NONE.contains(&value.to_ascii_lowercase().as_str()) || is_reference(value);
        address || (named && !empty)
    })
}

/// Whether a value is another variable's as a whole: `$NAME`, `${NAME}`.
fn is_reference(value: &str) -> bool {
    let Some(rest) = value.strip_prefix('$') else { return false };
    let name = rest.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(rest);
    let first = name.chars().next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_');
    first
        && name.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
}

/// The variables whose values name hosts.
pub(super) fn units(text: &str) -> Vec<Unit> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim_start().starts_with('#'));
    let variable = |(line, text): (u32, &str)| {
        let (name, value) = text.trim().split_once('=')?;
        let name = name.trim_start_matches("export ").trim();
        let hosts = hosts(name, value.trim().trim_matches(['"', '\'']), line);
        let unit =
            Unit { source: UnitSource::Variable, name: name.to_owned(), line, hosts, ..Unit::default() };
        (!unit.hosts.is_empty()).then_some(unit)
    };
    lines.filter_map(variable).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_referred_values_are_no_credentials() {
        assert!(!hold_credentials(
            "APP_KEY=\nDB_PASSWORD=null\nTOKEN=${TOKEN}\n# SECRET=x\nAPP_ENV=production\n"
        ));
        for text in [
            "APP_KEY=base64:x",
            "A=1\nDB_PASSWORD='hunter2'",
            "URL=redis://u:p@h/0",
            "DB_PASSWORD=$ecr3tPass99",
        ] {
            assert!(hold_credentials(text), "{text}");
        }
    }
}
