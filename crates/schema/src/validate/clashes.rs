//! Names that PostgreSQL would have to give twice.
//!
//! It keeps [63 bytes](MAX_BYTES) of each name, lets objects of several kinds share a namespace, and
//! names itself what is declared without a name.

use std::borrow::Cow;
use std::collections::HashMap;
use std::iter::empty;

use super::Problem;
use crate::model::{Column, Map, Schema, Table, View};
use crate::names::{self, MAX_BYTES};

/// A name in some namespace, with the object that has it.
struct Named<'a> {
    schema: &'a str,
    name: Cow<'a, str>,
    /// The object, as a person names it.
    object: String,
    /// Whether PostgreSQL chooses the name. It avoids the names that are taken by then, so two
    /// chosen ones never clash; a declared one does, as soon as it comes second.
    chosen: bool,
}

impl<'a> Named<'a> {
    fn declared(schema: &'a str, name: &'a str, object: String) -> Self {
        Named { schema, name: name.into(), object, chosen: false }
    }

    fn chosen(schema: &'a str, name: String, object: String) -> Self {
        Named { schema, name: name.into(), object, chosen: true }
    }
}

/// Every clash of names in `schema`.
pub(super) fn problems(schema: &Schema) -> Vec<Problem> {
    let mut problems = among(empty(), relations(schema));
    problems.extend(among(row_types(schema), types(schema)));
    for table in schema.tables.values() {
        let exclusions = || exclusions(schema, table);
        problems.extend(among(empty(), columns(table)));
        problems.extend(among(empty(), of_table(table, &table.policies, "a policy")));
        problems.extend(among(keys(table).chain(exclusions()), conditions(table)));
    }
    problems.extend(among(empty(), statistics(schema)));
    problems.extend(among(empty(), roles(schema)));
    problems.extend(functions(schema));
    problems
}

/// Functions and procedures of one name, which PostgreSQL tells apart by the types of their arguments without lengths.
fn functions(schema: &Schema) -> Vec<Problem> {
    let mut taken = HashMap::new();
    let mut problems = Vec::new();
    for (key, function) in &schema.objects.functions {
        let first = *taken.entry(function.signature()).or_insert(key);
        if first != key {
            let message = format!(
                "it takes what \"{first}\" takes, since PostgreSQL keeps no length of an argument; rename one of the two"
            );
            problems.push(Problem { object: format!("function \"{key}\""), message });
        }
    }
    problems
}

/// The clashes of `names` with each other and with `others`, which share their namespace and are
/// checked among themselves elsewhere.
fn among<'a>(others: impl Iterator<Item = Named<'a>>, names: impl Iterator<Item = Named<'a>>) -> Vec<Problem> {
    let mut taken: HashMap<(&str, String), Named> = HashMap::new();
    let mut problems = Vec::new();
    let place = |named: &Named<'a>| (named.schema, names::stored(&named.name).to_owned());
    for other in others {
        taken.entry(place(&other)).or_insert(other);
    }
    for named in names {
        match taken.get(&place(&named)) {
            Some(first) => problems.extend(clash(first, &named)),
            None => {
                taken.insert(place(&named), named);
            }
        }
    }
    problems
}

fn clash(first: &Named, second: &Named) -> Option<Problem> {
    let (named, other) = if second.chosen { (second, first) } else { (first, second) };
    let Named { name, object, .. } = other;
    let message = match (named.chosen, other.chosen) {
        (true, true) => return None,
        (true, false) => format!("PostgreSQL gives its name \"{name}\" to {}; rename it", named.object),
        _ if named.name == *name => {
            format!("its name \"{name}\" is also that of {}; rename one of the two", named.object)
        }
        _ => format!(
            "its name \"{name}\" begins with the same {MAX_BYTES} bytes as \"{}\", that of {}, and PostgreSQL \
             keeps no more; rename one of the two",
            named.name, named.object
        ),
    };
    Some(Problem { object: object.clone(), message })
}

/// Tables, views, sequences and indexes (those of constraints too) share one namespace in each schema.
fn relations(schema: &Schema) -> impl Iterator<Item = Named<'_>> {
    let sequences = schema.sequences.iter();
    row_types(schema)
        .chain(sequences.map(|(key, s)| Named::declared(&s.schema, &s.name, format!("sequence \"{key}\""))))
        .chain(schema.tables.values().flat_map(|table| {
            let indexes = of_table(table, &table.indexes, "an index");
            let exclusions = exclusions(schema, table);
            indexes
                .chain(keys(table))
                .chain(exclusions)
                .chain(table.columns.values().filter_map(|column| sequence(table, column)))
        }))
        .chain(schema.views.values().flat_map(|view| indexes_of_view(schema, view)))
}

