//! The table that remembers how far a migration of several units came.
//!
//! It stands beside the ledger, made when the first such migration runs, and has rows only of
//! migrations that are begun and not in the ledger yet: the row of the ledger and the end of these
//! rows are one transaction. drizzle-kit knows nothing of it and needs not to.

use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::database_error::DatabaseError;
use crate::error::Error;
use crate::ledger::Ledger;

/// What follows the ledger's name in the table's.
const SUFFIX: &str = "_progress";

/// The longest name that PostgreSQL keeps, in bytes.
const LONGEST_NAME: usize = 63;

/// The table, by its quoted name.
pub(crate) struct UnitTable {
    qualified: String,
}

/// A row of the table: a unit that is done, or was begun outside a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnitRow {
    pub(crate) tag: String,
    /// The hash of the file as it was then.
    pub(crate) hash: String,
    /// The number of the unit within the file, from 1.
    pub(crate) unit: usize,
    pub(crate) unit_hash: String,
    pub(crate) is_done: bool,
    /// The indexes (by oid) that the table had before one without a name was begun on it.
    pub(crate) known_indexes: Vec<u32>,
}

/// A unit, as a row names it.
#[derive(Clone, Debug)]
pub(crate) struct UnitKey<'a> {
    pub(crate) tag: &'a str,
    pub(crate) hash: &'a str,
    pub(crate) unit: usize,
    pub(crate) units: usize,
    pub(crate) unit_hash: String,
}

impl Ledger {
    /// The name, unquoted, of the table beside the ledger that remembers how far a migration of several units came.
    pub fn progress_table(&self) -> String {
        let mut name = self.table().to_owned();
        let room = LONGEST_NAME - SUFFIX.len();
        while name.len() > room {
            name.pop();
        }
        name + SUFFIX
    }
}

impl UnitTable {
    pub(crate) fn of(ledger: &Ledger) -> Self {
        Self { qualified: Ledger::new(ledger.schema(), ledger.progress_table()).qualified() }
    }

    /// `"schema"."table"`, as it stands in SQL.
    pub(crate) fn qualified(&self) -> &str {
        &self.qualified
    }

    /// Makes the table where it is missing; its schema is there, since the ledger is.
    pub(crate) async fn create_if_missing(&self, client: &Client) -> Result<(), Error> {
        let create = async {
            if self.is_there(client, "to_regclass($1) IS NOT NULL").await? {
                return Ok(());
            }
            let create = format!(
                "CREATE TABLE IF NOT EXISTS {} (tag text NOT NULL, unit integer NOT NULL, units integer NOT NULL, \
                 hash text NOT NULL, unit_hash text NOT NULL, state text NOT NULL CHECK (state IN ('running', 'done')), \
                 started_at timestamp with time zone NOT NULL, finished_at timestamp with time zone, \
                 known_indexes oid[], PRIMARY KEY (tag, unit))",
                self.qualified
            );
            Ok(client.batch_execute(&create).await?)
        };
        create.await.map_err(|source| self.error("create", source))
    }

    /// All rows; none where the table does not exist.
    pub(crate) async fn read(&self, client: &Client) -> Result<Vec<UnitRow>, Error> {
        let rows = self.try_read(client, "to_regclass($1) IS NOT NULL").await;
        rows.map_err(|source| self.error("read", source))
    }

    /// As [`UnitTable::read`], and none where the role may not see them: a service that only
    /// verifies has to be granted no more than Drizzle's ledger.
    pub(crate) async fn read_if_allowed(&self, client: &Client) -> Result<Vec<UnitRow>, Error> {
        let allowed = "coalesce(has_table_privilege(to_regclass($1), 'SELECT'), false)";
        self.try_read(client, allowed).await.map_err(|source| self.error("read", source))
    }

    async fn try_read(&self, client: &Client, condition: &str) -> Result<Vec<UnitRow>, DatabaseError> {
        if !self.is_there(client, condition).await? {
            return Ok(Vec::new());
        }
        let select = format!(
            "SELECT tag, hash, unit, unit_hash, state = 'done', coalesce(known_indexes, '{{}}') FROM {} \
             ORDER BY tag, unit",
            self.qualified
        );
        let rows = client.query_typed(&select, &[]).await?;
        rows.iter()
            .map(|row| {
                Ok(UnitRow {
                    tag: row.try_get(0)?,
                    hash: row.try_get(1)?,
                    unit: usize::try_from(row.try_get::<_, i32>(2)?).unwrap_or(0),
                    unit_hash: row.try_get(3)?,
                    is_done: row.try_get(4)?,
                    known_indexes: row.try_get(5)?,
                })
            })
            .collect()
    }

