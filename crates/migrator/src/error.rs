//! The errors of this crate.
//!
//! [`MigrationsError`] is about files, [`ConnectError`] about reaching the server, [`LockError`]
//! about the lock, [`Refusal`] about a database that must not be touched, [`Failure`] about a
//! migration that did not run. [`Error`] is one of them. Each message names the operation and its
//! object and ends in the next step; none contains a password.

use crate::connect_error::ConnectError;
use crate::database_error::DatabaseError;
use crate::failure::Failure;
use crate::lock::LockError;
use crate::migrations::MigrationsError;
use crate::refusal::Refusal;

/// Anything that can go wrong between a set of migrations and a database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The set of migrations cannot be read.
    #[error(transparent)]
    Migrations(#[from] MigrationsError),

    /// The server cannot be reached or does not let us in.
    #[error(transparent)]
    Connect(#[from] ConnectError),

    /// The lock was not obtained, or was lost.
    #[error(transparent)]
    Lock(#[from] LockError),

    /// The ledger cannot be read or made.
    #[error(
        "cannot {operation} the ledger {ledger}. Check that it is Drizzle's table (id, hash, \
         created_at) and that the role may {operation} it"
    )]
    Ledger {
        /// `read`, `create` or `write`.
        operation: &'static str,
        /// The ledger's quoted name.
        ledger: String,
        /// What the server says.
        source: DatabaseError,
    },

    /// The table of applied units cannot be read or made.
    #[error(
        "cannot {operation} {table}, which has what is applied of a migration that runs in several \
         units. Check that the role may {operation} it"
    )]
    Progress {
        /// `read`, `create` or `write`.
        operation: &'static str,
        /// The table's quoted name.
        table: String,
        /// What the server says.
        source: DatabaseError,
    },

    /// A migration that is to start again has nothing to forget.
    #[error(
        "{tag} is not half applied, so there is nothing to start again. {}",
        if *is_known { "If it is pending, run the migrations" } else { "No migration has this tag" }
    )]
    NothingToRestart {
        /// The tag.
        tag: String,
        /// Whether there is such a migration.
        is_known: bool,
    },

    /// A migration that has to run in several units was to be one transaction with others.
    #[error(
        "{tag} has statements that PostgreSQL runs in no transaction, so it cannot be one with the others. Nothing was \
         changed; run the migrations without that option"
    )]
    Units {
        /// The tag.
        tag: String,
    },

    /// A comment of a pending migration, by which it sets its own limits, is not understood.
    #[error(
        "{file}:{line}: {reason}; nothing was changed. A file sets its limits by a comment such as `-- migrate: \
         lock_timeout = 2min, statement_timeout = 1h`, in ms, s, min, h or d; 0 is none"
    )]
    OwnLimits {
        /// The file as messages name it.
        file: String,
        /// The line of the comment, from 1.
        line: usize,
        /// What is not understood.
        reason: String,
    },

    /// A statement of a pending migration would end the transaction that it runs in.
    #[error(
        "{file}:{line}: {word} would end the transaction in which the migration runs, so that what stands before it \
         could not be rolled back; nothing was changed. Take it out, and BEGIN with it: every migration is in a \
         transaction already"
    )]
    EndsTransaction {
        /// The file as messages name it.
        file: String,
        /// The line of the statement, from 1.
        line: usize,
        /// The statement's first word.
        word: String,
    },

    /// A run ended, and what it has gone through is not in the ledger.
    #[error(
        "the run is over, and {ledger} does not have {}. Something else writes to that table, or a trigger or rule is \
         on it; see what is there before the next run",
        tags.join(", ")
    )]
    NotRecorded {
        /// The ledger's quoted name.
        ledger: String,
        /// The tags that are missing.
        tags: Vec<String>,
    },

    /// No migration has the tag.
    #[error("there is no migration {tag} in this set")]
    UnknownMigration {
        /// The tag.
        tag: String,
    },

    /// The ledger says already what it was to be made to say.
    #[error("the ledger needs no mending for {tag}: {state}. Nothing was changed")]
    NothingToResolve {
        /// The tag.
        tag: String,
        /// What it says.
        state: &'static str,
    },

    /// The database is in a state in which nothing may be applied.
    #[error(transparent)]
    Refused(#[from] Refusal),

    /// Migrations are pending where none may be.
    #[error(
        "the database is behind: {} not applied ({}). Apply the migrations, then start again",
        match tags.len() { 1 => "1 migration is".to_owned(), more => format!("{more} migrations are") },
        tags.join(", ")
    )]
    Pending {
        /// The tags of the pending migrations, in order.
        tags: Vec<String>,
    },

    /// A migration failed.
    #[error(transparent)]
    Failed(Box<Failure>),

    /// refinery refuses the set.
    #[error("refinery refuses the migrations. The ledger may have changed during the run; run again")]
    Refinery(#[from] refinery::Error),

    /// refinery asked for something that is not in its protocol as this crate knows it.
    #[error(
        "refinery asked to run a statement that belongs to no pending migration. Nothing of it \
         was run; use the version of refinery that this crate was built for"
    )]
    Protocol,
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
    }
}

impl Error {
    /// One word for the kind of error, for a program to tell them apart.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Migrations(_) | Self::OwnLimits { .. } | Self::EndsTransaction { .. } | Self::Units { .. } => "files",
            Self::Connect(_) => "connection",
            Self::Lock(_) => "lock",
            Self::Ledger { .. } | Self::Progress { .. } | Self::NotRecorded { .. } => "ledger",
            Self::NothingToRestart { .. } | Self::UnknownMigration { .. } | Self::NothingToResolve { .. } => {
                "nothing-to-do"
            }
            Self::Refused(_) => "refused",
            Self::Pending { .. } => "pending",
            Self::Failed(_) => "failed",
            Self::Refinery(_) | Self::Protocol => "internal",
        }
    }
}
