//! Writes one rename into a schema: the object itself, and every place that names it.

mod functions;
mod objects;
mod texts;
mod types;

pub(super) use self::functions::{function, trigger};
pub(super) use self::texts::requalify;
pub(super) use self::types::{collation, composite, domain, range};

use schema::quote::literal;
use schema::{Column, ColumnDefault, CommentKind, Map, PUBLIC, Policy, Schema, Table, type_text};

use crate::step::{Name, Part};

/// Renames a schema and moves everything that lives in it.
pub(super) fn schema(schema: &mut Schema, from: &str, to: &str) {
    let Schema { tables, enums, schemas, sequences, roles: _, policies, views, objects } = schema;
    let renamed = |name: &mut String| {
        if name == from {
            to.clone_into(name);
        }
    };
    rekey(schemas, |name, _| if name == from { to.to_owned() } else { name.to_owned() });
    schemas.values_mut().for_each(renamed);
    for table in tables.values_mut() {
        renamed(&mut table.schema);
        for column in table.columns.values_mut() {
            column.type_schema.as_mut().map(renamed);
            if !objects.is_empty() {
                objects::requalify(&mut column.sql_type, from, to);
            }
            column.identity.as_mut().and_then(|identity| identity.schema.as_mut()).map(renamed);
        }
        table.foreign_keys.values_mut().filter_map(|key| key.schema_to.as_mut()).for_each(renamed);
    }
    enums.values_mut().for_each(|e| renamed(&mut e.schema));
    sequences.values_mut().for_each(|s| renamed(&mut s.schema));
    views.values_mut().for_each(|v| renamed(&mut v.schema));
    relink(policies, |name| if name.schema == from { Name::new(to, &name.name) } else { name });
    rekey(tables, |_, table| table.key());
    rekey(enums, |_, e| e.key());
    rekey(sequences, |_, s| s.key());
    rekey(views, |_, v| v.key());
    objects::schema(objects, from, to);
}

/// Renames or moves an enum, in every column that has it.
pub(super) fn enumeration(schema: &mut Schema, from: &Name, to: &Name) {
    rekey(&mut schema.enums, |key, _| if *key == from.key() { to.key() } else { key.to_owned() });
    if let Some(declared) = schema.enums.get_mut(&to.key()) {
        to.name.clone_into(&mut declared.name);
        to.schema.clone_into(&mut declared.schema);
    }
    objects::commented(&mut schema.objects, &[CommentKind::Type], from, to);
    objects::named_type(&mut schema.objects, from, to);
    for column in schema.tables.values_mut().flat_map(|table| table.columns.values_mut()) {
        if let Some(dimensions) = dimensions_of(column, from) {
            column.sql_type = format!("{}{dimensions}", to.name);
            column.type_schema = Some(to.schema.clone());
        }
    }
}

/// The brackets behind the enum, if the column has it.
fn dimensions_of<'a>(column: &'a Column, of: &Name) -> Option<&'a str> {
    let is_in_schema = column.type_schema.as_deref() == Some(&of.schema);
    let dimensions = column.sql_type.strip_prefix(of.name.as_str()).filter(|_| is_in_schema)?;
    (dimensions.is_empty() || dimensions.starts_with('[')).then_some(dimensions)
}

/// Renames a value of an enum, where a text says that it is one: as a default of the type, or with a cast to it.
pub(super) fn value(schema: &mut Schema, of: &Name, from: &str, to: &str) {
    let values = schema.enums.get_mut(&of.key()).map(|declared| &mut declared.values);
    for value in values.into_iter().flatten().filter(|value| *value == from) {
        to.clone_into(value);
    }
    let [was, is] = [from, to].map(|value| Some(ColumnDefault::Expression(literal(value))));
    for column in schema.tables.values_mut().flat_map(|table| table.columns.values_mut()) {
        if column.default == was && dimensions_of(column, of) == Some("") {
            column.default.clone_from(&is);
        }
    }
    texts::rewrite(schema, |text| type_text::with_value(text, (&of.schema, &of.name), from, to));
}

/// Renames or moves a sequence.
pub(super) fn sequence(schema: &mut Schema, from: &Name, to: &Name) {
    rekey(&mut schema.sequences, |key, _| if *key == from.key() { to.key() } else { key.to_owned() });
    if let Some(sequence) = schema.sequences.get_mut(&to.key()) {
        to.name.clone_into(&mut sequence.name);
        to.schema.clone_into(&mut sequence.schema);
    }
    objects::commented(&mut schema.objects, &[CommentKind::Sequence], from, to);
}

/// Renames a role, in every policy that applies to it.
pub(super) fn role(schema: &mut Schema, from: &str, to: &str) {
    rekey(&mut schema.roles, |name, _| if name == from { to.to_owned() } else { name.to_owned() });
    if let Some(role) = schema.roles.get_mut(to) {
        to.clone_into(&mut role.name);
    }
    let of_tables = schema.tables.values_mut().flat_map(|table| table.policies.values_mut());
    let policies = of_tables.chain(schema.policies.values_mut());
    for role in policies.flat_map(|policy| policy.roles.iter_mut().flatten()).filter(|role| *role == from) {
        to.clone_into(role);
    }
}

/// Renames a policy of a table among those that are declared with it.
pub(super) fn policy(schema: &mut Schema, table: &Name, from: &str, to: &str) {
    if let Some(declared) = schema.tables.get_mut(&table.key()) {
        policy_among(&mut declared.policies, from, to);
    }
    objects::commented_part(&mut schema.objects, CommentKind::Policy, table, from, to);
}

/// Renames a policy on a table that is declared elsewhere.
pub(super) fn linked_policy(schema: &mut Schema, table: &Name, from: &str, to: &str) {
    policy_among(&mut schema.policies, from, to);
    objects::commented_part(&mut schema.objects, CommentKind::Policy, table, from, to);
}

