//! Where each migration stands: the journal compared with the ledger, by membership.
//!
//! Problem: drizzle-kit compares only the newest `created_at`, so that a migration merged late is
//! skipped in silence. Here every migration is looked up by itself. This module is pure: it gets
//! the set and the rows, and decides; reading and refusing are done elsewhere.

use std::collections::{HashMap, VecDeque};

use serde::Serialize;

use crate::half::{Half, HalfApplied, HalfEdited};
use crate::ledger::{Ledger, LedgerRow};
use crate::migrations::{Migration, Migrations};
use crate::refusal::{Refusal, RefusedEdit, RefusedFuture, RefusedHalf, RefusedOrder, RefusedPart};
use crate::replaced::Replaced;
use crate::unit_table::{UnitRow, UnitTable};

/// The state of one migration on one database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum State {
    /// The ledger has it, with the file's hash (line endings aside).
    Applied,
    /// The ledger does not have it, and nothing newer is applied: the next run applies it.
    Pending,
    /// The ledger does not have it, but some of its units are applied: the next run goes on.
    HalfApplied(HalfApplied),
    /// Some of its units are applied, and the file was changed in one of these afterwards.
    HalfEdited(HalfEdited),
    /// The ledger has its `created_at` with another hash: the file was changed afterwards.
    Edited {
        /// The ledger's row.
        row: LedgerRow,
    },
    /// It replaces others, and the ledger has only some of these.
    PartlyReplaced {
        /// The tags of those that are missing.
        missing: Vec<String>,
    },
    /// The ledger does not have it, and its `when` is in the future: what drizzle-kit generates until then would have
    /// an earlier one, and be skipped.
    Future {
        /// A `when` that is not, in milliseconds since 1970.
        instead: i64,
    },
    /// The ledger does not have it, but has a newer one of this journal.
    OutOfOrder {
        /// The tag of the newest applied migration.
        newest_applied: String,
    },
}

/// How far ahead another machine's clock may be, in milliseconds: a day, which is more than a time zone is.
const TOLERANCE: i64 = 24 * 60 * 60 * 1000;

/// In which order migrations may be applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Order {
    /// In the journal's alone.
    #[default]
    Journal,
    /// A migration also after a newer one.
    Any,
}

/// A migration with its state.
#[derive(Clone, Debug)]
pub struct MigrationStatus {
    /// The migration.
    pub migration: Migration,
    /// Its state on the database.
    pub state: State,
    /// Its row in the ledger, if it has one; where the ledger has those that it replaces, the last one's.
    pub row: Option<LedgerRow>,
    /// The rows of those that it replaces.
    pub replaced: Vec<LedgerRow>,
}

/// How a set of migrations and a database's ledger stand to each other.
#[derive(Clone, Debug)]
pub struct Status {
    /// All migrations in the journal's order.
    pub migrations: Vec<MigrationStatus>,
    /// Rows of the ledger that belong to no migration of the set: another branch's, as a rule.
    pub unknown: Vec<LedgerRow>,
}

impl Status {
    /// Compares a set with the rows of a ledger.
    pub fn of(migrations: &Migrations, rows: Vec<LedgerRow>) -> Self {
        let (mut replaced, rows) = set_replaced_apart(migrations, rows);
        let (recorded, unknown) = assign(migrations, rows);
        let is_there =
            |migration: &Migration| recorded.contains_key(&migration.idx()) || is_replaced(migration, &replaced);
        let newest_applied = migrations.iter().rfind(|migration| is_there(migration));
        let state = |migration: &Migration| match (recorded.get(&migration.idx()), newest_applied) {
            (Some(row), _) if migration.has_hash(&row.hash) => State::Applied,
            (Some(row), _) => State::Edited { row: row.clone() },
            (None, _) if is_replaced(migration, &replaced) => State::Applied,
            (None, _) if replaced.contains_key(&migration.idx()) => {
                let missing = missing(migration, &replaced).into_iter().map(|one| one.tag.clone()).collect();
                State::PartlyReplaced { missing }
            }
            (None, Some(newest)) if newest.idx() > migration.idx() => {
                State::OutOfOrder { newest_applied: newest.tag().to_owned() }
            }
            (None, _) => State::Pending,
        };
        let states: Vec<State> = migrations.iter().map(state).collect();
        let migrations = migrations
            .iter()
            .zip(states)
            .map(|(migration, state)| {
                let replaced = replaced.remove(&migration.idx()).unwrap_or_default();
                let by_others = (state == State::Applied).then(|| replaced.last().cloned()).flatten();
                let row = recorded.get(&migration.idx()).cloned().or(by_others);
                MigrationStatus { migration: migration.clone(), state, row, replaced }
            })
            .collect();
        Self { migrations, unknown }
    }

