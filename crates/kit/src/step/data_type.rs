use schema::{Attribute, Check, Collation, Composite, Domain, Range};

use super::{Leg, Name};

/// A step on a domain, a composite type, a range type or a collation: what a column has.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeStep {
    /// `CREATE …`.
    Create {
        /// What is made.
        definition: Box<TypeDefinition>,
        /// Whether it comes back, after a [`Drop`](TypeStep::Drop) in the same migration.
        recreated: bool,
    },
    /// `DROP …`.
    Drop {
        /// What it was.
        definition: Box<TypeDefinition>,
        /// Whether it comes back.
        recreated: bool,
    },
    /// `ALTER … SET SCHEMA`.
    SetSchema {
        /// What it is.
        kind: TypeKind,
        /// The type where it is.
        name: Name,
        /// The schema it goes to.
        to: String,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// `ALTER … RENAME TO`.
    Rename {
        /// What it is.
        kind: TypeKind,
        /// The type.
        name: Name,
        /// Its new bare name.
        to: String,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// Changes a domain.
    Domain {
        /// The domain.
        name: Name,
        /// What is done.
        change: DomainChange,
    },
    /// Changes a composite type.
    Composite {
        /// The type.
        name: Name,
        /// What is done.
        change: CompositeChange,
    },
}

/// What a type or collation is, as far as its name depends on it.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// A domain.
    Domain,
    /// A composite type.
    Composite,
    /// A range type, as it was: a multirange type and functions are named after it.
    Range(Box<Range>),
    /// A collation.
    Collation,
}

/// A type or collation with all that it says.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeDefinition {
    /// A domain.
    Domain(Domain),
    /// A composite type.
    Composite(Composite),
    /// A range type.
    Range(Range),
    /// A collation.
    Collation(Collation),
}

impl TypeDefinition {
    /// The name.
    pub fn name(&self) -> Name {
        match self {
            TypeDefinition::Domain(domain) => Name::new(&domain.schema, &domain.name),
            TypeDefinition::Composite(composite) => Name::new(&composite.schema, &composite.name),
            TypeDefinition::Range(range) => Name::new(&range.schema, &range.name),
            TypeDefinition::Collation(collation) => Name::new(&collation.schema, &collation.name),
        }
    }
}

/// What a step does to a domain.
#[derive(Clone, Debug, PartialEq)]
pub enum DomainChange {
    /// `SET DEFAULT`.
    SetDefault(String),
    /// `DROP DEFAULT`, with the default as it was.
    DropDefault(String),
    /// `SET NOT NULL`.
    SetNotNull,
    /// `DROP NOT NULL`.
    DropNotNull,
    /// `ADD CONSTRAINT … CHECK`.
    AddCheck(Check),
    /// `DROP CONSTRAINT`, with the constraint as it was.
    DropCheck(Check),
}

/// What a step does to a composite type.
#[derive(Clone, Debug, PartialEq)]
pub enum CompositeChange {
    /// `ADD ATTRIBUTE`.
    Add(Attribute),
    /// `DROP ATTRIBUTE`.
    Drop(Attribute),
    /// `ALTER ATTRIBUTE … SET DATA TYPE`.
    SetType {
        /// The type that the attribute had.
        previous: String,
        /// What it becomes.
        next: Attribute,
    },
}
