//! Runs sea-query's statements on a connection or in a transaction.
//!
//! Statements are prepared once per connection and kept: sea-query gives the same text for the same
//! shape, whatever the values. A statement whose shape depends on how much the client sends, such as
//! an INSERT of many rows, goes through [`once`], or the server would keep each.

use std::time::{Duration, Instant};

use deadpool_postgres::GenericClient as _;
use schema::rows::FromRow;
use sea_query::PostgresQueryBuilder;
use sea_query_postgres::PostgresBinder;
use tokio_postgres::Row;
use tracing::Instrument as _;

use super::Error;
use super::session::{Connection, counted};
use crate::telemetry::SPANS;

/// A query that takes longer is logged, without its values.
const SLOW: Duration = Duration::from_millis(500);

/// All rows.
///
/// # Errors
/// The database refuses the query, the connection breaks, or a row does not fit the struct.
pub async fn all<T: FromRow>(
    connection: &impl Connection,
    statement: &(impl PostgresBinder + Sync),
) -> Result<Vec<T>, Error> {
    rows(connection, statement).await?.iter().map(|row| T::from_row(row).map_err(Error::Row)).collect()
}

/// The only row: what an INSERT returns, or an aggregate.
///
/// # Errors
/// As for [`all`], and where there is no row.
pub async fn one<T: FromRow>(
    connection: &impl Connection,
    statement: &(impl PostgresBinder + Sync),
) -> Result<T, Error> {
    optional(connection, statement).await?.ok_or(Error::NoRow)
}

/// The row, if there is one: a query by a unique key, or an UPDATE of one row that returns it.
///
/// # Errors
/// As for [`all`].
pub async fn optional<T: FromRow>(
    connection: &impl Connection,
    statement: &(impl PostgresBinder + Sync),
) -> Result<Option<T>, Error> {
    rows(connection, statement).await?.first().map(T::from_row).transpose().map_err(Error::Row)
}

/// All rows of a statement that is not kept prepared.
///
/// # Errors
/// As for [`all`].
pub async fn once<T: FromRow>(
    connection: &impl Connection,
    statement: &(impl PostgresBinder + Sync),
) -> Result<Vec<T>, Error> {
    let (sql, values) = statement.build_postgres(PostgresQueryBuilder);
    let params = values.as_params();
    let rows = timed(connection, &sql, connection.client().query(&sql, &params)).await;
    let rows = rows.map_err(|source| Error::Query { sql: sql.clone(), source })?;
    rows.iter().map(|row| T::from_row(row).map_err(Error::Row)).collect()
}

/// Runs a statement and tells how many rows it touched.
///
/// # Errors
/// The database refuses it, or the connection breaks.
pub async fn execute(connection: &impl Connection, statement: &(impl PostgresBinder + Sync)) -> Result<u64, Error> {
    let (sql, values) = statement.build_postgres(PostgresQueryBuilder);
    let client = connection.client();
    let run = async {
        let prepared = client.prepare_cached(&sql).await?;
        client.execute(&prepared, &values.as_params()).await
    };
    timed(connection, &sql, run).await.map_err(|source| Error::Query { sql: sql.clone(), source })
}

/// The rows as they come, for what is no struct of the schema.
///
/// # Errors
/// As for [`execute`].
pub async fn rows(connection: &impl Connection, statement: &(impl PostgresBinder + Sync)) -> Result<Vec<Row>, Error> {
    let (sql, values) = statement.build_postgres(PostgresQueryBuilder);
    let client = connection.client();
    let run = async {
        let prepared = client.prepare_cached(&sql).await?;
        client.query(&prepared, &values.as_params()).await
    };
    timed(connection, &sql, run).await.map_err(|source| Error::Query { sql: sql.clone(), source })
}

async fn timed<T>(connection: &impl Connection, sql: &str, run: impl Future<Output = T>) -> T {
    let started = Instant::now();
    let span = tracing::info_span!(
        target: SPANS,
        "query",
        otel.kind = "client",
        db.system.name = "postgresql",
        db.query.text = sql
    );
    let result = counted(connection.running(), run.instrument(span)).await;
    let elapsed = started.elapsed();
    if elapsed >= SLOW {
        tracing::warn!(?elapsed, sql, "slow query");
    }
    result
}