    /// Makes those pending that may be applied after a newer one.
    pub(crate) fn in_order(mut self, order: Order) -> Self {
        for status in self.migrations.iter_mut().filter(|_| order == Order::Any) {
            if let State::OutOfOrder { .. } = status.state {
                status.state = State::Pending;
            }
        }
        self
    }

    /// Tells those of the future from the pending ones; `now` is in milliseconds since 1970. Those after an applied one of
    /// the future have to be in the future too.
    pub(crate) fn at(mut self, now: i64) -> Self {
        let is_future = |status: &MigrationStatus| status.migration.when() > now.saturating_add(TOLERANCE);
        if self.migrations.iter().any(|status| status.row.is_some() && is_future(status)) {
            return self;
        }
        let mut earliest = now;
        for status in &mut self.migrations {
            if status.state == State::Pending && is_future(status) {
                status.state = State::Future { instead: earliest };
                earliest += 1;
            } else {
                earliest = earliest.max(status.migration.when() + 1);
            }
        }
        self
    }

    /// Tells those that are begun from the pending ones.
    pub(crate) fn with_units(mut self, rows: &[UnitRow]) -> Self {
        let tags: Vec<String> = self.migrations.iter().map(|status| status.migration.tag().to_owned()).collect();
        let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
        for status in &mut self.migrations {
            if status.state == State::Pending {
                status.state = match Half::of(&status.migration, &tags, rows) {
                    None => State::Pending,
                    Some(Half::Applied(half)) => State::HalfApplied(half),
                    Some(Half::Edited(half)) => State::HalfEdited(half),
                };
            }
        }
        self
    }

    /// The migrations that a run would apply, in order; also one that it would go on with.
    pub fn pending(&self) -> impl Iterator<Item = &Migration> {
        self.in_state(|state| matches!(state, State::Pending | State::HalfApplied(_)))
    }

    /// The migrations that the ledger has as they are.
    pub fn applied(&self) -> impl Iterator<Item = &Migration> {
        self.in_state(|state| *state == State::Applied)
    }

    /// Whether every migration of the set is applied.
    pub fn is_current(&self) -> bool {
        self.migrations.iter().all(|migration| migration.state == State::Applied)
    }

    /// Why a run must not touch this database, if it must not; `ledger` is named in the repair.
    pub fn refusal(&self, ledger: &Ledger) -> Option<Refusal> {
        let edited: Vec<_> = self.migrations.iter().filter_map(RefusedEdit::of).collect();
        if !edited.is_empty() {
            return Some(Refusal::Edited { ledger: ledger.qualified(), migrations: edited });
        }
        let late: Vec<_> = self.migrations.iter().filter_map(RefusedOrder::of).collect();
        if !late.is_empty() {
            return Some(Refusal::OutOfOrder { ledger: ledger.qualified(), migrations: late });
        }
        let partly: Vec<_> = self.migrations.iter().filter_map(RefusedPart::of).collect();
        if !partly.is_empty() {
            return Some(Refusal::PartlyReplaced { migrations: partly });
        }
        let future: Vec<_> = self.migrations.iter().filter_map(RefusedFuture::of).collect();
        if !future.is_empty() {
            return Some(Refusal::Future { migrations: future });
        }
        let half: Vec<_> = self.migrations.iter().filter_map(RefusedHalf::of).collect();
        if !half.is_empty() {
            let table = UnitTable::of(ledger).qualified().to_owned();
            return Some(Refusal::HalfEdited { table, migrations: half });
        }
        None
    }

