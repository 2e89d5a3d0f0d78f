use std::collections::HashSet;

use schema::{Trigger, key};

use super::Change;
use crate::diff::{Matched, Pair};
use crate::plan::{Stage, Steps};
use crate::rename::Kind;
use crate::step::{ColumnStep, Leg, Name, Step, TableStep, TriggerStep, ViewChange, ViewStep};

/// Triggers: made after their table and function, dropped before anything that they stand on changes.
pub(super) fn plan(steps: &mut Steps, change: Change) {
    let triggers = Matched::new(&change.previous.objects.triggers, &change.next.objects.triggers);
    if triggers.all().next().is_none() {
        return;
    }
    with_drop(steps, change, &triggers);
    let views = recreated_views(steps);
    let ground = ground(steps);
    for dropped in &triggers.dropped {
        let table = dropped.table_key();
        let stays = change.next.tables.contains_key(&table) || change.next.views.contains_key(&table);
        // A trigger goes with its table; but a function that is made anew cannot wait for that.
        if (stays || calls_anew(change, dropped)) && !views.contains(&table) {
            drop(steps, change, dropped, false);
        }
    }
    for Pair { previous, next } in triggers.kept.iter().copied() {
        let went_along = views.contains(&next.table_key());
        let is_same = Trigger { state: next.state, ..previous.clone() } == *next;
        let falls = calls_anew(change, previous) || stands_on(change, &ground, next);
        if is_same && !falls && !went_along {
            rename(steps, change, next);
            if previous.state != next.state {
                let step = TriggerStep::SetState(Box::new(next.clone()));
                steps.push(Stage::AlterTrigger, Step::Trigger(step));
            }
            continue;
        }
        if !went_along {
            drop(steps, change, previous, true);
        }
        create(steps, next, true);
    }
    for created in &triggers.created {
        create(steps, created, false);
    }
}

/// Says in the steps that drop a table or view what its triggers call: they go with it.
fn with_drop(steps: &mut Steps, change: Change, triggers: &Matched<Trigger>) {
    let previous = || triggers.dropped.iter().copied().chain(triggers.kept.iter().map(|pair| pair.previous));
    for step in steps.iter_mut() {
        let (name, calls, conditions) = match step {
            Step::Table(TableStep::Drop { table, with }) => {
                (Name::of(table), &mut with.calls, Some(&mut with.expressions))
            }
            // A trigger in place of a change has no condition.
            Step::View(ViewStep { name, change: ViewChange::Drop { calls, .. }, .. }) => (name.clone(), calls, None),
            _ => continue,
        };
        let is_on = |trigger: &&Trigger| {
            let table = Name::new(&trigger.schema, &trigger.table);
            table == name || *change.old.before(Kind::View, &table) == name
        };
        calls.extend(previous().filter(is_on).map(Trigger::function_key));
        conditions.into_iter().for_each(|found| found.extend(previous().filter(is_on).filter_map(|t| t.when.clone())));
    }
}

fn create(steps: &mut Steps, trigger: &Trigger, recreated: bool) {
    let step = TriggerStep::Create { trigger: Box::new(trigger.clone()), recreated };
    steps.push(Stage::CreateTrigger, Step::Trigger(step));
}

fn rename(steps: &mut Steps, change: Change, trigger: &Trigger) {
    let table = Name::new(&trigger.schema, &trigger.table);
    let from = change.old.trigger(&table, &trigger.name).to_owned();
    if from != trigger.name {
        let (to, is_constraint) = (trigger.name.clone(), trigger.constraint.is_some());
        let step = TriggerStep::Rename { table, from, to, is_constraint, leg: Leg::Whole };
        steps.push(Stage::RenameTrigger, Step::Trigger(step));
    }
}

/// Drops a trigger by its name before any rename, from its table under that of then.
fn drop(steps: &mut Steps, change: Change, trigger: &Trigger, recreated: bool) {
    let table = Name::new(&trigger.schema, &trigger.table);
    let name = change.old.trigger(&table, &trigger.name).to_owned();
    let table = change.old.before(Kind::View, change.old.before(Kind::Table, &table));
    let trigger = Trigger { name, schema: table.schema.clone(), table: table.name.clone(), ..trigger.clone() };
    let step = TriggerStep::Drop { trigger: Box::new(trigger), recreated };
    steps.push(Stage::DropTrigger, Step::Trigger(step));
}

fn calls_anew(change: Change, trigger: &Trigger) -> bool {
    change.recreated.anew().has_function(&trigger.function_key())
        || trigger.when.as_ref().is_some_and(|when| change.recreated.anew().is_under(when))
}

/// The columns that get another type, or are dropped, made or renamed: a trigger that names one stands in
/// the way, or would mean another one.
fn ground(steps: &Steps) -> HashSet<(String, String)> {
    let touched = steps.iter().filter_map(|step| match step {
        Step::Column(ColumnStep::SetType { table, next, .. }) => Some((table.key(), next.name.clone())),
        Step::Column(ColumnStep::Drop { table, column, .. }) => Some((table.key(), column.name.clone())),
        _ => None,
    });
    touched.collect()
}

fn stands_on(change: Change, ground: &HashSet<(String, String)>, trigger: &Trigger) -> bool {
    let table = trigger.table_key();
    let in_when = |column: &str| {
        trigger.when.as_ref().is_some_and(|when| schema::mentions::mentions(when, column) || when.contains('*'))
    };
    let touched = change.touched.of(&table);
    ground.iter().any(|(of_table, column)| *of_table == table && (trigger.columns.contains(column) || in_when(column)))
        || touched.is_some_and(|touched| trigger.when.as_ref().is_some_and(|when| touched.stands_under(when)))
}

/// The keys of the views that are dropped and made again, and their triggers with them.
fn recreated_views(steps: &Steps) -> HashSet<String> {
    let views = steps.iter().filter_map(|step| match step {
        Step::View(ViewStep { name, change: ViewChange::Create { recreated: true, .. }, .. }) => {
            Some(key(&name.schema, &name.name))
        }
        _ => None,
    });
    views.collect()
}
