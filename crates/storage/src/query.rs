//! One statement on its way to the engine.

use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, FromRow, SqlSafeStr, SqlStr};

use crate::db::{Db, Engine};
use crate::error::Error;
use crate::recorder;
use crate::sql::{Statement, Text};
use crate::tx::Tx;
use crate::val::Val;

/// A type that is read from one row: a tuple, or a struct with `#[derive(sqlx::FromRow)]`.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A statement, its values, and where it will run: `On` is `&Db` for reading or `&mut Tx`.
#[must_use = "a query does nothing until it is awaited"]
pub struct Query<On> {
    on: On,
    statement: Statement,
}

impl<On> Query<On> {
    pub(crate) fn new(on: On, statement: Statement) -> Self {
        Self { on, statement }
    }

    /// Binds the next placeholder.
    pub fn bind(mut self, value: impl Into<Val>) -> Self {
        self.statement.vals.push(value.into());
        self
    }
}

impl Query<&Db> {
    /// Every row, in the statement's order.
    pub async fn all<T: Row>(self) -> Result<Vec<T>, Error> {
        self.on.fetch(self.statement).await
    }

    /// The first row, where there is one.
    pub async fn optional<T: Row>(self) -> Result<Option<T>, Error> {
        Ok(self.all().await?.into_iter().next())
    }

    /// The row of a statement that always gives one, such as a count.
    pub async fn one<T: Row>(self) -> Result<T, Error> {
        self.optional().await?.ok_or_else(no_row)
    }
}

impl Query<&mut Tx> {
    /// Every row, in the statement's order.
    pub async fn all<T: Row>(self) -> Result<Vec<T>, Error> {
        self.on.fetch(self.statement).await
    }

    /// The first row, where there is one.
    pub async fn optional<T: Row>(self) -> Result<Option<T>, Error> {
        Ok(self.all().await?.into_iter().next())
    }

    /// The row of a statement that always gives one, such as a count.
    pub async fn one<T: Row>(self) -> Result<T, Error> {
        self.optional().await?.ok_or_else(no_row)
    }

    /// Runs a statement that gives no rows; how many it changed.
    pub async fn execute(self) -> Result<u64, Error> {
        self.on.execute(self.statement).await
    }

    /// Runs a statement that must change exactly one row: the compare-and-swap of a row with a version, as in
    /// `UPDATE .. SET version = version + 1 WHERE id = $1 AND version = $2`. [`Error::Changed`] otherwise.
    pub async fn swap(self) -> Result<(), Error> {
        match self.execute().await? {
            1 => Ok(()),
            _ => Err(Error::Changed),
        }
    }
}

fn no_row() -> Error {
    Error::corrupt("a statement that always gives a row gave none")
}

/// The engine's text of a statement, noted for the recorder.
fn text(text: Text, engine: Engine) -> SqlStr {
    match text {
        Text::Fixed(sql) => {
            let text = sql.for_engine(engine);
            recorder::note(text);
            SqlStr::from_static(text)
        }
        Text::Built { sqlite, postgres, head } => {
            recorder::note(head.for_engine(engine));
            // Safe by construction: a builder takes nothing but `&'static str` and placeholders.
            AssertSqlSafe(match engine {
                Engine::Sqlite => sqlite,
                Engine::Postgres => postgres,
            })
            .into_sql_str()
        }
    }
}

macro_rules! arguments {
    ($vals:expr, $arguments:ty) => {{
        let mut arguments = <$arguments>::default();
        for val in $vals {
            match val {
                Val::Text(value) => arguments.add(value),
                Val::Int(value) => arguments.add(value),
                Val::Float(value) => arguments.add(value),
                Val::Bool(value) => arguments.add(value),
                Val::Bytes(value) => arguments.add(value),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        arguments
    }};
}

pub(crate) async fn sqlite_fetch<T: Row>(
    connection: &mut SqliteConnection,
    statement: Statement,
) -> Result<Vec<T>, Error> {
    let arguments = arguments!(statement.vals, SqliteArguments);
    let text = text(statement.text, Engine::Sqlite);
    Ok(sqlx::query_as_with(text, arguments).fetch_all(connection).await?)
}

pub(crate) async fn sqlite_execute(
    connection: &mut SqliteConnection,
    statement: Statement,
) -> Result<u64, Error> {
    let arguments = arguments!(statement.vals, SqliteArguments);
    let text = text(statement.text, Engine::Sqlite);
    Ok(sqlx::query_with(text, arguments).execute(connection).await?.rows_affected())
}

pub(crate) async fn postgres_fetch<T: Row>(
    connection: &mut PgConnection,
    statement: Statement,
) -> Result<Vec<T>, Error> {
    let arguments = arguments!(statement.vals, PgArguments);
    let text = text(statement.text, Engine::Postgres);
    Ok(sqlx::query_as_with(text, arguments).fetch_all(connection).await?)
}

pub(crate) async fn postgres_execute(
    connection: &mut PgConnection,
    statement: Statement,
) -> Result<u64, Error> {
    let arguments = arguments!(statement.vals, PgArguments);
    let text = text(statement.text, Engine::Postgres);
    Ok(sqlx::query_with(text, arguments).execute(connection).await?.rows_affected())
}
