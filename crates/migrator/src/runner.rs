//! The adapter that lets `refinery`'s `Runner` drive Drizzle migrations.
//!
//! refinery's loop is used as it is: it has the table made, asks for the applied migrations,
//! checks them against the set, and hands over each pending one together with the statement that
//! would record it in refinery's own table. [`DrizzleLedger`] understands these requests and
//! answers them in Drizzle's terms: its ledger, its hash, its statements. Nothing refinery hands
//! over is executed as text unless it is the text of the migration whose turn it is.
//!
//! | refinery's word | here |
//! |---|---|
//! | version | the journal's `idx` |
//! | name | the tag, with `_` for characters that refinery's names do not have |
//! | checksum | refinery's own, over both sides alike; Drizzle's hash was compared before |

use std::collections::{HashMap, VecDeque};
use std::time::Instant;

use refinery::traits::r#async::{AsyncMigrate, AsyncQuery, AsyncTransaction};

use crate::connect::Session;
use crate::error::Error;
use crate::event::{Event, Listener};
use crate::failure::{Cause, FailedUnits, Failure, Outcome};
use crate::half::HalfApplied;
use crate::ledger::{Ledger, LedgerRow};
use crate::limits::Limits;
use crate::lock::{Lock, LockError, millis};
use crate::migrations::{Migration, Migrations};
use crate::migrator::now;
use crate::own_limits::OwnLimits;
use crate::report::Applied;
use crate::state::{MigrationStatus, Order, State, Status};
use crate::stepwise::Stepwise;
use crate::transaction::{Interruption, Transaction};
use crate::unit_table::UnitTable;
use crate::units;

/// What is to be applied, and where it is recorded.
#[derive(Clone, Copy)]
pub(crate) struct Set<'a> {
    pub(crate) migrations: &'a Migrations,
    pub(crate) ledger: &'a Ledger,
    pub(crate) order: Order,
}

/// A database with a Drizzle ledger, as refinery sees it. Needs the lock.
pub(crate) struct DrizzleLedger<'a> {
    session: &'a Session,
    lock: &'a Lock,
    set: Set<'a>,
    unit_table: UnitTable,
    limits: Limits,
    listener: &'a Listener,
    /// What refinery has not asked for yet, in order.
    pending: VecDeque<&'a Migration>,
    /// What was begun by an earlier run, by idx.
    half: HashMap<u32, HalfApplied>,
    /// The limits that files set themselves, by idx.
    own_limits: HashMap<u32, OwnLimits>,
    progress: Progress,
}

/// What a run has done so far, beyond what refinery's report says.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    pub(crate) applied: Vec<Applied>,
    pub(crate) unknown: Vec<LedgerRow>,
    /// Why refinery was stopped. refinery's error would only hold it by reference.
    pub(crate) stopped: Option<Error>,
}

/// The answer to refinery that ends its run; the reason is in [`Progress::stopped`].
#[derive(Debug, thiserror::Error)]
#[error("the run was stopped")]
pub(crate) struct Stopped;

