//! drizzle-kit's snapshot file, version 7: the schema as one migration leaves it.
//!
//! What is written here has drizzle-kit's bytes: its key order, an indent of two spaces and no
//! newline at the end. Reading is as strict as drizzle-kit's: an unknown key is an error, since
//! whoever wrote it meant something that would be lost.

mod layout;
#[cfg(feature = "read")]
pub(crate) mod read;
#[cfg(feature = "read")]
mod upgrade;

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

pub use layout::Layout;
#[cfg(feature = "read")]
pub use read::Error;

use crate::json;
use crate::model::{Enum, Map, Policy, Role, Schema, Sequence, Table, View};
use crate::order::{as_in_javascript, is_array_index};

/// The snapshot version that is read and written.
pub const VERSION: &str = "7";
/// The dialect that every snapshot and journal names.
pub const DIALECT: &str = "postgresql";
/// The `prevId` of the first snapshot.
pub const ORIGIN_ID: &str = "00000000-0000-0000-0000-000000000000";

/// A schema with its place in the chain of migrations.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// A UUID that the next snapshot names as its `prevId`.
    pub id: String,
    /// The `id` of the snapshot before, or [`ORIGIN_ID`].
    pub prev_id: String,
    /// The schema. Its [objects](Schema::objects) are no part of the snapshot: they are neither read
    /// nor written here, but in a [file beside it](crate::companion).
    pub schema: Schema,
    /// The renames that drizzle-kit notes; kept as read.
    pub meta: Meta,
    /// What `drizzle-kit pull` notes for itself; kept as read.
    pub internal: Option<Value>,
    /// The order of the keys in the file that was read; the default is that of `drizzle-kit generate`.
    pub layout: Layout,
}

/// The `_meta` section: drizzle-kit reserves it for renames and leaves it empty on PostgreSQL.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// Renamed columns.
    pub columns: Map<String>,
    /// Renamed schemas.
    pub schemas: Map<String>,
    /// Renamed tables.
    pub tables: Map<String>,
}

/// The keys of the file, in its order.
#[derive(Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File<'a> {
    id: Cow<'a, str>,
    prev_id: Cow<'a, str>,
    version: Cow<'a, str>,
    dialect: Cow<'a, str>,
    tables: Cow<'a, Map<Table>>,
    enums: Cow<'a, Map<Enum>>,
    schemas: Cow<'a, Map<String>>,
    #[serde(default)]
    sequences: Cow<'a, Map<Sequence>>,
    #[serde(default)]
    roles: Cow<'a, Map<Role>>,
    #[serde(default)]
    policies: Cow<'a, Map<Policy>>,
    #[serde(default)]
    views: Cow<'a, Map<View>>,
    #[serde(rename = "_meta")]
    meta: Cow<'a, Meta>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    internal: Option<Cow<'a, Value>>,
}

impl Snapshot {
    /// A schema and its place in the chain.
    pub fn new(id: impl Into<String>, prev_id: impl Into<String>, schema: Schema) -> Self {
        Snapshot {
            id: id.into(),
            prev_id: prev_id.into(),
            schema,
            meta: Meta::default(),
            internal: None,
            layout: Layout::default(),
        }
    }

    /// The text of the snapshot file, byte for byte as drizzle-kit would write it.
    pub fn to_json(&self) -> String {
        json::indented(&self.layout.apply(self.to_line()))
    }

    /// The same in one line, for a program to read.
    pub(crate) fn to_line(&self) -> String {
        json::line(&self.file())
    }

    fn file(&self) -> File<'_> {
        let Schema { tables, enums, schemas, sequences, roles, policies, views, objects: _ } = &self.schema;
        File {
            id: Cow::Borrowed(&self.id),
            prev_id: Cow::Borrowed(&self.prev_id),
            version: Cow::Borrowed(VERSION),
            dialect: Cow::Borrowed(DIALECT),
            tables: in_javascript_order(tables),
            enums: Cow::Borrowed(enums),
            schemas: integers_first(schemas),
            sequences: Cow::Borrowed(sequences),
            roles: integers_first(roles),
            policies: integers_first(policies),
            views: Cow::Borrowed(views),
            meta: Cow::Borrowed(&self.meta),
            internal: self.internal.as_ref().map(Cow::Borrowed),
        }
    }
}

/// The tables with their members in JavaScript's order.
fn in_javascript_order(tables: &Map<Table>) -> Cow<'_, Map<Table>> {
    let mut tables = Cow::Borrowed(tables);
    if tables.values().any(|table| member_names(table).any(|name| is_array_index(name))) {
        for table in tables.to_mut().values_mut() {
            as_in_javascript(&mut table.columns);
            as_in_javascript(&mut table.indexes);
            as_in_javascript(&mut table.foreign_keys);
            as_in_javascript(&mut table.composite_primary_keys);
            as_in_javascript(&mut table.unique_constraints);
            as_in_javascript(&mut table.policies);
            as_in_javascript(&mut table.check_constraints);
        }
    }
    tables
}

fn member_names(table: &Table) -> impl Iterator<Item = &String> {
    (table.columns.keys())
        .chain(table.indexes.keys())
        .chain(table.foreign_keys.keys())
        .chain(table.composite_primary_keys.keys())
        .chain(table.unique_constraints.keys())
        .chain(table.policies.keys())
        .chain(table.check_constraints.keys())
}

/// The map in JavaScript's order: only one that is in another is copied.
fn integers_first<T: Clone>(map: &Map<T>) -> Cow<'_, Map<T>> {
    let mut map = Cow::Borrowed(map);
    if map.keys().any(|name| is_array_index(name)) {
        as_in_javascript(map.to_mut());
    }
    map
}

#[cfg(test)]
#[cfg(feature = "read")]
mod tests;
