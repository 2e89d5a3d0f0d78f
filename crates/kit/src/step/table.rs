use schema::{ForeignKey, Map, Table, TableObjects};

use super::{Leg, Name, Reads};

/// What goes with a table that is dropped, as far as the table does not say it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Belongings {
    /// The names of its exclusion constraints, and so of their indexes.
    pub exclusions: Vec<String>,
    /// Its partitions.
    pub partitions: Vec<Name>,
    /// The keys of the functions that its triggers call.
    pub calls: Vec<String>,
    /// The expressions of its exclusion constraints, the conditions of its triggers, the collations of its columns.
    pub expressions: Vec<String>,
    /// The columns and types that its policies read.
    pub reads: Reads,
    /// Its foreign keys, but for those to tables that are dropped too: CASCADE takes these along.
    pub references: Vec<ForeignKey>,
}

/// An index or sequence that goes with its table to another schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// Its bare name.
    pub name: String,
    /// Whether it is a sequence.
    pub is_sequence: bool,
    /// What becomes of the name.
    pub stay: Stay,
}

/// What becomes of a name in the schema that it is carried to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stay {
    /// It is there in the end.
    Keeps,
    /// It is dropped there, or gets another name.
    Leaves,
    /// It is a name in passing, as the name in the end is not free yet.
    Passes,
}

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
        /// Whether it is on already.
        is_on: bool,
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
        /// The tables that its foreign keys reference: where these are unlogged, it must be so too.
        references: Vec<Name>,
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
        /// What else goes with it.
        with: Box<Belongings>,
    },
    /// `ALTER TABLE … SET SCHEMA`.
    SetSchema {
        /// The table where it is.
        table: Name,
        /// The schema it goes to.
        to: String,
        /// The indexes and sequences that go with it.
        carried: Vec<Carried>,
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
