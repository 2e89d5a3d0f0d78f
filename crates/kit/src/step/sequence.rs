use schema::Sequence;

use super::{Leg, Name};

/// A step on a sequence that stands alone.
#[derive(Clone, Debug, PartialEq)]
pub enum SequenceStep {
    /// `CREATE SEQUENCE`.
    Create(Sequence),
    /// `ALTER SEQUENCE`.
    Alter {
        /// The sequence.
        name: Name,
        /// What it says, in its order; never empty.
        options: Vec<SequenceOption>,
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

/// An option of a sequence, be it its own or an identity column's. Numbers are decimal text, as in
/// the snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceOption {
    /// `INCREMENT BY`.
    Increment(String),
    /// `MINVALUE`.
    MinValue(String),
    /// `MAXVALUE`.
    MaxValue(String),
    /// `START WITH`.
    Start(String),
    /// `CACHE`.
    Cache(String),
    /// `CYCLE` or `NO CYCLE`.
    Cycle(bool),
    /// `RESTART`: back to where it starts.
    Restart,
}

impl SequenceOption {
    /// The place in drizzle-kit's order.
    pub(crate) fn position(&self) -> u8 {
        match self {
            SequenceOption::Increment(_) => 0,
            SequenceOption::MinValue(_) => 1,
            SequenceOption::MaxValue(_) => 2,
            SequenceOption::Start(_) => 3,
            SequenceOption::Cache(_) => 4,
            SequenceOption::Cycle(_) => 5,
            SequenceOption::Restart => 6,
        }
    }
}
