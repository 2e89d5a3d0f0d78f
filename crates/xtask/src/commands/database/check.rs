//! The database's part of `check`: has it applied what the folder has, and is it what that makes?

use kit::difference::differences;
use migrator::{Server, State as Applied, Status};
use schema::Schema;

use super::compare::{Compared, compare, undo_or_keep};
use super::connection::{self, Role};
use super::{block_on, migrate};
use crate::commands::check::Newest;
use crate::commands::check::report::{Check, Finding, Findings, State};
use crate::config::Config;
use crate::error::Error;
use crate::folder::Folder;

/// What is done about pending migrations.
const MIGRATE: &str = "`cargo xtask migrate` applies what is pending";

/// A database as it was found.
pub(crate) struct CheckedDatabase {
    server: Server,
    status: Status,
    /// What the newest applied migration makes, beside what is there; none where the ledger has nothing.
    applied: Option<(String, Compared)>,
}

impl CheckedDatabase {
    /// Reads the ledger, and the database where it tells what that should be.
    pub(crate) fn read(
        url: Option<&str>,
        newest: Option<&Newest>,
        folder: &Folder,
        config: &Config,
    ) -> Result<Self, Error> {
        let url = connection::url(url, Role::Migration, config)?;
        let server = Server::from_url(&url)?;
        let status = block_on(migrate::migrator(Some(&url), config)?.status())??;
        let compare = |tag: String| {
            let given = match newest {
                Some(newest) if newest.tag == tag => newest.schema.clone(),
                _ => folder.snapshot_of(&tag)?.schema,
            };
            let compared = block_on(compare(&server, given, config))??;
            Ok::<_, Error>((tag, compared))
        };
        let applied = status.applied().last().map(|migration| migration.tag().to_owned());
        let applied = applied.map(compare).transpose()?;
        Ok(CheckedDatabase { server, status, applied })
    }

    /// Beside the ledger, and beside what the newest applied migration makes; a database without a ledger, as `push`
    /// leaves it, beside the code.
    pub(crate) fn check(self, code: Schema, config: &Config) -> Result<Check, Error> {
        let CheckedDatabase { server, status, applied } = self;
        let (newest, compared) = match applied {
            Some((tag, compared)) => (Some(tag), compared),
            None => (None, block_on(compare(&server, code, config))??),
        };
        compared.note_the_rest();
        let called = newest.as_deref().unwrap_or("the code");
        let mut items = of_ledger(&status);
        // Of a database in which nothing is applied yet it is no news that everything is missing.
        let is_untouched = newest.is_none() && compared.found == Schema::default();
        let drift = if is_untouched { Vec::new() } else { differences(&compared.found, &compared.given) };
        if items.is_empty() && drift.is_empty() {
            let said = match newest {
                Some(tag) => format!("is what {tag} makes, and nothing is pending"),
                None => "is what the code says, and there are no migrations".to_owned(),
            };
            return Ok(Check::new("database", State::Ok(said)));
        }
        let next =
            if is_untouched { MIGRATE.to_owned() } else { next_step(&status, newest.as_deref(), drift.is_empty()) };
        items.extend(drift.into_iter().map(|difference| Finding::difference(difference, "the database", called)));
        Ok(Check::new("database", State::Differs(Findings { items, next })))
    }
}

/// Every migration that is not simply applied.
fn of_ledger(status: &Status) -> Vec<Finding> {
    let of_migration = |status: &migrator::MigrationStatus| {
        let tag = status.migration.tag();
        Some(Finding::plain(match &status.state {
            Applied::Applied => return None,
            Applied::Pending => format!("{tag} is pending"),
            Applied::HalfApplied(half) => format!("{tag} is half applied: {} of {} units", half.done, half.of),
            Applied::HalfEdited(half) => format!("{tag} was edited in unit {}, after it was half applied", half.unit),
            Applied::Edited { row } => format!("{tag} was edited after it was applied (row {} of the ledger)", row.id),
            Applied::PartlyReplaced { missing } => {
                format!("{tag} replaces {}, not applied here", missing.join(", "))
            }
            Applied::Future { .. } => format!("{tag} has a `when` in the future"),
            Applied::OutOfOrder { newest_applied } => format!("{tag} is not applied, and {newest_applied} is"),
        }))
    };
    let unknown = status.unknown.iter().map(|row| {
        Finding::plain(format!("row {} of the ledger is of no migration in this folder (hash {})", row.id, row.hash))
    });
    status.migrations.iter().filter_map(of_migration).chain(unknown).collect()
}

/// What to do, the first thing first.
fn next_step(status: &Status, newest: Option<&str>, is_as_compared: bool) -> String {
    let has_pending = status.pending().next().is_some();
    match (newest, is_as_compared) {
        (None, true) if has_pending => {
            "the database has what the migrations make, and does not know of them: `cargo xtask baseline` records \
             them as applied"
        }
        (_, true) | (None, false) if has_pending => MIGRATE,
        (Some(_), true) => "`cargo xtask migrate` says of each how it is repaired",
        (Some(tag), false) => return undo_or_keep(tag),
        (None, _) => "`cargo xtask push` brings the database to the code, or `cargo xtask generate` and `migrate` do",
    }
    .to_owned()
}
