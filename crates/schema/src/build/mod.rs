//! Declaring a schema without macros. The derives of `schema-macros` end here as well, so both
//! ways give the same model with the same names.

#[macro_use]
mod options;

mod additions;
mod column;
mod constraint;
mod index;
mod literal;
mod members;
mod objects;
mod policy;
mod role;
mod sequence;
mod table;
pub mod types;
mod view;

pub use additions::Additions;
pub use column::{Column, Identity};
pub use constraint::{Check, ForeignKey, PrimaryKey, Unique};
pub use index::{Index, IndexColumn};
pub use literal::Literal;
pub use objects::{
    Collation, Comment, Composite, Domain, Exclusion, ExclusionElement, Extension, Function, Partition, PartitionKey,
    Range, Statistics, Trigger,
};
pub use policy::{LinkedPolicy, Policy};
pub use role::Role;
pub use sequence::Sequence;
pub use table::Table;
pub use types::Type;
pub use view::View;

use indexmap::map::Entry;

use crate::model::{self, Map, PUBLIC, Schema};
use crate::order::by_key;
use crate::validate::{self, Problem};

/// One declared object of a schema.
#[derive(Clone, Debug)]
pub enum Object {
    /// A table.
    Table(Box<Table>),
    /// An enum type.
    Enum(model::Enum),
    /// A schema (namespace) that no declared object lives in yet.
    Schema(String),
    /// A sequence that stands alone.
    Sequence(model::Sequence),
    /// A role.
    Role(model::Role),
    /// A policy on a table that is declared elsewhere.
    Policy(model::Policy),
    /// A view.
    View(View),
    /// An extension.
    Extension(Extension),
    /// A collation.
    Collation(Collation),
    /// A domain.
    Domain(Domain),
    /// A composite type.
    Composite(Composite),
    /// A range type.
    Range(Range),
    /// A function or procedure.
    Function(Function),
    /// A trigger on a table or view that is declared elsewhere.
    Trigger(Trigger),
    /// A partition.
    Partition(Partition),
    /// Extended statistics.
    Statistics(Statistics),
    /// A comment on an object that is declared elsewhere.
    Comment(Comment),
    /// What a table has beside what its struct says.
    Additions(Box<Additions>),
}

macro_rules! from_builders {
    ($($kind:ident),+) => {$(
        impl From<$kind> for Object {
            fn from(object: $kind) -> Self {
                Object::$kind(object)
            }
        }
    )+};
}

impl From<Table> for Object {
    fn from(table: Table) -> Self {
        Object::Table(Box::new(table))
    }
}

impl From<Additions> for Object {
    fn from(additions: Additions) -> Self {
        Object::Additions(Box::new(additions))
    }
}

from_builders!(View, Extension, Collation, Domain, Composite, Range, Function, Trigger, Partition, Statistics, Comment);

impl From<model::Enum> for Object {
    fn from(declared: model::Enum) -> Self {
        Object::Enum(declared)
    }
}

/// An enum type in `public`; set [`model::Enum::schema`] for another schema.
pub fn enumeration<S: Into<String>>(name: &str, values: impl IntoIterator<Item = S>) -> model::Enum {
    model::Enum {
        name: name.to_owned(),
        schema: PUBLIC.to_owned(),
        values: values.into_iter().map(Into::into).collect(),
    }
}

/// Gathers declared objects into a schema, in the order of their names, so that moving a
/// declaration to another file changes nothing. The schemas that they live in come with them.
///
/// # Errors
/// Everything that is wrong with the declaration at once: see [`validate::problems`].
pub fn schema(objects: impl IntoIterator<Item = Object>) -> Result<Schema, Vec<Problem>> {
    let mut schema = Schema::default();
    let mut problems = Vec::new();
    let mut additions = Vec::new();
    let mut linked = Vec::new();
    for object in objects {
        match object {
            Object::Table(table) => {
                let table = table.build(&mut schema.objects, &mut problems);
                insert(&mut schema.tables, table.key(), table, "table", &mut problems);
            }
            Object::Enum(declared) => insert(&mut schema.enums, declared.key(), declared, "enum", &mut problems),
            Object::Schema(name) => {
                schema.schemas.insert(name.clone(), name);
            }
            Object::Sequence(sequence) => {
                insert(&mut schema.sequences, sequence.key(), sequence, "sequence", &mut problems)
            }
            Object::Role(role) => insert(&mut schema.roles, role.name.clone(), role, "role", &mut problems),
            Object::Policy(policy) => linked.push(policy),
            Object::View(view) => {
                let view = view.build(&mut schema.objects, &mut problems);
                insert(&mut schema.views, view.key(), view, "view", &mut problems);
            }
            Object::Extension(extension) => {
                let extension = extension.build();
                insert(&mut schema.objects.extensions, extension.name.clone(), extension, "extension", &mut problems);
            }
            Object::Collation(collation) => {
                let collation = collation.build();
                insert(&mut schema.objects.collations, collation.key(), collation, "collation", &mut problems);
            }
            Object::Domain(domain) => {
                let domain = domain.build(&mut problems);
                insert(&mut schema.objects.domains, domain.key(), domain, "domain", &mut problems);
            }
            Object::Composite(composite) => {
                let composite = composite.build(&mut problems);
                insert(&mut schema.objects.composites, composite.key(), composite, "composite type", &mut problems);
            }
            Object::Range(range) => {
                let range = range.build();
                insert(&mut schema.objects.ranges, range.key(), range, "range type", &mut problems);
            }
            Object::Function(function) => {
                let function = function.build();
                insert(&mut schema.objects.functions, function.key(), function, "function", &mut problems);
            }
            Object::Trigger(trigger) => {
                let trigger = trigger.build();
                insert(&mut schema.objects.triggers, trigger.key(), trigger, "trigger", &mut problems);
            }
            Object::Partition(partition) => {
                let partition = partition.build();
                insert(&mut schema.objects.partitions, partition.key(), partition, "partition", &mut problems);
            }
            Object::Statistics(statistics) => {
                let statistics = statistics.build();
                insert(&mut schema.objects.statistics, statistics.key(), statistics, "statistics", &mut problems);
            }
            Object::Comment(comment) => add_comment(&mut schema.objects, comment, &mut problems),
            Object::Additions(more) => additions.push(more),
        }
    }
    // A table may be declared after what is added to it.
    additions.into_iter().for_each(|more| add(&mut schema, *more, &mut problems));
    linked.into_iter().for_each(|policy| link(&mut schema, policy, &mut problems));
    declare_namespaces(&mut schema);
    sort(&mut schema);
    problems.extend(validate::problems(&schema));
    if problems.is_empty() { Ok(schema) } else { Err(problems) }
}

