//! What of a database is compared with a schema that somebody declared.
//!
//! A database has more than a schema declares: extensions that an administrator made, functions and triggers from
//! migrations by hand, comments. A kind of object that drizzle-kit cannot model, and of which the schema declares nothing,
//! is none that it manages, and is left alone; so is an extension that it does not declare. And some of what it declares
//! is not for the catalog to say: the version of an extension that is left to PostgreSQL, whether a materialized view was
//! made without data.

use schema::{
    CheckObjects, ColumnObjects, Deferral, ForeignKeyObjects, IndexObjects, KeyObjects, Map, Objects, Policy,
    PrimaryKey, Schema, Table, TableObjects, key, names,
};

use super::NotModelled;
use super::filter::forget_what_is_gone;

/// What of a database is compared with a schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compared {
    /// What the schema manages.
    pub schema: Schema,
    /// What it does not, in the order of kinds and names.
    pub left_alone: Vec<NotModelled>,
}

/// What of `found` is compared with `declared`.
pub fn compared(mut found: Schema, declared: &Schema) -> Compared {
    let mut left = Left(Vec::new());
    leave_kinds(&mut found.objects, &declared.objects, &mut left);
    extensions(&mut found.objects, &declared.objects, &mut left);
    declared_elsewhere(&mut found, declared);
    views(&mut found, declared);
    forget_what_is_gone(&mut found);
    primary_keys(&mut found);
    let Left(mut left_alone) = left;
    left_alone.sort();
    Compared { schema: found, left_alone }
}

/// What is left alone.
struct Left(Vec<NotModelled>);

impl Left {
    fn add(&mut self, kind: &str, name: &str) {
        self.0.push(NotModelled { kind: kind.to_owned(), name: name.to_owned() });
    }

    /// Leaves all of a kind alone, unless one of it is declared.
    fn kind<T>(&mut self, kind: &str, found: &mut Map<T>, declared: &Map<T>) {
        if declared.is_empty() {
            found.drain(..).for_each(|(name, _)| self.add(kind, &name));
        }
    }

    /// Leaves a part of a table alone, unless some table declares one.
    fn part<T: Default + PartialEq>(&mut self, kind: &str, name: &str, found: &mut T, is_declared: bool) {
        if !is_declared && *found != T::default() {
            *found = T::default();
            self.add(kind, name);
        }
    }
}

fn leave_kinds(found: &mut Objects, declared: &Objects, left: &mut Left) {
    let Objects {
        extensions: _,
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
    } = found;
    left.kind("collation", collations, &declared.collations);
    left.kind("domain", domains, &declared.domains);
    left.kind("composite type", composites, &declared.composites);
    left.kind("range type", ranges, &declared.ranges);
    left.kind("function", functions, &declared.functions);
    left.kind("trigger", triggers, &declared.triggers);
    left.kind("partition", partitions, &declared.partitions);
    left.kind("statistics", statistics, &declared.statistics);
    left.kind("comment", comments, &declared.comments);
    if declared.views.is_empty() {
        for (key, view) in views {
            view.index_objects.clear();
            view.indexes.drain(..).for_each(|(name, _)| {
                left.add("index of a materialized view", &format!("{key}.{name}"));
            });
        }
    }
    leave_parts(tables, declared, left);
}

/// What tables have beside their entries.
fn leave_parts(found: &mut Map<TableObjects>, declared: &Objects, left: &mut Left) {
    let declares = |has: fn(&TableObjects) -> bool| declared.tables.values().any(has);
    let column_declares =
        |has: fn(&ColumnObjects) -> bool| declared.tables.values().flat_map(|table| table.columns.values()).any(has);
    let has_partition_key = declares(|table| table.partition_by.is_some());
    let has_parameters = declares(|table| !table.storage_parameters.is_empty());
    let has_unlogged = declares(|table| table.is_unlogged);
    let has_forced = declares(|table| table.is_rls_forced);
    let has_exclusions = declares(|table| !table.exclusion_constraints.is_empty());
    let has_collation = column_declares(|column| column.collation.is_some());
    let has_storage = column_declares(|column| column.storage.is_some());
    let has_compression = column_declares(|column| column.compression.is_some());
    let [has_included, has_nulls, has_deferrable] = [includes, tells_nulls_not_apart, defers].map(declares);
    let [has_match_full, has_no_inherit] = [matches_full, is_not_inherited].map(declares);
    for (key, table) in found {
        let TableObjects {
            partition_by,
            storage_parameters,
            is_unlogged,
            is_rls_forced,
            exclusion_constraints,
            columns,
            indexes,
            foreign_keys,
            composite_primary_keys,
            unique_constraints,
            check_constraints,
        } = table;
        left.part("partition key", key, partition_by, has_partition_key);
        left.part("storage parameters", key, storage_parameters, has_parameters);
        left.part("UNLOGGED", key, is_unlogged, has_unlogged);
        left.part("FORCE ROW LEVEL SECURITY", key, is_rls_forced, has_forced);
        if !has_exclusions {
            exclusion_constraints.drain(..).for_each(|(name, _)| {
                left.add("exclusion constraint", &format!("{key}.{name}"));
            });
        }
        for (name, ColumnObjects { collation, storage, compression, is_virtual: _ }) in columns {
            let name = format!("{key}.{name}");
            left.part("COLLATE", &name, collation, has_collation);
            left.part("STORAGE", &name, storage, has_storage);
            left.part("COMPRESSION", &name, compression, has_compression);
        }
        for (name, IndexObjects { include, nulls_not_distinct }) in indexes {
            let name = format!("{key}.{name}");
            left.part("INCLUDE", &name, include, has_included);
            left.part("NULLS NOT DISTINCT", &name, nulls_not_distinct, has_nulls);
        }
        for (name, KeyObjects { include, deferral }) in composite_primary_keys.iter_mut().chain(unique_constraints) {
            let name = format!("{key}.{name}");
            left.part("INCLUDE", &name, include, has_included);
            left.part("DEFERRABLE", &name, deferral, has_deferrable);
        }
        for (name, ForeignKeyObjects { is_match_full, deferral }) in foreign_keys {
            let name = format!("{key}.{name}");
            left.part("MATCH FULL", &name, is_match_full, has_match_full);
            left.part("DEFERRABLE", &name, deferral, has_deferrable);
        }
        for (name, CheckObjects { is_no_inherit }) in check_constraints {
            left.part("NO INHERIT", &format!("{key}.{name}"), is_no_inherit, has_no_inherit);
        }
    }
}

