use schema::Index;

use super::Name;

/// A step on an index.
#[derive(Clone, Debug, PartialEq)]
pub enum IndexStep {
    /// `CREATE INDEX`.
    Create {
        /// The table.
        table: Name,
        /// The index.
        index: Index,
        /// The columns that it stands on.
        columns: Vec<String>,
        /// Whether the table is new and thus empty.
        on_new_table: bool,
    },
    /// `DROP INDEX`.
    Drop {
        /// The table.
        table: Name,
        /// The index as it was.
        index: Index,
        /// The columns that it stands on.
        columns: Vec<String>,
    },
}
