use schema::{CollationName, Column, Identity, IdentityKind, Storage};

use super::{Leg, Name, SequenceOption};

/// A step on a column.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnStep {
    /// `ADD COLUMN`.
    Add {
        /// The table.
        table: Name,
        /// The column with all that its definition says.
        column: Box<Column>,
        /// Whether it comes back, after a [`Drop`](ColumnStep::Drop) in the same migration.
        rebuilt: bool,
        /// The columns that its generated expression names.
        needs: Vec<String>,
        /// The collation, if not the type's own.
        collation: Option<CollationName>,
        /// Whether its generated value is computed when it is read.
        is_virtual: bool,
    },
    /// `DROP COLUMN`.
    Drop {
        /// The table.
        table: Name,
        /// The column as it was.
        column: Box<Column>,
        /// Whether it comes back, because its expression or how its values are kept changes.
        rebuilt: bool,
        /// The primary key that goes with it, by its name before any rename of the table.
        key: Option<String>,
        /// The sequence of its serial type that goes with it, likewise.
        sequence: Option<Name>,
        /// The collation, if not the type's own.
        collation: Option<CollationName>,
        /// The columns that its generated expression names.
        releases: Vec<String>,
    },
    /// `RENAME COLUMN`.
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
    /// `SET DATA TYPE`.
    SetType {
        /// The table.
        table: Name,
        /// The column as it was.
        previous: Box<Column>,
        /// The column as it becomes: here its name and type count.
        next: Box<Column>,
        /// The expression after USING, where PostgreSQL would not convert by itself.
        using: Option<String>,
        /// The collation, if not the type's own.
        collation: Option<CollationName>,
        /// The collation that the column has no more by this, be it on the way to the same one, made anew.
        leaves: Option<CollationName>,
    },
    /// `SET DEFAULT`.
    SetDefault {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// The SQL text of the default, before the cast.
        default: String,
        /// The type that the default is cast to, where the column does not have it yet or any more.
        cast: Option<DefaultCast>,
        /// An enum type whose values the default so far may name, and this one does not.
        releases: Option<Name>,
        /// The SQL text of the default so far, where it is another.
        previous: Option<String>,
    },
    /// `DROP DEFAULT`.
    DropDefault {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// The enum type of the column, whose values the default may name.
        releases: Option<Name>,
        /// The default as it was.
        default: Option<String>,
    },
    /// `SET STORAGE`.
    SetStorage {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// How long values are kept.
        storage: Storage,
    },
    /// `SET COMPRESSION`.
    SetCompression {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// The method; none is PostgreSQL's own.
        method: Option<String>,
    },
    /// `SET NOT NULL`.
    SetNotNull {
        /// The table.
        table: Name,
        /// The column.
        column: String,
    },
    /// `DROP NOT NULL`.
    DropNotNull {
        /// The table.
        table: Name,
        /// The column.
        column: String,
    },
    /// `ADD GENERATED … AS IDENTITY`.
    AddIdentity {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// The type of the column.
        sql_type: String,
        /// The identity.
        identity: Identity,
    },
    /// One `SET …` for each thing that differs.
    AlterIdentity {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// Who gives the value, where that changes.
        kind: Option<IdentityKind>,
        /// The options of its sequence that change, each a statement.
        options: Vec<SequenceOption>,
    },
    /// `DROP IDENTITY`.
    DropIdentity {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// The bare name of the sequence that goes with it.
        sequence: String,
    },
    /// `DROP EXPRESSION`: the column keeps its values and is computed no more.
    DropExpression {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// The expression as it was.
        expression: String,
        /// The columns that the expression names.
        releases: Vec<String>,
    },
}

/// The type that a default is written for while an enum is made anew.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultCast {
    /// `::text`, while the column is text.
    Text,
    /// The column's own type, which it gets in the next step.
    Column(Box<Column>),
}