    async fn is_there(&self, client: &Client, condition: &str) -> Result<bool, DatabaseError> {
        let row = client.query_typed_one(&format!("SELECT {condition}"), &[(&self.qualified, Type::TEXT)]).await?;
        Ok(row.try_get(0)?)
    }

    /// Records that a unit is begun outside a transaction; `table` is that of an index which gets
    /// its name from PostgreSQL.
    pub(crate) async fn begin(
        &self,
        client: &Client,
        key: &UnitKey<'_>,
        table: Option<&str>,
    ) -> Result<(), DatabaseError> {
        let begin = format!(
            "INSERT INTO {} (tag, unit, units, hash, unit_hash, state, started_at, known_indexes) \
             SELECT $1, $2, $3, $4, $5, 'running', now(), \
             (SELECT array_agg(indexrelid) FROM pg_index WHERE indrelid = to_regclass($6))",
            self.qualified
        );
        self.execute(client, &begin, key, &[(&table as _, Type::TEXT)]).await?;
        Ok(())
    }

    /// Records that a unit is done; with `xid`, only if that transaction is still the current one.
    ///
    /// Returns whether it was.
    pub(crate) async fn finish(
        &self,
        client: &Client,
        key: &UnitKey<'_>,
        xid: Option<i64>,
    ) -> Result<bool, DatabaseError> {
        let finish = format!(
            "INSERT INTO {} (tag, unit, units, hash, unit_hash, state, started_at, finished_at) \
             SELECT $1, $2, $3, $4, $5, 'done', now(), clock_timestamp() WHERE $6 IS NULL OR txid_current() = $6 \
             ON CONFLICT (tag, unit) DO UPDATE SET state = 'done', finished_at = excluded.finished_at",
            self.qualified
        );
        Ok(self.execute(client, &finish, key, &[(&xid as _, Type::INT8)]).await? == 1)
    }

    /// Forgets that a unit was begun.
    pub(crate) async fn undo(&self, client: &Client, key: &UnitKey<'_>) -> Result<(), DatabaseError> {
        let delete = format!("DELETE FROM {} WHERE tag = $1 AND unit = $2", self.qualified);
        client.execute_typed(&delete, &[(&key.tag, Type::TEXT), (&number(key.unit), Type::INT4)]).await?;
        Ok(())
    }

    /// Forgets a migration, and returns how many units were recorded of it.
    pub(crate) async fn forget(&self, client: &Client, tag: &str) -> Result<u64, DatabaseError> {
        let delete = format!("DELETE FROM {} WHERE tag = $1", self.qualified);
        Ok(client.execute_typed(&delete, &[(&tag, Type::TEXT)]).await?)
    }

    /// [`UnitTable::forget`] by itself, also where there is no table.
    pub(crate) async fn restart(&self, client: &Client, tag: &str) -> Result<u64, Error> {
        let forget = async {
            if !self.is_there(client, "to_regclass($1) IS NOT NULL").await? {
                return Ok(0);
            }
            self.forget(client, tag).await
        };
        forget.await.map_err(|source| self.error("write", source))
    }

    async fn execute(
        &self,
        client: &Client,
        statement: &str,
        key: &UnitKey<'_>,
        more: &[(&(dyn tokio_postgres::types::ToSql + Sync), Type)],
    ) -> Result<u64, DatabaseError> {
        let (unit, units) = (number(key.unit), number(key.units));
        let mut parameters: Vec<(&(dyn tokio_postgres::types::ToSql + Sync), Type)> = vec![
            (&key.tag, Type::TEXT),
            (&unit, Type::INT4),
            (&units, Type::INT4),
            (&key.hash, Type::TEXT),
            (&key.unit_hash, Type::TEXT),
        ];
        parameters.extend(more.iter().cloned());
        Ok(client.execute_typed(statement, &parameters).await?)
    }

    fn error(&self, operation: &'static str, source: DatabaseError) -> Error {
        Error::Progress { operation, table: self.qualified.clone(), source }
    }
}

fn number(unit: usize) -> i32 {
    i32::try_from(unit).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_beside_the_ledger_and_never_has_its_name() {
        let name = |ledger: &Ledger| UnitTable::of(ledger).qualified().to_owned();
        assert_eq!(name(&Ledger::default()), r#""public"."__drizzle_migrations_progress""#);
        let long = Ledger::new("app", "ä".repeat(31));
        assert_eq!(name(&long), format!("\"app\".\"{}_progress\"", "ä".repeat(27)));
    }
}
