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
//! - **Drizzle's formats.** Folder, journal, hash and ledger are drizzle-kit's to the byte. The
//!   two tools can take turns on one database.
//!
//! # refinery
//!
//! `refinery`'s [`Runner`] drives a run: this crate implements its `AsyncMigrate` for the Drizzle
//! ledger. [`Target`] says how far to go, and [`Report::refinery`] is refinery's own report. A
//! version is the journal's `idx`.
//!
//! # Boundaries
//!
//! SQL is opaque text, split at Drizzle's breakpoints and nowhere else. The crate knows no schema
//! model and prints nothing; it emits [`tracing`] events for the lock and for each migration.

#[cfg(feature = "database")]
mod alone;
#[cfg(feature = "database")]
mod connect;
#[cfg(feature = "database")]
mod database_error;
#[cfg(feature = "database")]
mod error;
#[cfg(feature = "database")]
mod examine;
#[cfg(feature = "database")]
mod excerpt;
#[cfg(feature = "database")]
mod failure;
#[cfg(feature = "database")]
mod half;
mod journal;
#[cfg(feature = "database")]
mod ledger;
#[cfg(feature = "database")]
mod lock;
mod migrations;
#[cfg(feature = "database")]
mod migrator;
#[cfg(feature = "database")]
mod refusal;
#[cfg(feature = "database")]
mod report;
#[cfg(feature = "database")]
mod runner;
#[cfg(feature = "database")]
mod sql;
#[cfg(feature = "database")]
mod state;
#[cfg(feature = "database")]
mod stepwise;
#[cfg(feature = "database")]
mod transaction;
#[cfg(feature = "database")]
mod unit_table;
#[cfg(feature = "database")]
mod units;

pub use journal::{Entry, JOURNAL_PATH, Journal, JournalError};
pub use migrations::{Migration, Migrations, MigrationsError, Statement};

#[cfg(feature = "database")]
pub use self::{
    connect::{ConnectError, Server, Target as ServerTarget},
    database_error::{DatabaseError, ServerError, chain},
    error::Error,
    excerpt::{Excerpt, ExcerptLine},
    failure::{Cause, FailedUnits, Failure, Outcome, Stage},
    half::{HalfApplied, HalfEdited},
    ledger::{Ledger, LedgerRow},
    lock::{Holder, LockError},
    migrator::Migrator,
    refusal::{Refusal, RefusedEdit, RefusedHalf, RefusedOrder},
    report::{Applied, Report},
    state::{MigrationStatus, State, Status},
};
#[cfg(feature = "database")]
pub use refinery::{Report as RefineryReport, Runner, Target};
#[cfg(feature = "database")]
pub use tokio_postgres;
