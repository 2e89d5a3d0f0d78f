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

use std::collections::VecDeque;
use std::time::Instant;

use refinery::traits::r#async::{AsyncMigrate, AsyncQuery, AsyncTransaction};

use crate::connect::Session;
use crate::error::Error;
use crate::event::{Event, Listener};
use crate::failure::{Cause, Failure, Outcome};
use crate::half::HalfApplied;
use crate::ledger::{Ledger, LedgerRow};
use crate::limits::Limits;
use crate::lock::{Lock, LockError, millis};
use crate::migrations::{Migration, Migrations};
use crate::migrator::now;
use crate::own_limits::OwnLimits;
use crate::report::Applied;
use crate::search_path::SearchPath;
use crate::state::{Order, State, Status};
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
    search_path: &'a SearchPath,
    unit_table: UnitTable,
    limits: Limits,
    listener: &'a Listener,
    /// What refinery has not asked for yet, in order.
    pending: VecDeque<Pending<'a>>,
    /// The transaction of the first of these, begun with the commit of the one before.
    begun: Option<Transaction<'a>>,
    progress: Progress,
}

/// A migration that is to be applied, and how.
struct Pending<'a> {
    migration: &'a Migration,
    limits: Limits,
    /// Whether it runs unit by unit.
    in_units: bool,
    /// What an earlier run has done of it.
    half: Option<HalfApplied>,
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

/// A request of refinery, understood: a migration is recorded.
struct Task<'a> {
    pending: Pending<'a>,
    /// Whether its statements are run before; they are not for refinery's `Target::Fake`.
    runs: bool,
}

impl<'a> DrizzleLedger<'a> {
    pub(crate) fn new(
        session: &'a Session,
        lock: &'a Lock,
        set: Set<'a>,
        search_path: &'a SearchPath,
        limits: Limits,
        listener: &'a Listener,
    ) -> Self {
        let (pending, begun, progress) = Default::default();
        let unit_table = UnitTable::of(set.ledger);
        Self { session, lock, set, search_path, unit_table, limits, listener, pending, begun, progress }
    }

    /// Ends what was begun for a migration that refinery did not ask for.
    pub(crate) async fn into_progress(self) -> Progress {
        if let Some(begun) = self.begun {
            begun.abandon(false, self.lock.client()).await;
        }
        self.progress
    }

    /// Reads the ledger again, now under the lock, and refuses what must not be touched.
    async fn applied(&mut self) -> Result<Vec<refinery::Migration>, Error> {
        let client = &self.session.client;
        let (rows, units) = tokio::try_join!(biased; self.set.ledger.read(client), self.unit_table.read(client))?;
        let status = Status::of(self.set.migrations, rows).in_order(self.set.order).at(now()).with_units(&units);
        if let Some(refusal) = status.refusal(self.set.ledger) {
            return Err(refusal.into());
        }
        let pending = status.migrations.iter().zip(self.set.migrations);
        let pending = pending.filter_map(|(status, migration)| self.pending(&status.state, migration).transpose());
        self.pending = pending.collect::<Result<_, Error>>()?;
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

    /// How to apply a migration in this state, if it is pending.
    fn pending(&self, state: &State, migration: &'a Migration) -> Result<Option<Pending<'a>>, Error> {
        let half = match state {
            State::Pending => None,
            State::HalfApplied(half) => Some(half.clone()),
            _ => return Ok(None),
        };
        let limits = self.limits.with(OwnLimits::of(migration)?);
        let in_units = half.is_some() || !units::is_plain(&migration.units());
        Ok(Some(Pending { migration, limits, in_units, half }))
    }

    /// Maps refinery's statements to tasks, and that which makes its table to none; what is not understood is not run.
    fn understand<'q>(&mut self, queries: impl Iterator<Item = &'q str>) -> Result<Vec<Task<'a>>, Error> {
        let qualified = self.set.ledger.qualified();
        let (mut tasks, mut runs) = (Vec::new(), false);
        for query in queries {
            match self.pending.front() {
                None if query == Self::assert_migrations_table_query(&qualified) => {}
                Some(next) if records(query, &qualified, next.migration) => {
                    tasks.extend(self.pending.pop_front().map(|pending| Task { pending, runs }));
                    runs = false;
                }
                Some(next) if query == next.migration.text() && !runs => runs = true,
                _ => return Err(Error::Protocol),
            }
        }
        // What would run without being recorded is nothing that refinery asks for.
        if runs { Err(Error::Protocol) } else { Ok(tasks) }
    }

