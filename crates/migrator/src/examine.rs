//! What a statement that runs outside a transaction has left behind.
//!
//! Its process may have died, or its server. The catalog then tells whether it was done, not at
//! all, or half: an index that is not valid, a partition whose detaching is pending.

use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::alone::{Alone, GlobalKind, ReindexScope};
use crate::database_error::DatabaseError;

/// How far a statement came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The database is as before it, or nothing is known: it may run.
    NotDone,
    /// It left something that these statements clear.
    Leftover(Vec<String>),
    /// It left something that this statement completes.
    Pending(String),
    /// The database is as after it.
    Done,
}

/// Looks for what the statement makes or removes. `begun` has what is known of its beginning, if it
/// is known to have begun: the indexes that were there before.
pub(crate) async fn examine(client: &Client, alone: &Alone, begun: Option<&[u32]>) -> Result<Found, DatabaseError> {
    match (alone, begun) {
        (Alone::CreateIndex { name: Some(name), table }, _) => named_index(client, name, table).await,
        (Alone::CreateIndex { name: None, table }, Some(known)) => unnamed_index(client, table, known).await,
        (Alone::DropIndex { name }, _) => dropped_index(client, name).await,
        (Alone::DetachPartition { parent, partition }, _) => detached(client, parent, partition).await,
        (Alone::Reindex { scope, name }, Some(_)) => reindexed(client, *scope, name.as_deref()).await,
        (Alone::Global { kind, name, is_drop }, _) => global(client, *kind, name, *is_drop).await,
        (Alone::CreateIndex { .. } | Alone::Reindex { .. } | Alone::Other, _) => Ok(Found::NotDone),
    }
}

/// The catalog's rows of an index: whether it is valid, and the statement that drops it.
const INDEX: &str = "SELECT coalesce(i.indisvalid, true), format('DROP INDEX CONCURRENTLY %I.%I', n.nspname, c.relname) \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid";

/// An index stands in the schema of its table.
async fn named_index(client: &Client, name: &str, table: &str) -> Result<Found, DatabaseError> {
    let query = format!(
        "{INDEX} WHERE c.relname = (parse_ident($1))[1]::name \
         AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass($2))"
    );
    let row = client.query_typed_opt(&query, &[(&name, Type::TEXT), (&table, Type::TEXT)]).await?;
    index(row)
}

/// PostgreSQL calls an index after its table and columns.
async fn unnamed_index(client: &Client, table: &str, known: &[u32]) -> Result<Found, DatabaseError> {
    let query = format!(
        "{INDEX} JOIN pg_class t ON t.oid = i.indrelid WHERE t.oid = to_regclass($1) AND NOT c.oid = ANY ($2) \
         AND starts_with(c.relname, left(t.relname, 29)) ORDER BY c.oid LIMIT 1"
    );
    let row = client.query_typed_opt(&query, &[(&table, Type::TEXT), (&known, Type::OID_ARRAY)]).await?;
    index(row)
}

fn index(row: Option<tokio_postgres::Row>) -> Result<Found, DatabaseError> {
    let Some(row) = row else { return Ok(Found::NotDone) };
    Ok(if row.try_get(0)? { Found::Done } else { Found::Leftover(vec![row.try_get(1)?]) })
}

async fn dropped_index(client: &Client, name: &str) -> Result<Found, DatabaseError> {
    done_if(client, "SELECT to_regclass($1) IS NULL", name).await
}

async fn detached(client: &Client, parent: &str, partition: &str) -> Result<Found, DatabaseError> {
    // The column came with the statement, in PostgreSQL 14.
    let query = "SELECT coalesce((to_jsonb(i) ->> 'inhdetachpending')::boolean, false) FROM pg_inherits i \
        WHERE inhparent = to_regclass($1) AND inhrelid = to_regclass($2)";
    let row = client.query_typed_opt(query, &[(&parent, Type::TEXT), (&partition, Type::TEXT)]).await?;
    let Some(row) = row else { return Ok(Found::Done) };
    Ok(match row.try_get(0)? {
        true => Found::Pending(format!("ALTER TABLE {parent} DETACH PARTITION {partition} FINALIZE")),
        false => Found::NotDone,
    })
}

/// A `REINDEX CONCURRENTLY` builds indexes beside the old ones, and may leave either.
async fn reindexed(client: &Client, scope: ReindexScope, name: Option<&str>) -> Result<Found, DatabaseError> {
    let tables = match scope {
        ReindexScope::Index => "i.indrelid = (SELECT indrelid FROM pg_index WHERE indexrelid = to_regclass($1))",
        ReindexScope::Table => {
            "i.indrelid IN (SELECT unnest(ARRAY[oid, reltoastrelid]) FROM pg_class WHERE oid = to_regclass($1))"
        }
        ReindexScope::Schema => "c.relnamespace = to_regnamespace($1)",
        ReindexScope::Database => "$1 IS NOT DISTINCT FROM $1",
    };
    let query = format!("{INDEX} WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND {tables}");
    let rows = client.query_typed(&query, &[(&name, Type::TEXT)]).await?;
    let drops = rows.iter().map(|row| row.try_get(1)).collect::<Result<Vec<String>, _>>()?;
    Ok(if drops.is_empty() { Found::NotDone } else { Found::Leftover(drops) })
}

async fn global(client: &Client, kind: GlobalKind, name: &str, is_drop: bool) -> Result<Found, DatabaseError> {
    let (catalog, column) = match kind {
        GlobalKind::Database => ("pg_database", "datname"),
        GlobalKind::Tablespace => ("pg_tablespace", "spcname"),
    };
    let query =
        format!("SELECT {is_drop} <> EXISTS (SELECT FROM {catalog} WHERE {column} = (parse_ident($1))[1]::name)");
    done_if(client, &query, name).await
}

async fn done_if(client: &Client, query: &str, name: &str) -> Result<Found, DatabaseError> {
    let row = client.query_typed_one(query, &[(&name, Type::TEXT)]).await?;
    Ok(if row.try_get(0)? { Found::Done } else { Found::NotDone })
}
