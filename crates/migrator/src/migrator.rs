//! The entry: a set of migrations and a server, with the options of a run.

mod resolve;

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use refinery::{Report as RefineryReport, Runner, Target};

use crate::connect::{Server, Session};
use crate::ending;
use crate::error::Error;
use crate::event::{Event, Listener};
use crate::ledger::Ledger;
use crate::limits::Limits;
use crate::lock::{Lock, LockError, millis};
use crate::migrations::{Migration, Migrations};
use crate::own_limits::OwnLimits;
use crate::report::Report;
use crate::runner::{DrizzleLedger, Set, to_refinery};
use crate::search_path::SearchPath;
use crate::state::{MigrationStatus, Order, State, Status};
use crate::unit_table::UnitTable;
use crate::units;

pub use resolve::Resolution;

/// Applies a set of migrations to a database.
///
/// Every method opens its own connections and closes them, so a `Migrator` can be made before the
/// server is up. All futures are `Send`; cancelling one rolls back the transaction that is running.
#[derive(Clone, Debug)]
pub struct Migrator {
    migrations: Migrations,
    server: Server,
    ledger: Ledger,
    lock_wait: Duration,
    limits: Limits,
    listener: Listener,
    order: Order,
    single_transaction: bool,
    target: Target,
}

impl Migrator {
    /// A migrator with the defaults: ledger `public.__drizzle_migrations`, 60 s to wait for other
    /// processes, 10 s and three more attempts for locks inside a migration, all migrations.
    ///
    /// `server` is a [`Server`] or a [`tokio_postgres::Config`].
    pub fn new(migrations: Migrations, server: impl Into<Server>) -> Self {
        Self {
            migrations,
            server: server.into(),
            ledger: Ledger::default(),
            lock_wait: Duration::from_secs(60),
            limits: Limits::default(),
            listener: Listener::default(),
            order: Order::default(),
            single_transaction: false,
            target: Target::Latest,
        }
    }

    /// [`Migrator::new`] for a connection URL.
    ///
    /// # Errors
    ///
    /// [`Error::Connect`] if the URL cannot be read. No connection is opened.
    pub fn from_url(migrations: Migrations, url: &str) -> Result<Self, Error> {
        Ok(Self::new(migrations, Server::from_url(url)?))
    }

    /// The table that keeps the record. Default: `public.__drizzle_migrations`.
    #[must_use]
    pub fn ledger(self, ledger: Ledger) -> Self {
        Self { ledger, ..self }
    }

    /// How long [`Migrator::run`] waits for another process that migrates the same database.
    /// Default: 60 seconds.
    #[must_use]
    pub fn lock_wait(self, lock_wait: Duration) -> Self {
        Self { lock_wait, ..self }
    }

    /// The `lock_timeout` of migrations: how long a statement may queue for a table's lock, with
    /// every later reader of that table queueing behind it. Default: 10 seconds; zero waits for
    /// ever. A file overrides it by a comment, `-- migrate: lock_timeout = 2min`.
    #[must_use]
    pub fn lock_timeout(self, lock_timeout: Duration) -> Self {
        Self { limits: Limits { lock_timeout, ..self.limits }, ..self }
    }

    /// How often a migration is tried again after it waited for a table's lock in vain and was rolled back, with pauses
    /// that grow from one second to ten. What runs in several units is not tried again. Default: 3.
    #[must_use]
    pub fn lock_retries(self, lock_retries: u32) -> Self {
        Self { limits: Limits { lock_retries, ..self.limits }, ..self }
    }

    /// The `statement_timeout` of migrations. Default: zero, none. A file overrides it as it does `lock_timeout`.
    #[must_use]
    pub fn statement_timeout(self, statement_timeout: Duration) -> Self {
        Self { limits: Limits { statement_timeout, ..self.limits }, ..self }
    }

    /// Who is told what happens during a run, as it happens: to show progress, or to count. The function must return
    /// soon, since the migration waits for it.
    #[must_use]
    pub fn on_event(self, listener: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        Self { listener: Listener::new(listener), ..self }
    }

    /// How far to go, in refinery's words; a version is the journal's `idx`, and `Fake` records
    /// without running. Default: [`Target::Latest`].
    #[must_use]
    pub fn target(self, target: Target) -> Self {
        Self { target, ..self }
    }

