use schema::Enum;

use super::{Leg, Name};

/// A step on an enum type.
#[derive(Clone, Debug, PartialEq)]
pub enum EnumStep {
    /// `CREATE TYPE … AS ENUM`.
    Create(Enum),
    /// `ALTER TYPE … SET SCHEMA`.
    SetSchema {
        /// The type where it is.
        name: Name,
        /// The schema it goes to.
        to: String,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// `ALTER TYPE … RENAME TO`.
    Rename {
        /// The type.
        name: Name,
        /// Its new bare name.
        to: String,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// `ALTER TYPE … RENAME VALUE`.
    RenameValue {
        /// The type.
        name: Name,
        /// The value so far.
        from: String,
        /// The value from here on.
        to: String,
    },
    /// `ALTER TYPE … ADD VALUE`.
    AddValue {
        /// The type.
        name: Name,
        /// The new value.
        value: String,
        /// The value that it sorts before; at the end if there is none.
        before: Option<String>,
    },
    /// `DROP TYPE` and `CREATE TYPE` of the same name, with other values.
    Recreate(Enum),
    /// `DROP TYPE`.
    Drop {
        /// The type.
        name: Name,
    },
}
