//! Migrations of which some units are applied: how far they came, and whether they may go on.

use serde::Serialize;

use crate::migrations::Migration;
use crate::unit_table::UnitRow;

/// How far a migration of several units came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HalfApplied {
    /// How many units are applied.
    pub done: usize,
    /// How many units the migration has.
    pub of: usize,
    /// Whether the next unit was begun outside a transaction; how far it came, the next run finds.
    pub begun: bool,
    /// The tag under which it is recorded, which another name of the file does not change.
    #[serde(skip)]
    pub(crate) tag: String,
    /// The indexes that were there before the unit that was begun.
    #[serde(skip)]
    pub(crate) known_indexes: Vec<u32>,
}

/// A migration whose file was changed in what was applied of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HalfEdited {
    /// How many units were applied.
    pub done: usize,
    /// The number of the first unit that differs.
    pub unit: usize,
    /// The hash of the file as it was then.
    pub recorded_hash: String,
    /// The tag under which it is recorded.
    pub recorded_tag: String,
}

/// How the file stands to what is recorded of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    Applied(HalfApplied),
    Edited(HalfEdited),
}

impl Half {
    /// What the rows tell of a migration, `None` if nothing. What has not run yet may have been
    /// edited: only the units that are recorded must be the same.
    pub(crate) fn of(migration: &Migration, tags: &[&str], rows: &[UnitRow]) -> Option<Self> {
        let mut rows: Vec<_> = rows.iter().filter(|row| belongs(row, migration, tags)).collect();
        rows.sort_by_key(|row| row.unit);
        let last = rows.last()?;
        let done = rows.iter().filter(|row| row.is_done).count();
        let units = migration.units();
        let differs = |row: &&&UnitRow| {
            let unit = row.unit.checked_sub(1).and_then(|index| units.get(index));
            unit.is_none_or(|unit| unit.hash() != row.unit_hash)
        };
        if let Some(edited) = rows.iter().find(differs) {
            return Some(Self::Edited(HalfEdited {
                done,
                unit: edited.unit,
                recorded_hash: last.hash.clone(),
                recorded_tag: last.tag.clone(),
            }));
        }
        Some(Self::Applied(HalfApplied {
            done,
            of: units.len(),
            begun: !last.is_done,
            tag: last.tag.clone(),
            known_indexes: last.known_indexes.clone(),
        }))
    }
}

/// By tag; or by hash, if the tag is no other file's: a file may have been renamed.
fn belongs(row: &UnitRow, migration: &Migration, tags: &[&str]) -> bool {
    row.tag == migration.tag() || (!tags.contains(&&*row.tag) && migration.has_hash(&row.hash))
}

#[cfg(test)]
#[path = "half_tests.rs"]
mod tests;
