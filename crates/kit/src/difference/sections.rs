//! A schema as the snapshot format writes it, kind by kind.

use schema::{ColumnDefault, Map, Objects, Schema, Table, ViewObjects};
use serde::Serialize;
use serde_json::{Map as Properties, Value};

/// A kind of objects, and its words.
pub(super) type Kind = &'static str;

/// The objects of a schema by kind, those first on which others stand, without what another schema has the same: two
/// large schemas that are compared are mostly equal, and writing that takes far longer than finding it out.
pub(super) fn sections(schema: &Schema, other: &Schema) -> Vec<(Kind, Properties<String, Value>)> {
    let Schema { tables: _, enums, schemas, sequences, roles, policies, views: _, objects } = schema;
    let Objects {
        extensions,
        collations,
        domains,
        composites,
        ranges,
        functions,
        triggers,
        tables: _,
        views: _,
        partitions,
        statistics,
        comments,
    } = objects;
    let others = &other.objects;
    vec![
        ("schema", written(schemas, &other.schemas)),
        ("extension", written(extensions, &others.extensions)),
        ("role", written(roles, &other.roles)),
        ("collation", written(collations, &others.collations)),
        ("enum", written(enums, &other.enums)),
        ("domain", written(domains, &others.domains)),
        ("composite type", written(composites, &others.composites)),
        ("range type", written(ranges, &others.ranges)),
        ("sequence", written(sequences, &other.sequences)),
        ("function", written(functions, &others.functions)),
        ("table", tables(schema, other)),
        ("partition", written(partitions, &others.partitions)),
        ("view", views(schema, other)),
        ("statistics", written(statistics, &others.statistics)),
        ("trigger", written(triggers, &others.triggers)),
        ("policy", written(policies, &other.policies)),
        ("comment", written(comments, &others.comments)),
    ]
}

/// Objects as the snapshot format has them, without those that are the same in another schema.
fn written<T: PartialEq + Serialize>(objects: &Map<T>, others: &Map<T>) -> Properties<String, Value> {
    let unlike = objects.iter().filter(|(key, object)| others.get(*key) != Some(*object));
    unlike.map(|(key, object)| (key.clone(), value(object))).collect()
}

fn value(object: &impl Serialize) -> Value {
    serde_json::to_value(object).expect("an object of the model is plain values")
}

/// Tables, each with what it has beside its entry in a snapshot.
fn tables(schema: &Schema, other: &Schema) -> Properties<String, Value> {
    let Schema { tables, objects: Objects { tables: beside, .. }, .. } = schema;
    relations((tables, beside), (&other.tables, &other.objects.tables), |table| value(&with_defaults(table)), value)
}

/// Views, as tables.
fn views(schema: &Schema, other: &Schema) -> Properties<String, Value> {
    let Schema { views, objects: Objects { views: beside, .. }, .. } = schema;
    relations((views, beside), (&other.views, &other.objects.views), value, of_view)
}

/// Tables or views and what they have beside, without those of which both are the same in another schema.
fn relations<T: PartialEq, B: PartialEq>(
    (entries, beside): (&Map<T>, &Map<B>),
    (other_entries, other_beside): (&Map<T>, &Map<B>),
    written: impl Fn(&T) -> Value,
    written_beside: impl Fn(&B) -> Value,
) -> Properties<String, Value> {
    let is_unlike =
        |key: &String| entries.get(key) != other_entries.get(key) || beside.get(key) != other_beside.get(key);
    let mut all = Properties::new();
    for (key, entry) in entries.iter().filter(|(key, _)| is_unlike(key)) {
        all.insert(key.clone(), written(entry));
    }
    for (key, more) in beside.iter().filter(|(key, _)| is_unlike(key)) {
        merge(all.entry(key).or_insert_with(|| Value::Object(Properties::new())), written_beside(more));
    }
    all
}

/// A table with its defaults as the SQL that they are: a snapshot may have the same one as JSON or as an expression.
fn with_defaults(table: &Table) -> Table {
    let mut table = table.clone();
    for column in table.columns.values_mut() {
        column.default = column.default_sql().map(|sql| ColumnDefault::Expression(sql.into_owned()));
    }
    table
}

/// What a view has beside its entry, each index with all of its own.
fn of_view(objects: &ViewObjects) -> Value {
    let mut written = value(objects);
    if let Some(beside) = written.as_object_mut()
        && let Some(more) = beside.remove("indexObjects")
    {
        merge(beside.entry("indexes").or_insert(Value::Null), more);
    }
    written
}

/// Adds the members of `more`, at every depth.
fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (key, value) in more {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, more) => *into = more,
    }
}