/// A request of refinery, understood.
#[derive(Clone, Copy)]
enum Task<'a> {
    CreateLedger,
    Run(&'a Migration),
    Record(&'a Migration),
}

impl<'a> DrizzleLedger<'a> {
    pub(crate) fn new(
        session: &'a Session,
        lock: &'a Lock,
        set: Set<'a>,
        limits: Limits,
        listener: &'a Listener,
    ) -> Self {
        let (pending, half, own_limits, progress) = Default::default();
        let unit_table = UnitTable::of(set.ledger);
        Self { session, lock, set, unit_table, limits, listener, pending, half, own_limits, progress }
    }

    pub(crate) fn into_progress(self) -> Progress {
        self.progress
    }

    /// Reads the ledger again, now under the lock, and refuses what must not be touched.
    async fn applied(&mut self) -> Result<Vec<refinery::Migration>, Error> {
        let rows = self.set.ledger.read(&self.session.client).await?;
        let units = self.unit_table.read(&self.session.client).await?;
        let status = Status::of(self.set.migrations, rows).in_order(self.set.order).at(now()).with_units(&units);
        if let Some(refusal) = status.refusal(self.set.ledger) {
            return Err(refusal.into());
        }
        let pending: Vec<u32> = status.pending().map(Migration::idx).collect();
        self.pending = self.set.migrations.iter().filter(|migration| pending.contains(&migration.idx())).collect();
        self.half = status.migrations.iter().filter_map(half_applied).collect();
        let own = status.pending().map(|migration| Ok((migration.idx(), OwnLimits::of(migration)?)));
        self.own_limits = own.collect::<Result<_, Error>>()?;
        let order = self.set.order;
        let applied = status.applied().map(|migration| {
            let mut applied = to_refinery(migration, order)?;
            applied.set_applied();
            Ok(applied)
        });
        let applied = applied.collect();
        self.progress.unknown = status.unknown;
        applied
    }

    /// Maps refinery's statements to tasks; what is not understood is not run.
    fn understand<'q>(&mut self, queries: impl Iterator<Item = &'q str>) -> Result<Vec<Task<'a>>, Error> {
        let qualified = self.set.ledger.qualified();
        let create = Self::assert_migrations_table_query(&qualified);
        let mut tasks = Vec::new();
        for query in queries {
            let Some(next) = self.pending.front().copied() else {
                if query == create {
                    tasks.push(Task::CreateLedger);
                    continue;
                }
                return Err(Error::Protocol);
            };
            if records(query, &qualified, next) {
                tasks.push(Task::Record(next));
                self.pending.pop_front();
            } else if query == next.text() {
                tasks.push(Task::Run(next));
            } else {
                return Err(Error::Protocol);
            }
        }
        Ok(tasks)
    }

    /// Performs the tasks of one request, all in one transaction, unless it is a migration that
    /// cannot run in one.
    async fn perform(&mut self, tasks: &[Task<'a>]) -> Result<(), Error> {
        let Some(first) = tasks.iter().find_map(Task::migration) else {
            return match tasks {
                [] => Ok(()),
                _ => self.set.ledger.create_if_missing(&self.session.client).await,
            };
        };
        if !self.lock.is_held() {
            return Err(LockError::Lost { tag: first.tag().to_owned() }.into());
        }
        self.listener.tell(&Event::Begun { tag: first.tag() });
        if let [Task::Run(migration), Task::Record(_)] = tasks
            && let Some(stepwise) = self.stepwise(migration)
        {
            let started = Instant::now();
            let statements = stepwise.run().await?;
            self.report(vec![Applied::new(migration, statements, started.elapsed())]);
            return Ok(());
        }
        let mut pauses = self.limits_of(first).pauses();
        loop {
            let ended = self.perform_at_once(tasks, first).await;
            let pause = ended.as_ref().is_err_and(waited_in_vain).then(|| pauses.next()).flatten();
            let Some(pause) = pause else { return ended };
            let (tag, pause_ms) = (first.tag(), millis(pause));
            tracing::warn!(migration = tag, pause_ms, "a lock was not obtained, trying again");
            self.listener.tell(&Event::Retrying { tag, pause });
            tokio::time::sleep(pause).await;
        }
    }

    fn limits_of(&self, migration: &Migration) -> Limits {
        self.limits.with(self.own_limits.get(&migration.idx()).copied().unwrap_or_default())
    }

    /// How to apply a migration in several units, if it has to be.
    fn stepwise(&self, migration: &'a Migration) -> Option<Stepwise<'_>> {
        let units = migration.units();
        let half = self.half.get(&migration.idx());
        if units::is_plain(&units) && half.is_none() {
            return None;
        }
        Some(Stepwise {
            client: &self.session.client,
            lock: self.lock,
            ledger: self.set.ledger,
            table: &self.unit_table,
            limits: self.limits_of(migration),
            migration,
            units,
            half: half.cloned().unwrap_or_default(),
        })
    }

    async fn perform_at_once(&mut self, tasks: &[Task<'a>], first: &Migration) -> Result<(), Error> {
        let client = &self.session.client;
        let begun = Transaction::begin_clean(client, &self.limits_of(first), self.lock.work_key()).await;
        let transaction = begun.map_err(|stop| failure(first, stop, Outcome::RolledBack, None))?;
        let mut applied = Vec::new();
        for task in tasks {
            if let Err((migration, stop)) = self.step(&transaction, *task, &mut applied).await {
                let outcome = match stop.cause {
                    // Statements after the end of the transaction were committed one by one.
                    Cause::EndedTransaction => Outcome::PartlyCommitted,
                    _ => transaction.abandon(false, self.lock.client()).await,
                };
                return Err(failure(migration, stop, outcome, None));
            }
        }
        let last = tasks.iter().rev().find_map(Task::migration).unwrap_or(first);
        let committing = Instant::now();
        if let Err(stop) = transaction.commit().await {
            return Err(failure(last, stop, transaction.abandon(true, self.lock.client()).await, None));
        }
        if let Some(last) = applied.last_mut() {
            last.elapsed += committing.elapsed();
        }
        self.report(applied);
        Ok(())
    }

    async fn step(
        &self,
        transaction: &Transaction<'_>,
        task: Task<'a>,
        applied: &mut Vec<Applied>,
    ) -> Result<(), (&'a Migration, Interruption)> {
        let started = Instant::now();
        match task {
            Task::CreateLedger => {}
            Task::Run(migration) => {
                let statements = migration.statements();
                // Where several are one transaction.
                if !applied.is_empty() {
                    let limited = transaction.limit(&self.limits_of(migration)).await;
                    limited.map_err(|stop| (migration, stop))?;
                }
                let ran = transaction.run(&statements, statements.len()).await;
                ran.map_err(|stop| (migration, stop))?;
                applied.push(Applied::new(migration, statements.len(), started.elapsed()));
            }
            Task::Record(migration) => {
                let recorded = transaction.record(self.set.ledger, migration).await;
                recorded.map_err(|stop| (migration, stop))?;
                if let Some(half) = self.half.get(&migration.idx()) {
                    let forgotten = transaction.forget_units(&self.unit_table, &half.tag).await;
                    forgotten.map_err(|stop| (migration, stop))?;
                }
                match applied.last_mut() {
                    Some(last) if last.tag == migration.tag() => last.elapsed += started.elapsed(),
                    // Recorded without being run: refinery's `Target::Fake`.
                    _ => applied.push(Applied::new(migration, 0, started.elapsed())),
                }
            }
        }
        Ok(())
    }

    fn report(&mut self, applied: Vec<Applied>) {
        for one in &applied {
            let Applied { tag, statements, elapsed, .. } = one;
            let elapsed_ms = millis(*elapsed);
            tracing::info!(migration = tag, statements, elapsed_ms, "migration applied");
            self.listener.tell(&Event::Applied(one));
        }
        self.progress.applied.extend(applied);
    }

    fn stop(&mut self, error: Error) -> Stopped {
        self.progress.stopped = Some(error);
        Stopped
    }
}

impl<'a> Task<'a> {
    fn migration(&self) -> Option<&'a Migration> {
        match self {
            Self::CreateLedger => None,
            Self::Run(migration) | Self::Record(migration) => Some(migration),
        }
    }
}

impl AsyncTransaction for DrizzleLedger<'_> {
    type Error = Stopped;

    async fn execute<'q, T: Iterator<Item = &'q str> + Send + 'q>(&'q mut self, queries: T) -> Result<usize, Stopped> {
        let tasks = self.understand(queries).map_err(|error| self.stop(error))?;
        match self.perform(&tasks).await {
            Ok(()) => Ok(tasks.len()),
            Err(error) => Err(self.stop(error)),
        }
    }
}

