//! What is in the database: each question is one query, whose answer PostgreSQL itself writes as JSON.

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio_postgres::Client;

use crate::error::Error;

/// A table or view by its name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Name {
    pub(crate) schema: String,
    pub(crate) table: String,
}

/// What reading and editing the rows of a table needs to know.
#[derive(Debug, Deserialize)]
pub(crate) struct Table {
    pub(crate) kind: Kind,
    /// The columns that tell one row from all others, where there are such.
    pub(crate) key: Option<Vec<String>>,
    pub(crate) columns: Vec<Column>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Kind {
    #[serde(rename = "table")]
    Table,
    #[serde(rename = "partitioned table")]
    Partitioned,
    #[serde(rename = "view")]
    View,
    #[serde(rename = "materialized view")]
    MaterializedView,
    #[serde(rename = "foreign table")]
    Foreign,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) sortable: bool,
    pub(crate) nullable: bool,
    /// PostgreSQL works its values out, and takes none.
    pub(crate) generated: bool,
}

/// Schemas, tables, views and enums.
pub(crate) async fn overview(client: &Client) -> Result<Box<RawValue>, Error> {
    let row = client.query_one(include_str!("overview.sql"), &[]).await.map_err(Error::query("list the tables"))?;
    raw(row.try_get(0).map_err(Error::query("list the tables"))?)
}

/// All tables with their columns and foreign keys.
pub(crate) async fn map(client: &Client) -> Result<Box<RawValue>, Error> {
    let row = client.query_one(include_str!("map.sql"), &[]).await.map_err(Error::query("read the foreign keys"))?;
    raw(row.try_get(0).map_err(Error::query("read the foreign keys"))?)
}

/// The columns, key and references of one, as the page shows them.
pub(crate) async fn columns(client: &Client, name: &Name) -> Result<Box<RawValue>, Error> {
    raw(one(client, include_str!("columns.sql"), name).await?)
}

/// The indexes, constraints, policies, triggers and sizes of one.
pub(crate) async fn structure(client: &Client, name: &Name) -> Result<Box<RawValue>, Error> {
    raw(one(client, include_str!("structure.sql"), name).await?)
}

/// What reading and editing rows needs of [`columns`].
pub(crate) async fn table(client: &Client, name: &Name) -> Result<Table, Error> {
    serde_json::from_str(&one(client, include_str!("columns.sql"), name).await?).map_err(Error::Catalog)
}

async fn one(client: &Client, sql: &str, name: &Name) -> Result<String, Error> {
    let row = client.query_opt(sql, &[&name.schema, &name.table]).await.map_err(Error::query("read the table"))?;
    let row = row.ok_or_else(|| Error::NoTable { schema: name.schema.clone(), table: name.table.clone() })?;
    row.try_get(0).map_err(Error::query("read the table"))
}

fn raw(json: String) -> Result<Box<RawValue>, Error> {
    RawValue::from_string(json).map_err(Error::Catalog)
}
