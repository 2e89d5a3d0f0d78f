use std::collections::HashSet;

use schema::{CollationName, Column, ColumnObjects, Storage, Table};

use super::{Change, partitions};
use crate::diff::{Matched, Pair};
use crate::plan::casts;
use crate::plan::{Stage, Steps};
use crate::step::{ColumnStep, Name, Step};

/// What columns have that no snapshot holds. A collation is said where a column is made or gets a type, and that it is
/// virtual where it is made; storage and compression are set afterwards, and again wherever a new type has reset them.
pub(super) fn plan(steps: &mut Steps, change: Change) {
    collations(steps, change);
    let made_anew = made_anew(steps);
    let none = ColumnObjects::default();
    for table in &change.tables.created {
        let name = Name::of(table);
        for column in table.columns.values() {
            storage(steps, &name, column, &none, of(change.next, &name, column));
        }
    }
    for table in &change.tables.kept {
        let name = Name::of(table.next);
        let columns = Matched::new(&table.previous.columns, &table.next.columns);
        for column in &columns.created {
            storage(steps, &name, column, &none, of(change.next, &name, column));
            compression(steps, change, &name, column, [&none, of(change.next, &name, column)]);
        }
        for pair in &columns.kept {
            let is_new = made_anew.contains(&(name.clone(), pair.next.name.clone()));
            let previous = if is_new { &none } else { of(change.previous, &name, pair.next) };
            storage(steps, &name, pair.next, previous, of(change.next, &name, pair.next));
            compression(steps, change, &name, pair.next, [previous, of(change.next, &name, pair.next)]);
        }
    }
}

/// What a column has beside its entry in a snapshot.
fn of<'a>(schema: &'a schema::Schema, table: &Name, column: &Column) -> &'a ColumnObjects {
    const NONE: &ColumnObjects =
        &ColumnObjects { collation: None, storage: None, compression: None, is_virtual: false };
    let objects = schema.objects.tables.get(&table.key());
    objects.and_then(|objects| objects.columns.get(&column.name)).unwrap_or(NONE)
}

/// The columns whose storage is as their type has it, after a step so far.
fn made_anew(steps: &Steps) -> HashSet<(Name, String)> {
    let step = |step: &Step| match step {
        Step::Column(ColumnStep::Add { table, column, .. }) => Some((table.clone(), column.name.clone())),
        Step::Column(ColumnStep::SetType { table, next, .. }) => Some((table.clone(), next.name.clone())),
        _ => None,
    };
    steps.iter().filter_map(step).collect()
}

fn storage(steps: &mut Steps, table: &Name, column: &Column, previous: &ColumnObjects, next: &ColumnObjects) {
    let mut push = |step| steps.push(Stage::AlterStorage, Step::Column(step));
    if previous.storage != next.storage {
        let storage = next.storage.unwrap_or_else(|| storage_of_type(column));
        push(ColumnStep::SetStorage { table: table.clone(), column: column.name.clone(), storage });
    }
    if previous.compression != next.compression {
        let method = next.compression.clone();
        push(ColumnStep::SetCompression { table: table.clone(), column: column.name.clone(), method });
    }
}

/// Unlike the storage, the compression of a partitioned table is not that of the partitions that are there.
fn compression(
    steps: &mut Steps,
    change: Change,
    table: &Name,
    column: &Column,
    [previous, next]: [&ColumnObjects; 2],
) {
    if previous.compression == next.compression {
        return;
    }
    for partition in partitions::staying(change, &table.key()) {
        let (column, method) = (column.name.clone(), next.compression.clone());
        let step = ColumnStep::SetCompression { table: Name::of_partition(partition), column, method };
        steps.push(Stage::AlterStorage, Step::Column(step));
    }
}