    /// Whether a migration is applied although a newer one is already, as after the merge of an older branch. Default: no,
    /// a run refuses.
    #[must_use]
    pub fn allow_out_of_order(self, allowed: bool) -> Self {
        Self { order: if allowed { Order::Any } else { Order::Journal }, ..self }
    }

    /// Whether everything that is pending is one transaction: all of it is applied or nothing. What has to run outside
    /// of one is refused then. Default: no, each migration is a transaction.
    #[must_use]
    pub fn single_transaction(self, single_transaction: bool) -> Self {
        Self { single_transaction, ..self }
    }

    /// Where each migration stands. Needs only SELECT on the ledger, and no ledger at all before
    /// the first run.
    ///
    /// # Errors
    ///
    /// [`Error::Connect`] and [`Error::Ledger`].
    pub async fn status(&self) -> Result<Status, Error> {
        self.read_status(&self.server.connect(None).await?).await
    }

    /// The migrations that a run would apply, in order.
    ///
    /// # Errors
    ///
    /// As [`Migrator::status`], and [`Error::Refused`], [`Error::OwnLimits`], [`Error::EndsTransaction`] or [`Error::Units`] where a run would refuse.
    pub async fn pending(&self) -> Result<Vec<Migration>, Error> {
        let status = self.status().await?;
        self.refuse(&status)?;
        self.refuse_units(&status)?;
        Ok(status.pending().cloned().collect())
    }

    /// Makes sure that every migration is applied, and changes nothing: for a service that must
    /// not start on an old schema and may not migrate by itself.
    ///
    /// # Errors
    ///
    /// As [`Migrator::pending`], and [`Error::Pending`] with the tags that are missing.
    pub async fn verify(&self) -> Result<(), Error> {
        let tags: Vec<_> = self.pending().await?.iter().map(|migration| migration.tag().to_owned()).collect();
        if tags.is_empty() { Ok(()) } else { Err(Error::Pending { tags }) }
    }

    /// Applies what is pending, each migration in a transaction with its row in the ledger, or in
    /// several units where it has statements that PostgreSQL runs in no transaction. What an earlier
    /// run began is gone on with.
    ///
    /// Safe to call from many processes at once: one applies, the others wait and find nothing to
    /// do. Where nothing is pending, no lock is asked for.
    ///
    /// # Errors
    ///
    /// [`Error::Failed`] for a migration that failed: those before it stay applied, and of itself
    /// the units before the one that failed. Every other error comes before anything was changed, but for
    /// [`LockError::Lost`], between two migrations.
    pub async fn run(&self) -> Result<Report, Error> {
        let started = Instant::now();
        let session = self.server.connect(None).await?;
        let status = self.read_status(&session).await?;
        self.refuse(&status)?;
        self.refuse_units(&status)?;
        if !status.unknown.is_empty() {
            let rows = status.unknown.len();
            let ledger = self.ledger.qualified();
            tracing::warn!(rows, ledger, "the ledger has migrations that are not in this set");
        }
        let mut report = if status.is_current() {
            let (applied, refinery) = (Vec::new(), RefineryReport::new(Vec::new()));
            Report { applied, unknown: status.unknown, elapsed: Duration::ZERO, refinery }
        } else {
            let lock = self.lock(&session).await?;
            let applied = self.apply(&session, &lock).await;
            lock.release().await;
            let applied = applied?;
            self.verify_recorded(&session).await?;
            applied
        };
        report.elapsed = started.elapsed();
        let (applied, elapsed_ms) = (report.applied.len(), millis(report.elapsed));
        tracing::info!(applied, elapsed_ms, "migrations are up to date");
        Ok(report)
    }

    /// Forgets what is applied of a migration that did not come to its end, so that the next run
    /// applies it from its beginning: for one whose part was undone by hand. Returns how many units
    /// were recorded.
    ///
    /// # Errors
    ///
    /// [`Error::NothingToRestart`] if nothing is recorded of it, and those of reaching the server
    /// and its lock.
    pub async fn restart(&self, tag: &str) -> Result<u64, Error> {
        let session = self.server.connect(None).await?;
        let lock = self.lock(&session).await?;
        let forgotten = UnitTable::of(&self.ledger).restart(&session.client, tag).await;
        lock.release().await;
        match forgotten? {
            0 => {
                let is_known = self.migrations.iter().any(|migration| migration.tag() == tag);
                Err(Error::NothingToRestart { tag: tag.to_owned(), is_known })
            }
            units => {
                tracing::warn!(migration = tag, units, "applied units forgotten");
                Ok(units)
            }
        }
    }

