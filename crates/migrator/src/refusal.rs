//! Refusals: states of the database in which a run would do harm, each with its repair.

use std::fmt;

use serde::Serialize;

use crate::half::HalfEdited;
use crate::state::{MigrationStatus, State};

/// Why a run does not touch the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "refusal")]
pub enum Refusal {
    /// Files were changed after they had been applied.
    #[error("{}", EditedText { ledger, migrations })]
    Edited {
        /// The ledger's quoted name.
        ledger: String,
        /// The files, in the journal's order.
        migrations: Vec<RefusedEdit>,
    },
    /// Migrations are not applied although newer ones are.
    #[error("{}", OutOfOrderText { ledger, migrations })]
    OutOfOrder {
        /// The ledger's quoted name.
        ledger: String,
        /// The migrations, in the journal's order.
        migrations: Vec<RefusedOrder>,
    },
    /// Migrations replace others, of which only a part is applied.
    #[error("{}", PartlyReplacedText { migrations })]
    PartlyReplaced {
        /// The migrations, in the journal's order.
        migrations: Vec<RefusedPart>,
    },
    /// Migrations have a `when` in the future.
    #[error("{}", FutureText { migrations })]
    Future {
        /// The migrations, in the journal's order.
        migrations: Vec<RefusedFuture>,
    },
    /// Files were changed in what was applied of them, before all of it was.
    #[error("{}", HalfEditedText { table, migrations })]
    HalfEdited {
        /// The quoted name of the table that has what is applied.
        table: String,
        /// The files, in the journal's order.
        migrations: Vec<RefusedHalf>,
    },
}

/// A migration whose file differs from what was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedEdit {
    /// The tag.
    pub tag: String,
    /// The file as messages name it.
    pub file: String,
    /// The hash of the file as it is now.
    pub hash: String,
    /// The hash in the ledger.
    pub recorded_hash: String,
    /// The number of the ledger's row.
    pub row: i64,
}

impl RefusedEdit {
    pub(crate) fn of(status: &MigrationStatus) -> Option<Self> {
        let State::Edited { row } = &status.state else { return None };
        Some(Self {
            tag: status.migration.tag().to_owned(),
            file: status.migration.file().to_owned(),
            hash: status.migration.hash().to_owned(),
            recorded_hash: row.hash.clone(),
            row: row.id,
        })
    }
}

/// A migration that was passed over by a newer one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedOrder {
    /// The tag.
    pub tag: String,
    /// The file as messages name it.
    pub file: String,
    /// The hash of the file.
    pub hash: String,
    /// The journal's `when`, in milliseconds since 1970.
    pub when: i64,
    /// The tag of the newest applied migration.
    pub newest_applied: String,
}

impl RefusedOrder {
    pub(crate) fn of(status: &MigrationStatus) -> Option<Self> {
        let State::OutOfOrder { newest_applied } = &status.state else { return None };
        Some(Self {
            tag: status.migration.tag().to_owned(),
            file: status.migration.file().to_owned(),
            hash: status.migration.hash().to_owned(),
            when: status.migration.when(),
            newest_applied: newest_applied.clone(),
        })
    }
}

/// A squashed migration on a database that is behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedPart {
    /// The tag.
    pub tag: String,
    /// The file as messages name it.
    pub file: String,
    /// The tags of those that it replaces and that are not applied.
    pub missing: Vec<String>,
}

impl RefusedPart {
    pub(crate) fn of(status: &MigrationStatus) -> Option<Self> {
        let State::PartlyReplaced { missing } = &status.state else { return None };
        Some(Self {
            tag: status.migration.tag().to_owned(),
            file: status.migration.file().to_owned(),
            missing: missing.clone(),
        })
    }
}

/// A migration that says it was generated in the future.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedFuture {
    /// The tag.
    pub tag: String,
    /// The file as messages name it.
    pub file: String,
    /// The journal's `when`, in milliseconds since 1970.
    pub when: i64,
    /// A `when` that is not in the future.
    pub instead: i64,
}

impl RefusedFuture {
    pub(crate) fn of(status: &MigrationStatus) -> Option<Self> {
        let State::Future { instead } = status.state else { return None };
        Some(Self {
            tag: status.migration.tag().to_owned(),
            file: status.migration.file().to_owned(),
            when: status.migration.when(),
            instead,
        })
    }
}

/// A migration of which some units are applied, and one of these differs in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedHalf {
    /// The tag.
    pub tag: String,
    /// The file as messages name it.
    pub file: String,
    /// The hash of the file as it is now.
    pub hash: String,
    /// What was applied, and the first unit that differs.
    #[serde(flatten)]
    pub half: HalfEdited,
}

impl RefusedHalf {
    pub(crate) fn of(status: &MigrationStatus) -> Option<Self> {
        let State::HalfEdited(half) = &status.state else { return None };
        Some(Self {
            tag: status.migration.tag().to_owned(),
            file: status.migration.file().to_owned(),
            hash: status.migration.hash().to_owned(),
            half: half.clone(),
        })
    }
}

struct EditedText<'a> {
    ledger: &'a str,
    migrations: &'a [RefusedEdit],
}