/// What has a row type of its name, which lives among the enums.
fn row_types(schema: &Schema) -> impl Iterator<Item = Named<'_>> {
    let tables = schema.tables.iter();
    let tables = tables.map(|(key, t)| Named::declared(t.schema_name(), &t.name, format!("table \"{key}\"")));
    let views = schema.views.iter();
    let partitions = schema.objects.partitions.iter();
    let composites = schema.objects.composites.iter();
    tables
        .chain(views.map(|(key, v)| Named::declared(&v.schema, &v.name, format!("view \"{key}\""))))
        .chain(partitions.map(|(key, p)| Named::declared(&p.schema, &p.name, format!("partition \"{key}\""))))
        .chain(composites.map(|(key, c)| Named::declared(&c.schema, &c.name, format!("composite type \"{key}\""))))
}

/// The types that are no row types.
fn types(schema: &Schema) -> impl Iterator<Item = Named<'_>> {
    let enums = schema.enums.iter();
    let domains = schema.objects.domains.iter();
    let ranges = schema.objects.ranges.iter();
    let multiranges = ranges.clone().filter_map(|(key, range)| {
        let name = range.multirange.as_deref()?;
        Some(Named::declared(&range.schema, name, format!("the multirange of range type \"{key}\"")))
    });
    enums
        .map(|(key, e)| Named::declared(&e.schema, &e.name, format!("enum \"{key}\"")))
        .chain(domains.map(|(key, d)| Named::declared(&d.schema, &d.name, format!("domain \"{key}\""))))
        .chain(ranges.map(|(key, r)| Named::declared(&r.schema, &r.name, format!("range type \"{key}\""))))
        .chain(multiranges)
}

fn indexes_of_view<'a>(schema: &'a Schema, view: &'a View) -> impl Iterator<Item = Named<'a>> {
    let beside = schema.objects.views.get(&view.key());
    let names = beside.into_iter().flat_map(|beside| beside.indexes.keys()).filter(|name| !name.is_empty());
    names.map(move |name| Named::declared(&view.schema, name, format!("an index of view \"{}\"", view.key())))
}

/// The exclusion constraints of a table, which bring an index of their name.
fn exclusions<'a>(schema: &'a Schema, table: &'a Table) -> impl Iterator<Item = Named<'a>> {
    let objects = schema.objects.tables.get(&table.key());
    let names = objects.into_iter().flat_map(|objects| objects.exclusion_constraints.keys());
    let object = || format!("an exclusion constraint of \"{}\"", table.key());
    names.map(move |name| Named::declared(table.schema_name(), name, object()))
}

/// Extended statistics have a namespace of their own.
fn statistics(schema: &Schema) -> impl Iterator<Item = Named<'_>> {
    let statistics = schema.objects.statistics.iter();
    statistics.map(|(key, s)| Named::declared(&s.schema, &s.name, format!("statistics \"{key}\"")))
}

/// Roles live in no schema.
fn roles(schema: &Schema) -> impl Iterator<Item = Named<'_>> {
    schema.roles.keys().map(|name| Named::declared("", name, format!("role \"{name}\"")))
}

fn columns(table: &Table) -> impl Iterator<Item = Named<'_>> {
    of_table(table, &table.columns, "a column")
}

/// The constraints of a table that bring an index of their name.
fn keys(table: &Table) -> impl Iterator<Item = Named<'_>> {
    let unnamed = table.columns.values().any(|column| column.primary_key).then(|| {
        let name = names::catalog(&table.name, None, "pkey");
        Named::chosen(table.schema_name(), name, format!("the primary key of \"{}\"", table.key()))
    });
    of_table(table, &table.composite_primary_keys, "the primary key")
        .chain(of_table(table, &table.unique_constraints, "a unique constraint"))
        .chain(unnamed)
}

/// The other constraints; all of a table share one namespace.
fn conditions(table: &Table) -> impl Iterator<Item = Named<'_>> {
    let foreign_keys = of_table(table, &table.foreign_keys, "a foreign key");
    foreign_keys.chain(of_table(table, &table.check_constraints, "a check constraint"))
}

/// The sequence of a serial or identity column.
fn sequence<'a>(table: &'a Table, column: &'a Column) -> Option<Named<'a>> {
    let object = || format!("the sequence of \"{}\".\"{}\"", table.key(), column.name);
    if let Some(identity) = column.identity.as_ref().filter(|identity| !identity.name.is_empty()) {
        return Some(Named::declared(table.schema_name(), &identity.name, object()));
    }
    (column.is_serial() || column.identity.is_some()).then(|| {
        let name = names::catalog(&table.name, Some(&column.name), "seq");
        Named::chosen(table.schema_name(), name, object())
    })
}

fn of_table<'a, T>(table: &'a Table, map: &'a Map<T>, kind: &'a str) -> impl Iterator<Item = Named<'a>> {
    let names = map.keys().filter(|name| !name.is_empty());
    names.map(move |name| Named::declared(table.schema_name(), name, format!("{kind} of \"{}\"", table.key())))
}
