use std::collections::{HashMap, HashSet};

use schema::mentions::mentions;
use schema::{Check, CheckObjects, ForeignKey, ForeignKeyObjects, KeyObjects, PrimaryKey, Table, Unique, names};

use super::touched::{Columns, Touched};
use super::{OldNames, Stage, Steps, casts, indexes};
use crate::diff::{self, Matched, Pair, same_foreign_key};
use crate::step::{ConstraintKind, ConstraintStep, Name, Step};

/// The tables that are in both schemas, by their keys.
type Kept<'a> = HashMap<String, Pair<&'a Table>>;

/// Keys, unique and check constraints, and foreign keys. Those of a new table stand in its
/// CREATE TABLE, but for the foreign keys.
pub(super) fn plan(steps: &mut Steps, tables: &Matched<Table>, touched: &Touched, old: OldNames) {
    for table in &tables.created {
        for unique in table.unique_constraints.values().filter(|unique| is_merged(table, unique)) {
            let step = add_unique(Name::of(table), unique);
            steps.push(Stage::AddUnique, Step::Constraint(step));
        }
        for key in table.foreign_keys.values() {
            add_foreign_key(steps, Stage::NewTableForeignKey, &Name::of(table), key);
        }
    }
    let mut replaced = ReplacedKeys::default();
    for table in &tables.kept {
        let touched = touched.of(&table.next.key());
        if let (Some(key), true) = (diff::primary_key(table.previous), replaces_primary_key(*table, touched)) {
            replaced.insert(table.next, &key.columns);
        }
        uniques(steps, *table, touched, &mut replaced);
        indexes::dropped_keys(*table, touched).for_each(|columns| replaced.insert(table.next, &columns));
        checks(steps, *table, touched, old);
    }
    let kept: Kept = tables.kept.iter().map(|table| (table.next.key(), *table)).collect();
    for table in &tables.kept {
        foreign_keys(steps, *table, &kept, touched, &replaced);
    }
}

/// The table as CREATE TABLE makes it. PostgreSQL makes one constraint of two on the same columns
/// in one statement, so all but the first are added afterwards.
pub(super) fn without_merged(table: &Table) -> Table {
    let mut created = table.clone();
    created.unique_constraints.retain(|_, unique| !is_merged(table, unique));
    created
}

fn is_merged(table: &Table, unique: &Unique) -> bool {
    let is_key =
        !unique.nulls_not_distinct && diff::primary_key(table).is_some_and(|key| key.columns == unique.columns);
    let same =
        |other: &&Unique| other.columns == unique.columns && other.nulls_not_distinct == unique.nulls_not_distinct;
    let first = table.unique_constraints.values().find(same);
    is_key || first.is_some_and(|first| first.name != unique.name)
}

/// The keys that are dropped, by table and sorted columns: a foreign key on one of them cannot stay.
#[derive(Default)]
struct ReplacedKeys(HashSet<(String, Vec<String>)>);

impl ReplacedKeys {
    fn insert(&mut self, table: &Table, columns: &[String]) {
        self.0.insert((table.key(), sorted(columns)));
    }

    fn has_target_of(&self, key: &ForeignKey) -> bool {
        self.0.contains(&(key.references(), sorted(&key.columns_to)))
    }
}

/// The columns in an order that does not depend on how a key lists them.
pub(super) fn sorted(columns: &[String]) -> Vec<String> {
    let mut columns = columns.to_vec();
    columns.sort_unstable();
    columns
}

/// Whether the primary key is another one, or is made anew because of a column it stands on.
pub(super) fn replaces_primary_key(table: Pair<&Table>, touched: Option<&Columns>) -> bool {
    let (previous, next) = (diff::primary_key(table.previous), diff::primary_key(table.next));
    let is_made_anew = |key: &PrimaryKey| {
        let Some(Columns { rebuilt, renamed, remade, .. }) = touched else { return false };
        let is_on = |column: &String| rebuilt.contains(column) || (!key.name.is_empty() && renamed.contains(column));
        remade.has_constraint(&key.name) || key.columns.iter().any(is_on)
    };
    previous != next || next.as_ref().is_some_and(is_made_anew)
}

