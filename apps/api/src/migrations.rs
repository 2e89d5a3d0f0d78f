//! The migrations of this build: applying them, and whether a database has them.

use std::time::Duration;

use migrator::{ConnectError, Error, Ledger, LedgerRow, MigrationsError, Migrator, Report, State, Status};
use sea_query::{Alias, Expr, ExprTrait, Query};
use tokio_postgres::error::SqlState;

use crate::config::{self, Mode};
use crate::db::{self, Session, query};
use crate::retry::within;

/// `drizzle/migrations` as it was when this was compiled: the list that build.rs writes.
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// The ledger's schema and table, as in `[migrations]` of drizzle.toml; a test compares them.
const LEDGER: (&str, &str) = ("public", "__drizzle_migrations");

/// The migrations of this build.
#[derive(Clone, Debug)]
pub struct Migrations {
    set: migrator::Migrations,
}

/// What keeps a database from being what this build expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// These are not applied.
    Pending(Vec<String>),
    /// These were edited after they had been applied, or passed over by newer ones.
    Refused(Vec<String>),
}

impl Migrations {
    /// What `config` says: a folder, or what is embedded in the binary.
    ///
    /// # Errors
    /// The set is broken, such as a file without an entry in the journal.
    pub fn load(config: &config::Migrations) -> Result<Self, MigrationsError> {
        match &config.folder {
            Some(folder) => Ok(Self { set: migrator::Migrations::from_folder(folder)? }),
            None => Self::embedded(),
        }
    }

    /// Those that are embedded in the binary.
    ///
    /// # Errors
    /// The set is broken.
    pub fn embedded() -> Result<Self, MigrationsError> {
        Ok(Self { set: migrator::Migrations::embedded(EMBEDDED)? })
    }

    /// Each file's text, in order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.set.iter().map(migrator::Migration::text)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.set.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// Does what a start does in this mode: applies what is pending, refuses it, or nothing. The
    /// report is that of applying.
    ///
    /// # Errors
    /// The server does not answer in time, something is pending that may not be applied, or a
    /// migration failed. The text is complete, with file, statement and next step.
    pub async fn prepare(&self, config: &config::Migrations) -> Result<Option<Report>, Error> {
        match config.mode {
            Mode::Apply => self.apply(config).await.map(Some),
            Mode::Verify => {
                let migrator = self.migrator(config);
                connected(config.connect_timeout, || migrator.verify()).await.map(|()| None)
            }
            Mode::Off => Ok(None),
        }
    }

    /// Applies what is pending, whatever the mode. Of many processes at once, one does it.
    ///
    /// # Errors
    /// As [`Migrations::prepare`].
    pub async fn apply(&self, config: &config::Migrations) -> Result<Report, Error> {
        let migrator = self.migrator(config);
        connected(config.connect_timeout, || migrator.run()).await
    }

    fn migrator(&self, config: &config::Migrations) -> Migrator {
        Migrator::new(self.set.clone(), config.url.server().clone()).ledger(ledger())
    }

    /// What a database lacks; nothing if it is as this build expects. Needs SELECT on the ledger.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub async fn gap(&self, session: &Session) -> Result<Option<Gap>, db::Error> {
        let status = Status::of(&self.set, ledger_rows(session).await?);
        let tags = |wanted: fn(&State) -> bool| -> Vec<String> {
            let chosen = status.migrations.iter().filter(|migration| wanted(&migration.state));
            chosen.map(|migration| migration.migration.tag().to_owned()).collect()
        };
        let refused = tags(|state| {
            matches!(state, State::Edited { .. } | State::OutOfOrder { .. } | State::PartlyReplaced { .. })
        });
        let pending = tags(|state| matches!(state, State::Pending));
        Ok(match (refused.is_empty(), pending.is_empty()) {
            (false, _) => Some(Gap::Refused(refused)),
            (true, false) => Some(Gap::Pending(pending)),
            (true, true) => None,
        })
    }
}

fn ledger() -> Ledger {
    Ledger::new(LEDGER.0, LEDGER.1)
}

/// The ledger's rows; none where there is no ledger yet.
async fn ledger_rows(session: &Session) -> Result<Vec<LedgerRow>, db::Error> {
    let select = Query::select()
        .expr(Expr::col("id").cast_as("bigint"))
        .columns(["hash", "created_at"])
        .from((Alias::new(LEDGER.0), Alias::new(LEDGER.1)))
        .order_by("id", sea_query::Order::Asc)
        .take();
    let rows = match query::rows(session, &select).await {
        Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => return Ok(Vec::new()),
        rows => rows?,
    };
    rows.iter()
        .map(|row| Ok(LedgerRow { id: row.try_get(0)?, hash: row.try_get(1)?, created_at: row.try_get(2)? }))
        .collect::<Result<_, _>>()
        .map_err(db::Error::Row)
}

/// Tries again for a while where the server does not answer yet.
async fn connected<T>(wait: Duration, run: impl AsyncFn() -> Result<T, Error>) -> Result<T, Error> {
    let absent = |error: &Error| {
        matches!(error, Error::Connect(ConnectError::Unreachable { .. } | ConnectError::NotReady { .. }))
    };
    within(wait, absent, run).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_and_ledger_are_those_of_drizzle_toml() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let text = std::fs::read_to_string(format!("{root}/drizzle.toml")).unwrap();
        let config: toml::Table = text.parse().unwrap();
        assert_eq!(config["out"].as_str(), Some("drizzle/migrations"));
        let migrations = config["migrations"].as_table().unwrap();
        assert_eq!((migrations["schema"].as_str(), migrations["table"].as_str()), (Some(LEDGER.0), Some(LEDGER.1)));
    }

    #[test]
    fn all_migrations_of_the_folder_are_embedded() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../drizzle/migrations");
        let on_disk = migrator::Migrations::from_folder(std::path::Path::new(folder)).unwrap();
        let embedded = Migrations::embedded().unwrap();
        assert!(on_disk.iter().map(migrator::Migration::text).eq(embedded.texts()));
    }
}
