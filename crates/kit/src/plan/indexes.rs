use schema::mentions::mentions;
use schema::{Index, IndexObjects, Table};

use super::touched::{Columns, Touched};
use super::{OldNames, Stage, Steps};
use crate::diff::{Matched, Pair, same_index};
use crate::step::{IndexStep, Name, Step};

/// Indexes. PostgreSQL rebuilds one by itself when a plain column of it changes its type.
pub(super) fn plan(steps: &mut Steps, tables: &Matched<Table>, touched: &Touched, old: OldNames) {
    for table in &tables.created {
        for index in table.indexes.values() {
            create(steps, Stage::NewTableIndex, table, index);
        }
    }
    let changes = tables.kept.iter().map(|table| (*table, Changes::of(*table, touched.of(&table.next.key()))));
    let changes: Vec<_> = changes.collect();
    for (table, Changes { dropped, created, .. }) in &changes {
        dropped.iter().for_each(|index| drop(steps, *table, index, old));
        created.iter().for_each(|index| create(steps, Stage::Index, table.next, index));
    }
    // drizzle-kit looks at what changes after it has seen what goes and comes in every table.
    for (table, Changes { changed, .. }) in &changes {
        for index in changed {
            drop(steps, *table, index.previous, old);
            create(steps, Stage::Index, table.next, index.next);
        }
    }
}

fn drop(steps: &mut Steps, table: Pair<&Table>, index: &Index, old: OldNames) {
    let name = Name::of(table.next);
    let columns = columns(table.previous, index, |column| old.column(&name, column));
    steps.push(Stage::DropIndex, Step::Index(IndexStep::Drop { table: name, index: index.clone(), columns }));
}

/// The indexes of one table that go, come, or do both because they change.
struct Changes<'a> {
    dropped: Vec<&'a Index>,
    created: Vec<&'a Index>,
    changed: Vec<Pair<&'a Index>>,
}

impl<'a> Changes<'a> {
    fn of(table: Pair<&'a Table>, touched: Option<&Columns>) -> Self {
        let Matched { dropped, created, kept } = Matched::new(&table.previous.indexes, &table.next.indexes);
        let is_changed = |Pair { previous, next }: &Pair<&Index>| {
            !same_index(previous, next) || touched.is_some_and(|touched| stands_on(next, table.next, touched))
        };
        Changes { dropped, created, changed: kept.into_iter().filter(is_changed).collect() }
    }
}

/// The columns of each key that goes with an index of the table, or makes way for another.
pub(super) fn dropped_keys(table: Pair<&Table>, touched: Option<&Columns>) -> impl Iterator<Item = Vec<String>> {
    let Changes { dropped, changed, .. } = Changes::of(table, touched);
    dropped.into_iter().chain(changed.into_iter().map(|pair| pair.previous)).filter_map(key)
}

/// The columns that the index is a key of, as a foreign key needs one.
pub(super) fn key(index: &Index) -> Option<Vec<String>> {
    index.key_columns().map(|columns| columns.into_iter().map(str::to_owned).collect())
}

fn create(steps: &mut Steps, stage: Stage, table: &Table, index: &Index) {
    let step = IndexStep::Create {
        table: Name::of(table),
        index: index.clone(),
        columns: columns(table, index, |column| column),
        on_new_table: stage == Stage::NewTableIndex,
        objects: IndexObjects::default(),
    };
    steps.push(stage, Step::Index(step));
}

/// Whether the index becomes another one, would go with a rebuilt column, or has an expression on a retyped one, or
/// something that PostgreSQL may not find for the other type when it rebuilds the index.
fn stands_on(index: &Index, table: &Table, touched: &Columns) -> bool {
    let on_column = index.columns.iter().any(|column| {
        if column.is_expression {
            touched.takes_down(&column.expression, table)
        } else {
            touched.rebuilt.contains(&column.expression)
                || (touched.retyped.contains(&column.expression)
                    && !touched.keeps_index(&column.expression, &index.method, column.opclass.as_deref()))
        }
    });
    on_column
        || touched.remade.has_index(&index.name)
        || index.predicate.as_deref().is_some_and(|predicate| touched.takes_down(predicate, table))
}

/// The table's columns that the index names, in its columns, expressions or predicate. Expressions
/// name a column as `written`.
fn columns<'a>(table: &'a Table, index: &Index, written: impl Fn(&'a String) -> &'a str) -> Vec<String> {
    let names = |column: &'a String| {
        let in_key = index.columns.iter().any(|part| {
            if part.is_expression { mentions(&part.expression, written(column)) } else { part.expression == *column }
        });
        in_key || index.predicate.as_deref().is_some_and(|predicate| mentions(predicate, written(column)))
    };
    table.columns.keys().filter(|column| names(column)).cloned().collect()
}
