//! The rows of a statement as texts, and no more of them than a page shows.

use sea_query::{PostgresQueryBuilder, QueryBuilder as _};
use serde::Serialize;
use serde_json::Value;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, SimpleQueryMessage, SimpleQueryRow, Statement};

use migrator::Command;

use crate::error::Error;

/// The most rows that are shown of one statement.
const ROWS: usize = 2_000;
/// The most bytes of them.
const BYTES: usize = 8 * 1024 * 1024;
/// Rows that are fetched at once.
const BATCH: &str = "FETCH 100 FROM studio_rows";
/// What is read of each cell.
const CELL: usize = 64 * 1024;

/// What a statement gave.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Fetched {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    columns: Vec<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Vec<Vec<Option<String>>>>,
    /// Whether there are more rows than these.
    more: bool,
    /// How many rows a statement without rows of its own has touched.
    #[serde(skip_serializing_if = "Option::is_none")]
    touched: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<Value>,
}

#[derive(Debug, Serialize)]
struct Column {
    name: String,
    #[serde(rename = "type")]
    type_: String,
}

impl Fetched {
    pub(crate) fn touched(rows: u64) -> Self {
        Self { touched: Some(rows), ..Self::default() }
    }

    pub(crate) fn plan(plan: Value) -> Self {
        Self { plan: Some(plan), ..Self::default() }
    }

    fn of(statement: &Statement) -> Self {
        let column = |column: &tokio_postgres::Column| Column {
            name: column.name().to_owned(),
            type_: column.type_().name().to_owned(),
        };
        Self { columns: statement.columns().iter().map(column).collect(), ..Self::default() }
    }

    /// Adds rows up to the limits, and tells whether there is room for more.
    fn take(&mut self, rows: &[&SimpleQueryRow], bytes: &mut usize) -> bool {
        let taken = self.rows.get_or_insert_default();
        for row in rows {
            if taken.len() == ROWS || *bytes > BYTES {
                self.more = true;
                return false;
            }
            let cells: Vec<Option<String>> = (0..row.len()).map(|at| row.get(at).map(cut)).collect();
            *bytes += cells.iter().flatten().map(String::len).sum::<usize>();
            taken.push(cells);
        }
        true
    }
}

fn cut(cell: &str) -> String {
    cell[..cell.floor_char_boundary(CELL)].to_owned()
}

/// Whether a statement that begins like one that reads may change rows, which no cursor does: `WITH a AS (DELETE …)`,
/// and `SELECT … INTO`. Asked of the server by declaring the cursor for nothing.
pub(crate) async fn may_change_rows(client: &Client, command: &Command<'_>) -> Result<bool, Error> {
    if command.word == "VALUES" || command.word == "TABLE" {
        return Ok(false);
    }
    let failed = || Error::query("read the statement");
    client.batch_execute("SAVEPOINT studio_try").await.map_err(failed())?;
    let declared = client.prepare(&declare(command.text)).await;
    let end = if declared.is_ok() { "RELEASE studio_try" } else { "ROLLBACK TO studio_try; RELEASE studio_try" };
    client.batch_execute(end).await.map_err(failed())?;
    Ok(declared.is_err())
}

fn declare(sql: &str) -> String {
    format!("DECLARE studio_rows NO SCROLL CURSOR FOR {sql}")
}

/// The first rows of a statement.
pub(crate) async fn by_cursor(
    client: &Client,
    sql: &str,
    statement: &Statement,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<Fetched, Error> {
    let failed = || Error::query("run the statement");
    let declared = client.prepare(&declare(sql)).await.map_err(failed())?;
    client.execute(&declared, parameters).await.map_err(failed())?;
    let mut fetched = Fetched::of(statement);
    let mut bytes = 0;
    loop {
        let messages = client.simple_query(BATCH).await.map_err(failed())?;
        let rows = rows(&messages);
        if !fetched.take(&rows, &mut bytes) || rows.is_empty() {
            break;
        }
    }
    client.batch_execute("CLOSE studio_rows").await.map_err(failed())?;
    Ok(fetched)
}

/// A statement that no cursor runs. It was prepared, so it is one.
pub(crate) async fn whole(
    client: &Client,
    sql: &str,
    statement: &Statement,
    parameters: &[Option<String>],
) -> Result<Fetched, Error> {
    let failed = || Error::query("run the statement");
    let messages = if parameters.is_empty() {
        client.simple_query(sql).await.map_err(failed())?
    } else {
        // Rows come as texts only where the values of parameters are part of what is sent.
        client.batch_execute(&format!("PREPARE studio_statement AS {sql}")).await.map_err(failed())?;
        let messages = client.simple_query(&execute(parameters)).await.map_err(failed())?;
        client.batch_execute("DEALLOCATE studio_statement").await.map_err(failed())?;
        messages
    };
    let mut fetched = Fetched::of(statement);
    if !statement.columns().is_empty() {
        fetched.take(&rows(&messages), &mut 0);
    }
    fetched.touched = messages.iter().find_map(|message| match message {
        SimpleQueryMessage::CommandComplete(rows) => Some(*rows),
        _ => None,
    });
    Ok(fetched)
}

fn execute(parameters: &[Option<String>]) -> String {
    let literal = |value: &Option<String>| PostgresQueryBuilder.value_to_string(&value.clone().into());
    format!("EXECUTE studio_statement ({})", parameters.iter().map(literal).collect::<Vec<_>>().join(", "))
}

fn rows(messages: &[SimpleQueryMessage]) -> Vec<&SimpleQueryRow> {
    let mut rows = Vec::new();
    for message in messages {
        if let SimpleQueryMessage::Row(row) = message {
            rows.push(row);
        }
    }
    rows
}