fn policy_among(policies: &mut Map<Policy>, from: &str, to: &str) {
    rekey(policies, |name, _| if name == from { to.to_owned() } else { name.to_owned() });
    if let Some(policy) = policies.get_mut(to) {
        to.clone_into(&mut policy.name);
    }
}

/// Renames or moves a table, in every foreign key that references it.
pub(super) fn table(schema: &mut Schema, from: &Name, to: &Name) {
    rekey(&mut schema.tables, |key, _| if *key == from.key() { to.key() } else { key.to_owned() });
    for table in schema.tables.values_mut() {
        for foreign_key in table.foreign_keys.values_mut() {
            if foreign_key.schema_to_name() == from.schema && foreign_key.table_to == from.name {
                foreign_key.table_to.clone_from(&to.name);
                foreign_key.schema_to = (to.schema != PUBLIC).then(|| to.schema.clone());
            }
        }
    }
    if let Some(table) = schema.tables.get_mut(&to.key()) {
        move_table(table, to);
        objects::table(&mut schema.objects, table, from, to);
    }
    relink(&mut schema.policies, |name| if name == *from { to.clone() } else { name });
}

/// Writes the table of each linked policy as `renamed` has it.
fn relink(policies: &mut Map<Policy>, renamed: impl Fn(Name) -> Name) {
    for policy in policies.values_mut() {
        let Some((schema, table)) = policy.linked_table() else { continue };
        let (was, is) = (Name::new(&schema, &table), renamed(Name::new(&schema, &table)));
        if was != is {
            policy.link(&is.schema, &is.name);
        }
    }
}

fn move_table(table: &mut Table, to: &Name) {
    table.name.clone_from(&to.name);
    table.schema = if to.schema == PUBLIC { String::new() } else { to.schema.clone() };
    for foreign_key in table.foreign_keys.values_mut() {
        foreign_key.table_from.clone_from(&to.name);
    }
    // PostgreSQL moves the sequences of a table's columns along with it.
    for identity in table.columns.values_mut().filter_map(|column| column.identity.as_mut()) {
        identity.schema = Some(to.schema.clone());
    }
}

/// Renames or moves a view.
pub(super) fn view(schema: &mut Schema, from: &Name, to: &Name) {
    rekey(&mut schema.views, |key, _| if *key == from.key() { to.key() } else { key.to_owned() });
    if let Some(view) = schema.views.get_mut(&to.key()) {
        to.name.clone_into(&mut view.name);
        to.schema.clone_into(&mut view.schema);
    }
    objects::view(&mut schema.objects, from, to);
}

/// Renames a column, in every key and index on it.
pub(super) fn column(schema: &mut Schema, table_key: &str, from: &str, to: &str) {
    let renamed = |name: &mut String| {
        if name == from {
            to.clone_into(name);
        }
    };
    for table in schema.tables.values_mut() {
        let referencing = table.foreign_keys.values_mut().filter(|key| key.references() == table_key);
        referencing.flat_map(|key| &mut key.columns_to).for_each(renamed);
    }
    let Some(table) = schema.tables.get_mut(table_key) else { return };
    let is_serial = table.columns.get(from).is_some_and(schema::Column::is_serial);
    objects::column(&mut schema.objects, &Name::of(table), is_serial, from, to);
    rekey(&mut table.columns, |name, _| if name == from { to.to_owned() } else { name.to_owned() });
    if let Some(column) = table.columns.get_mut(to) {
        to.clone_into(&mut column.name);
    }
    table.foreign_keys.values_mut().flat_map(|key| &mut key.columns_from).for_each(renamed);
    table.composite_primary_keys.values_mut().flat_map(|key| &mut key.columns).for_each(renamed);
    table.unique_constraints.values_mut().flat_map(|unique| &mut unique.columns).for_each(renamed);
    for index in table.indexes.values_mut() {
        let plain = index.columns.iter_mut().filter(|column| !column.is_expression);
        plain.for_each(|column| renamed(&mut column.expression));
    }
}

/// Renames a constraint or index of a table; a primary key is declared as it is in `next`.
pub(super) fn part(schema: &mut Schema, next: &Table, part: Part, from: &str, to: &str) {
    let name = Name::of(next);
    let Some(table) = schema.tables.get_mut(&name.key()) else { return };
    match part {
        Part::PrimaryKey => {
            table.composite_primary_keys.clone_from(&next.composite_primary_keys);
            for column in table.columns.values_mut() {
                column.primary_key = next.columns.get(&column.name).is_some_and(|next| next.primary_key);
            }
        }
        Part::Unique => part_among(&mut table.unique_constraints, from, to, |unique| &mut unique.name),
        Part::Check => part_among(&mut table.check_constraints, from, to, |check| &mut check.name),
        Part::ForeignKey => part_among(&mut table.foreign_keys, from, to, |key| &mut key.name),
        Part::Index => part_among(&mut table.indexes, from, to, |index| &mut index.name),
        Part::Exclusion => {}
    }
    objects::part(&mut schema.objects, &name, part, from, to);
}

fn part_among<T>(parts: &mut Map<T>, from: &str, to: &str, name: impl Fn(&mut T) -> &mut String) {
    if let Some(part) = parts.get_mut(from) {
        to.clone_into(name(part));
    }
    rekey(parts, |key, _| if key == from { to.to_owned() } else { key.to_owned() });
}

/// Gives every entry the key that `name` computes, in the same order.
fn rekey<T>(map: &mut Map<T>, name: impl Fn(&str, &T) -> String) {
    *map = std::mem::take(map).into_iter().map(|(key, value)| (name(&key, &value), value)).collect();
}

#[cfg(test)]
mod tests;