impl fmt::Display for EditedText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ledger, migrations } = self;
        writeln!(f, "{} edited after being applied:", count(migrations.len()))?;
        for RefusedEdit { file, hash, recorded_hash, row, .. } in *migrations {
            writeln!(f, "  {file}")?;
            writeln!(f, "    file now {hash}")?;
            writeln!(f, "    applied  {recorded_hash} (row {row} of {ledger})")?;
        }
        writeln!(f, "Nothing was changed.")?;
        writeln!(
            f,
            "Next: restore the file as it was applied (`git log -p -- FILE` shows its versions), \
             and put the change into a new migration."
        )?;
        write!(f, "If the database already is what the edited file makes, record that instead:")?;
        for RefusedEdit { tag, hash, row, .. } in *migrations {
            let update = format!("UPDATE {ledger} SET hash = '{hash}' WHERE id = {row};");
            write!(f, "\n  `cargo xtask resolve --rehash {tag}`, or\n  {update}")?;
        }
        Ok(())
    }
}

struct OutOfOrderText<'a> {
    ledger: &'a str,
    migrations: &'a [RefusedOrder],
}

impl fmt::Display for OutOfOrderText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ledger, migrations } = self;
        writeln!(f, "{} out of order:", count(migrations.len()))?;
        for RefusedOrder { file, newest_applied, .. } in *migrations {
            writeln!(f, "  {file} is not applied, but the newer {newest_applied} is")?;
        }
        writeln!(f, "Nothing was changed.")?;
        writeln!(
            f,
            "Next: move the migration to the end of the journal, with the next idx and a later `when`, so that every \
             database applies it in the same order (`cargo xtask rebase`); or let this run apply it where it stands \
             (`cargo xtask migrate --allow-out-of-order`)."
        )?;
        write!(f, "If the database already has what it makes, record it instead:")?;
        for RefusedOrder { tag, hash, when, .. } in *migrations {
            let insert = format!("INSERT INTO {ledger} (hash, created_at) VALUES ('{hash}', {when});");
            write!(f, "\n  `cargo xtask resolve --applied {tag}`, or\n  {insert}")?;
        }
        Ok(())
    }
}

struct PartlyReplacedText<'a> {
    migrations: &'a [RefusedPart],
}

impl fmt::Display for PartlyReplacedText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { migrations } = self;
        writeln!(f, "{} to stand for others that are applied in part:", count(migrations.len()))?;
        for RefusedPart { file, missing, .. } in *migrations {
            writeln!(f, "  {file} replaces {}, which this database lacks", missing.join(", "))?;
        }
        writeln!(f, "Nothing was changed.")?;
        write!(
            f,
            "Next: apply these first, with the files from before the squash: `git log -- FILE` names its commit; check \
             out the one before it, run `cargo xtask migrate`, and come back."
        )?;
        write!(f, "\nIf the database already has what they make, record it instead:")?;
        migrations.iter().try_for_each(|RefusedPart { tag, .. }| write!(f, "\n  `cargo xtask resolve --applied {tag}`"))
    }
}

struct FutureText<'a> {
    migrations: &'a [RefusedFuture],
}

impl fmt::Display for FutureText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { migrations } = self;
        writeln!(f, "{} dated in the future:", count(migrations.len()))?;
        for RefusedFuture { file, when, .. } in *migrations {
            writeln!(f, "  {file} has {when}")?;
        }
        writeln!(f, "Nothing was changed.")?;
        writeln!(
            f,
            "Next: compare the clocks. If the one here is right, correct the journal, since drizzle-kit would skip every \
             migration that is generated until then:"
        )?;
        let corrected =
            migrations.iter().map(|RefusedFuture { tag, instead, .. }| format!("  {tag}: \"when\": {instead}"));
        f.write_str(&corrected.collect::<Vec<_>>().join("\n"))
    }
}

struct HalfEditedText<'a> {
    table: &'a str,
    migrations: &'a [RefusedHalf],
}

impl fmt::Display for HalfEditedText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, migrations } = self;
        writeln!(f, "{} edited after a part of it was applied:", count(migrations.len()))?;
        for RefusedHalf { file, hash, half, .. } in *migrations {
            let HalfEdited { done, unit, recorded_hash, .. } = half;
            let applied = match done {
                0 => "no unit is".to_owned(),
                1 => "1 unit is".to_owned(),
                more => format!("{more} units are"),
            };
            writeln!(f, "  {file}: {applied} applied, and unit {unit} is not the one that was run")?;
            writeln!(f, "    file now      {hash}")?;
            writeln!(f, "    file applied  {recorded_hash}")?;
        }
        writeln!(f, "Nothing was changed.")?;
        writeln!(
            f,
            "Next: restore that part of the file as it was applied (`git log -p -- FILE` shows its \
             versions) and run again, which goes on where it stopped. What is not applied yet may differ."
        )?;
        write!(f, "If you undo by hand what was applied, the file may run from its beginning:")?;
        for RefusedHalf { half, .. } in *migrations {
            let (tag, literal) = (&half.recorded_tag, half.recorded_tag.replace('\'', "''"));
            write!(f, "\n  `cargo xtask migrate --restart {tag}`, or\n  DELETE FROM {table} WHERE tag = '{literal}';")?;
        }
        Ok(())
    }
}

fn count(migrations: usize) -> String {
    match migrations {
        1 => "1 migration is".to_owned(),
        more => format!("{more} migrations are"),
    }
}
