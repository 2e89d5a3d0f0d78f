use std::iter::empty;

use schema::mentions::mentions;
use schema::{Exclusion, ExclusionElement, Map, Table, TableObjects};

use super::{Change, anew};
use crate::diff::{Matched, Pair};
use crate::plan::touched::Columns;
use crate::plan::{Stage, Steps};
use crate::step::{ConstraintKind, ConstraintStep, Name, Step, TableStep};

/// What tables have beside their columns and keys.
pub(super) fn plan(steps: &mut Steps, change: Change) {
    let none = TableObjects::default();
    let (was, is) = (&change.previous.objects.tables, &change.next.objects.tables);
    for table in &change.tables.created {
        let name = Name::of(table);
        let Some(objects) = is.get(&name.key()) else { continue };
        if objects.is_rls_forced {
            force_rls(steps, &name, true);
        }
        for exclusion in objects.exclusion_constraints.values() {
            add_exclusion(steps, table, exclusion);
        }
    }
    for table in &change.tables.kept {
        let name = Name::of(table.next);
        let key = name.key();
        let objects = Pair { previous: was.get(&key).unwrap_or(&none), next: is.get(&key).unwrap_or(&none) };
        if objects.previous.is_rls_forced != objects.next.is_rls_forced {
            force_rls(steps, &name, objects.next.is_rls_forced);
        }
        let Pair { previous, next } = objects;
        storage(
            steps,
            (&name, kept_references(*table)),
            [previous.is_unlogged, next.is_unlogged],
            [&previous.storage_parameters, &next.storage_parameters],
        );
        exclusions(steps, change, *table, objects);
    }
    with_create(steps, is);
    with_drop(steps, change);
}

/// Says in the steps that drop a table what goes with it.
fn with_drop(steps: &mut Steps, change: Change) {
    let objects = &change.previous.objects;
    for step in steps.iter_mut() {
        let Step::Table(TableStep::Drop { table, with }) = step else { continue };
        let key = table.key();
        let beside = objects.tables.get(&key);
        let collations = beside.into_iter().flat_map(|beside| beside.columns.values());
        let collations = collations.filter_map(|column| column.collation.as_ref());
        with.expressions.extend(collations.map(anew::written));
        for exclusion in beside.into_iter().flat_map(|beside| beside.exclusion_constraints.values()) {
            with.exclusions.push(exclusion.name.clone());
            with.expressions.extend(expressions(exclusion).map(str::to_owned));
        }
        let mut parents = vec![key];
        while let Some(parent) = parents.pop() {
            for partition in objects.partitions.values().filter(|partition| partition.parent_key() == parent) {
                parents.push(partition.key());
                with.partitions.push(Name::of_partition(partition));
            }
        }
    }
}

/// Puts what CREATE TABLE can say of it into the step that makes the table.
fn with_create(steps: &mut Steps, next: &Map<TableObjects>) {
    for step in steps.iter_mut() {
        if let Step::Table(TableStep::Create { table, objects }) = step
            && let Some(found) = next.get(&table.key())
        {
            **objects = found.clone();
        }
    }
}

fn force_rls(steps: &mut Steps, table: &Name, is_forced: bool) {
    let step = TableStep::SetRlsForced { table: table.clone(), is_forced };
    steps.push(Stage::RowLevelSecurity, Step::Table(step));
}

/// How the rows of a table or partition are stored, before and after.
pub(super) fn storage(
    steps: &mut Steps,
    (table, references): (&Name, Vec<Name>),
    [was_unlogged, is_unlogged]: [bool; 2],
    [previous, next]: [&Map<String>; 2],
) {
    let mut push = |step| steps.push(Stage::AlterStorage, Step::Table(step));
    if was_unlogged != is_unlogged {
        push(TableStep::SetUnlogged { table: table.clone(), is_unlogged, references });
    }
    let set = next.iter().filter(|(name, value)| previous.get(*name) != Some(*value));
    let parameters: Map<String> = set.map(|(name, value)| (name.clone(), value.clone())).collect();
    if !parameters.is_empty() {
        push(TableStep::SetParameters { table: table.clone(), parameters });
    }
    let parameters: Vec<String> = previous.keys().filter(|name| !next.contains_key(*name)).cloned().collect();
    if !parameters.is_empty() {
        push(TableStep::ResetParameters { table: table.clone(), parameters });
    }
}

/// The other tables that the table references before and after.
fn kept_references(table: Pair<&Table>) -> Vec<Name> {
    let kept = Matched::new(&table.previous.foreign_keys, &table.next.foreign_keys).kept;
    let targets = kept.iter().map(|key| Name::new(key.next.schema_to_name(), &key.next.table_to));
    targets.filter(|target| *target != Name::of(table.next)).collect()
}

fn exclusions(steps: &mut Steps, change: Change, table: Pair<&Table>, objects: Pair<&TableObjects>) {
    let name = Name::of(table.next);
    let touched = change.touched.of(&name.key());
    let exclusions = Matched::new(&objects.previous.exclusion_constraints, &objects.next.exclusion_constraints);
    let falls = |exclusion: &Exclusion| {
        touched.is_some_and(|touched| stands_on(exclusion, touched))
            || expressions(exclusion).any(|expression| change.recreated.anew().is_under(expression))
    };
    let changed: Vec<_> = exclusions.changed(|previous, next| previous == next && !falls(next)).collect();
    for exclusion in exclusions.dropped.iter().copied().chain(changed.iter().map(|pair| pair.previous)) {
        let columns = columns(table.previous, exclusion, |column| change.old.column(&name, column));
        let kind = ConstraintKind::Exclusion { exclusion: exclusion.clone(), columns };
        let step = ConstraintStep::Drop { table: name.clone(), name: exclusion.name.clone(), kind };
        steps.push(Stage::DropCheck, Step::Constraint(step));
    }
    for exclusion in exclusions.created.iter().copied().chain(changed.iter().map(|pair| pair.next)) {
        add_exclusion(steps, table.next, exclusion);
    }
}

fn add_exclusion(steps: &mut Steps, table: &Table, exclusion: &Exclusion) {
    let columns = columns(table, exclusion, |column| column);
    let step = ConstraintStep::AddExclusion { table: Name::of(table), exclusion: exclusion.clone(), columns };
    steps.push(Stage::AddCheck, Step::Constraint(step));
}

/// Whether the constraint compares a column that is retyped or rebuilt, or has an expression on one.
fn stands_on(exclusion: &Exclusion, touched: &Columns) -> bool {
    let is_touched = |element: &&ExclusionElement| {
        !element.is_expression
            && (touched.retyped.contains(&element.expression) || touched.rebuilt.contains(&element.expression))
    };
    exclusion.elements.iter().any(|element| is_touched(&element))
        || expressions(exclusion).any(|expression| touched.stands_under(expression))
}

/// The expressions of an exclusion constraint.
pub(in crate::plan) fn expressions(exclusion: &Exclusion) -> impl Iterator<Item = &str> {
    let elements = exclusion.elements.iter().filter(|element| element.is_expression);
    empty().chain(elements.map(|element| element.expression.as_str())).chain(exclusion.predicate.as_deref())
}

/// The table's columns that the constraint names. Expressions name a column as `written`.
fn columns<'a>(table: &'a Table, exclusion: &Exclusion, written: impl Fn(&'a String) -> &'a str) -> Vec<String> {
    let is_named = |column: &&'a String| {
        exclusion.elements.iter().any(|element| !element.is_expression && element.expression == **column)
            || expressions(exclusion).any(|expression| mentions(expression, written(column)))
    };
    table.columns.keys().filter(is_named).cloned().collect()
}
