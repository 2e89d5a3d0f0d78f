//! Runs statements that stand in no file.

use migrator::{DatabaseError, Server};
use schema::Schema;

/// How long a statement may queue for a table's lock, with every later reader of that table queueing behind it.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '10s'";

/// Why statements were not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot begin or commit; {}", outcome(*kept))]
    Transaction {
        kept: bool,
        #[source]
        source: DatabaseError,
    },
    #[error("statement {number} of {of} failed; {}\n  {statement}", outcome(*kept))]
    Statement {
        number: usize,
        of: usize,
        statement: String,
        kept: bool,
        #[source]
        source: DatabaseError,
    },
}

/// What is said of the rest.
fn outcome(kept: bool) -> &'static str {
    if kept {
        "the new values of enums stay, and everything else was rolled back"
    } else {
        "everything was rolled back"
    }
}

/// A schema as a transaction can make it: in one, an index is built in one way only.
pub(crate) fn in_one_transaction(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    schema.indexes_mut().for_each(|index| index.concurrently = false);
    schema
}

/// Runs the statements in one transaction. A new value of an enum that one of them uses is committed before that,
/// since PostgreSQL does not let it be used sooner.
pub(crate) async fn run(server: &Server, purpose: &str, statements: &[&str]) -> Result<(), crate::Error> {
    let mut client = server.client(purpose).await?;
    let mut number = 0;
    let mut kept = false;
    for unit in migrator::units(statements.iter().copied()) {
        let failed = |kept| move |error: tokio_postgres::Error| Error::Transaction { kept, source: error.into() };
        let transaction = client.transaction().await.map_err(failed(kept))?;
        transaction.batch_execute(LOCK_TIMEOUT).await.map_err(failed(kept))?;
        for statement in &unit.statements {
            number += 1;
            transaction.batch_execute(statement.text).await.map_err(|error| Error::Statement {
                number,
                of: statements.len(),
                statement: statement.text.trim_end().to_owned(),
                kept,
                source: error.into(),
            })?;
        }
        transaction.commit().await.map_err(failed(kept))?;
        kept = true;
    }
    Ok(())
}
