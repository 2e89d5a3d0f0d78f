//! Changes to rows: a list of them, saved in one transaction or not at all.
//!
//! A row is changed only as it was when it was read: its version (`xmin`, which PostgreSQL writes anew with each
//! change) is part of the condition. Where no row meets it, somebody was quicker, and nothing is saved.

pub(crate) mod import;
mod statement;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio_postgres::Transaction;

use crate::catalog::{self, Name};
use crate::error::Error;
use crate::sessions::Sessions;
pub(crate) use statement::Change;

/// The most changes of one list.
const CHANGES: usize = 5_000;

/// A list of changes.
#[derive(Debug, Deserialize)]
pub(crate) struct ChangeList {
    changes: Vec<Change>,
}

/// The values of columns by name.
pub(crate) type Values = BTreeMap<String, Option<String>>;

impl ChangeList {
    /// The list as SQL, for a person to read: the same statements that are run, with their values in them.
    pub(crate) fn sql(&self) -> Vec<String> {
        self.changes.iter().map(Change::sql).collect()
    }

    /// What was done, a line each.
    pub(crate) fn audit(&self) -> impl Iterator<Item = String> {
        self.sql().into_iter()
    }

    /// Runs the list in one transaction.
    pub(crate) async fn save(&self, sessions: &Sessions) -> Result<Value, Error> {
        if self.changes.len() > CHANGES {
            return Err(Error::Malformed(format!("at most {CHANGES} changes are saved at once")));
        }
        let mut client = sessions.writer().await?;
        let transaction = client.transaction().await.map_err(Error::query("begin to save"))?;
        for (at, change) in self.changes.iter().enumerate() {
            if let Err(error) = run(&transaction, at + 1, change).await {
                transaction.rollback().await.map_err(Error::query("roll back"))?;
                return Err(error);
            }
        }
        transaction.commit().await.map_err(Error::query("save"))?;
        Ok(json!({ "saved": self.changes.len() }))
    }
}

async fn run(transaction: &Transaction<'_>, number: usize, change: &Change) -> Result<(), Error> {
    let operation = || format!("{} (change {number})", change.describe());
    let touched = change.built().execute(transaction.client()).await.map_err(Error::query(operation()))?;
    match (touched, change.row()) {
        (1, _) | (_, None) => Ok(()),
        (0, Some((name, key))) => Err(Error::Conflict { number, now: now(transaction, name, key).await? }),
        (rows, Some(_)) => {
            Err(Error::Malformed(format!("change {number} would touch {rows} rows and not one; nothing was saved")))
        }
    }
}

/// The row as it is now; null where it is gone.
async fn now(transaction: &Transaction<'_>, name: &Name, key: &Values) -> Result<Value, Error> {
    let table = catalog::table(transaction.client(), name).await?;
    let found = statement::row(name, &table, key).rows(transaction.client()).await;
    let found = found.map_err(Error::query("read the row"))?;
    let Some(row) = found.first() else { return Ok(Value::Null) };
    let mut values = serde_json::Map::new();
    for (at, column) in table.columns.iter().enumerate() {
        let value: Option<String> = row.try_get(at).map_err(Error::query("read the row"))?;
        values.insert(column.name.clone(), value.map_or(Value::Null, Value::String));
    }
    let version: Option<String> = row.try_get(table.columns.len()).map_err(Error::query("read the row"))?;
    Ok(json!({ "values": values, "version": version }))
}