    /// Lets refinery's runner apply the set to the session, under the lock.
    async fn apply(&self, session: &Session, lock: &Lock) -> Result<Report, Error> {
        let set = self.migrations.iter().map(|one| to_refinery(one, self.order)).collect::<Result<Vec<_>, _>>()?;
        // The refusals before this are ours, by membership; refinery's own stay on behind them.
        let mut runner = Runner::new(&set).set_target(self.target).set_abort_divergent(true).set_abort_missing(true);
        runner = runner.set_grouped(self.single_transaction);
        runner.set_migration_table_name(self.ledger.qualified());
        let search_path = SearchPath::of(&session.client).await;
        let search_path = search_path.map_err(|source| LockError::Session { source })?;
        let mut database = DrizzleLedger::new(session, lock, self.set(), &search_path, self.limits, &self.listener);
        let result = runner.run_async(&mut database).await;
        let progress = database.into_progress().await;
        match (result, progress.stopped) {
            (Ok(refinery), _) => {
                Ok(Report { applied: progress.applied, unknown: progress.unknown, elapsed: Duration::ZERO, refinery })
            }
            (Err(_), Some(Error::Failed(mut failure))) => {
                failure.applied = progress.applied.into_iter().map(|applied| applied.tag).collect();
                Err(Error::Failed(failure))
            }
            (Err(_), Some(stopped)) => Err(stopped),
            (Err(error), None) => Err(error.into()),
        }
    }

    /// Takes the lock, for what is done in a session.
    async fn lock(&self, session: &Session) -> Result<Lock, LockError> {
        Lock::acquire(&self.server, session, &self.ledger, self.lock_wait).await
    }

    async fn read_status(&self, session: &Session) -> Result<Status, Error> {
        let (client, unit_table) = (&session.client, UnitTable::of(&self.ledger));
        let (rows, units) = tokio::try_join!(biased; self.ledger.read(client), unit_table.read_if_allowed(client))?;
        Ok(Status::of(&self.migrations, rows).in_order(self.order).at(now()).with_units(&units))
    }

    fn set(&self) -> Set<'_> {
        Set { migrations: &self.migrations, ledger: &self.ledger, order: self.order }
    }

    /// Refuses what cannot be one transaction with the rest, where it is to be.
    fn refuse_units(&self, status: &Status) -> Result<(), Error> {
        let in_units = |status: &&MigrationStatus| match status.state {
            State::Pending => !units::is_plain(&status.migration.units()),
            State::HalfApplied(_) => true,
            _ => false,
        };
        match self.single_transaction.then(|| status.migrations.iter().find(in_units)).flatten() {
            Some(status) => Err(Error::Units { tag: status.migration.tag().to_owned() }),
            None => Ok(()),
        }
    }

    /// Makes sure that what a run has gone through is in the ledger.
    async fn verify_recorded(&self, session: &Session) -> Result<(), Error> {
        let last = match self.target {
            Target::Latest | Target::Fake => u32::MAX,
            Target::Version(last) | Target::FakeVersion(last) => u32::try_from(last).unwrap_or_default(),
        };
        let status = self.read_status(session).await?;
        let missing = status.migrations.iter().filter(|one| one.migration.idx() <= last && one.state != State::Applied);
        let tags: Vec<String> = missing.map(|one| one.migration.tag().to_owned()).collect();
        if tags.is_empty() { Ok(()) } else { Err(Error::NotRecorded { ledger: self.ledger.qualified(), tags }) }
    }

    fn refuse(&self, status: &Status) -> Result<(), Error> {
        match status.refusal(&self.ledger) {
            None => status.pending().try_for_each(|migration| {
                ending::refuse(migration)?;
                OwnLimits::of(migration).map(drop)
            }),
            Some(refusal) => Err(refusal.into()),
        }
    }
}

/// The time, as the journal has it: in milliseconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
