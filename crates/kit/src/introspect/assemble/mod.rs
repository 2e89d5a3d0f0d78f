//! From the rows of the catalog to the model: no connection, no order but that of the rows.

mod collation;
mod column;
mod comment;
mod composite;
mod constraint;
mod domain;
mod exclusion;
mod expression;
mod function;
mod index;
mod options;
mod partition;
mod policy;
mod range;
mod sequence;
mod statistics;
mod table;
#[cfg(test)]
mod tests;
mod trigger;
mod types;
mod view;

use std::collections::{HashMap, HashSet};

use schema::{Enum, Extension, Map, Objects, PUBLIC, Role, Schema, quote};

use self::sequence::Sequences;
use super::catalog::{Catalog, ObjectRows};
use super::filter::{Filter, Roles};
use super::rows::{ColumnRow, PolicyRow, RelationRow, RoleRow};
use super::{Introspected, NotModelled};

/// The model of what was read.
pub(super) fn assemble(catalog: Catalog, filter: &Filter) -> Introspected {
    let Catalog {
        roles,
        schemas,
        relations,
        columns,
        constraints,
        indexes,
        policies,
        sequences,
        enums,
        objects,
        not_modelled,
    } = catalog;
    let mut notes = Notes(not_modelled.into_iter().map(|row| NotModelled { kind: row.kind, name: row.name }).collect());
    let read: HashSet<u32> = relations.iter().map(|relation| relation.oid).collect();
    let (of_tables, elsewhere): (Vec<_>, Vec<_>) = policies.into_iter().partition(|row| read.contains(&row.relation));
    let mut sequences = Sequences::new(sequences, &relations);
    let enums: Map<Enum> = enums.into_iter().map(enumeration).map(|declared| (declared.key(), declared)).collect();
    enums_that_are_not_read(&columns, &relations, &enums, &mut notes);
    let mut parts = table::Parts {
        columns: by_relation(columns, |row| row.relation),
        constraints: by_relation(constraints, |row| row.relation),
        indexes: by_relation(indexes, |row| row.relation),
        policies: by_relation(of_tables, |row| row.relation),
    };
    let names = schemas.into_iter().map(|row| row.name).filter(|name| name != PUBLIC);
    let mut schema = Schema {
        schemas: names.map(|name| (name.clone(), name)).collect(),
        enums,
        roles: self::roles(roles, filter),
        policies: linked_policies(elsewhere, filter, &mut notes),
        ..Schema::default()
    };
    let comments = add_objects(objects, &mut schema.objects, &mut notes);
    add_relations(&relations, &mut parts, &mut sequences, &mut schema, &mut notes);
    schema.sequences = sequences.standing_alone(&mut notes);
    comment::add(comments, &mut schema, &mut notes);
    leave_out_the_ledgers(&mut schema, filter);
    Introspected { schema, not_modelled: notes.sorted() }
}

/// Tables, partitions and views. Partitions first, while the columns of their parents are still there to compare with.
fn add_relations(
    relations: &[RelationRow],
    parts: &mut table::Parts,
    sequences: &mut Sequences,
    schema: &mut Schema,
    notes: &mut Notes,
) {
    let by_name: HashMap<(&str, &str), &RelationRow> =
        relations.iter().map(|relation| ((relation.schema.as_str(), relation.name.as_str()), relation)).collect();
    let parent = |relation: &RelationRow| {
        by_name.get(&(relation.parent_schema.as_deref()?, relation.parent.as_deref()?)).copied()
    };
    // A partition of a partition has what the partitioned table has, and so has what is built again.
    let root = |relation: &RelationRow| {
        let mut root = parent(relation)?;
        while root.bounds.is_some() {
            root = parent(root)?;
        }
        Some(root)
    };
    let (foreign, local): (Vec<_>, Vec<_>) = relations.iter().partition(|relation| relation.kind == "f");
    for relation in foreign {
        notes.add("foreign table", path(&relation.schema, &relation.name));
    }
    for relation in local.iter().filter(|relation| relation.bounds.is_some()) {
        match root(relation) {
            Some(root) => {
                let partition = partition::partition(relation, root, parts, notes);
                schema.objects.partitions.insert(partition.key(), partition);
            }
            None => notes.add("partition of a table that is not read", path(&relation.schema, &relation.name)),
        }
    }
    for relation in local.iter().filter(|relation| relation.bounds.is_none()) {
        if matches!(relation.kind.as_str(), "v" | "m") {
            let (view, objects) = view::view(relation, parts, notes);
            if !objects.is_empty() {
                schema.objects.views.insert(view.key(), objects);
            }
            schema.views.insert(view.key(), view);
        } else {
            let (table, objects) = table::table(relation, parts, sequences, notes);
            if !objects.is_empty() {
                schema.objects.tables.insert(table.key(), objects);
            }
            schema.tables.insert(table.key(), table);
        }
    }
}

