use schema::{Map, Table, TableObjects};

use super::{Leg, Name};

/// A step on a table as a whole.
#[derive(Clone, Debug, PartialEq)]
pub enum TableStep {
    /// `CREATE TABLE` with columns, keys, unique and check constraints; foreign keys, indexes and exclusion
    /// constraints follow on their own.
    Create {
        /// The table.
        table: Box<Table>,
        /// What a snapshot has no place for.
        objects: Box<TableObjects>,
    },
    /// `ALTER TABLE … ENABLE ROW LEVEL SECURITY`.
    EnableRls {
        /// The table.
        table: Name,
    },
    /// `ALTER TABLE … DISABLE ROW LEVEL SECURITY`.
    DisableRls {
        /// The table.
        table: Name,
    },
    /// `ALTER TABLE … FORCE ROW LEVEL SECURITY`, or `NO FORCE`.
    SetRlsForced {
        /// The table.
        table: Name,
        /// Whether it holds for the owner too.
        is_forced: bool,
    },
    /// `ALTER TABLE … SET UNLOGGED`, or `SET LOGGED`.
    SetUnlogged {
        /// The table or partition.
        table: Name,
        /// Whether its rows are left out of the write-ahead log.
        is_unlogged: bool,
    },
    /// `ALTER TABLE … SET (…)`.
    SetParameters {
        /// The table or partition.
        table: Name,
        /// Storage parameters by name.
        parameters: Map<String>,
    },
    /// `ALTER TABLE … RESET (…)`.
    ResetParameters {
        /// The table or partition.
        table: Name,
        /// The names of storage parameters.
        parameters: Vec<String>,
    },
    /// `DROP TABLE … CASCADE`.
    Drop {
        /// The table as it was.
        table: Box<Table>,
    },
    /// `ALTER TABLE … SET SCHEMA`.
    SetSchema {
        /// The table where it is.
        table: Name,
        /// The schema it goes to.
        to: String,
        /// The indexes and sequences that go with it and stay as they are.
        carried: Vec<String>,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// `ALTER TABLE … RENAME TO`.
    Rename {
        /// The table.
        table: Name,
        /// Its new bare name.
        to: String,
        /// Which part of the way to its new name.
        leg: Leg,
    },
}
