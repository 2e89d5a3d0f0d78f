use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

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

/// A schema that many targets are looked up in.
pub struct Commentable<'a> {
    schema: &'a Schema,
    indexes: OnceCell<Names<'a>>,
    sequences: OnceCell<Names<'a>>,
}

/// The bare names in each schema.
type Names<'a> = HashMap<&'a str, HashSet<Cow<'a, str>>>;

impl<'a> Commentable<'a> {
    /// The objects of a schema.
    pub fn of(schema: &'a Schema) -> Self {
        Commentable { schema, indexes: OnceCell::new(), sequences: OnceCell::new() }
    }

    /// Whether a table or materialized view has the index. That of a key or exclusion constraint has the name of that.
    fn has_index(&self, schema: &str, name: &str) -> bool {
        let indexes = self.indexes.get_or_init(|| {
            let mut names = Names::new();
            for (key, table) in &self.schema.tables {
                let names = names.entry(table.schema_name()).or_default();
                let beside = self.schema.objects.tables.get(key);
                let exclusions = beside.into_iter().flat_map(|beside| beside.exclusion_constraints.keys());
                let keys = table.unique_constraints.keys().chain(table.composite_primary_keys.keys());
                names.extend(table.indexes.keys().chain(keys).chain(exclusions).map(Cow::from));
                names.extend(implied_key(table).map(Cow::from));
            }
            for (key, view) in &self.schema.views {
                let beside = self.schema.objects.views.get(key);
                let indexes = beside.into_iter().flat_map(|beside| beside.indexes.keys());
                names.entry(&view.schema).or_default().extend(indexes.map(Cow::from));
            }
            names
        });
        indexes.get(schema).is_some_and(|names| names.contains(name))
    }

    /// Whether a column has the sequence.
    fn has_sequence_of_a_column(&self, schema: &str, name: &str) -> bool {
        let sequences = self.sequences.get_or_init(|| {
            let mut names = Names::new();
            for table in self.schema.tables.values() {
                let of_column = |column: &'a Column| match &column.identity {
                    Some(identity) => Some(Cow::from(&identity.name)),
                    None if column.is_serial() => {
                        Some(Cow::from(names::catalog(&table.name, Some(&column.name), "seq")))
                    }
                    None => None,
                };
                names.entry(table.schema_name()).or_default().extend(table.columns.values().filter_map(of_column));
            }
            names
        });
        sequences.get(schema).is_some_and(|names| names.contains(name))
    }
}

impl CommentTarget {
    /// Whether the schema has the object. The columns of a view need not be declared.
    pub fn is_in(&self, commentable: &Commentable) -> bool {
        let schema = commentable.schema;
        let in_schema = self.schema.as_deref().unwrap_or_default();
        let objects = &schema.objects;
        let path = |name: &str| key(in_schema, name);
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
            CommentKind::Sequence => {
                schema.sequences.contains_key(&path) || commentable.has_sequence_of_a_column(in_schema, name)
            }
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
            CommentKind::Index => commentable.has_index(in_schema, name),
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

fn has_key(table: &Table, name: &str) -> bool {
    table.unique_constraints.contains_key(name)
        || table.composite_primary_keys.contains_key(name)
        || implied_key(table).is_some_and(|key| key == name)
}

/// The name of a primary key that is a property of its column.
fn implied_key(table: &Table) -> Option<String> {
    let is_of_column = table.columns.values().any(|column| column.primary_key);
    is_of_column.then(|| names::catalog(&table.name, None, "pkey"))
}

fn has_condition(table: &Table, name: &str) -> bool {
    table.check_constraints.contains_key(name) || table.foreign_keys.contains_key(name)
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
