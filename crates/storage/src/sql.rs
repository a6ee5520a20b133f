//! The text of statements. None of it is made at run time from anything but text of the program itself.

use crate::db::Engine;
use crate::val::Val;

/// The text of one statement, the same for both engines unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sql {
    sqlite: &'static str,
    postgres: &'static str,
}

impl Sql {
    /// A statement that the engines spell differently. Searching for this name lists every difference there is.
    pub const fn per_engine(sqlite: &'static str, postgres: &'static str) -> Self {
        Self { sqlite, postgres }
    }

    pub(crate) fn for_engine(self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self::per_engine(text, text)
    }
}

/// A statement put together from fixed pieces and bound values: for filters that a caller may or may not ask for.
///
/// ```
/// use storage::SqlBuilder;
///
/// let mut find = SqlBuilder::new("SELECT id FROM repo_finding WHERE workspace_id = ");
/// find.bind("w1");
/// let severities = ["high", "critical"];
/// if !severities.is_empty() {
///     find.push(" AND severity IN (").bind_all(severities).push(")");
/// }
/// find.push(" ORDER BY id");
/// ```
#[derive(Debug, Clone)]
pub struct SqlBuilder {
    sqlite: String,
    postgres: String,
    head: Sql,
    vals: Vec<Val>,
}

impl SqlBuilder {
    /// Starts with a piece of SQL.
    pub fn new(head: impl Into<Sql>) -> Self {
        let head = head.into();
        Self { sqlite: head.sqlite.to_owned(), postgres: head.postgres.to_owned(), head, vals: Vec::new() }
    }

    /// Adds a piece of SQL as it is.
    pub fn push(&mut self, piece: impl Into<Sql>) -> &mut Self {
        let piece = piece.into();
        self.sqlite.push_str(piece.sqlite);
        self.postgres.push_str(piece.postgres);
        self
    }

    /// Adds the next placeholder, and its value.
    pub fn bind(&mut self, value: impl Into<Val>) -> &mut Self {
        self.vals.push(value.into());
        let number = self.vals.len().to_string();
        for text in [&mut self.sqlite, &mut self.postgres] {
            text.push('$');
            text.push_str(&number);
        }
        self
    }

    /// Adds a placeholder for each value, with commas between them. Of nothing it makes `NULL`, so that
    /// `IN (..)` over an empty list is valid and finds nothing.
    pub fn bind_all<V: Into<Val>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        let before = self.vals.len();
        for value in values {
            if self.vals.len() > before {
                self.push(", ");
            }
            self.bind(value);
        }
        if self.vals.len() == before {
            self.push("NULL");
        }
        self
    }
}

/// A statement and the values bound so far.
#[derive(Debug)]
pub struct Statement {
    pub(crate) text: Text,
    pub(crate) vals: Vec<Val>,
}

#[derive(Debug)]
pub(crate) enum Text {
    Fixed(Sql),
    Built { sqlite: String, postgres: String, head: Sql },
}

impl From<&'static str> for Statement {
    fn from(text: &'static str) -> Self {
        Self { text: Text::Fixed(text.into()), vals: Vec::new() }
    }
}

impl From<Sql> for Statement {
    fn from(sql: Sql) -> Self {
        Self { text: Text::Fixed(sql), vals: Vec::new() }
    }
}

impl From<SqlBuilder> for Statement {
    fn from(built: SqlBuilder) -> Self {
        let SqlBuilder { sqlite, postgres, head, vals } = built;
        Self { text: Text::Built { sqlite, postgres, head }, vals }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_builder_numbers_its_placeholders() {
        let mut built = SqlBuilder::new("SELECT 1 WHERE a = ");
        built.bind(1_i64).push(" AND b IN (").bind_all(["x", "y"]).push(") AND c IN (");
        built.bind_all(Vec::<String>::new()).push(")").push(Sql::per_engine("", " FOR UPDATE"));
        assert_eq!(built.sqlite, "SELECT 1 WHERE a = $1 AND b IN ($2, $3) AND c IN (NULL)");
        assert_eq!(built.postgres, format!("{} FOR UPDATE", built.sqlite));
        assert_eq!(built.vals.len(), 3);
    }
}
