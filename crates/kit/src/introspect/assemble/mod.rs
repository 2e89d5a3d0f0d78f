//! From the rows of the catalog to the model: no connection, no order but that of the rows.

mod column;
mod constraint;
mod expression;
mod index;
mod options;
mod policy;
mod sequence;
mod table;
#[cfg(test)]
mod tests;
mod types;
mod view;

use std::collections::HashMap;

use schema::{Enum, Map, PUBLIC, Role, Schema, quote};

use self::sequence::Sequences;
use super::catalog::Catalog;
use super::filter::Filter;
use super::rows::RelationRow;
use super::{Introspected, NotModelled};

/// The model of what was read.
pub(super) fn assemble(catalog: Catalog, filter: &Filter) -> Introspected {
    let Catalog { schemas, relations, columns, constraints, indexes, sequences, enums, policies, roles, not_modelled } =
        catalog;
    let mut notes = Notes(not_modelled.into_iter().map(|row| NotModelled { kind: row.kind, name: row.name }).collect());
    let mut sequences = Sequences::new(sequences, &relations);
    let mut parts = table::Parts {
        columns: by_relation(columns, |row| row.relation),
        constraints: by_relation(constraints, |row| row.relation),
        indexes: by_relation(indexes, |row| row.relation),
        policies: by_relation(policies, |row| row.relation),
    };
    let mut schema = Schema::default();
    for relation in &relations {
        match relation.kind.as_str() {
            "v" | "m" => {
                let view = view::view(relation, &mut parts, &mut notes);
                schema.views.insert(view.key(), view);
            }
            "f" => notes.add("foreign table", path(&relation.schema, &relation.name)),
            _ => {
                let table = table::table(relation, &mut parts, &mut sequences, &mut notes);
                schema.tables.insert(table.key(), table);
            }
        }
    }
    schema.sequences = sequences.standing_alone(&mut notes);
    schema.enums = enums.into_iter().map(enumeration).map(|declared| (declared.key(), declared)).collect();
    schema.roles = roles.into_iter().map(role).map(|role| (role.name.clone(), role)).collect();
    let names = schemas.into_iter().map(|row| row.name).filter(|name| name != PUBLIC);
    schema.schemas = names.map(|name| (name.clone(), name)).collect();
    leave_out_the_ledgers(&mut schema, filter);
    Introspected { schema, not_modelled: notes.sorted() }
}

/// A schema in which there is nothing but the ledger was made for it, and is no more ours than the ledger is.
fn leave_out_the_ledgers(schema: &mut Schema, filter: &Filter) {
    let Schema { tables, enums, schemas, sequences, roles: _, policies: _, views, objects: _ } = schema;
    let name = filter.ledger.schema.as_str();
    let is_in_use = tables.values().any(|table| table.schema == name)
        || enums.values().any(|declared| declared.schema == name)
        || sequences.values().any(|sequence| sequence.schema == name)
        || views.values().any(|view| view.schema == name);
    if !is_in_use {
        schemas.shift_remove(name);
    }
}

fn enumeration(row: super::rows::EnumRow) -> Enum {
    Enum { name: row.name, schema: row.schema, values: row.labels }
}

fn role(row: super::rows::RoleRow) -> Role {
    Role { name: row.name, create_db: row.create_db, create_role: row.create_role, inherit: row.inherit }
}

/// Rows by the relation that they are of, each group in the order of the query.
fn by_relation<T>(rows: Vec<T>, relation: impl Fn(&T) -> u32) -> HashMap<u32, Vec<T>> {
    let mut groups: HashMap<u32, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(relation(&row)).or_default().push(row);
    }
    groups
}

/// What is found on the way and a schema cannot say.
struct Notes(Vec<NotModelled>);

impl Notes {
    fn add(&mut self, kind: impl Into<String>, name: impl Into<String>) {
        self.0.push(NotModelled { kind: kind.into(), name: name.into() });
    }

    /// A note for each of the extras of one object.
    fn extras(&mut self, extras: &[String], name: &str) {
        extras.iter().for_each(|extra| self.add(extra, name));
    }

    fn sorted(mut self) -> Vec<NotModelled> {
        self.0.sort();
        self.0.dedup();
        self.0
    }
}

/// A qualified name, quoted where SQL needs it.
fn path(schema: &str, name: &str) -> String {
    format!("{}.{}", quote::ident_if_needed(schema), quote::ident_if_needed(name))
}

/// A relation's part as notes name it: `name on schema.table`.
fn part(name: &str, relation: &RelationRow) -> String {
    format!("{} on {}", quote::ident_if_needed(name), path(&relation.schema, &relation.name))
}

/// What a snapshot has for a schema that it leaves out where it is `public`.
fn unless_public(schema: &str) -> Option<String> {
    (schema != PUBLIC).then(|| schema.to_owned())
}

/// Named objects as a map.
fn named<T>(objects: impl IntoIterator<Item = T>, name: impl Fn(&T) -> &String) -> Map<T> {
    objects.into_iter().map(|object| (name(&object).clone(), object)).collect()
}
