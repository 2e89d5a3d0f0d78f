//! The unit of application: one transaction with the statements of a migration, or of a part of it, and the
//! row that records it.

use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::database_error::DatabaseError;
use crate::failure::{Cause, Outcome, Stage};
use crate::ledger::Ledger;
use crate::limits::Limits;
use crate::migrations::{Migration, Statement};
use crate::search_path::SearchPath;
use crate::unit_table::{UnitKey, UnitTable};

/// How often the server is asked for the fate of a transaction that it takes for running, and for how long: it may not
/// have noticed yet that its session is lost, or be about to commit it.
const PAUSE: Duration = Duration::from_millis(50);
const NOTICED: Duration = Duration::from_secs(5);

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
    pub(crate) fn new(stage: Stage, error: impl Into<DatabaseError>) -> Self {
        Self { stage, cause: Cause::Database(error.into()) }
    }
}

/// Makes the session a clean one: settings and role that an earlier migration left behind (as a
/// dump's `set_config('search_path', ...)`) do not reach into the next.
pub(crate) async fn reset(client: &Client, limits: &Limits, search_path: &SearchPath) -> Result<(), Interruption> {
    let reset = format!("RESET ALL; RESET ROLE; {}; {}", limits.timeouts(), search_path.setting());
    client.batch_execute(&reset).await.map_err(|error| Interruption::new(Stage::Begin, error))
}

impl<'a> Transaction<'a> {
    /// Makes the session a clean one and begins, in one round trip: of a small migration these are half the time. They are
    /// two messages all the same, since a transaction begins with the settings from before the first of them.
    pub(crate) async fn begin_clean(
        client: &'a Client,
        limits: &Limits,
        search_path: &SearchPath,
        work_key: i64,
    ) -> Result<Self, Interruption> {
        let reset = reset(client, limits, search_path);
        let (clean, begun) = tokio::join!(biased; reset, Self::begin(client, work_key));
        clean?;
        begun
    }

    /// Begins; `work_key` is that of the lock under which this happens.
    pub(crate) async fn begin(client: &'a Client, work_key: i64) -> Result<Self, Interruption> {
        let begin = format!("BEGIN; SELECT txid_current(), pg_advisory_xact_lock_shared({work_key})");
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

    /// Sets the limits of what follows.
    pub(crate) async fn limit(&self, limits: &Limits) -> Result<(), Interruption> {
        let set = self.client.batch_execute(&limits.timeouts()).await;
        set.map_err(|error| Interruption::new(Stage::Begin, error))
    }

    /// Runs a migration's statements and writes its row into the ledger: in one round trip, since where a statement
    /// fails, the server refuses those that were sent after it, and no migration with the end of its transaction is run.
    pub(crate) async fn apply(&self, ledger: &Ledger, migration: &Migration) -> Result<usize, Interruption> {
        let statements = migration.statements();
        let of = statements.len();
        let run = in_flight(statements.iter().map(|statement| run_statement(self.client, statement, of)));
        tokio::try_join!(biased; run, self.record(ledger, migration))?;
        Ok(of)
    }

    /// Runs statements one by one; `of` is how many the file has.
    pub(crate) async fn run(&self, statements: &[Statement<'_>], of: usize) -> Result<(), Interruption> {
        for statement in statements {
            run_statement(self.client, statement, of).await?;
        }
        Ok(())
    }

    /// Writes the migration's row into the ledger.
    pub(crate) async fn record(&self, ledger: &Ledger, migration: &Migration) -> Result<(), Interruption> {
        match ledger.insert(self.client, migration, self.xid).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Interruption { stage: Stage::Ledger, cause: Cause::EndedTransaction }),
            Err(error) => Err(Interruption::new(Stage::Ledger, error)),
        }
    }

    /// Records that a unit of a migration is done.
    pub(crate) async fn finish_unit(&self, table: &UnitTable, key: &UnitKey<'_>) -> Result<(), Interruption> {
        match table.finish(self.client, key, Some(self.xid)).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Interruption { stage: Stage::Ledger, cause: Cause::EndedTransaction }),
            Err(error) => Err(Interruption::new(Stage::Ledger, error)),
        }
    }

    /// Forgets which units of a migration are done: its row in the ledger says it from here on.
    pub(crate) async fn forget_units(&self, table: &UnitTable, tag: &str) -> Result<(), Interruption> {
        let forgotten = table.forget(self.client, tag).await;
        forgotten.map_err(|error| Interruption::new(Stage::Ledger, error))?;
        Ok(())
    }

    /// Commits.
    pub(crate) async fn commit(&self) -> Result<(), Interruption> {
        let committed = self.client.batch_execute("COMMIT").await;
        committed.map_err(|error| Interruption::new(Stage::Commit, error))
    }

    /// Rolls back and asks the server what became of the transaction: a connection may break between a COMMIT and its
    /// answer.
    ///
    /// `committing` tells whether its COMMIT was sent: before that, it is rolled back whatever became of the connection.
    /// `witness` is a second connection, asked if the first is gone.
    pub(crate) async fn abandon(self, committing: bool, witness: &Client) -> Outcome {
        let fate = match self.client.batch_execute("ROLLBACK").await {
            Ok(()) => self.fate(self.client).await,
            Err(_) => self.fate(witness).await,
        };
        match (fate.ok().flatten().as_deref(), committing) {
            (Some("committed"), true) => Outcome::Committed,
            // A COMMIT of the file that was not seen before it ran.
            (Some("committed"), false) => Outcome::PartlyCommitted,
            (Some("aborted"), _) | (_, false) => Outcome::RolledBack,
            (_, true) => Outcome::Unknown,
        }
    }

    /// `aborted`, `committed` or, where the server does not come to know it, `in progress`.
    async fn fate(&self, client: &Client) -> Result<Option<String>, DatabaseError> {
        let ask = "SELECT txid_status($1)";
        let asked = Instant::now();
        loop {
            let fate = client.query_typed_one(ask, &[(&self.xid, Type::INT8)]).await?;
            let fate: Option<String> = fate.try_get(0)?;
            if fate.as_deref() != Some("in progress") || asked.elapsed() > NOTICED {
                return Ok(fate);
            }
            sleep(PAUSE).await;
        }
    }
}

/// Sends all before the first answer is awaited, and returns the first error.
async fn in_flight<E>(requests: impl Iterator<Item = impl Future<Output = Result<(), E>>>) -> Result<(), E> {
    let mut sent = Vec::new();
    for request in requests {
        let mut request = Box::pin(request);
        // With its first poll it is sent.
        let answer = poll_fn(|context| Poll::Ready(request.as_mut().poll(context))).await;
        sent.push((request, answer));
    }
    for (request, answer) in sent {
        match answer {
            Poll::Ready(answer) => answer?,
            Poll::Pending => request.await?,
        }
    }
    Ok(())
}

/// Runs a statement in the session as it is; `of` is how many the file has.
pub(crate) async fn run_statement(client: &Client, statement: &Statement<'_>, of: usize) -> Result<(), Interruption> {
    tracing::debug!(statement = statement.number, of, "sent");
    let ran = client.batch_execute(statement.text).await;
    ran.map_err(|error| failed_statement(statement, of, error.into()))
}

fn failed_statement(statement: &Statement<'_>, of: usize, error: DatabaseError) -> Interruption {
    let position = match &error {
        DatabaseError::Server(error) => error.position,
        DatabaseError::Connection { .. } => None,
    };
    Interruption::new(Stage::at(statement, of, position), error)
}