impl AsyncQuery<Vec<refinery::Migration>> for DrizzleLedger<'_> {
    /// Whatever refinery asks of the table, the answer is the applied migrations in order.
    async fn query(&mut self, _query: &str) -> Result<Vec<refinery::Migration>, Stopped> {
        match self.applied().await {
            Ok(applied) => Ok(applied),
            Err(error) => Err(self.stop(error)),
        }
    }
}

impl AsyncMigrate for DrizzleLedger<'_> {
    fn assert_migrations_table_query(migration_table_name: &str) -> String {
        Ledger::create_table_sql(migration_table_name)
    }

    fn get_applied_migrations_query(migration_table_name: &str) -> String {
        Ledger::select_sql(migration_table_name)
    }

    fn get_last_applied_migration_query(migration_table_name: &str) -> String {
        Ledger::select_sql(migration_table_name)
    }
}

/// refinery's form of a migration. Those that may be applied in any order are what refinery calls unversioned.
pub(crate) fn to_refinery(migration: &Migration, order: Order) -> Result<refinery::Migration, Error> {
    let kind = match order {
        Order::Journal => 'V',
        Order::Any => 'U',
    };
    let name = format!("{kind}{}__{}", migration.idx(), refinery_name(migration.tag()));
    Ok(refinery::Migration::unapplied(&name, migration.text())?)
}

/// A tag in the characters that refinery's names may have; the version tells equal ones apart.
fn refinery_name(tag: &str) -> String {
    tag.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect()
}

/// Whether `query` is refinery's statement that records `migration` in the table `qualified`.
fn records(query: &str, qualified: &str, migration: &Migration) -> bool {
    let (version, name) = (migration.idx(), refinery_name(migration.tag()));
    query
        .strip_prefix("INSERT INTO ")
        .and_then(|query| query.strip_prefix(qualified))
        .and_then(|query| query.strip_prefix(" (version, name, applied_on, checksum) VALUES ("))
        .is_some_and(|values| values.starts_with(&format!("{version}, '{name}', ")))
}

/// Whether a migration is as it was before it, because a lock was not obtained in time.
fn waited_in_vain(error: &Error) -> bool {
    let Error::Failed(failure) = error else { return false };
    let Cause::Database(cause) = &failure.cause else { return false };
    cause.sqlstate() == Some("55P03") && failure.outcome == Outcome::RolledBack
}

fn half_applied(status: &MigrationStatus) -> Option<(u32, HalfApplied)> {
    let State::HalfApplied(half) = &status.state else { return None };
    Some((status.migration.idx(), half.clone()))
}

pub(crate) fn failure(
    migration: &Migration,
    stop: Interruption,
    outcome: Outcome,
    units: Option<FailedUnits>,
) -> Error {
    Error::Failed(Box::new(Failure {
        tag: migration.tag().to_owned(),
        file: migration.file().to_owned(),
        stage: stop.stage,
        cause: stop.cause,
        outcome,
        units,
        // Filled in from refinery's report when the run is over.
        applied: Vec::new(),
    }))
}

#[cfg(test)]
#[path = "runner_tests.rs"]
mod tests;
