use super::{Leg, Name};

/// A step on a sequence that belongs to a column.
#[derive(Clone, Debug, PartialEq)]
pub enum SerialStep {
    /// `CREATE SEQUENCE … AS … OWNED BY`: what `serial` does by itself in CREATE TABLE.
    CreateOwned {
        /// The sequence.
        name: Name,
        /// The integer type.
        sql_type: &'static str,
        /// The owning column's table.
        table: Name,
        /// The owning column.
        column: String,
    },
    /// `ALTER SEQUENCE … AS`, when a serial column changes its width.
    SetType {
        /// The sequence.
        name: Name,
        /// The integer type.
        sql_type: &'static str,
    },
    /// `SELECT setval(…)`: goes on after the last value that the column holds.
    Continue {
        /// The column's table.
        table: Name,
        /// The column.
        column: String,
        /// Where the sequence begins while the column holds none.
        start: String,
        /// Whether it counts down.
        is_descending: bool,
    },
    /// `ALTER SEQUENCE … RENAME TO`.
    Rename {
        /// The sequence.
        name: Name,
        /// Its new bare name.
        to: String,
        /// The table of the column that owns it, as it is called at the time.
        table: Name,
        /// Whether that is what the table is called in the end, where it has moved and been renamed.
        is_settled: bool,
        /// Whether its name is the one that PostgreSQL gave it: a serial column's, not an identity's.
        is_implicit: bool,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// `DROP SEQUENCE`.
    Drop {
        /// The sequence.
        name: Name,
        /// The table of the column that owned it.
        table: Name,
        /// The column.
        column: String,
    },
}
