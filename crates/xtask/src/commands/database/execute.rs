//! Runs statements that stand in no file.

use migrator::{DatabaseError, Server};
use schema::Schema;

/// How long a statement may queue for a table's lock, with every later reader of that table queueing behind it.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '10s'";

/// Why statements were not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot begin or commit; everything was rolled back")]
    Transaction(#[source] DatabaseError),
    #[error("statement {number} of {of} failed; everything was rolled back\n  {statement}")]
    Statement {
        number: usize,
        of: usize,
        statement: String,
        #[source]
        source: DatabaseError,
    },
}

/// A schema as a transaction can make it: in one, an index is built in one way only.
pub(crate) fn in_one_transaction(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    schema.indexes_mut().for_each(|index| index.concurrently = false);
    schema
}

/// Runs the statements in one transaction. A plan has none that needs a second: where it uses a new value of an enum, it
/// makes the type anew.
pub(crate) async fn run(server: &Server, purpose: &str, statements: &[&str]) -> Result<(), crate::Error> {
    let failed = |error: tokio_postgres::Error| Error::Transaction(error.into());
    let mut client = server.client(purpose).await?;
    let transaction = client.transaction().await.map_err(failed)?;
    transaction.batch_execute(LOCK_TIMEOUT).await.map_err(failed)?;
    for (number, statement) in (1..).zip(statements) {
        transaction.batch_execute(statement).await.map_err(|error| Error::Statement {
            number,
            of: statements.len(),
            statement: statement.trim().to_owned(),
            source: error.into(),
        })?;
    }
    Ok(transaction.commit().await.map_err(failed)?)
}