fn keys(table: &TableObjects) -> impl Iterator<Item = &KeyObjects> {
    table.composite_primary_keys.values().chain(table.unique_constraints.values())
}

fn includes(table: &TableObjects) -> bool {
    keys(table).any(|key| !key.include.is_empty()) || table.indexes.values().any(|index| !index.include.is_empty())
}

fn tells_nulls_not_apart(table: &TableObjects) -> bool {
    table.indexes.values().any(|index| index.nulls_not_distinct)
}

fn defers(table: &TableObjects) -> bool {
    let foreign_keys = table.foreign_keys.values().map(|key| key.deferral);
    keys(table).map(|key| key.deferral).chain(foreign_keys).any(|deferral| deferral != Deferral::NotDeferrable)
}

fn matches_full(table: &TableObjects) -> bool {
    table.foreign_keys.values().any(|key| key.is_match_full)
}

fn is_not_inherited(table: &TableObjects) -> bool {
    table.check_constraints.values().any(|check| check.is_no_inherit)
}

/// A primary key of which nothing is left but its column, under the name that PostgreSQL gives, is the column's own.
fn primary_keys(Schema { tables, objects, .. }: &mut Schema) {
    for (key, table) in tables {
        let name = names::catalog(&table.name, None, "pkey");
        let has_more = objects.tables.get(key).is_some_and(|table| table.composite_primary_keys.contains_key(&name));
        let Some(PrimaryKey { columns, .. }) = table.composite_primary_keys.get(&name).filter(|_| !has_more) else {
            continue;
        };
        if let [column] = columns.as_slice()
            && let Some(column) = table.columns.get_mut(column)
        {
            column.primary_key = true;
            table.composite_primary_keys.clear();
        }
    }
}

/// An extension that is not declared is an administrator's; where schema and version are not, they are PostgreSQL's to
/// choose.
fn extensions(found: &mut Objects, declared: &Objects, left: &mut Left) {
    found.extensions.retain(|name, extension| {
        let Some(declared) = declared.extensions.get(name) else {
            left.add("extension", name);
            return false;
        };
        extension.schema.take_if(|_| declared.schema.is_none());
        extension.version.take_if(|_| declared.version.is_none());
        true
    });
}

/// Tables that the schema only puts policies on are declared elsewhere: of them nothing is compared but those policies.
fn declared_elsewhere(found: &mut Schema, declared: &Schema) {
    let mut linked: Map<Policy> = Map::new();
    for (name, policy) in &declared.policies {
        let Some((schema, table)) = policy.linked_table() else { continue };
        let of_table = found.tables.get(&key(&schema, &table)).and_then(|table| table.policies.get(name)).cloned();
        let is_there = |found: &&Policy| found.linked_table().as_ref() == Some(&(schema.clone(), table.clone()));
        let policy = match of_table {
            Some(mut policy) => {
                policy.link(&schema, &table);
                Some(policy)
            }
            None => found.policies.get(name).filter(is_there).cloned(),
        };
        // How the table is quoted is the declaration's.
        let on = &declared.policies[name].on;
        linked.extend(policy.map(|policy| (name.clone(), Policy { on: on.clone(), ..policy })));
    }
    found.policies = linked;
    for (schema, table) in declared.policies.values().filter_map(Policy::linked_table) {
        let key = key(&schema, &table);
        if !declared.tables.contains_key(&key) {
            found.tables.shift_remove(&key);
        }
    }
}

/// Existing views are not ours, and whether a materialized view has data is no property of it.
fn views(found: &mut Schema, declared: &Schema) {
    for (key, view) in &mut found.views {
        let Some(declared) = declared.views.get(key) else { continue };
        if declared.is_existing {
            view.clone_from(declared);
            found.objects.views.shift_remove(key);
        } else if view.materialized && declared.materialized {
            view.with_no_data = declared.with_no_data;
        }
    }
}

/// The tables and views that a schema names and does not make: linked policies are on them, foreign keys lead to them,
/// and existing views are only described.
pub(super) fn named_only(declared: &Schema) -> Vec<(String, String)> {
    let linked = declared.policies.values().filter_map(Policy::linked_table);
    let keys = declared.tables.values().flat_map(|table: &Table| table.foreign_keys.values());
    let referenced = keys.map(|key| (key.schema_to_name().to_owned(), key.table_to.clone()));
    let existing = declared.views.values().filter(|view| view.is_existing);
    let existing = existing.map(|view| (view.schema.clone(), view.name.clone()));
    let is_made = |(schema, name): &(String, String)| declared.tables.contains_key(&key(schema, name));
    let mut names: Vec<(String, String)> =
        linked.chain(referenced).chain(existing).filter(|name| !is_made(name)).collect();
    names.sort();
    names.dedup();
    names
}
