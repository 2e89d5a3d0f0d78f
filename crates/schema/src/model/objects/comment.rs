use serde::Serialize;

use super::FunctionKind;
use crate::model::{Column, PUBLIC, Policy, Schema, Table, key};
use crate::names;

/// A comment, and what it is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Comment {
    /// The object.
    pub on: CommentTarget,
    /// The text.
    pub text: String,
}

/// An object that can have a comment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommentTarget {
    /// What it is.
    pub kind: CommentKind,
    /// The schema that it, or what it is a part of, lives in, written out; none where that is no schema's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The bare name of the table, view, domain or composite type that it is a part of.
    #[serde(rename = "of", default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The bare name.
    pub name: String,
    /// The types of the arguments that a call gives, where it is a function.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arguments: Option<Vec<String>>,
}

impl CommentTarget {
    /// The key of its comment in [`Objects::comments`](super::Objects::comments).
    pub fn key(&self) -> String {
        let CommentTarget { kind, schema, owner, name, arguments } = self;
        let path = [schema.as_deref(), owner.as_deref(), Some(name.as_str())];
        let path = path.into_iter().flatten().collect::<Vec<_>>().join(".");
        let arguments = arguments.as_ref().map(|types| format!("({})", types.join(", "))).unwrap_or_default();
        format!("{} {path}{arguments}", kind.word())
    }
}

impl CommentTarget {
    /// Whether the schema has the object. The columns of a view need not be declared.
    pub fn is_in(&self, schema: &Schema) -> bool {
        let objects = &schema.objects;
        let path = |name: &str| key(self.schema.as_deref().unwrap_or_default(), name);
        let (path, owner) = (path(&self.name), self.owner.as_deref().map(path).unwrap_or_default());
        let name = &self.name;
        let table = schema.tables.get(&owner);
        match self.kind {
            CommentKind::Schema => name == PUBLIC || schema.schemas.contains_key(name),
            CommentKind::Extension => objects.extensions.contains_key(name),
            CommentKind::Collation => objects.collations.contains_key(&path),
            CommentKind::Domain => objects.domains.contains_key(&path),
            CommentKind::DomainConstraint => {
                objects.domains.get(&owner).is_some_and(|domain| domain.check_constraints.contains_key(name))
            }
            CommentKind::Type => {
                schema.enums.contains_key(&path)
                    || objects.composites.contains_key(&path)
                    || objects.ranges.contains_key(&path)
            }
            CommentKind::Function | CommentKind::Procedure => {
                let arguments = self.arguments.as_ref().map(|types| types.join(", ")).unwrap_or_default();
                let function = objects.functions.get(&format!("{path}({arguments})"));
                let is_procedure = self.kind == CommentKind::Procedure;
                function.is_some_and(|function| (function.kind == FunctionKind::Procedure) == is_procedure)
            }
            CommentKind::Sequence => schema.sequences.contains_key(&path) || is_sequence_of_a_column(schema, self),
            CommentKind::Table => schema.tables.contains_key(&path) || objects.partitions.contains_key(&path),
            CommentKind::Column => {
                schema.views.contains_key(&owner)
                    || table.is_some_and(|table| table.columns.contains_key(name))
                    || objects.composites.get(&owner).is_some_and(|of| of.attributes.contains_key(name))
            }
            CommentKind::Constraint => {
                let beside = objects.tables.get(&owner);
                table.is_some_and(|table| has_key(table, name) || has_condition(table, name))
                    || beside.is_some_and(|beside| beside.exclusion_constraints.contains_key(name))
            }
            // The index of a key or exclusion constraint has the name of that.
            CommentKind::Index => {
                let mut tables = schema.tables.values().filter(|table| self.is_in_namespace(table.schema_name()));
                let mut views = schema.views.iter().filter(|(_, view)| self.is_in_namespace(&view.schema));
                let beside = |key: &String| objects.views.get(key);
                let excludes = |table: &Table| {
                    let beside = objects.tables.get(&table.key());
                    beside.is_some_and(|beside| beside.exclusion_constraints.contains_key(name))
                };
                tables.any(|table| table.indexes.contains_key(name) || has_key(table, name) || excludes(table))
                    || views.any(|(key, _)| beside(key).is_some_and(|beside| beside.indexes.contains_key(name)))
            }
            CommentKind::View => schema.views.get(&path).is_some_and(|view| !view.materialized),
            CommentKind::MaterializedView => schema.views.get(&path).is_some_and(|view| view.materialized),
            CommentKind::Policy => {
                let linked = schema.policies.get(name).and_then(Policy::linked_table);
                table.is_some_and(|table| table.policies.contains_key(name))
                    || linked.is_some_and(|(schema, table)| key(&schema, &table) == owner)
            }
            CommentKind::Statistics => objects.statistics.contains_key(&path),
            CommentKind::Trigger => objects.triggers.contains_key(&format!("{owner}.{name}")),
        }
    }
}

impl CommentTarget {
    fn is_in_namespace(&self, name: &str) -> bool {
        self.schema.as_deref() == Some(name)
    }
}

fn has_key(table: &Table, name: &str) -> bool {
    table.unique_constraints.contains_key(name)
        || table.composite_primary_keys.contains_key(name)
        || (table.columns.values().any(|column| column.primary_key)
            && names::catalog(&table.name, None, "pkey") == name)
}

fn has_condition(table: &Table, name: &str) -> bool {
    table.check_constraints.contains_key(name) || table.foreign_keys.contains_key(name)
}

fn is_sequence_of_a_column(schema: &Schema, target: &CommentTarget) -> bool {
    let is_named = |table: &Table, column: &Column| match &column.identity {
        Some(identity) => identity.name == target.name,
        None => column.is_serial() && names::catalog(&table.name, Some(&column.name), "seq") == target.name,
    };
    let mut tables = schema.tables.values().filter(|table| target.schema.as_deref() == Some(table.schema_name()));
    tables.any(|table| table.columns.values().any(|column| is_named(table, column)))
}

/// The kinds of object that can have a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum CommentKind {
    /// A schema (namespace).
    Schema,
    /// An extension.
    Extension,
    /// A collation.
    Collation,
    /// An enum, composite or range type.
    Type,
    /// A domain.
    Domain,
    /// A constraint of a domain.
    DomainConstraint,
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// A sequence.
    Sequence,
    /// A table or partition.
    Table,
    /// A column of a table or view, or an attribute of a composite type.
    Column,
    /// A constraint of a table.
    Constraint,
    /// An index.
    Index,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A policy.
    Policy,
    /// A trigger.
    Trigger,
    /// Extended statistics.
    Statistics,
}

impl CommentKind {
    /// The words of SQL and of a key, in lower case.
    pub fn word(self) -> &'static str {
        match self {
            CommentKind::Schema => "schema",
            CommentKind::Extension => "extension",
            CommentKind::Collation => "collation",
            CommentKind::Type => "type",
            CommentKind::Domain => "domain",
            CommentKind::DomainConstraint => "domain constraint",
            CommentKind::Function => "function",
            CommentKind::Procedure => "procedure",
            CommentKind::Sequence => "sequence",
            CommentKind::Table => "table",
            CommentKind::Column => "column",
            CommentKind::Constraint => "constraint",
            CommentKind::Index => "index",
            CommentKind::View => "view",
            CommentKind::MaterializedView => "materialized view",
            CommentKind::Policy => "policy",
            CommentKind::Trigger => "trigger",
            CommentKind::Statistics => "statistics",
        }
    }
}
