//! Objects that drizzle-kit has no word for: what they name must be declared, as far as it could be.

use super::{Problem, first_repeated};
use crate::model::{
    Column, Comment, Commentable, FunctionKind, Index, Map, Objects, Partition, PartitionKey, Schema, Statistics,
    Table, TableObjects, Trigger, TriggerEvent, TriggerLevel, TriggerTiming, ViewObjects,
};

/// Everything that is wrong with the objects of `schema`, in their order.
pub(super) fn problems(schema: &Schema) -> Vec<Problem> {
    let objects = &schema.objects;
    let mut problems = Vec::new();
    let mut report = |object: String, message: String| problems.push(Problem { object, message });
    for (key, composite) in &objects.composites {
        if composite.attributes.is_empty() {
            report(format!("composite type \"{key}\""), "it has no attribute; add one".to_owned());
        }
    }
    for (key, function) in &objects.functions {
        let is_procedure = function.kind == FunctionKind::Procedure;
        if is_procedure && function.returns.is_some() {
            report(format!("procedure \"{key}\""), "it returns something; make it a function".to_owned());
        }
    }
    for (key, trigger) in &objects.triggers {
        check_trigger(schema, trigger, |message| report(format!("trigger \"{key}\""), message));
    }
    for (key, table) in &objects.tables {
        check_table(schema, key, table, |message| report(format!("table \"{key}\""), message));
    }
    for (key, view) in &objects.views {
        check_view(schema, key, view, |message| report(format!("view \"{key}\""), message));
    }
    for (key, partition) in &objects.partitions {
        check_partition(schema, partition, |message| report(format!("partition \"{key}\""), message));
    }
    for (key, statistics) in &objects.statistics {
        check_statistics(schema, statistics, |message| report(format!("statistics \"{key}\""), message));
    }
    let commentable = Commentable::of(schema);
    for (key, comment) in &objects.comments {
        let Comment { on, text } = comment;
        if text.is_empty() {
            report(format!("comment on {key}"), "it is empty, and PostgreSQL keeps none; remove it".to_owned());
        }
        if !on.is_in(&commentable) {
            report(format!("comment on {key}"), "there is no such object; declare it, or correct the name".to_owned());
        }
    }
    problems
}

fn check_trigger(schema: &Schema, trigger: &Trigger, mut report: impl FnMut(String)) {
    let key = trigger.table_key();
    let columns = columns_of(schema, &key);
    let is_view = schema.views.contains_key(&key);
    if columns.is_none() && !is_view {
        report(format!("it is on \"{key}\", which is not declared; declare the table or view"));
    }
    let missing = |name: &&String| columns.is_some_and(|columns| !columns.contains_key(*name));
    if let Some(column) = trigger.columns.iter().find(missing) {
        report(format!("it names the column \"{column}\", which \"{key}\" does not have"));
    }
    if trigger.function.is_empty() {
        report("it calls no function; say which one it executes".to_owned());
    }
    if trigger.events.is_empty() {
        report("it fires on nothing; give it an event".to_owned());
    }
    if !trigger.columns.is_empty() && !trigger.events.contains(&TriggerEvent::Update) {
        report("it names columns, and does not fire on UPDATE; add that event".to_owned());
    }
    if trigger.timing == TriggerTiming::InsteadOf && !is_view {
        report("it fires in place of a change, which only a view allows; use BEFORE".to_owned());
    }
    if trigger.constraint.is_some() && (trigger.timing != TriggerTiming::After || trigger.level != TriggerLevel::Row) {
        report("it is a constraint trigger, which fires AFTER, and for each row; declare it so".to_owned());
    }
}

fn check_table(schema: &Schema, key: &str, objects: &TableObjects, mut report: impl FnMut(String)) {
    let Some(table) = schema.tables.get(key) else { return };
    for exclusion in objects.exclusion_constraints.values() {
        let name = &exclusion.name;
        if exclusion.elements.is_empty() {
            report(format!("exclusion constraint \"{name}\" compares nothing; add an element"));
        }
        let mut plain = exclusion.elements.iter().filter(|element| !element.is_expression);
        if let Some(element) = plain.find(|element| !table.columns.contains_key(&element.expression)) {
            let column = &element.expression;
            report(format!(
                "exclusion constraint \"{name}\" names the column \"{column}\", which the table does not have"
            ));
        }
    }
    check_names(table, objects, &mut report);
    check_virtual(table, objects, &mut report);
    check_included(table, objects, &mut report);
    check_indexes(table, objects, &mut report);
    if let Some(partition_key) = &objects.partition_by {
        check_partition_key(partition_key, &table.columns, &mut report);
        if objects.is_unlogged {
            report("it is partitioned and unlogged; make its partitions unlogged instead".to_owned());
        }
        if !objects.storage_parameters.is_empty() {
            report("it is partitioned and has storage parameters; give them to its partitions".to_owned());
        }
        if !objects.exclusion_constraints.is_empty() {
            report(
                "it is partitioned and has an exclusion constraint, which PostgreSQL has from version 17 on".to_owned(),
            );
        }
        for name in objects.check_constraints.iter().filter(|(_, check)| check.is_no_inherit).map(|(name, _)| name) {
            report(format!("it is partitioned, and its partitions inherit check constraint \"{name}\"; let them"));
        }
    }
}