/// Adds a named object, or notes that its name is taken.
fn insert<T>(map: &mut Map<T>, key: String, value: T, kind: &'static str, problems: &mut Vec<Problem>) {
    match map.entry(key) {
        Entry::Occupied(taken) => problems.push(Problem::declared_twice(kind, taken.key())),
        Entry::Vacant(free) => {
            free.insert(value);
        }
    }
}

/// Adds to a declared table.
fn add(schema: &mut Schema, additions: Additions, problems: &mut Vec<Problem>) {
    let (key, more) = additions.into_parts();
    match schema.tables.get_mut(&key) {
        Some(table) => more.add_to(table, &mut schema.objects, problems),
        None => problems.push(Problem {
            object: format!("additions to table \"{key}\""),
            message: "there is no such table; declare it, or correct the name".to_owned(),
        }),
    }
}

/// A linked policy whose table is declared is one of that table, as in drizzle-kit; PostgreSQL keeps the names of
/// policies table by table. Any other is known by its name alone, as a snapshot has it.
fn link(schema: &mut Schema, policy: model::Policy, problems: &mut Vec<Problem>) {
    let name = policy.name.clone();
    let target = policy.linked_table().map(|(schema, table)| model::key(&schema, &table));
    match target.and_then(|key| schema.tables.get_mut(&key)) {
        Some(table) if table.policies.contains_key(&name) => {
            problems.push(Problem::declared_twice_in("table", &table.key(), "policy", &name));
        }
        Some(table) => {
            table.policies.insert(name, model::Policy { schema: None, on: None, ..policy });
        }
        None => insert(&mut schema.policies, name, policy, "policy", problems),
    }
}

fn add_comment(objects: &mut model::Objects, comment: Comment, problems: &mut Vec<Problem>) {
    let comment = comment.build();
    insert(&mut objects.comments, comment.on.key(), comment, "comment on", problems);
}

/// An object in a schema other than `public` needs that schema: declaring the one declares the other.
fn declare_namespaces(schema: &mut Schema) {
    let Schema { tables, enums, schemas, sequences, roles: _, policies: _, views, objects } = schema;
    let names = (tables.values().map(model::Table::schema_name))
        .chain(enums.values().map(|e| e.schema.as_str()))
        .chain(sequences.values().map(|s| s.schema.as_str()))
        .chain(views.values().filter(|v| !v.is_existing).map(|v| v.schema.as_str()))
        .chain(objects.extensions.values().filter_map(|e| e.schema.as_deref()))
        .chain(objects.collations.values().map(|c| c.schema.as_str()))
        .chain(objects.domains.values().map(|d| d.schema.as_str()))
        .chain(objects.composites.values().map(|c| c.schema.as_str()))
        .chain(objects.ranges.values().map(|r| r.schema.as_str()))
        .chain(objects.functions.values().map(|f| f.schema.as_str()))
        .chain(objects.partitions.values().map(|p| p.schema.as_str()))
        .chain(objects.statistics.values().map(|s| s.schema.as_str()));
    // `pg_catalog` and the like are there; an extension may live in one of them.
    for name in names.filter(|name| *name != PUBLIC && !name.starts_with("pg_")) {
        if !schemas.contains_key(name) {
            schemas.insert(name.to_owned(), name.to_owned());
        }
    }
}

fn sort(schema: &mut Schema) {
    let Schema { tables, enums, schemas, sequences, roles, policies, views, objects } = schema;
    by_key(tables);
    by_key(enums);
    by_key(schemas);
    by_key(sequences);
    by_key(roles);
    by_key(policies);
    by_key(views);
    let model::Objects {
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
    } = objects;
    by_key(extensions);
    by_key(collations);
    by_key(domains);
    by_key(composites);
    by_key(ranges);
    by_key(functions);
    by_key(triggers);
    by_key(tables);
    by_key(views);
    by_key(partitions);
    by_key(statistics);
    by_key(comments);
}