/// How a type keeps its values: before version 16, PostgreSQL has no word for it.
fn storage_of_type(column: &Column) -> Storage {
    if casts::is_array(column) {
        return Storage::Extended;
    }
    match casts::base(column).as_str() {
        "numeric" | "inet" | "cidr" => Storage::Main,
        "smallint"
        | "integer"
        | "bigint"
        | "real"
        | "double precision"
        | "boolean"
        | "uuid"
        | "date"
        | "time"
        | "time with time zone"
        | "timestamp"
        | "timestamp with time zone"
        | "interval"
        | "macaddr"
        | "macaddr8"
        | "point"
        | "line"
        | "name" => Storage::Plain,
        _ => Storage::Extended,
    }
}

/// Says the collation, and whether a column is virtual, in the steps that make or retype a column, and retypes those that get another one.
fn collations(steps: &mut Steps, change: Change) {
    let collation = |table: &Name, column: &str| {
        let objects = change.next.objects.tables.get(&table.key())?;
        objects.columns.get(column)?.collation.clone()
    };
    let mut retyped: HashSet<(Name, String)> = HashSet::new();
    for step in steps.iter_mut() {
        match step {
            Step::Column(ColumnStep::Add { table, column, collation: of_step, is_virtual, .. }) => {
                retyped.insert((table.clone(), column.name.clone()));
                *of_step = collation(table, &column.name);
                *is_virtual = of(change.next, table, column).is_virtual;
            }
            Step::Column(ColumnStep::Drop { table, column, collation: of_step, .. }) => {
                *of_step = of(change.previous, table, column).collation.clone();
            }
            Step::Column(ColumnStep::SetType { table, next, collation: of_step, .. }) => {
                retyped.insert((table.clone(), next.name.clone()));
                // While a column steps aside it may have a type without collations.
                let is_final = is_final(change, table, next);
                *of_step = collation(table, &next.name).filter(|_| is_final);
            }
            _ => {}
        }
    }
    for table in &change.tables.kept {
        let name = Name::of(table.next);
        for pair in Matched::new(&table.previous.columns, &table.next.columns).kept {
            let is_retyped = retyped.contains(&(name.clone(), pair.next.name.clone()));
            if change.recreated.anew().recollates(&name, &pair.next.name) {
                recollate(steps, change, *table, pair, is_retyped);
            }
        }
    }
}

/// Whether the column has the type that it gets in the end.
fn is_final(change: Change, table: &Name, column: &Column) -> bool {
    let declared = change.next.tables.get(&table.key()).and_then(|table| table.columns.get(&column.name));
    declared.is_some_and(|declared| declared.sql_type == column.sql_type)
}

fn recollate(steps: &mut Steps, change: Change, table: Pair<&Table>, column: Pair<&Column>, is_retyped: bool) {
    let name = Name::of(table.next);
    let step = |next: &Column, collation, leaves| {
        Step::Column(ColumnStep::SetType {
            table: name.clone(),
            previous: Box::new(column.previous.clone()),
            next: Box::new(next.clone()),
            using: None,
            collation,
            leaves,
        })
    };
    let previous = of(change.previous, &name, column.next).collation.clone();
    let is_anew = previous.as_ref().is_some_and(|previous| {
        let name = Name::new(previous.schema.as_deref().unwrap_or_default(), &previous.name);
        change.recreated.anew().has_type(&name)
    });
    // A column that becomes another type, or steps aside for its own, has left the collation by that.
    let steps_aside = is_anew && !change.recreated.takes(column);
    if steps_aside {
        // To that of its type.
        steps.push(Stage::StepAside, step(column.previous, None, previous.clone()));
    }
    if is_retyped {
        if !steps_aside {
            leave(steps, &name, &column.next.name, previous);
        }
        return;
    }
    let next = of(change.next, &name, column.next).collation.clone();
    if !is_anew || next.is_some() {
        let leaves = previous.filter(|_| !steps_aside);
        steps.push(Stage::RestoreType, step(column.next, next, leaves));
    }
}

/// Says that the first step that gives the column another type leaves its collation.
fn leave(steps: &mut Steps, table: &Name, column: &str, collation: Option<CollationName>) {
    for step in steps.iter_mut() {
        if let Step::Column(ColumnStep::SetType { table: of, next, leaves, .. }) = step
            && of == table
            && next.name == column
        {
            *leaves = collation;
            return;
        }
    }
}
