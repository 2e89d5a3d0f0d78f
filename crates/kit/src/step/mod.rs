//! What a migration does, one step a statement or two, before it has an order or a text.
//!
//! A step is complete: whoever renders it decides nothing and looks nothing up.

mod column;
mod comment;
mod constraint;
mod data_type;
mod enumeration;
mod extension;
mod function;
mod index;
mod namespace;
mod partition;
mod policy;
mod role;
mod sequence;
mod serial;
mod statistics;
mod table;
mod trigger;
mod view;

use std::fmt;

use schema::{PUBLIC, quote};

pub use column::{ColumnStep, DefaultCast};
pub use comment::CommentStep;
pub use constraint::{ConstraintKind, ConstraintStep, Part};
pub use data_type::{CompositeChange, DomainChange, TypeDefinition, TypeKind, TypeStep};
pub use enumeration::EnumStep;
pub use extension::ExtensionStep;
pub use function::FunctionStep;
pub use index::IndexStep;
pub use namespace::SchemaStep;
pub use partition::PartitionStep;
pub use policy::{PolicyEnd, PolicyStep, PolicyTable};
pub use role::RoleStep;
pub use sequence::{SequenceOption, SequenceStep};
pub use serial::SerialStep;
pub use statistics::StatisticsStep;
pub use table::{Belongings, Carried, Stay, TableStep};
pub use trigger::TriggerStep;
pub use view::{Reads, ViewChange, ViewStep};

/// One step of a migration, by the kind of object it changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Changes a schema (namespace).
    Schema(SchemaStep),
    /// Changes an enum type.
    Enum(EnumStep),
    /// Changes the sequence of a serial or identity column.
    Serial(SerialStep),
    /// Changes a sequence that stands alone.
    Sequence(SequenceStep),
    /// Changes a role.
    Role(RoleStep),
    /// Changes a table as a whole.
    Table(TableStep),
    /// Changes a column.
    Column(ColumnStep),
    /// Changes a constraint.
    Constraint(ConstraintStep),
    /// Changes an index.
    Index(IndexStep),
    /// Changes a view.
    View(ViewStep),
    /// Changes a row-level security policy.
    Policy(PolicyStep),
    /// Changes an extension.
    Extension(ExtensionStep),
    /// Changes a domain, composite type, range type or collation.
    Type(TypeStep),
    /// Changes a function or procedure.
    Function(FunctionStep),
    /// Changes a trigger.
    Trigger(TriggerStep),
    /// Changes a partition.
    Partition(PartitionStep),
    /// Changes extended statistics.
    Statistics(StatisticsStep),
    /// Says what an object is for.
    Comment(CommentStep),
}

/// The name of an object that lives in a schema. Its `Display` is SQL, unqualified in `public`
/// as drizzle-kit writes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The schema, written out.
    pub schema: String,
    /// The bare name.
    pub name: String,
}

impl Name {
    /// A name in a schema; the empty schema is `public`.
    pub fn new(schema: &str, name: &str) -> Self {
        let schema = if schema.is_empty() { PUBLIC } else { schema };
        Name { schema: schema.to_owned(), name: name.to_owned() }
    }

    /// The name of a table.
    pub fn of(table: &schema::Table) -> Self {
        Name::new(&table.schema, &table.name)
    }

    /// The name of an enum type.
    pub fn of_enum(declared: &schema::Enum) -> Self {
        Name::new(&declared.schema, &declared.name)
    }

    /// The name of a sequence that stands alone.
    pub fn of_sequence(sequence: &schema::Sequence) -> Self {
        Name::new(&sequence.schema, &sequence.name)
    }

    /// The name of a view.
    pub fn of_view(view: &schema::View) -> Self {
        Name::new(&view.schema, &view.name)
    }

    /// The name of a function, without its arguments.
    pub fn of_function(function: &schema::Function) -> Self {
        Name::new(&function.schema, &function.name)
    }

    /// The name of a partition.
    pub fn of_partition(partition: &schema::Partition) -> Self {
        Name::new(&partition.schema, &partition.name)
    }

    /// The same schema, another name.
    #[must_use]
    pub fn sibling(&self, name: &str) -> Self {
        Name { schema: self.schema.clone(), name: name.to_owned() }
    }

    /// `"schema"."name"`, with `public` written out too.
    pub fn qualified(&self) -> String {
        format!("{}.{}", quote::ident(&self.schema), quote::ident(&self.name))
    }

    /// The key in a snapshot: `schema.name`.
    pub fn key(&self) -> String {
        schema::key(&self.schema, &self.name)
    }
}

/// How much of the way from the old name to the new one a step goes. Between two legs an object
/// has a name that neither schema knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// All of it.
    Whole,
    /// To a name in passing.
    First,
    /// From one name in passing to another.
    Middle,
    /// From a name in passing.
    Last,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.schema == PUBLIC { f.write_str(&quote::ident(&self.name)) } else { f.write_str(&self.qualified()) }
    }
}