/// The primary key of a table that is in both schemas. An unnamed key is called after the table's old name.
pub(super) fn primary_key(steps: &mut Steps, table: Pair<&Table>, touched: Option<&Columns>, old: OldNames) {
    if !replaces_primary_key(table, touched) {
        return;
    }
    let name = Name::of(table.next);
    let (previous, next) = (diff::primary_key(table.previous), diff::primary_key(table.next));
    // drizzle-kit alters a key that keeps its name, at a later stage than it drops or adds one.
    let alters = matches!((&previous, &next), (Some(p), Some(n)) if !p.name.is_empty() && p.name == n.name);
    let stage = |other, unnamed, key: &PrimaryKey| match (alters, key.name.is_empty()) {
        (true, _) => Stage::AlterPrimaryKey,
        (false, true) => unnamed,
        (false, false) => other,
    };
    if let Some(key) = previous.filter(|key| !goes_with_column(key, table.next)) {
        let constraint =
            if key.name.is_empty() { names::catalog(old.table(&name), None, "pkey") } else { key.name.clone() };
        let (columns, is_implicit) = (key.columns.clone(), key.name.is_empty());
        let kind = ConstraintKind::PrimaryKey { columns, include: Vec::new(), is_implicit };
        let step = ConstraintStep::Drop { table: name.clone(), name: constraint, kind };
        steps.push(stage(Stage::DropPrimaryKey, Stage::AlterTable, &key), Step::Constraint(step));
    }
    if let Some(key) = next {
        // A new column that is the key brings it.
        let comes_with_column =
            key.name.is_empty() && key.columns.iter().all(|c| !table.previous.columns.contains_key(c));
        if !comes_with_column {
            let at = stage(Stage::AddPrimaryKey, unnamed_key_stage(table, touched, &key), &key);
            let step = ConstraintStep::AddPrimaryKey { table: name, key, objects: KeyObjects::default() };
            steps.push(at, Step::Constraint(step));
        }
    }
}

/// An unnamed key goes with its only column.
fn goes_with_column(previous: &PrimaryKey, next: &Table) -> bool {
    previous.name.is_empty() && previous.columns.iter().all(|column| !next.columns.contains_key(column))
}

/// drizzle-kit makes an unnamed key before it alters the table's columns. One on a column that is made anew, or has
/// no order before it is altered, waits, and so does one after another key that goes with its column.
fn unnamed_key_stage(table: Pair<&Table>, touched: Option<&Columns>, key: &PrimaryKey) -> Stage {
    let waits = |column: &String| {
        touched.is_some_and(|touched| touched.rebuilt.contains(column))
            || table.previous.columns.get(column).is_some_and(|previous| !casts::has_order(previous))
    };
    let is_taken = diff::primary_key(table.previous).is_some_and(|previous| goes_with_column(&previous, table.next));
    if is_taken || key.columns.iter().any(waits) { Stage::AddPrimaryKey } else { Stage::AlterTable }
}

/// Whether the table has its unnamed key before its columns are altered.
pub(super) fn has_key_first(table: Pair<&Table>, touched: Option<&Columns>) -> bool {
    diff::primary_key(table.next)
        .is_some_and(|key| key.name.is_empty() && unnamed_key_stage(table, touched, &key) == Stage::AlterTable)
}

fn add_unique(table: Name, unique: &Unique) -> ConstraintStep {
    ConstraintStep::AddUnique { table, unique: unique.clone(), objects: KeyObjects::default() }
}

fn uniques(steps: &mut Steps, table: Pair<&Table>, touched: Option<&Columns>, replaced: &mut ReplacedKeys) {
    let name = Name::of(table.next);
    let uniques = Matched::new(&table.previous.unique_constraints, &table.next.unique_constraints);
    let same = |previous: &Unique, next: &Unique| {
        let falls = |touched: &Columns| {
            touched.remade.has_constraint(&next.name) || next.columns.iter().any(|c| touched.rebuilt.contains(c))
        };
        previous == next && !touched.is_some_and(falls)
    };
    let changed: Vec<_> = uniques.changed(same).collect();
    for unique in uniques.dropped.iter().copied().chain(changed.iter().map(|pair| pair.previous)) {
        replaced.insert(table.next, &unique.columns);
        let kind = ConstraintKind::Unique { columns: unique.columns.clone(), include: Vec::new() };
        let step = ConstraintStep::Drop { table: name.clone(), name: unique.name.clone(), kind };
        steps.push(Stage::DropUnique, Step::Constraint(step));
    }
    for unique in uniques.created.iter().copied().chain(changed.iter().map(|pair| pair.next)) {
        let step = add_unique(name.clone(), unique);
        steps.push(Stage::AddUnique, Step::Constraint(step));
    }
}