    /// Performs the tasks of one request, all in one transaction, unless it is a migration that
    /// cannot run in one.
    async fn perform(&mut self, tasks: &[Task<'a>]) -> Result<(), Error> {
        let Some(Task { pending: first, .. }) = tasks.first() else {
            return self.set.ledger.create_if_missing(&self.session.client).await;
        };
        let tag = first.migration.tag();
        if !self.lock.is_held() {
            return Err(LockError::Lost { tag: tag.to_owned() }.into());
        }
        self.listener.tell(&Event::Begun { tag });
        if let [Task { runs: true, .. }] = tasks
            && first.in_units
        {
            let started = Instant::now();
            let statements = self.stepwise(first).run().await?;
            self.report(vec![Applied::new(first.migration, statements, started.elapsed())]);
            return Ok(());
        }
        let mut pauses = first.limits.pauses();
        loop {
            let ended = self.perform_at_once(tasks, first).await;
            let pause = ended.as_ref().is_err_and(waited_in_vain).then(|| pauses.next()).flatten();
            let Some(pause) = pause else { return ended };
            tracing::warn!(migration = tag, pause_ms = millis(pause), "a lock was not obtained, trying again");
            self.listener.tell(&Event::Retrying { tag, pause });
            tokio::time::sleep(pause).await;
        }
    }

    fn stepwise<'s>(&'s self, pending: &Pending<'s>) -> Stepwise<'s> {
        Stepwise {
            client: &self.session.client,
            lock: self.lock,
            ledger: self.set.ledger,
            table: &self.unit_table,
            limits: pending.limits,
            search_path: self.search_path,
            migration: pending.migration,
            units: pending.migration.units(),
            half: pending.half.clone().unwrap_or_default(),
        }
    }

    async fn perform_at_once(&mut self, tasks: &[Task<'a>], first: &Pending<'a>) -> Result<(), Error> {
        let transaction = match self.begun.take() {
            Some(begun) => begun,
            None => {
                let begun = self.begin(&first.limits).await;
                begun.map_err(|stop| failure(first.migration, stop, Outcome::RolledBack))?
            }
        };
        let (mut applied, mut limits, mut last) = (Vec::new(), first.limits, first.migration);
        for task in tasks {
            last = task.pending.migration;
            match self.step(&transaction, task, &mut limits).await {
                Ok(done) => applied.push(done),
                Err(stop) => {
                    let outcome = match stop.cause {
                        // Statements after the end of the transaction were committed one by one.
                        Cause::EndedTransaction => Outcome::PartlyCommitted,
                        _ => transaction.abandon(false, self.lock.client()).await,
                    };
                    return Err(Failure { together: tags(&applied), ..failure(last, stop, outcome) }.into());
                }
            }
        }
        let committing = Instant::now();
        if let Err(stop) = self.commit(&transaction).await {
            let outcome = transaction.abandon(true, self.lock.client()).await;
            applied.pop();
            return Err(Failure { together: tags(&applied), ..failure(last, stop, outcome) }.into());
        }
        if let Some(last) = applied.last_mut() {
            last.elapsed += committing.elapsed();
        }
        self.report(applied);
        Ok(())
    }

    async fn begin(&self, limits: &Limits) -> Result<Transaction<'a>, Interruption> {
        Transaction::begin_clean(&self.session.client, limits, self.search_path, self.lock.work_key()).await
    }

    /// Performs a task within a transaction that has these limits.
    async fn step(
        &self,
        transaction: &Transaction<'_>,
        task: &Task<'a>,
        limits: &mut Limits,
    ) -> Result<Applied, Interruption> {
        let started = Instant::now();
        let Task { pending: Pending { migration, limits: own, half, .. }, runs } = task;
        let statements = if *runs {
            // Where several are one transaction, the one before may have had others.
            if own != limits {
                transaction.limit(own).await?;
                *limits = *own;
            }
            transaction.apply(self.set.ledger, migration).await?
        } else {
            transaction.record(self.set.ledger, migration).await?;
            0
        };
        if let Some(half) = half {
            transaction.forget_units(&self.unit_table, &half.tag).await?;
        }
        Ok(Applied::new(migration, statements, started.elapsed()))
    }

    /// Commits, and begins the next migration's transaction in the same round trip.
    async fn commit(&mut self, transaction: &Transaction<'_>) -> Result<(), Interruption> {
        let Some(next) = self.pending.front().filter(|next| !next.in_units) else { return transaction.commit().await };
        let (committed, begun) = tokio::join!(biased; transaction.commit(), self.begin(&next.limits));
        committed?;
        // Why it could not be begun, the attempt in its turn says.
        self.begun = begun.ok();
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

/// The failure of a migration that is a transaction of its own, before which none was applied.
pub(crate) fn failure(migration: &Migration, stop: Interruption, outcome: Outcome) -> Failure {
    Failure {
        tag: migration.tag().to_owned(),
        file: migration.file().to_owned(),
        stage: stop.stage,
        cause: stop.cause,
        outcome,
        units: None,
        together: Vec::new(),
        applied: Vec::new(),
    }
}

fn tags(applied: &[Applied]) -> Vec<String> {
    applied.iter().map(|one| one.tag.clone()).collect()
}

#[cfg(test)]
#[path = "runner_tests.rs"]
mod tests;
