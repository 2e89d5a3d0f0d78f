/// A kind of object that can be renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A schema (namespace).
    Schema,
    /// An enum type.
    Enum,
    /// A value of an enum type.
    Value,
    /// A sequence that stands alone.
    Sequence,
    /// A role.
    Role,
    /// A table.
    Table,
    /// A column.
    Column,
    /// A row-level security policy.
    Policy,
    /// A view or materialized view.
    View,
    /// A collation.
    Collation,
    /// A domain.
    Domain,
    /// A composite type.
    Composite,
    /// A range type.
    Range,
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// A trigger.
    Trigger,
}

impl Kind {
    /// Every kind: those of drizzle-kit in the order in which it asks, a value behind its enum, then the others.
    pub(crate) const ALL: [Kind; 16] = [
        Kind::Schema,
        Kind::Enum,
        Kind::Value,
        Kind::Sequence,
        Kind::Role,
        Kind::Table,
        Kind::Column,
        Kind::Policy,
        Kind::View,
        Kind::Collation,
        Kind::Domain,
        Kind::Composite,
        Kind::Range,
        Kind::Function,
        Kind::Procedure,
        Kind::Trigger,
    ];

    /// The word that a flag's prefix and a question use.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Schema => "schema",
            Kind::Enum => "enum",
            Kind::Value => "value",
            Kind::Sequence => "sequence",
            Kind::Role => "role",
            Kind::Table => "table",
            Kind::Column => "column",
            Kind::Policy => "policy",
            Kind::View => "view",
            Kind::Collation => "collation",
            Kind::Domain => "domain",
            Kind::Composite => "composite",
            Kind::Range => "range",
            Kind::Function => "function",
            Kind::Procedure => "procedure",
            Kind::Trigger => "trigger",
        }
    }
}
