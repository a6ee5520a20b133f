//! SQL: each table is named only by the crate that owns it, and no statement is put together from strings.

use std::collections::BTreeSet;

use super::{Problem, Tree, code, crate_of, has_ending, is_test};

/// The first word of a table's name, and the crate that owns such tables.
const OWNERS: &[(&str, &str)] = &[
    ("identity", "identity"),
    ("event", "events"),
    ("job", "jobs"),
    ("repo", "repos"),
    ("task", "projects"),
    ("memory", "memory"),
    ("model", "models"),
    ("chat", "chat"),
    ("http", "server"),
];

/// Words that come right before a table's name.
const BEFORE_TABLE: &[&str] = &["FROM", "INTO", "UPDATE", "JOIN", "TABLE"];

/// Ways to make a statement out of a string that is not in the source.
const BUILT: &[&str] =
    &[".query(format!", ".query(&format!", "Sql::from(format!", "AssertSqlSafe", "sqlx::raw_sql"];

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let tables = tables(tree);
    let mut problems: Vec<Problem> = tables
        .iter()
        .filter(|table| owner(table).is_none())
        .map(|table| {
            Problem::new(
                "crates/storage/migrations",
                format!("nobody owns the table `{table}`: begin its name with its owner's word"),
            )
        })
        .collect();
    for (path, text) in tree.iter().filter(|(path, _)| has_ending(path, "rs")) {
        let Some((name, _)) = crate_of(path) else { continue };
        // Storage brings the schema; tests look at what is there.
        if name == "storage" || name == "test-support" || is_test(path) {
            continue;
        }
        for (at, line) in code(text).filter(|(_, line)| !line.trim_start().starts_with("//")) {
            if let Some(way) = BUILT.iter().find(|way| line.contains(**way)) {
                problems.push(Problem::at(
                    path,
                    at,
                    format!("`{way}`: SQL is never built from strings; bind values"),
                ));
            }
            for table in named(line).into_iter().filter(|table| tables.contains(table.as_str())) {
                if let Some(owner) = owner(&table).filter(|owner| *owner != name) {
                    problems.push(Problem::at(
                        path,
                        at,
                        format!("the table `{table}` belongs to `{owner}`: ask it"),
                    ));
                }
            }
        }
    }
    problems
}

fn owner(table: &str) -> Option<&'static str> {
    let word = table.split('_').next().unwrap_or(table);
    OWNERS.iter().find(|(prefix, _)| *prefix == word).map(|(_, owner)| *owner)
}

/// Every table the migrations create.
fn tables(tree: &Tree) -> BTreeSet<String> {
    let migrations = tree
        .iter()
        .filter(|(path, _)| path.starts_with("crates/storage/migrations/") && has_ending(path, "sql"));
    migrations
        .flat_map(|(_, text)| text.lines())
        .filter(|line| line.to_ascii_uppercase().contains("CREATE TABLE"))
        .flat_map(named)
        .collect()
}

/// The names that stand where SQL has a table, in lower case.
fn named(line: &str) -> Vec<String> {
    let words: Vec<&str> = line
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| {
            !word.is_empty() && !["IF", "NOT", "EXISTS", "ONLY"].contains(&word.to_ascii_uppercase().as_str())
        })
        .collect();
    words
        .windows(2)
        .filter(|pair| BEFORE_TABLE.contains(&pair[0]))
        .map(|pair| pair[1].to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(path: &str, text: &str) -> Tree {
        let schema = "CREATE TABLE task_task (\n id TEXT\n);\nCREATE TABLE IF NOT EXISTS job (id TEXT);";
        Tree::from([
            ("crates/storage/migrations/0001_create.sql".to_owned(), schema.to_owned()),
            (path.to_owned(), text.to_owned()),
        ])
    }

    #[test]
    fn the_tables_are_those_of_the_migrations() {
        let found: Vec<String> = tables(&tree("a", "")).into_iter().collect();
        assert_eq!(found, ["job", "task_task"]);
    }

    #[test]
    fn foreign_tables_are_seen_and_own_ones_are_not() {
        let text = "\"SELECT id FROM task_task WHERE id = $1\"";
        assert_eq!(check(&tree("crates/repos/src/store.rs", text)).len(), 1);
        assert_eq!(check(&tree("crates/projects/src/store.rs", text)), []);
        // The word alone, in prose or as another name, is no table.
        assert_eq!(check(&tree("crates/repos/src/store.rs", "// FROM job to job\nlet task_task = 1;")), []);
    }

    #[test]
    fn statements_are_not_made_of_strings() {
        let text = "db.query(format!(\"SELECT {column}\"))";
        assert_eq!(check(&tree("crates/projects/src/store.rs", text)).len(), 1);
    }

    #[test]
    fn a_table_without_an_owner_is_a_problem() {
        let mut tree = tree("a", "");
        tree.insert("crates/storage/migrations/0002_add.sql".into(), "CREATE TABLE widget (id TEXT);".into());
        assert_eq!(check(&tree).len(), 1);
    }
}
