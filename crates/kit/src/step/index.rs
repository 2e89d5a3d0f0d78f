use schema::{Index, IndexObjects};

use super::{Leg, Name};

/// A step on an index.
#[derive(Clone, Debug, PartialEq)]
pub enum IndexStep {
    /// `CREATE INDEX`.
    Create {
        /// The table or materialized view.
        table: Name,
        /// The index.
        index: Index,
        /// The columns that it stands on, where it is a table.
        columns: Vec<String>,
        /// Whether the table is new and thus empty.
        on_new_table: bool,
        /// What a snapshot has no place for.
        objects: IndexObjects,
    },
    /// `DROP INDEX`.
    Drop {
        /// The table or materialized view.
        table: Name,
        /// The index as it was.
        index: Index,
        /// The columns that it stands on, where it is a table.
        columns: Vec<String>,
    },
    /// `ALTER INDEX … RENAME TO`, of the index of a constraint too.
    Rename {
        /// The index.
        name: Name,
        /// Its new bare name.
        to: String,
        /// Which part of the way to its new name.
        leg: Leg,
    },
}
