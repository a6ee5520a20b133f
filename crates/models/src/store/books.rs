//! The SQL of the books: what accounts spent, day by day.

use base::id::{UserId, WorkspaceId};
use llm::{Charge, Spend};
use storage::{Db, Error, SqlBuilder, Tx};

use super::{count, number};
use crate::asking::Used;

/// Adds what one question came to, to an account's day.
pub(crate) async fn spend(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: &str,
    day: i64,
    charge: Charge,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO model_spend (workspace_id, account, day, questions, input_tokens, output_tokens, micros)
         VALUES ($1, $2, $3, 1, $4, $5, $6)
         ON CONFLICT (workspace_id, account, day) DO UPDATE SET
             questions = model_spend.questions + 1,
             input_tokens = model_spend.input_tokens + excluded.input_tokens,
             output_tokens = model_spend.output_tokens + excluded.output_tokens,
             micros = model_spend.micros + excluded.micros",
    )
    .bind(workspace)
    .bind(account)
    .bind(day)
    .bind(number(charge.usage.input))
    .bind(number(charge.usage.output))
    .bind(number(charge.micros))
    .execute()
    .await?;
    Ok(())
}

/// Adds what one question of a person came to at the server's providers, whatever the workspace.
pub(crate) async fn spend_of_house(tx: &mut Tx, user: &str, day: i64, charge: Charge) -> Result<(), Error> {
    tx.query(
        "INSERT INTO model_house_spend (user_id, day, tokens, micros) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, day) DO UPDATE SET
             tokens = model_house_spend.tokens + excluded.tokens,
             micros = model_house_spend.micros + excluded.micros",
    )
    .bind(user)
    .bind(day)
    .bind(number(charge.usage.input.saturating_add(charge.usage.output)))
    .bind(number(charge.micros))
    .execute()
    .await?;
    Ok(())
}

/// What an account spent on a day.
pub(crate) async fn spent(db: &Db, workspace: WorkspaceId, account: &str, day: i64) -> Result<Spend, Error> {
    let row = db
        .query(
            "SELECT input_tokens, output_tokens, micros FROM model_spend
             WHERE workspace_id = $1 AND account = $2 AND day = $3",
        )
        .bind(workspace)
        .bind(account)
        .bind(day)
        .optional::<(i64, i64, i64)>()
        .await?;
    let (input, output, micros) = row.unwrap_or_default();
    Ok(Spend { tokens: count(input).saturating_add(count(output)), micros: count(micros) })
}

/// What a person spent on a day at the server's providers, in all workspaces together.
pub(crate) async fn spent_of_house(db: &Db, user: UserId, day: i64) -> Result<Spend, Error> {
    let row = db
        .query("SELECT tokens, micros FROM model_house_spend WHERE user_id = $1 AND day = $2")
        .bind(user)
        .bind(day)
        .optional::<(i64, i64)>()
        .await?;
    let (tokens, micros) = row.unwrap_or_default();
    Ok(Spend { tokens: count(tokens), micros: count(micros) })
}

/// What questions came to, as it is kept.
#[derive(sqlx::FromRow)]
pub(crate) struct Sum {
    questions: i64,
    input_tokens: i64,
    output_tokens: i64,
    micros: i64,
}

impl Sum {
    pub(crate) fn used(&self) -> Used {
        Used {
            questions: count(self.questions),
            input: count(self.input_tokens),
            output: count(self.output_tokens),
            micros: count(self.micros),
        }
    }
}

/// A day of one account.
#[derive(sqlx::FromRow)]
pub(crate) struct DayRow {
    pub(crate) day: i64,
    #[sqlx(flatten)]
    pub(crate) sum: Sum,
}

/// The days of an account of a workspace since one of them, the newest first.
pub(crate) async fn days(
    db: &Db,
    workspace: WorkspaceId,
    account: &str,
    since: i64,
) -> Result<Vec<DayRow>, Error> {
    db.query(
        "SELECT day, questions, input_tokens, output_tokens, micros FROM model_spend
         WHERE workspace_id = $1 AND account = $2 AND day >= $3 ORDER BY day DESC",
    )
    .bind(workspace)
    .bind(account)
    .bind(since)
    .all()
    .await
}

/// An account over some days.
#[derive(sqlx::FromRow)]
pub(crate) struct AccountRow {
    pub(crate) account: String,
    #[sqlx(flatten)]
    pub(crate) sum: Sum,
}

/// What each account of a workspace spent since a day, but for that of everybody together, by name. With `mine` of people
/// that one alone.
pub(crate) async fn sums(
    db: &Db,
    workspace: WorkspaceId,
    since: i64,
    mine: Option<&str>,
) -> Result<Vec<AccountRow>, Error> {
    // A sum of whole numbers is no whole number to PostgreSQL.
    let mut find = SqlBuilder::new(
        "SELECT account, CAST(SUM(questions) AS BIGINT) AS questions, CAST(SUM(input_tokens) AS BIGINT) AS input_tokens,
             CAST(SUM(output_tokens) AS BIGINT) AS output_tokens, CAST(SUM(micros) AS BIGINT) AS micros
         FROM model_spend WHERE workspace_id = ",
    );
    find.bind(workspace).push(" AND day >= ").bind(since).push(" AND account <> 'workspace'");
    if let Some(mine) = mine {
        find.push(" AND (account NOT LIKE 'user:%' OR account = ").bind(mine).push(")");
    }
    find.push(" GROUP BY account ORDER BY account");
    db.query(find).all().await
}

/// Forgets days before that one, and before `today` of what only counts on the same day; how many rows.
pub(crate) async fn trim(tx: &mut Tx, before: i64, today: i64) -> Result<u64, Error> {
    let house = tx.query("DELETE FROM model_house_spend WHERE day < $1").bind(today).execute().await?;
    Ok(house + tx.query("DELETE FROM model_spend WHERE day < $1").bind(before).execute().await?)
}
