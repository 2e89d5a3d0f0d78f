use schema::Sequence;

use super::{Leg, Name};

/// A step on a sequence that stands alone.
#[derive(Clone, Debug, PartialEq)]
pub enum SequenceStep {
    /// `CREATE SEQUENCE`.
    Create(Sequence),
    /// `ALTER SEQUENCE` with every option.
    Alter {
        /// The sequence as it was.
        previous: Sequence,
        /// The sequence as it becomes.
        next: Sequence,
    },
    /// `ALTER SEQUENCE … SET SCHEMA`.
    SetSchema {
        /// The sequence where it is.
        name: Name,
        /// The schema it goes to.
        to: String,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// `ALTER SEQUENCE … RENAME TO`.
    Rename {
        /// The sequence.
        name: Name,
        /// Its new bare name.
        to: String,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// `DROP SEQUENCE`.
    Drop {
        /// The sequence.
        name: Name,
    },
}