fn checks(steps: &mut Steps, table: Pair<&Table>, touched: Option<&Columns>, old: OldNames) {
    let name = Name::of(table.next);
    let checks = Matched::new(&table.previous.check_constraints, &table.next.check_constraints);
    let same = |previous: &Check, next: &Check| {
        let falls = |touched: &Columns| {
            touched.remade.has_constraint(&next.name) || touched.takes_down(&next.value, table.next)
        };
        previous == next && !touched.is_some_and(falls)
    };
    let changed: Vec<_> = checks.changed(same).collect();
    for check in checks.dropped.iter().copied().chain(changed.iter().map(|pair| pair.previous)) {
        let columns = old.mentioned(table.previous, &name, &check.value);
        let kind = ConstraintKind::Check { columns, condition: check.value.clone() };
        let step = ConstraintStep::Drop { table: name.clone(), name: check.name.clone(), kind };
        steps.push(Stage::DropCheck, Step::Constraint(step));
    }
    for check in checks.created.iter().copied().chain(changed.iter().map(|pair| pair.next)) {
        let columns = table.next.columns.keys().filter(|column| mentions(&check.value, column)).cloned().collect();
        let (table, check, objects) = (name.clone(), check.clone(), CheckObjects::default());
        let step = ConstraintStep::AddCheck { table, check, columns, objects };
        steps.push(Stage::AddCheck, Step::Constraint(step));
    }
}

fn foreign_keys(steps: &mut Steps, table: Pair<&Table>, kept: &Kept, touched: &Touched, replaced: &ReplacedKeys) {
    let name = Name::of(table.next);
    let keys = Matched::new(&table.previous.foreign_keys, &table.next.foreign_keys);
    let same = |previous: &ForeignKey, next: &ForeignKey| {
        same_foreign_key(previous, next)
            && !touched.of(&name.key()).is_some_and(|touched| touched.remade.has_constraint(&next.name))
            && !is_taken_apart(table, next, kept, touched)
            && !replaced.has_target_of(next)
    };
    let changed: Vec<_> = keys.changed(same).collect();
    for key in keys.dropped.iter().copied().chain(changed.iter().map(|pair| pair.previous)) {
        let kind = ConstraintKind::ForeignKey(key.clone());
        let step = ConstraintStep::Drop { table: name.clone(), name: key.name.clone(), kind };
        steps.push(Stage::DropForeignKey, Step::Constraint(step));
    }
    for key in keys.created.iter().copied().chain(changed.iter().map(|pair| pair.next)) {
        add_foreign_key(steps, Stage::ForeignKey, &name, key);
    }
}

/// Whether PostgreSQL cannot keep the foreign key while the columns of its ends change.
fn is_taken_apart(table: Pair<&Table>, key: &ForeignKey, kept: &Kept, touched: &Touched) -> bool {
    let target = key.references();
    let changes = (touched.of(&table.next.key()), touched.of(&target));
    if changes.0.is_none() && changes.1.is_none() {
        return false;
    }
    let target = kept.get(&target);
    key.columns_from.iter().zip(&key.columns_to).any(|(column, referenced)| {
        let is_in = |of: fn(&Columns) -> &HashSet<String>| {
            let has = |touched: Option<&Columns>, name| touched.is_some_and(|touched| of(touched).contains(name));
            has(changes.0, column) || has(changes.1, referenced)
        };
        // Until both have their new types, one end may have that and the other its old one.
        let may_reference = |target: &Pair<&Table>| {
            let sides = |table: Pair<&Table>, name| {
                let columns = [table.previous, table.next].map(|table| table.columns.get(name).cloned());
                columns.into_iter().flatten().collect::<Vec<_>>()
            };
            let (from, to) = (sides(table, column), sides(*target, referenced));
            from.iter().all(|from| to.iter().all(|to| casts::can_reference(from, to)))
        };
        is_in(|touched| &touched.unreferable)
            || (is_in(|touched| &touched.retyped) && !target.is_some_and(may_reference))
    })
}

fn add_foreign_key(steps: &mut Steps, stage: Stage, table: &Name, key: &ForeignKey) {
    let (table, key, objects) = (table.clone(), key.clone(), ForeignKeyObjects::default());
    let step = ConstraintStep::AddForeignKey { table, key, objects };
    steps.push(stage, Step::Constraint(step));
}