    fn in_state(&self, wanted: impl Fn(&State) -> bool) -> impl Iterator<Item = &Migration> {
        self.migrations.iter().filter(move |migration| wanted(&migration.state)).map(|migration| &migration.migration)
    }
}

/// Takes out the rows of migrations that others replace, by the idx of those.
fn set_replaced_apart(
    migrations: &Migrations,
    mut rows: Vec<LedgerRow>,
) -> (HashMap<u32, Vec<LedgerRow>>, Vec<LedgerRow>) {
    let mut replaced = HashMap::new();
    for migration in migrations.iter().filter(|migration| !migration.replaces().is_empty()) {
        let is_replaced = |row: &mut LedgerRow| migration.replaces().iter().any(|one| is_of(row, one));
        let found: Vec<LedgerRow> = rows.extract_if(.., is_replaced).collect();
        if !found.is_empty() {
            replaced.insert(migration.idx(), found);
        }
    }
    (replaced, rows)
}

fn is_of(row: &LedgerRow, replaced: &Replaced) -> bool {
    row.created_at == Some(replaced.when) && replaced.hashes.contains(&row.hash)
}

/// Whether all that a migration replaces is applied.
fn is_replaced(migration: &Migration, replaced: &HashMap<u32, Vec<LedgerRow>>) -> bool {
    replaced.contains_key(&migration.idx()) && missing(migration, replaced).is_empty()
}

fn missing<'a>(migration: &'a Migration, replaced: &HashMap<u32, Vec<LedgerRow>>) -> Vec<&'a Replaced> {
    let rows = replaced.get(&migration.idx()).map(Vec::as_slice).unwrap_or_default();
    Replaced::missing(migration.replaces(), |one| rows.iter().any(|row| is_of(row, one)))
}

/// Finds for each migration (by idx) its row, and the rows that belong to none.
///
/// Three passes, the surest evidence first. Order matters: an edited migration must claim its row
/// by `created_at` before another file that happens to have the recorded text can do so by hash.
fn assign(migrations: &Migrations, rows: Vec<LedgerRow>) -> (HashMap<u32, LedgerRow>, Vec<LedgerRow>) {
    let mut recorded = HashMap::new();
    // Nearly always the first row is looked for.
    let mut rows = VecDeque::from(rows);
    let mut pass = |belongs: &dyn Fn(&Migration, &LedgerRow) -> bool| {
        for migration in migrations {
            if recorded.contains_key(&migration.idx()) {
                continue;
            }
            let row = rows.iter().position(|row| belongs(migration, row)).and_then(|at| rows.remove(at));
            recorded.extend(row.map(|row| (migration.idx(), row)));
        }
    };
    let same_when = |migration: &Migration, row: &LedgerRow| row.created_at == Some(migration.when());
    pass(&|migration, row| same_when(migration, row) && row.hash == migration.hash());
    pass(&|migration, row| same_when(migration, row));
    // A migration that was moved in the journal has another `when`, but its text tells it, as long
    // as it is the only one with that text.
    pass(&|migration, row| {
        migration.has_hash(&row.hash) && migrations.iter().filter(|other| other.has_hash(&row.hash)).count() == 1
    });
    // A migration recorded twice (two runs of drizzle-kit at once) is not another branch's.
    rows.retain(|row| !migrations.iter().any(|migration| migration.has_hash(&row.hash)));
    (recorded, rows.into())
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