/// What no snapshot holds, but for what belongs to tables; gives the comments, which need to know all the rest.
fn add_objects(rows: ObjectRows, objects: &mut Objects, notes: &mut Notes) -> Vec<super::rows::CommentRow> {
    let ObjectRows { extensions, collations, domains, composites, ranges, functions, triggers, statistics, comments } =
        rows;
    objects.extensions = extensions
        .into_iter()
        .map(|row| Extension { name: row.name, schema: Some(row.schema), version: Some(row.version) })
        .map(|extension| (extension.name.clone(), extension))
        .collect();
    for row in collations {
        notes.extras(&row.extras, &path(&row.schema, &row.name));
        objects.collations.extend(collation::collation(row).map(|collation| (collation.key(), collation)));
    }
    objects.domains = keyed(domains.into_iter().map(|row| domain::domain(row, notes)), schema::Domain::key);
    objects.composites = composite::composites(composites);
    objects.ranges = keyed(ranges.into_iter().map(|row| range::range(row, notes)), schema::Range::key);
    objects.functions = keyed(functions.into_iter().map(|row| function::function(row, notes)), schema::Function::key);
    objects.triggers = keyed(triggers.into_iter().map(|row| trigger::trigger(row, notes)), schema::Trigger::key);
    objects.statistics = keyed(statistics.into_iter().map(statistics::statistics), schema::Statistics::key);
    comments
}

/// The policies on tables that are not read, where those are asked for. The ledger's are nobody's.
fn linked_policies(mut rows: Vec<PolicyRow>, filter: &Filter, notes: &mut Notes) -> Map<schema::Policy> {
    rows.retain(|row| filter.linked_policies && !filter.ledger.has(&row.schema, &row.table_name));
    policy::linked(rows, notes)
}

/// A schema in which there is nothing but the ledger was made for it, and is no more ours than the ledger is.
fn leave_out_the_ledgers(schema: &mut Schema, filter: &Filter) {
    let name = filter.ledger.schema.as_str();
    if !schema.schemas_in_use().contains(name) {
        schema.schemas.shift_remove(name);
    }
}

fn enumeration(row: super::rows::EnumRow) -> Enum {
    Enum { name: row.name, schema: row.schema, values: row.labels }
}

/// A column may have an enum that is in a schema that is not read, or an extension's: nothing declares its type.
fn enums_that_are_not_read(columns: &[ColumnRow], relations: &[RelationRow], enums: &Map<Enum>, notes: &mut Notes) {
    let is_read = |column: &ColumnRow| match (&column.enum_schema, &column.enum_name) {
        (Some(schema), Some(name)) => enums.contains_key(&schema::key(schema, name)),
        _ => true,
    };
    let mut unread = columns.iter().filter(|column| !is_read(column)).peekable();
    if unread.peek().is_none() {
        return;
    }
    let relations: HashMap<u32, &RelationRow> = relations.iter().map(|relation| (relation.oid, relation)).collect();
    for column in unread {
        if let Some(relation) = relations.get(&column.relation) {
            let (relation, column) = (path(&relation.schema, &relation.name), quote::ident_if_needed(&column.name));
            notes.add("column of an enum that is not read", format!("{relation}.{column}"));
        }
    }
}

/// The roles that the filter lets in.
fn roles(rows: Vec<RoleRow>, filter: &Filter) -> Map<Role> {
    let Roles::Matching(patterns) = &filter.roles else { return Map::new() };
    let taken = rows.into_iter().filter(|row| row.is_manageable && patterns.take(&row.name));
    let role = |row: RoleRow| Role {
        name: row.name,
        create_db: row.create_db,
        create_role: row.create_role,
        inherit: row.inherit,
    };
    taken.map(role).map(|role| (role.name.clone(), role)).collect()
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

/// Objects by their key.
fn keyed<T>(objects: impl Iterator<Item = T>, key: impl Fn(&T) -> String) -> Map<T> {
    objects.map(|object| (key(&object), object)).collect()
}

/// Named objects as a map.
fn named<T>(objects: impl IntoIterator<Item = T>, name: impl Fn(&T) -> &String) -> Map<T> {
    objects.into_iter().map(|object| (name(&object).clone(), object)).collect()
}
