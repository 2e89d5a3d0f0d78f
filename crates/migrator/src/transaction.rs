//! The unit of application: one transaction with the statements of a migration and its ledger row.

use std::time::Duration;

use tokio_postgres::types::Type;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::database_error::DatabaseError;
use crate::excerpt::Excerpt;
use crate::failure::{Cause, Outcome, Stage};
use crate::ledger::Ledger;
use crate::migrations::{Migration, Statement};

/// A transaction opened for migrations. Dropped with its session, it is rolled back by the server.
pub(crate) struct Transaction<'a> {
    client: &'a Client,
    /// The number that the server gave it, by which its fate can be asked for afterwards.
    xid: i64,
}

/// What stopped a migration, before it is known what became of the transaction.
#[derive(Debug)]
pub(crate) struct Interruption {
    pub(crate) stage: Stage,
    pub(crate) cause: Cause,
}

impl Interruption {
    fn new(stage: Stage, error: impl Into<DatabaseError>) -> Self {
        Self { stage, cause: Cause::Database(error.into()) }
    }
}

impl<'a> Transaction<'a> {
    /// Begins with a clean session: settings and role that an earlier migration left behind
    /// (as a dump's `set_config('search_path', ...)`) do not reach into this one. `work_key` is that
    /// of the lock under which this happens.
    pub(crate) async fn begin(client: &'a Client, lock_timeout: Duration, work_key: i64) -> Result<Self, Interruption> {
        // The setting is a 32-bit number of milliseconds.
        let milliseconds = i32::try_from(lock_timeout.as_millis()).unwrap_or(i32::MAX);
        let begin = format!(
            "RESET ALL; RESET ROLE; BEGIN; SET LOCAL lock_timeout = {milliseconds}; \
             SELECT pg_advisory_xact_lock_shared({work_key}); SELECT txid_current()"
        );
        let failed = |error: DatabaseError| Interruption::new(Stage::Begin, error);
        let messages = client.simple_query(&begin).await.map_err(|error| failed(error.into()))?;
        let xid = messages.iter().rev().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0)?.parse().ok(),
            _ => None,
        });
        let no_number =
            || DatabaseError::Connection { message: "the server gave the transaction no number".to_owned() };
        Ok(Self { client, xid: xid.ok_or_else(|| failed(no_number()))? })
    }

    /// Runs the statements of a migration one by one and returns how many there are.
    pub(crate) async fn run(&self, migration: &Migration) -> Result<usize, Interruption> {
        let statements = migration.statements();
        for statement in &statements {
            tracing::debug!(migration = migration.tag(), statement = statement.number, "running");
            if let Err(error) = self.client.batch_execute(statement.text).await {
                return Err(failed_statement(statement, statements.len(), error.into()));
            }
        }
        Ok(statements.len())
    }

    /// Writes the migration's row into the ledger.
    pub(crate) async fn record(&self, ledger: &Ledger, migration: &Migration) -> Result<(), Interruption> {
        match ledger.insert(self.client, migration, self.xid).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Interruption { stage: Stage::Ledger, cause: Cause::EndedTransaction }),
            Err(error) => Err(Interruption::new(Stage::Ledger, error)),
        }
    }

    /// Commits.
    pub(crate) async fn commit(&self) -> Result<(), Interruption> {
        let committed = self.client.batch_execute("COMMIT").await;
        committed.map_err(|error| Interruption::new(Stage::Commit, error))
    }

    /// Rolls back and asks the server what became of the transaction: a COMMIT in the file may have
    /// ended it long before, and a connection may break between a COMMIT and its answer.
    ///
    /// `recorded` tells whether its ledger rows had been written; `witness` is a second connection,
    /// asked if the first is gone.
    pub(crate) async fn abandon(self, recorded: bool, witness: &Client) -> Outcome {
        let fate = match self.client.batch_execute("ROLLBACK").await {
            Ok(()) => self.fate(self.client).await,
            Err(_) => self.fate(witness).await,
        };
        match fate.ok().flatten().as_deref() {
            Some("aborted") => Outcome::RolledBack,
            Some("committed") if recorded => Outcome::Committed,
            Some("committed") => Outcome::PartlyCommitted,
            _ => Outcome::Unknown,
        }
    }

    async fn fate(&self, client: &Client) -> Result<Option<String>, DatabaseError> {
        let ask = "SELECT txid_status($1)";
        let fate = client.query_typed_one(ask, &[(&self.xid, Type::INT8)]).await?;
        Ok(fate.try_get(0)?)
    }
}

fn failed_statement(statement: &Statement<'_>, of: usize, error: DatabaseError) -> Interruption {
    let position = match &error {
        DatabaseError::Server(error) => error.position,
        DatabaseError::Connection { .. } => None,
    };
    let excerpt = Excerpt::of(statement, position);
    Interruption::new(Stage::Statement { number: statement.number, of, excerpt }, error)
}
