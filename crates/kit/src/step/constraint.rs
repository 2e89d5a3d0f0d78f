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
        /// What it is.
        part: Part,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
        /// Whether the old name is the one that PostgreSQL gave it.
        is_implicit: bool,
        /// Which part of the way to its new name.
        leg: Leg,
    },
}

/// What a table has under a name of its own, beside columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A primary key.
    PrimaryKey,
    /// A unique constraint.
    Unique,
    /// A check constraint.
    Check,
    /// A foreign key.
    ForeignKey,
    /// An exclusion constraint.
    Exclusion,
    /// An index that is no constraint's.
    Index,
}

impl Part {
    /// Whether it is an index or has one, which goes by its name.
    pub(crate) fn has_index(self) -> bool {
        !matches!(self, Part::Check | Part::ForeignKey)
    }
}

impl ConstraintKind {
    /// What it is of its table.
    pub(crate) fn part(&self) -> Part {
        match self {
            ConstraintKind::PrimaryKey { .. } => Part::PrimaryKey,
            ConstraintKind::Unique { .. } => Part::Unique,
            ConstraintKind::Check { .. } => Part::Check,
            ConstraintKind::ForeignKey(_) => Part::ForeignKey,
            ConstraintKind::Exclusion { .. } => Part::Exclusion,
        }
    }
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
