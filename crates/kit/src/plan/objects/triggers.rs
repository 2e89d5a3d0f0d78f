use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use schema::{Map, Trigger, TriggerTiming, key};

use super::{Change, partitions};
use crate::diff::{Matched, Pair};
use crate::plan::{Stage, Steps};
use crate::rename::Kind;
use crate::step::{ColumnStep, Leg, Name, PartitionStep, Step, TableStep, TriggerStep, ViewChange, ViewStep};

/// Triggers: made after their table and function, dropped before anything that they stand on changes.
pub(super) fn plan(steps: &mut Steps, change: Change) {
    let renamed = partitions::renames(change);
    let previous = carried(&change.previous.objects.triggers, &renamed);
    let triggers = Matched::new(&previous, &change.next.objects.triggers);
    if triggers.all().next().is_none() {
        return;
    }
    with_drop(steps, change, &triggers);
    let (views, partitions) = (recreated_views(steps), made_partitions(steps));
    let ground = ground(steps);
    for dropped in &triggers.dropped {
        let (table, next) = (dropped.table_key(), change.next);
        let is_partition = next.objects.partitions.contains_key(&table) && !partitions.contains(&table);
        let stays = match was_on_view(change, dropped) {
            true => next.views.contains_key(&table),
            false => next.tables.contains_key(&table) || is_partition,
        };
        // A trigger goes with its table; but a function that is made anew cannot wait for that.
        if (stays || calls_anew(change, dropped)) && !views.contains(&table) {
            drop(steps, change, &renamed, dropped, false);
        }
    }
    for Pair { previous, next } in triggers.kept.iter().copied() {
        let table = next.table_key();
        let is_of_another = was_on_view(change, previous) != change.next.views.contains_key(&table);
        let went_along =
            views.contains(&table) || is_of_another || (partitions.contains(&table) && !calls_anew(change, previous));
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
            drop(steps, change, &renamed, previous, true);
        }
        create(steps, next, true);
    }
    for created in &triggers.created {
        create(steps, created, false);
    }
}

/// The triggers that are there, on what they are on in the end: a partition that is renamed takes its own along.
fn carried<'a>(triggers: &'a Map<Trigger>, renamed: &[(Name, Name)]) -> Cow<'a, Map<Trigger>> {
    if renamed.is_empty() {
        return Cow::Borrowed(triggers);
    }
    let carried = triggers.values().cloned().map(|mut trigger| {
        let table = Name::new(&trigger.schema, &trigger.table);
        if let Some((_, to)) = renamed.iter().find(|(from, _)| *from == table) {
            (trigger.schema, trigger.table) = (to.schema.clone(), to.name.clone());
        }
        (trigger.key(), trigger)
    });
    Cow::Owned(carried.collect())
}

/// Says in the steps that drop a table or view what its triggers call: they go with it.
fn with_drop(steps: &mut Steps, change: Change, triggers: &Matched<Trigger>) {
    let mut of_relations: HashMap<Name, Vec<&Trigger>> = HashMap::new();
    for trigger in triggers.dropped.iter().copied().chain(triggers.kept.iter().map(|pair| pair.previous)) {
        let table = Name::new(&trigger.schema, &trigger.table);
        let before = change.old.before(Kind::View, &table).clone();
        if before != table {
            of_relations.entry(before).or_default().push(trigger);
        }
        of_relations.entry(table).or_default().push(trigger);
    }
    for step in steps.iter_mut() {
        let (name, partitions, calls, conditions) = match step {
            Step::Table(TableStep::Drop { table, with }) => {
                (Name::of(table), with.partitions.as_slice(), &mut with.calls, Some(&mut with.expressions))
            }
            // A trigger in place of a change has no condition.
            Step::View(ViewStep { name, change: ViewChange::Drop { calls, .. }, .. }) => {
                (name.clone(), [].as_slice(), calls, None)
            }
            _ => continue,
        };
        let on = [&name].into_iter().chain(partitions).filter_map(|name| of_relations.get(name)).flatten();
        calls.extend(on.clone().map(|trigger| trigger.function_key()));
        conditions.into_iter().for_each(|found| found.extend(on.clone().filter_map(|trigger| trigger.when.clone())));
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
fn drop(steps: &mut Steps, change: Change, renamed: &[(Name, Name)], trigger: &Trigger, recreated: bool) {
    let table = Name::new(&trigger.schema, &trigger.table);
    let name = change.old.trigger(&table, &trigger.name).to_owned();
    let partition = renamed.iter().find(|(_, to)| *to == table).map(|(from, _)| from);
    let kind = if was_on_view(change, trigger) { Kind::View } else { Kind::Table };
    let table = partition.unwrap_or_else(|| change.old.before(kind, &table));
    let trigger = Trigger { name, schema: table.schema.clone(), table: table.name.clone(), ..trigger.clone() };
    let step = TriggerStep::Drop { trigger: Box::new(trigger), recreated };
    steps.push(Stage::DropTrigger, Step::Trigger(step));
}

/// Whether the trigger was on the view of that name, and not on a table that makes way for it.
fn was_on_view(change: Change, trigger: &Trigger) -> bool {
    let table = trigger.table_key();
    let is_table = change.previous.tables.contains_key(&table);
    change.previous.views.contains_key(&table) && (!is_table || trigger.timing == TriggerTiming::InsteadOf)
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
    let table = change.next.objects.partition_root(&trigger.table_key());
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

/// The keys of the partitions that are made, be it anew.
fn made_partitions(steps: &Steps) -> HashSet<String> {
    let made = steps.iter().filter_map(|step| match step {
        Step::Partition(PartitionStep::Create(partition)) => Some(partition.key()),
        _ => None,
    });
    made.collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use schema::TriggerEvent::{Insert, Update};
    use schema::build::{Column, Function, Object, Partition, PartitionKey, Table, Trigger, types};

    use crate::plan::testing::check;

    /// A partition of that name, by that column, with those triggers.
    fn parted<const N: usize>(name: &str, column: &str, triggers: [Trigger; N]) -> Vec<Object> {
        let table = Table::new("t").column(Column::new(column, types::integer()));
        let parts = [
            Function::new("f").returns("trigger").plpgsql("begin return new; end").into(),
            table.partition_by(PartitionKey::list().column(column)).into(),
            Partition::new(name, "t").values("1").into(),
        ];
        parts.into_iter().chain(triggers.map(|trigger| trigger.on("public", name).into())).collect()
    }

    fn trigger(name: &str) -> Trigger {
        Trigger::after(name, [Insert]).execute("f")
    }

    #[test]
    fn a_trigger_goes_while_its_partition_stays() {
        check(
            parted("p", "a", [trigger("x"), trigger("y")]),
            parted("p", "a", [trigger("y")]),
            &[],
            expect![[r#"DROP TRIGGER "x" ON "p";"#]],
        );
    }

    #[test]
    fn a_partition_takes_its_triggers_along_under_another_name() {
        check(
            parted("p", "a", [trigger("x"), trigger("y")]),
            parted("q", "a", [trigger("y")]),
            &[],
            expect![[r#"
                DROP TRIGGER "x" ON "p";
                ALTER TABLE "p" RENAME TO "q";"#]],
        );
    }

    #[test]
    fn a_trigger_of_a_partition_follows_the_columns_of_the_table() {
        let on = |column: &str| Trigger::after("x", [Update]).of([column]).execute("f");
        check(
            parted("p", "a", [on("a")]),
            parted("p", "b", [on("b")]),
            &["public.t.a=public.t.b"],
            expect![[r#"ALTER TABLE "t" RENAME COLUMN "a" TO "b";"#]],
        );
    }
}
