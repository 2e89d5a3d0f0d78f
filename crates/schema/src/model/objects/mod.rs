//! What drizzle-kit has no word for, so that a snapshot has no place for it. It is kept in a
//! [file of its own](crate::companion) beside the snapshot. One file an object kind.
//!
//! Types are written as SQL writes them (`integer`, `app.price[]`), and so are expressions and bodies.
//! What is left out of the file has PostgreSQL's default.

mod collation;
mod comment;
mod composite;
mod domain;
mod extension;
mod function;
mod partition;
mod range;
mod statistics;
mod table;
mod trigger;
mod view;

pub use collation::{Collation, CollationName, CollationProvider};
pub use comment::{Comment, CommentKind, CommentTarget, Commentable};
pub use composite::{Attribute, Composite};
pub use domain::Domain;
pub use extension::Extension;
pub use function::{Argument, ArgumentMode, Function, FunctionKind, Parallel, Volatility};
pub use partition::{Partition, PartitionKey, PartitionKeyPart, PartitionStrategy};
pub use range::Range;
pub use statistics::{Statistics, StatisticsKind};
pub use table::{
    CheckObjects, ColumnObjects, Exclusion, ExclusionElement, ForeignKeyObjects, IndexObjects, KeyObjects, Storage,
    TableObjects,
};
pub use trigger::{Deferral, Trigger, TriggerEvent, TriggerLevel, TriggerState, TriggerTiming};
pub use view::ViewObjects;

use super::Map;

/// The objects of a schema that no snapshot holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Objects {
    /// Extensions by name.
    pub extensions: Map<Extension>,
    /// Collations by `schema.name`.
    pub collations: Map<Collation>,
    /// Domains by `schema.name`.
    pub domains: Map<Domain>,
    /// Composite types by `schema.name`.
    pub composites: Map<Composite>,
    /// Range types by `schema.name`.
    pub ranges: Map<Range>,
    /// Functions and procedures by `schema.name(type, type)`, with the types of the arguments that a call gives.
    pub functions: Map<Function>,
    /// Triggers by `schema.table.name`.
    pub triggers: Map<Trigger>,
    /// What a table has beside its entry in a snapshot, by the key of [`Schema::tables`](super::Schema::tables).
    pub tables: Map<TableObjects>,
    /// What a materialized view has beside its entry in a snapshot, by the key of
    /// [`Schema::views`](super::Schema::views).
    pub views: Map<ViewObjects>,
    /// Partitions by `schema.name`. They have the columns, constraints and indexes of their parent, and
    /// so no entry among the tables that could say something else.
    pub partitions: Map<Partition>,
    /// Extended statistics by `schema.name`.
    pub statistics: Map<Statistics>,
    /// Comments by [`CommentTarget::key`].
    pub comments: Map<Comment>,
}

impl Objects {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        let Objects {
            extensions,
            collations,
            domains,
            composites,
            ranges,
            functions,
            triggers,
            tables,
            views,
            partitions,
            statistics,
            comments,
        } = self;
        extensions.is_empty()
            && collations.is_empty()
            && domains.is_empty()
            && composites.is_empty()
            && ranges.is_empty()
            && functions.is_empty()
            && triggers.is_empty()
            && tables.is_empty()
            && views.is_empty()
            && partitions.is_empty()
            && statistics.is_empty()
            && comments.is_empty()
    }

    /// The key of the table that a partition is one of in the end; anything else is its own.
    pub fn partition_root(&self, key: &str) -> String {
        let mut root = key.to_owned();
        // No more often than there are partitions: before it is validated, one may be a part of itself.
        for _ in 0..self.partitions.len() {
            match self.partitions.get(&root) {
                Some(partition) => root = partition.parent_key(),
                None => break,
            }
        }
        root
    }
}

/// Whether a value is its type's default, and so is left out of the file.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
