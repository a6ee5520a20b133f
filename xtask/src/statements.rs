//! Which SQL statements no test executed.
//!
//! The compiler does not look into SQL. So every literal in the sources that is a statement has to appear in the log
//! that `storage` writes while the tests run: one normalised statement on a line.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use syn::visit::{self, Visit};

use crate::shell::{self, say};

/// The environment variable that tells `storage` where to write.
pub(crate) const LOG: &str = "DEVMENTOR_SQL_LOG";

/// The words a statement begins with.
const VERBS: &[&str] = &["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];

/// An empty log to write to.
pub(crate) fn fresh_log() -> Result<PathBuf> {
    let path = shell::root().join("target").join("sql.log");
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    fs::write(&path, "").with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(path)
}

/// Fails when a statement of the sources is not in the log.
pub(crate) fn check(log: &Path) -> Result<()> {
    let log = fs::read_to_string(log).context("the log of executed statements cannot be read")?;
    let executed: HashSet<&str> = log.lines().collect();
    let mut missing = 0_usize;
    let statements = of_sources()?;
    for (statement, place) in &statements {
        if !executed.contains(statement.as_str()) {
            missing += 1;
            say(&format!("{place}: no test executes `{statement}`"));
        }
    }
    if missing > 0 {
        bail!("{missing} of {} statements were not executed", statements.len());
    }
    say(&format!("all {} statements were executed", statements.len()));
    Ok(())
}

/// Every statement of the crates, normalised, with a place where it stands.
fn of_sources() -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let files = shell::output(shell::command("git", &["ls-files", "-z", "crates/*/src/*.rs"]))?;
    for path in files.split('\0').filter(|path| !path.is_empty()) {
        let Ok(text) = fs::read_to_string(shell::root().join(path)) else { continue };
        for (statement, line) in of_text(&text).with_context(|| format!("{path} is not Rust"))? {
            found.entry(statement).or_insert_with(|| format!("{path}:{line}"));
        }
    }
    Ok(found)
}

fn of_text(text: &str) -> Result<Vec<(String, usize)>> {
    let mut literals = Literals(Vec::new());
    literals.visit_file(&syn::parse_file(text)?);
    Ok(literals.0)
}

/// Collects the statements among the string literals outside tests.
struct Literals(Vec<(String, usize)>);

impl<'ast> Visit<'ast> for Literals {
    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        let text = literal.value().split_whitespace().collect::<Vec<_>>().join(" ");
        if VERBS.iter().any(|verb| text.starts_with(verb)) {
            self.0.push((text, literal.span().start().line));
        }
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !module.attrs.iter().any(is_test) {
            visit::visit_item_mod(self, module);
        }
    }

    // Documentation is made of literals too.
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}

fn is_test(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.parse_args::<syn::Path>().is_ok_and(|condition| condition.is_ident("test"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_found_wherever_they_stand_but_not_in_tests_or_docs() {
        let text = r#"
            /// SELECT nothing
            const A: &str = "SELECT 1
                FROM a";
            fn f() { g("UPDATE a SET b = $1"); h("Selected things"); i(" AND b = "); }
            #[cfg(test)]
            mod tests { const B: &str = "SELECT 2"; }
        "#;
        let found: Vec<String> = of_text(text).unwrap().into_iter().map(|(statement, _)| statement).collect();
        assert_eq!(found, ["SELECT 1 FROM a", "UPDATE a SET b = $1"]);
    }
}
