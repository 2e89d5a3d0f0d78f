//! A migration applied unit by unit, so that a run that ends anywhere is gone on with by the next.
//!
//! A transaction is recorded as done in itself. A statement outside of one is recorded as begun
//! before it runs, and as done afterwards; where only the beginning is recorded, the catalog tells
//! how far it came ([`crate::examine`]). The row of the ledger ends it all.

use tokio_postgres::Client;

use crate::alone::Alone;
use crate::database_error::DatabaseError;
use crate::error::Error;
use crate::examine::{Found, examine};
use crate::failure::{Cause, FailedUnits, Failure, Outcome, Stage};
use crate::half::HalfApplied;
use crate::ledger::Ledger;
use crate::limits::Limits;
use crate::lock::Lock;
use crate::migrations::{Migration, Statement};
use crate::runner::failure;
use crate::search_path::SearchPath;
use crate::transaction::{self, Interruption, Transaction, run_statement};
use crate::unit_table::{UnitKey, UnitTable};
use crate::units::Unit;

/// A migration of several units, and what is needed to apply it. Needs the lock.
pub(crate) struct Stepwise<'a> {
    pub(crate) client: &'a Client,
    pub(crate) lock: &'a Lock,
    pub(crate) ledger: &'a Ledger,
    pub(crate) table: &'a UnitTable,
    pub(crate) limits: Limits,
    pub(crate) search_path: &'a SearchPath,
    pub(crate) migration: &'a Migration,
    pub(crate) units: Vec<Unit<'a>>,
    /// What an earlier run has done of it.
    pub(crate) half: HalfApplied,
}

/// What stopped a unit, and what became of it.
struct Stop {
    interruption: Interruption,
    outcome: Outcome,
}

/// A statement that runs outside a transaction, and its place.
#[derive(Clone, Copy)]
struct Lone<'u> {
    alone: &'u Alone,
    statement: &'u Statement<'u>,
    key: &'u UnitKey<'u>,
}

