use schema::{Check, CheckObjects, Deferral, Exclusion, ForeignKey, ForeignKeyObjects, KeyObjects, PrimaryKey, Unique};

use super::{Leg, Name};

/// A step on a constraint.
#[derive(Clone, Debug, PartialEq)]
pub enum ConstraintStep {
    /// `ADD CONSTRAINT … PRIMARY KEY`.
    AddPrimaryKey {
        /// The table.
        table: Name,
        /// The key; an empty name leaves the naming to PostgreSQL.
        key: PrimaryKey,
        /// What a snapshot has no place for.
        objects: KeyObjects,
    },
    /// `ADD CONSTRAINT … UNIQUE`.
    AddUnique {
        /// The table.
        table: Name,
        /// The constraint.
        unique: Unique,
        /// What a snapshot has no place for.
        objects: KeyObjects,
    },
    /// `ADD CONSTRAINT … CHECK`.
    AddCheck {
        /// The table.
        table: Name,
        /// The constraint.
        check: Check,
        /// The columns that its condition mentions.
        columns: Vec<String>,
        /// What a snapshot has no place for.
        objects: CheckObjects,
    },
    /// `ADD CONSTRAINT … EXCLUDE`.
    AddExclusion {
        /// The table.
        table: Name,
        /// The constraint.
        exclusion: Exclusion,
        /// The columns that it stands on.
        columns: Vec<String>,
    },
    /// `ADD CONSTRAINT … FOREIGN KEY`.
    AddForeignKey {
        /// The table.
        table: Name,
        /// The key.
        key: ForeignKey,
        /// What a snapshot has no place for.
        objects: ForeignKeyObjects,
    },
    /// `ALTER CONSTRAINT`, of a foreign key.
    SetDeferral {
        /// The table.
        table: Name,
        /// The constraint's name.
        name: String,
        /// When it is checked from here on.
        deferral: Deferral,
    },
    /// `DROP CONSTRAINT`.
    Drop {
        /// The table.
        table: Name,
        /// The constraint's name.
        name: String,
        /// What it is, with what it depends on.
        kind: ConstraintKind,
    },
    /// `RENAME CONSTRAINT`.
    Rename {
        /// The table.
        table: Name,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
        /// Which part of the way to its new name.
        leg: Leg,
    },
}

/// What kind of constraint is dropped, and the columns it stands on.
#[derive(Clone, Debug, PartialEq)]
pub enum ConstraintKind {
    /// A primary key.
    PrimaryKey {
        /// Its columns.
        columns: Vec<String>,
        /// The columns that its index holds beside them.
        include: Vec<String>,
        /// Whether its name is the one that PostgreSQL gave it.
        is_implicit: bool,
    },
    /// A unique constraint.
    Unique {
        /// Its columns.
        columns: Vec<String>,
        /// The columns that its index holds beside them.
        include: Vec<String>,
    },
    /// A check constraint.
    Check {
        /// The columns that its condition mentions.
        columns: Vec<String>,
        /// The condition.
        condition: String,
    },
    /// An exclusion constraint.
    Exclusion {
        /// The constraint as it was.
        exclusion: Exclusion,
        /// The columns that it stands on.
        columns: Vec<String>,
    },
    /// A foreign key.
    ForeignKey(ForeignKey),
}