/// What belongs to a constraint or index needs it.
fn check_names(table: &Table, objects: &TableObjects, report: &mut impl FnMut(String)) {
    let mut check = |kind: &str, names: &mut dyn Iterator<Item = &String>, is_there: &dyn Fn(&str) -> bool| {
        for name in names.filter(|name| !is_there(name)) {
            report(format!("{kind} \"{name}\" has properties and is not declared; declare it, or correct the name"));
        }
    };
    let Table { indexes, foreign_keys, composite_primary_keys, unique_constraints, check_constraints, .. } = table;
    check("index", &mut objects.indexes.keys(), &|name| indexes.contains_key(name));
    check("foreign key", &mut objects.foreign_keys.keys(), &|name| foreign_keys.contains_key(name));
    let is_key = |name: &str| composite_primary_keys.contains_key(name);
    check("primary key", &mut objects.composite_primary_keys.keys(), &is_key);
    let is_unique = |name: &str| unique_constraints.contains_key(name);
    check("unique constraint", &mut objects.unique_constraints.keys(), &is_unique);
    let is_check = |name: &str| check_constraints.contains_key(name);
    check("check constraint", &mut objects.check_constraints.keys(), &is_check);
}

/// No index or key stands on a column that is computed when it is read.
fn check_virtual(table: &Table, objects: &TableObjects, report: &mut impl FnMut(String)) {
    let keys = table.composite_primary_keys.values().map(|key| ("primary key", &key.name, key.columns.as_slice()));
    let uniques = table.unique_constraints.values().map(|key| ("unique constraint", &key.name, key.columns.as_slice()));
    let foreign = table.foreign_keys.values().map(|key| ("foreign key", &key.name, key.columns_from.as_slice()));
    let standing: Vec<_> = keys.chain(uniques).chain(foreign).collect();
    let is_virtual = |column: &&Column| objects.columns.get(&column.name).is_some_and(|beside| beside.is_virtual);
    for column in table.columns.values().filter(is_virtual) {
        let name = &column.name;
        let is_on_it = |index: &&Index| index.columns.iter().any(|key| !key.is_expression && key.expression == *name);
        let index = table.indexes.values().find(is_on_it).map(|index| ("index", &index.name));
        let key = standing.iter().find(|(.., columns)| columns.contains(name)).map(|(kind, key, _)| (*kind, *key));
        let on_it = key.or(index).map(|(kind, on_it)| format!("{kind} \"{on_it}\""));
        if let Some(on_it) = on_it.or_else(|| column.primary_key.then(|| "the primary key".to_owned())) {
            report(format!("{on_it} is on the virtual column \"{name}\", which PostgreSQL cannot; let it be stored"));
        }
    }
}

/// The columns that indexes hold beside their keys must be there.
fn check_included(table: &Table, objects: &TableObjects, report: &mut impl FnMut(String)) {
    let indexes = objects.indexes.iter().map(|(name, index)| ("index", name, &index.include));
    let keys = objects.composite_primary_keys.iter().map(|(name, key)| ("primary key", name, &key.include));
    let uniques = objects.unique_constraints.iter().map(|(name, key)| ("unique constraint", name, &key.include));
    for (kind, name, include) in indexes.chain(keys).chain(uniques) {
        if let Some(column) = include.iter().find(|column| !table.columns.contains_key(*column)) {
            report(format!("{kind} \"{name}\" includes the column \"{column}\", which the table does not have"));
        }
    }
}

/// What only some indexes can have.
fn check_indexes(table: &Table, objects: &TableObjects, report: &mut impl FnMut(String)) {
    for (name, beside) in &objects.indexes {
        let Some(index) = table.indexes.get(name) else { continue };
        let method = index.method.as_str();
        if !beside.include.is_empty() && matches!(method, "hash" | "gin" | "brin") {
            report(format!("index \"{name}\" includes columns, which the method {method} cannot; use btree or gist"));
        }
        if beside.nulls_not_distinct && !index.is_unique {
            report(format!("index \"{name}\" is NULLS NOT DISTINCT, and not unique; make it unique"));
        }
    }
}

