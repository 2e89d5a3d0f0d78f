//! The objects of a schema. One file an object kind.
//!
//! Fields stand in the order in which drizzle-kit writes their keys, because serde
//! writes them in that order; the names in JSON are Drizzle's, the names in Rust PostgreSQL's.

mod column;
mod constraint;
mod default;
mod enumeration;
mod index;
mod objects;
mod policy;
mod role;
mod sequence;
mod table;
mod view;

pub use column::{Column, Generated, GeneratedKind, Identity, IdentityKind};
pub use constraint::{Check, ForeignKey, PrimaryKey, ReferentialAction, Unique};
pub use default::{ColumnDefault, compact as compact_json};
pub use enumeration::Enum;
pub use index::{Index, IndexColumn, Nulls};
pub use objects::{
    Argument, ArgumentMode, Attribute, CheckObjects, Collation, CollationName, CollationProvider, ColumnObjects,
    Comment, CommentKind, CommentTarget, Commentable, Composite, Deferral, Domain, Exclusion, ExclusionElement,
    Extension, ForeignKeyObjects, Function, FunctionKind, IndexObjects, KeyObjects, Objects, Parallel, Partition,
    PartitionKey, PartitionKeyPart, PartitionStrategy, Range, Statistics, StatisticsKind, Storage, TableObjects,
    Trigger, TriggerEvent, TriggerLevel, TriggerState, TriggerTiming, ViewObjects, Volatility,
};
pub use policy::{Policy, PolicyCommand, PolicyKind};
pub use role::Role;
pub use sequence::Sequence;
pub use table::Table;
pub use view::View;

use std::collections::BTreeSet;

use indexmap::IndexMap;

/// Objects by name, in the order in which they were declared or read.
pub type Map<T> = IndexMap<String, T>;

/// Everything that a set of migrations manages: the state of one database's schema.
///
/// The keys of tables, enums, sequences and views are `schema.name` with `public` written
/// out; those of schemas, roles and policies are the bare name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// Tables by `schema.name`.
    pub tables: Map<Table>,
    /// Enum types by `schema.name`.
    pub enums: Map<Enum>,
    /// Schemas (namespaces) other than `public`; key and value are the name.
    pub schemas: Map<String>,
    /// Sequences that stand alone, by `schema.name`; those of serial and identity columns belong to their column.
    pub sequences: Map<Sequence>,
    /// Roles by name.
    pub roles: Map<Role>,
    /// Policies on tables that are declared elsewhere, by policy name.
    pub policies: Map<Policy>,
    /// Views and materialized views by `schema.name`.
    pub views: Map<View>,
    /// What drizzle-kit cannot model, and a snapshot does not hold.
    pub objects: Objects,
}

impl Schema {
    /// The indexes that no constraint brings: those of tables, then those of materialized views.
    pub fn indexes_mut(&mut self) -> impl Iterator<Item = &mut Index> {
        let of_views = self.objects.views.values_mut().flat_map(|view| view.indexes.values_mut());
        self.tables.values_mut().flat_map(|table| table.indexes.values_mut()).chain(of_views)
    }

    /// Every schema that something of this lives in. A view that is only named lives elsewhere.
    pub fn schemas_in_use(&self) -> BTreeSet<&str> {
        let Schema { tables, enums, schemas: _, sequences, roles: _, policies: _, views, objects } = self;
        let Objects {
            extensions,
            collations,
            domains,
            composites,
            ranges,
            functions,
            triggers: _,
            tables: _,
            views: _,
            partitions,
            statistics,
            comments: _,
        } = objects;
        (tables.values().map(Table::schema_name))
            .chain(enums.values().map(|e| e.schema.as_str()))
            .chain(sequences.values().map(|s| s.schema.as_str()))
            .chain(views.values().filter(|v| !v.is_existing).map(|v| v.schema.as_str()))
            .chain(extensions.values().filter_map(|e| e.schema.as_deref()))
            .chain(collations.values().map(|c| c.schema.as_str()))
            .chain(domains.values().map(|d| d.schema.as_str()))
            .chain(composites.values().map(|c| c.schema.as_str()))
            .chain(ranges.values().map(|r| r.schema.as_str()))
            .chain(functions.values().map(|f| f.schema.as_str()))
            .chain(partitions.values().map(|p| p.schema.as_str()))
            .chain(statistics.values().map(|s| s.schema.as_str()))
            .collect()
    }
}

/// The schema in which an unqualified name is created: PostgreSQL's default `search_path`.
pub const PUBLIC: &str = "public";

/// The key of an object that lives in a schema: `schema.name`, where an empty schema is `public`.
pub fn key(schema: &str, name: &str) -> String {
    format!("{}.{name}", or_public(schema))
}

/// `public` for the empty name that a snapshot writes in its place.
pub(crate) fn or_public(schema: &str) -> &str {
    if schema.is_empty() { PUBLIC } else { schema }
}