impl Stepwise<'_> {
    /// Applies what is not applied yet and returns how many statements were run.
    pub(crate) async fn run(self) -> Result<usize, Error> {
        self.table.create_if_missing(self.client).await?;
        self.prepare().await.map_err(|stop| self.failure(self.half.done, stop))?;
        let mut statements = 0;
        for (done, unit) in self.units.iter().enumerate().skip(self.half.done) {
            self.apply(done, unit).await.map_err(|stop| self.failure(done, stop))?;
            statements += unit.statements.len();
        }
        // A transaction at the end has written the ledger's row already.
        if self.half.done == self.units.len() || self.units.last().is_some_and(|unit| unit.alone.is_some()) {
            self.record().await.map_err(|stop| self.failure(self.units.len(), stop))?;
        }
        self.release().await;
        Ok(statements)
    }

    /// Makes the session what it was before the first unit that is to run, and takes the work key
    /// for it: for all units at once, since most of the time they are in no transaction.
    async fn prepare(&self) -> Result<(), Stop> {
        let prepare = async {
            transaction::reset(self.client, &self.limits, self.search_path).await?;
            let failed = |error| Interruption::new(Stage::Begin, error);
            let lock = format!("SELECT pg_advisory_lock_shared({})", self.lock.work_key());
            self.client.batch_execute(&lock).await.map_err(failed)?;
            for setting in self.units.iter().take(self.half.done).flat_map(|unit| &unit.settings) {
                self.client.batch_execute(setting).await.map_err(failed)?;
            }
            Ok(())
        };
        prepare.await.map_err(Stop::rolled_back)
    }

    async fn apply(&self, done: usize, unit: &Unit<'_>) -> Result<(), Stop> {
        let key = self.key(done, unit);
        tracing::info!(migration = self.migration.tag(), unit = key.unit, of = key.units, "unit begins");
        match (&unit.alone, unit.statements.first()) {
            (Some(alone), Some(statement)) => self.run_alone(Lone { alone, statement, key: &key }).await,
            _ => self.run_transaction(unit, &key).await,
        }
    }

    async fn run_transaction(&self, unit: &Unit<'_>, key: &UnitKey<'_>) -> Result<(), Stop> {
        self.within_transaction(async |transaction: &Transaction<'_>| {
            transaction.run(&unit.statements, self.statements()).await?;
            if key.unit == key.units {
                self.record_within(transaction).await
            } else {
                transaction.finish_unit(self.table, key).await
            }
        })
        .await
    }

    /// Records the migration, where all its units are done.
    async fn record(&self) -> Result<(), Stop> {
        self.within_transaction(async |transaction: &Transaction<'_>| self.record_within(transaction).await).await
    }

    async fn record_within(&self, transaction: &Transaction<'_>) -> Result<(), Interruption> {
        transaction.record(self.ledger, self.migration).await?;
        transaction.forget_units(self.table, self.tag()).await
    }

    async fn within_transaction(
        &self,
        work: impl AsyncFnOnce(&Transaction<'_>) -> Result<(), Interruption>,
    ) -> Result<(), Stop> {
        let begun = Transaction::begin(self.client, self.lock.work_key()).await;
        let transaction = begun.map_err(Stop::rolled_back)?;
        if let Err(interruption) = work(&transaction).await {
            let outcome = match interruption.cause {
                Cause::EndedTransaction => Outcome::PartlyCommitted,
                _ => transaction.abandon(false, self.lock.client()).await,
            };
            return Err(Stop { interruption, outcome });
        }
        match transaction.commit().await {
            Ok(()) => Ok(()),
            Err(interruption) => {
                let outcome = transaction.abandon(true, self.lock.client()).await;
                Err(Stop { interruption, outcome })
            }
        }
    }

    async fn run_alone(&self, lone: Lone<'_>) -> Result<(), Stop> {
        let was_begun = self.half.begun && lone.key.unit == self.half.done + 1;
        if was_begun && self.go_on(lone).await? {
            return self.finish(lone).await;
        }
        let is_ours = was_begun || self.begin(lone).await?;
        if let Err(interruption) = run_statement(self.client, lone.statement, self.statements()).await {
            let outcome = if is_ours { self.undo(lone).await } else { Outcome::RolledBack };
            return Err(Stop { interruption, outcome });
        }
        if !is_ours {
            self.check(lone).await?;
        }
        self.finish(lone).await
    }

    /// Clears or completes what an interrupted run left, and returns whether the statement is done.
    async fn go_on(&self, lone: Lone<'_>) -> Result<bool, Stop> {
        let found = examine(self.client, lone.alone, Some(&self.half.known_indexes)).await;
        let found = found.map_err(|error| Stop::interrupted(Stage::Begin, error))?;
        tracing::info!(migration = self.migration.tag(), unit = lone.key.unit, ?found, "going on");
        match found {
            Found::Done => Ok(true),
            Found::NotDone => Ok(false),
            Found::Leftover(drops) => {
                for drop in drops {
                    self.repair(drop).await?;
                }
                Ok(false)
            }
            Found::Pending(completion) => {
                self.repair(completion).await?;
                Ok(true)
            }
        }
    }

    async fn repair(&self, statement: String) -> Result<(), Stop> {
        let repaired = self.client.batch_execute(&statement).await;
        repaired.map_err(|error| Stop::interrupted(Stage::Repair { statement }, error.into()))
    }

    /// Records that the statement is begun, unless what it makes is there already, or what it
    /// removes is not: then it changes nothing, and what is found later is not its work.
    async fn begin(&self, lone: Lone<'_>) -> Result<bool, Stop> {
        let failed = |error| Stop::rolled_back(Interruption::new(Stage::Begin, error));
        if examine(self.client, lone.alone, None).await.map_err(failed)? != Found::NotDone {
            return Ok(false);
        }
        let unnamed = match lone.alone {
            Alone::CreateIndex { name: None, table } => Some(table.as_str()),
            _ => None,
        };
        let begun = self.table.begin(self.client, lone.key, unnamed).await;
        begun.map_err(|error| Stop::interrupted(Stage::Ledger, error))?;
        Ok(true)
    }

    /// After an error: brings the database back to where it was before the statement, if the
    /// connection still does.
    async fn undo(&self, lone: Lone<'_>) -> Outcome {
        let undo = async {
            // What was there before an index without a name is in the table.
            let rows = self.table.read(self.client).await.ok()?;
            let row = rows.iter().find(|row| row.tag == lone.key.tag && row.unit == lone.key.unit)?;
            match examine(self.client, lone.alone, Some(&row.known_indexes)).await.ok()? {
                Found::NotDone => {}
                Found::Leftover(drops) => {
                    for drop in drops {
                        self.client.batch_execute(&drop).await.ok()?;
                    }
                }
                Found::Pending(_) | Found::Done => return None,
            }
            self.table.undo(self.client, lone.key).await.ok()
        };
        undo.await.map_or(Outcome::Interrupted, |()| Outcome::RolledBack)
    }

    /// Refuses to call an index built that `IF NOT EXISTS` passed over though it is not valid.
    async fn check(&self, lone: Lone<'_>) -> Result<(), Stop> {
        let found = examine(self.client, lone.alone, None).await;
        match found.map_err(|error| Stop::interrupted(Stage::Begin, error))? {
            Found::Leftover(drops) => {
                let stage = Stage::at(lone.statement, self.statements(), None);
                let cause = Cause::InvalidIndex { drop: drops.join("; ") };
                Err(Stop::rolled_back(Interruption { stage, cause }))
            }
            Found::NotDone | Found::Pending(_) | Found::Done => Ok(()),
        }
    }

    async fn finish(&self, lone: Lone<'_>) -> Result<(), Stop> {
        let finished = self.table.finish(self.client, lone.key, None).await;
        finished.map_err(|error| Stop::interrupted(Stage::Ledger, error))?;
        Ok(())
    }

    /// Gives the work key back. A failure is of no consequence: the session ends in any case.
    async fn release(&self) {
        let unlock = format!("SELECT pg_advisory_unlock_shared({})", self.lock.work_key());
        if let Err(error) = self.client.batch_execute(&unlock).await {
            let error = DatabaseError::from(error);
            tracing::debug!(%error, "work key not released, its session ends instead");
        }
    }

    fn key(&self, done: usize, unit: &Unit<'_>) -> UnitKey<'_> {
        let (unit, unit_hash) = (done + 1, unit.hash());
        UnitKey { tag: self.tag(), hash: self.migration.hash(), unit, units: self.units.len(), unit_hash }
    }

    /// The tag under which the migration is recorded.
    fn tag(&self) -> &str {
        if self.half.tag.is_empty() { self.migration.tag() } else { &self.half.tag }
    }

    /// How many statements the file has.
    fn statements(&self) -> usize {
        self.units.iter().map(|unit| unit.statements.len()).sum()
    }

    fn failure(&self, applied: usize, stop: Stop) -> Error {
        let outside = self.units.get(applied).is_some_and(|unit| unit.alone.is_some());
        let units = FailedUnits { applied, of: self.units.len(), outside };
        Failure { units: Some(units), ..failure(self.migration, stop.interruption, stop.outcome) }.into()
    }
}

impl Stop {
    fn rolled_back(interruption: Interruption) -> Self {
        Self { interruption, outcome: Outcome::RolledBack }
    }

    fn interrupted(stage: Stage, error: DatabaseError) -> Self {
        Self { interruption: Interruption::new(stage, error), outcome: Outcome::Interrupted }
    }
}
