//! Applies a folder of Drizzle migrations to PostgreSQL and keeps Drizzle's ledger.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use migrator::{Migrations, Migrator};
//!
//! # async fn example() -> Result<(), migrator::Error> {
//! let migrations = Migrations::from_folder(Path::new("drizzle/migrations"))?;
//! let migrator = Migrator::from_url(migrations, "postgres://app:secret@localhost/app")?;
//!
//! for applied in migrator.run().await?.applied {
//!     println!("{} in {:?}", applied.tag, applied.elapsed);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The set comes from a folder or from the program itself ([`Migrations::embedded`]); the server
//! from a URL or a [`tokio_postgres::Config`]. [`Migrator::run`] applies what is pending,
//! [`Migrator::status`] tells where each migration stands, and [`Migrator::verify`] is for a
//! service that must not start on an old schema but may not migrate either.
//!
//! # What it promises
//!
//! - **Membership.** A migration is pending if the ledger does not have it, whatever else is
//!   applied. drizzle-kit looks only at the newest row and skips what was merged late in silence;
//!   here a late or an edited migration is a [`Refusal`] that says how to repair it.
//! - **One at a time.** Any number of processes may start at once. One takes the lock and applies
//!   each migration exactly once; the others wait, at most [`Migrator::lock_wait`].
//! - **All or nothing.** Each migration runs in a transaction with its row of the ledger. If it
//!   fails, [`Failure`] says where in the file, what the server reported, what became of the
//!   transaction and what to do next.
//! - **Or unit by unit.** A file with statements that PostgreSQL runs in no transaction is applied
//!   in several units ([below](#units)). However a run ends, the next one goes on where it stopped.
//! - **Drizzle's formats.** Folder, journal, hash and ledger are drizzle-kit's to the byte. The
//!   two tools can take turns on one database.
//!
//! # Units
//!
//! These statements run outside a transaction, each as a unit of its own: `CREATE INDEX`, `DROP
//! INDEX` and `REINDEX` with `CONCURRENTLY`, `REINDEX` of a schema or a database, `ALTER TABLE ...
//! DETACH PARTITION ... CONCURRENTLY`, `VACUUM`, `CLUSTER` without a table, `ALTER SYSTEM`, `CREATE`
//! and `DROP` of a database, a tablespace or a subscription. What stands between two of them is a
//! transaction. One also ends before a statement with a literal that an `ALTER TYPE ... ADD VALUE`
//! of the same transaction has added, since PostgreSQL refuses to use such a value before it is
//! committed.
//!
//! - The units that are done, and the one that was begun outside a transaction, are recorded in a
//!   table beside the ledger, by the ledger's name with `_progress`. It is made when the first such
//!   file runs. The last unit writes the ledger's row and ends the file's rows in that table.
//! - If a session, a process or the server ends in the midst of it, the next run skips what is done.
//!   Of a statement that was begun, the catalog tells how far it came: an index that is not valid is
//!   dropped and built again, one that is valid counts as built, one that is gone as dropped, and
//!   a partition whose detaching is pending is detached.
//! - If such a statement fails, the index that it left is dropped at once.
//! - What is not applied yet may be corrected. If the file was changed in what is applied, that is a
//!   [`Refusal`]; [`Migrator::restart`] forgets the units, so that the file runs from its beginning.
//! - [`Migrator::lock_timeout`] applies to each unit, and a statement with `CONCURRENTLY` waits for
//!   every transaction that is older. A `SET` in the file holds for the units after it, also where a
//!   later run applies them; a `SET LOCAL` for its own.
//!
//! # refinery
//!
//! `refinery`'s [`Runner`] drives a run: this crate implements its `AsyncMigrate` for the Drizzle
//! ledger. [`Target`] says how far to go, and [`Report::refinery`] is refinery's own report. A
//! version is the journal's `idx`.
//!
//! # Squashed migrations
//!
//! A migration may replace the ones before it ([`Replaced`]). A database that has all of these has it, one that has none
//! applies it, and on one that has a part of them a run refuses to go on.
//!
//! # TLS
//!
//! With the feature `tls`, connections are encrypted by rustls: `sslmode`, `sslrootcert`, `sslcert` and `sslkey` in a
//! connection URL mean what they mean to libpq, and so do its variables, `PGSSLMODE` and so on. [`Server::config`] and
//! [`Server::tls`] give a pool the same. A password that the URL lacks comes from `PGPASSWORD` or libpq's password file.
//!
//! # Boundaries
//!
//! SQL is text, of which no more is understood than the units need; it is split at Drizzle's
//! breakpoints, and elsewhere only where a unit ends. The crate knows no schema model and prints
//! nothing; it emits [`tracing`] events for the lock, for each migration and for each unit.

