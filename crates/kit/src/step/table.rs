use schema::Table;

use super::{Leg, Name};

/// A step on a table as a whole.
#[derive(Clone, Debug, PartialEq)]
pub enum TableStep {
    /// `CREATE TABLE` with columns, keys, unique and check constraints; foreign keys and indexes follow on their own.
    Create(Box<Table>),
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