fn check_view(schema: &Schema, key: &str, objects: &ViewObjects, mut report: impl FnMut(String)) {
    let Some(view) = schema.views.get(key) else { return };
    if view.is_existing {
        report("it exists already, and its indexes are made by others; remove them here".to_owned());
    } else if !view.materialized {
        report("it has an index, and stores no rows; make it materialized".to_owned());
    }
    for index in objects.indexes.values() {
        // The columns of a view need not be declared.
        let columns = (!view.columns.is_empty()).then_some(&view.columns);
        super::check_index(index, columns, "view", &mut report);
        let include =
            objects.index_objects.get(&index.name).map(|beside| beside.include.as_slice()).unwrap_or_default();
        if let Some(column) = include.iter().find(|name| columns.is_some_and(|columns| !columns.contains_key(*name))) {
            let index = &index.name;
            report(format!("index \"{index}\" includes the column \"{column}\", which the view does not have"));
        }
    }
}

fn check_partition_key(key: &PartitionKey, columns: &Map<Column>, report: &mut impl FnMut(String)) {
    if key.parts.is_empty() {
        report("its partition key has no column; add one".to_owned());
    }
    let names: Vec<String> =
        key.parts.iter().filter(|part| !part.is_expression).map(|part| part.expression.clone()).collect();
    if let Some(column) = names.iter().find(|name| !columns.contains_key(*name)) {
        report(format!("its partition key names the column \"{column}\", which the table does not have"));
    }
    if let Some(column) = first_repeated(&names) {
        report(format!("its partition key names the column \"{column}\" twice; remove one of the two"));
    }
}

fn check_partition(schema: &Schema, partition: &Partition, mut report: impl FnMut(String)) {
    let objects = &schema.objects;
    let key = partition.parent_key();
    let is_partitioned = objects.tables.get(&key).is_some_and(|table| table.partition_by.is_some())
        || objects.partitions.get(&key).is_some_and(|parent| parent.partition_by.is_some());
    if !is_partitioned {
        report(format!("it is a part of \"{key}\", which is not declared as partitioned; give that a partition key"));
    }
    if let Some(partition_key) = &partition.partition_by
        && let Some(columns) = columns_of(schema, &key)
    {
        check_partition_key(partition_key, columns, &mut report);
    }
    if descends_from_itself(objects, partition) {
        report("it is a part of itself; name another parent".to_owned());
    }
}

fn check_statistics(schema: &Schema, statistics: &Statistics, mut report: impl FnMut(String)) {
    let Statistics { columns, expressions, kinds, .. } = statistics;
    let key = statistics.table_key();
    let view = schema.views.get(&key).filter(|view| view.materialized && !view.is_existing);
    let known = columns_of(schema, &key).or(view.map(|view| &view.columns).filter(|columns| !columns.is_empty()));
    if known.is_none() && view.is_none() {
        report(format!("they are on \"{key}\", which is no declared table or materialized view; declare it"));
    }
    if let Some(column) = columns.iter().find(|name| known.is_some_and(|columns| !columns.contains_key(*name))) {
        report(format!("they name the column \"{column}\", which \"{key}\" does not have"));
    }
    if let Some(column) = first_repeated(columns) {
        report(format!("they name the column \"{column}\" twice; remove one of the two"));
    }
    match (columns.len(), expressions.len()) {
        (0, 1) if kinds.is_empty() => {}
        (0, 1) => report("they are on a single expression, which has no kinds; remove these".to_owned()),
        (0 | 1, 0) => report("they are on fewer than two columns; add a column or an expression".to_owned()),
        (columns, expressions) if columns + expressions > 8 => {
            report("they are on more than eight columns and expressions; remove some".to_owned());
        }
        _ => {}
    }
}

fn descends_from_itself(objects: &Objects, partition: &Partition) -> bool {
    let mut parent = partition.parent_key();
    for _ in 0..objects.partitions.len() {
        if parent == partition.key() {
            return true;
        }
        match objects.partitions.get(&parent) {
            Some(next) => parent = next.parent_key(),
            None => return false,
        }
    }
    false
}

/// The columns of a table, or those that a partition has from it.
fn columns_of<'a>(schema: &'a Schema, key: &str) -> Option<&'a Map<Column>> {
    schema.tables.get(&schema.objects.partition_root(key)).map(|table| &table.columns)
}

#[cfg(test)]
mod tests;
