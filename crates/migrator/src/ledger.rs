//! Drizzle's ledger: the table that remembers which migrations were applied.
//!
//! The table is Drizzle's to the byte (`id serial primary key, hash text not null, created_at
//! bigint`), so that drizzle-kit and this crate can take turns on one database.

use serde::Serialize;
use tokio_postgres::Client;
use tokio_postgres::types::{ToSql, Type};

use crate::database_error::DatabaseError;
use crate::error::Error;
use crate::migrations::Migration;

/// Which table keeps the record, by schema and name.
///
/// The default is `__drizzle_migrations` in `public`. drizzle-kit's own default schema is
/// `drizzle`; set both tools to the same place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ledger {
    schema: String,
    table: String,
}

impl Default for Ledger {
    fn default() -> Self {
        Self::new("public", "__drizzle_migrations")
    }
}

impl Ledger {
    /// The ledger `schema.table`; both as they are in the catalog, unquoted.
    pub fn new(schema: impl Into<String>, table: impl Into<String>) -> Self {
        Self { schema: schema.into(), table: table.into() }
    }

    /// The schema's name, unquoted.
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// The table's name, unquoted.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// `"schema"."table"`, as it stands in SQL.
    pub fn qualified(&self) -> String {
        format!("{}.{}", quote_identifier(&self.schema), quote_identifier(&self.table))
    }

    /// The statement that makes the table whose quoted name is `qualified`.
    pub(crate) fn create_table_sql(qualified: &str) -> String {
        format!(
            "CREATE TABLE IF NOT EXISTS {qualified} \
             (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)"
        )
    }

    /// The query for all rows of the table whose quoted name is `qualified`, oldest first.
    pub(crate) fn select_sql(qualified: &str) -> String {
        format!("SELECT id::bigint, hash::text, created_at::bigint FROM {qualified} ORDER BY id")
    }

    /// Makes schema and table where they are missing.
    ///
    /// What exists is not created again: `IF NOT EXISTS` asks for the right to create even then,
    /// and a role that may only insert into the ledger has it not. Call this under the lock:
    /// `IF NOT EXISTS` fails when two sessions create the same name at once.
    pub(crate) async fn create_if_missing(&self, client: &Client) -> Result<(), Error> {
        self.try_create(client).await.map_err(|source| self.error("create", source))
    }

    async fn try_create(&self, client: &Client) -> Result<(), DatabaseError> {
        let found = client
            .query_typed_one(
                "SELECT to_regclass($1) IS NOT NULL, to_regnamespace($2) IS NOT NULL",
                &[(&self.qualified(), Type::TEXT), (&quote_identifier(&self.schema), Type::TEXT)],
            )
            .await?;
        let (table_exists, schema_exists): (bool, bool) = (found.try_get(0)?, found.try_get(1)?);
        if table_exists {
            return Ok(());
        }
        let create_table = Self::create_table_sql(&self.qualified());
        let statements = if schema_exists {
            create_table
        } else {
            let schema = quote_identifier(&self.schema);
            format!("CREATE SCHEMA IF NOT EXISTS {schema}; {create_table}")
        };
        Ok(client.batch_execute(&statements).await?)
    }

    /// All rows, oldest first; none where the table does not exist. Needs only SELECT.
    pub(crate) async fn read(&self, client: &Client) -> Result<Vec<LedgerRow>, Error> {
        self.try_read(client).await.map_err(|source| self.error("read", source))
    }

    async fn try_read(&self, client: &Client) -> Result<Vec<LedgerRow>, DatabaseError> {
        let found =
            client.query_typed_one("SELECT to_regclass($1) IS NOT NULL", &[(&self.qualified(), Type::TEXT)]).await?;
        if !found.try_get::<_, bool>(0)? {
            return Ok(Vec::new());
        }
        let rows = client.query_typed(&Self::select_sql(&self.qualified()), &[]).await?;
        rows.iter()
            .map(|row| Ok(LedgerRow { id: row.try_get(0)?, hash: row.try_get(1)?, created_at: row.try_get(2)? }))
            .collect()
    }

    /// Records `migration` if the transaction `xid` is still the current one.
    ///
    /// Returns whether it was. A file with a COMMIT of its own ends the transaction that was
    /// opened for it; its row must not be written outside.
    pub(crate) async fn insert(&self, client: &Client, migration: &Migration, xid: i64) -> Result<bool, DatabaseError> {
        let insert =
            format!("INSERT INTO {} (hash, created_at) SELECT $1, $2 WHERE txid_current() = $3", self.qualified());
        let parameters =
            [(&migration.hash() as _, Type::TEXT), (&migration.when() as _, Type::INT8), (&xid as _, Type::INT8)];
        let inserted = client.execute_typed(&insert, &parameters).await?;
        Ok(inserted == 1)
    }

    /// Records a migration that was not run.
    pub(crate) async fn record(&self, client: &Client, migration: &Migration) -> Result<(), Error> {
        let insert = format!("INSERT INTO {} (hash, created_at) VALUES ($1, $2)", self.qualified());
        let parameters = [(&migration.hash() as _, Type::TEXT), (&migration.when() as _, Type::INT8)];
        self.write(client, &insert, &parameters).await
    }

    /// Removes a row, and those that say the same of the same migration.
    pub(crate) async fn forget(&self, client: &Client, row: &LedgerRow) -> Result<(), Error> {
        let qualified = self.qualified();
        let delete = format!("DELETE FROM {qualified} WHERE hash = $1 AND created_at IS NOT DISTINCT FROM $2");
        self.write(client, &delete, &[(&row.hash as _, Type::TEXT), (&row.created_at as _, Type::INT8)]).await
    }

    /// Gives a row the hash of its migration's file as it is now.
    pub(crate) async fn rehash(&self, client: &Client, row: &LedgerRow, migration: &Migration) -> Result<(), Error> {
        let update = format!("UPDATE {} SET hash = $1 WHERE id = $2", self.qualified());
        self.write(client, &update, &[(&migration.hash() as _, Type::TEXT), (&row.id as _, Type::INT8)]).await
    }

    async fn write(
        &self,
        client: &Client,
        statement: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<(), Error> {
        let written = client.execute_typed(statement, parameters).await;
        written.map(drop).map_err(|error| self.error("write", error.into()))
    }

    fn error(&self, operation: &'static str, source: DatabaseError) -> Error {
        Error::Ledger { operation, ledger: self.qualified(), source }
    }
}

/// A row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LedgerRow {
    /// The row's number, in order of application.
    pub id: i64,
    /// The SHA-256 of the file as it was applied, in lower-case hex.
    pub hash: String,
    /// The journal's `when` of the migration, in milliseconds since 1970.
    pub created_at: Option<i64>,
}

/// Quotes a name for SQL: the only place of this crate that does.
fn quote_identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_and_embedded_quotes_doubled() {
        let ledger = Ledger::new("odd\"schema", "Table; DROP");
        assert_eq!(ledger.qualified(), r#""odd""schema"."Table; DROP""#);
    }

    #[test]
    fn the_default_is_drizzles_table_in_public() {
        assert_eq!(Ledger::default().qualified(), r#""public"."__drizzle_migrations""#);
    }
}