#[cfg(feature = "database")]
mod alone;
#[cfg(feature = "database")]
mod connect;
#[cfg(feature = "database")]
mod connect_error;
#[cfg(feature = "database")]
mod database_error;
#[cfg(feature = "database")]
mod ending;
#[cfg(feature = "database")]
mod error;
#[cfg(feature = "database")]
mod event;
#[cfg(feature = "database")]
mod examine;
#[cfg(feature = "database")]
mod excerpt;
#[cfg(feature = "database")]
mod failure;
#[cfg(feature = "database")]
mod half;
mod journal;
mod journal_error;
#[cfg(feature = "database")]
mod ledger;
#[cfg(feature = "database")]
mod limits;
#[cfg(feature = "database")]
mod lock;
mod migrations;
#[cfg(feature = "database")]
mod migrator;
#[cfg(feature = "database")]
mod own_limits;
#[cfg(feature = "database")]
mod passfile;
#[cfg(feature = "database")]
mod password;
#[cfg(feature = "database")]
mod refusal;
mod replaced;
#[cfg(feature = "database")]
mod report;
#[cfg(feature = "database")]
mod runner;
#[cfg(feature = "database")]
mod script;
#[cfg(feature = "database")]
mod search_path;
#[cfg(feature = "database")]
mod sql;
#[cfg(feature = "database")]
mod ssl;
#[cfg(feature = "database")]
mod state;
#[cfg(feature = "database")]
mod stepwise;
#[cfg(feature = "tls")]
mod tls;
#[cfg(all(feature = "database", not(feature = "tls")))]
#[path = "no_tls.rs"]
mod tls;
#[cfg(feature = "database")]
mod transaction;
#[cfg(feature = "database")]
mod unit_table;
#[cfg(feature = "database")]
mod units;
#[cfg(feature = "database")]
mod variables;

pub use journal::{Entry, JOURNAL_PATH, Journal};
pub use journal_error::JournalError;
pub use migrations::{Migration, Migrations, MigrationsError, Statement};
pub use replaced::Replaced;

#[cfg(feature = "database")]
pub use self::{
    connect::{Server, Target as ServerTarget},
    connect_error::ConnectError,
    database_error::{DatabaseError, ServerError, chain},
    ending::{Outside, outside_transaction},
    error::Error,
    event::Event,
    excerpt::{Excerpt, ExcerptLine},
    failure::{Cause, FailedUnits, Failure, Outcome, Stage},
    half::{HalfApplied, HalfEdited},
    ledger::{Ledger, LedgerRow},
    lock::{Holder, LockError},
    migrator::{Migrator, Resolution},
    password::PasswordSource,
    refusal::{Refusal, RefusedEdit, RefusedFuture, RefusedHalf, RefusedOrder, RefusedPart},
    report::{Applied, Report},
    script::{Command, commands},
    state::{MigrationStatus, State, Status},
    tls::Tls,
    units::{Unit, units},
};
#[cfg(feature = "database")]
pub use refinery::{Report as RefineryReport, Runner, Target};
#[cfg(feature = "database")]
pub use tokio_postgres;
