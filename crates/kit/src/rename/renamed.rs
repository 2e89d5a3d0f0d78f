use schema::FunctionKind;

use super::Kind;
use crate::step::{Name, Part};

/// A rename or move that was answered and found its objects.
#[derive(Clone, Debug, PartialEq)]
pub enum Rename {
    /// A schema.
    Schema {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// An enum, renamed, moved to another schema, or both.
    Enum {
        /// Where it is, under its schema's new name.
        from: Name,
        /// Where it goes.
        to: Name,
    },
    /// A value of an enum.
    Value {
        /// The enum under its new name.
        of: Name,
        /// The old value.
        from: String,
        /// The new value.
        to: String,
    },
    /// A sequence that stands alone, renamed, moved to another schema, or both.
    Sequence {
        /// Where it is, under its schema's new name.
        from: Name,
        /// Where it goes.
        to: Name,
    },
    /// A role.
    Role {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A table, renamed, moved to another schema, or both.
    Table {
        /// Where it is, under its schema's new name.
        from: Name,
        /// Where it goes.
        to: Name,
    },
    /// A column.
    Column {
        /// The table under its new name.
        table: Name,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A constraint or index of a table.
    Part {
        /// The table under its new name.
        table: Name,
        /// What it is.
        part: Part,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A row-level security policy.
    Policy {
        /// The table under its new name.
        table: Name,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A view, renamed, moved to another schema, or both.
    View {
        /// Where it is, under its schema's new name.
        from: Name,
        /// Where it goes.
        to: Name,
    },
    /// A collation, renamed, moved to another schema, or both.
    Collation {
        /// Where it is, under its schema's new name.
        from: Name,
        /// Where it goes.
        to: Name,
    },
    /// A domain, renamed, moved to another schema, or both.
    Domain {
        /// Where it is, under its schema's new name.
        from: Name,
        /// Where it goes.
        to: Name,
    },
    /// A composite type, renamed, moved to another schema, or both.
    Composite {
        /// Where it is, under its schema's new name.
        from: Name,
        /// Where it goes.
        to: Name,
    },
    /// A range type, renamed, moved to another schema, or both.
    Range {
        /// Where it is, under its schema's new name.
        from: Name,
        /// Where it goes.
        to: Name,
    },
    /// A function or procedure, renamed, moved to another schema, or both.
    Function {
        /// Which of the two it is.
        kind: FunctionKind,
        /// Where it is, under its schema's new name.
        from: Name,
        /// Where it goes.
        to: Name,
        /// The types of its arguments, under their new names.
        arguments: Vec<String>,
    },
    /// A trigger.
    Trigger {
        /// The table or view under its new name.
        table: Name,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
}

impl Rename {
    /// The kind, the old and the new name of what has a name in a schema.
    pub(crate) fn moved(&self) -> Option<(Kind, &Name, &Name)> {
        match self {
            Rename::Enum { from, to } => Some((Kind::Enum, from, to)),
            Rename::Sequence { from, to } => Some((Kind::Sequence, from, to)),
            Rename::Table { from, to } => Some((Kind::Table, from, to)),
            Rename::View { from, to } => Some((Kind::View, from, to)),
            Rename::Collation { from, to } => Some((Kind::Collation, from, to)),
            Rename::Domain { from, to } => Some((Kind::Domain, from, to)),
            Rename::Composite { from, to } => Some((Kind::Composite, from, to)),
            Rename::Range { from, to } => Some((Kind::Range, from, to)),
            Rename::Function { kind: FunctionKind::Function, from, to, .. } => Some((Kind::Function, from, to)),
            Rename::Function { kind: FunctionKind::Procedure, from, to, .. } => Some((Kind::Procedure, from, to)),
            Rename::Schema { .. }
            | Rename::Role { .. }
            | Rename::Value { .. }
            | Rename::Column { .. }
            | Rename::Part { .. }
            | Rename::Policy { .. }
            | Rename::Trigger { .. } => None,
        }
    }
}
