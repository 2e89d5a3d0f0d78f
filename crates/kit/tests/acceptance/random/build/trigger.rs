//! Triggers on tables and views.

use std::collections::HashSet;

use schema::build::{Object, Trigger};
use schema::quote::ident;
use schema::{Deferral, TriggerEvent, TriggerState};

use super::functions::{BuiltFunction, call, trigger_function};
use super::view::BuiltView;
use super::{BuiltTable, nth, pick};
use crate::random::spec::{Choice, TriggerSpec};

const TRIGGERS: [&str; 4] = ["touch", "Log it", "q\"t", "t.d"];
const EVENTS: [&[TriggerEvent]; 8] = [
    &[TriggerEvent::Insert],
    &[TriggerEvent::Update],
    &[TriggerEvent::Delete],
    &[TriggerEvent::Insert, TriggerEvent::Update],
    &[TriggerEvent::Insert, TriggerEvent::Update, TriggerEvent::Delete],
    &[TriggerEvent::Truncate],
    &[TriggerEvent::Update],
    &[TriggerEvent::Delete, TriggerEvent::Insert],
];
const STATES: [TriggerState; 4] =
    [TriggerState::Enabled, TriggerState::Disabled, TriggerState::Replica, TriggerState::Always];

/// The names of a table's triggers, each in the place of its choices.
pub(super) fn names(specs: &[TriggerSpec]) -> Vec<Option<String>> {
    let mut names = HashSet::new();
    let name = |spec: &TriggerSpec| (!spec.is_gone).then(|| pick(&TRIGGERS, spec.name));
    specs.iter().map(|spec| name(spec).filter(|name| names.insert(*name)).map(str::to_owned)).collect()
}

/// The triggers of a table.
pub(super) fn on_table(specs: &[TriggerSpec], table: &BuiltTable, functions: &[Option<BuiltFunction>]) -> Vec<Trigger> {
    let mut names = HashSet::new();
    let there = specs.iter().filter(|spec| !spec.is_gone && names.insert(pick(&TRIGGERS, spec.name)));
    there.filter_map(|spec| trigger(spec, pick(&TRIGGERS, spec.name), table, functions)).collect()
}

/// The trigger of a partition, under a name that no trigger of the whole has, of which each partition has a copy.
pub(super) fn on_partition(
    spec: &TriggerSpec,
    whole: &BuiltTable,
    functions: &[Option<BuiltFunction>],
) -> Option<Trigger> {
    trigger(spec, "of a part", whole, functions)
}

fn trigger(spec: &TriggerSpec, name: &str, table: &BuiltTable, functions: &[Option<BuiltFunction>]) -> Option<Trigger> {
    let (in_schema, function) = trigger_function(functions, spec.function)?;
    let timing = spec.timing % 4;
    let is_of_rows = timing != 2;
    let events = EVENTS[usize::from(spec.events % 8)];
    let events = if is_of_rows && events == [TriggerEvent::Truncate] { EVENTS[0] } else { events };
    let mut trigger =
        match timing {
            0 => Trigger::before(name, events.iter().copied()).for_each_row(),
            1 => Trigger::after(name, events.iter().copied()).for_each_row(),
            2 => Trigger::after(name, events.iter().copied()),
            _ => Trigger::after(name, events.iter().copied()).for_each_row().constraint(
                if spec.state.is_multiple_of(2) { Deferral::InitiallyDeferred } else { Deferral::NotDeferrable },
            ),
        };
    let has = |event| events.contains(&event);
    let column = spec.column.and_then(|choice| nth(&table.columns, choice));
    match column {
        Some(column) if has(TriggerEvent::Update) => trigger = trigger.of([&column.name]),
        None if timing == 2 && events == [TriggerEvent::Insert] => trigger = trigger.new_table("fresh rows"),
        None if timing == 2 && events == [TriggerEvent::Delete] => trigger = trigger.old_table("gone"),
        _ => {}
    }
    if let Some(choice) = spec.when.filter(|_| is_of_rows)
        && let Some(column) = nth(&table.columns, choice)
    {
        let row = if has(TriggerEvent::Delete) { "old" } else { "new" };
        let is_known = !(has(TriggerEvent::Delete) && has(TriggerEvent::Insert));
        if is_known && !column.is_generated {
            let value = format!("{row}.{}", ident(&column.name));
            trigger = trigger.when(match call(functions, choice, column, &value) {
                Some((call, _)) if choice % 2 == 1 => format!("{call} is null or true"),
                _ => format!("{value} is not null"),
            });
        }
    }
    let trigger = trigger.state(STATES[usize::from(spec.state % 4)]);
    Some(if in_schema == "public" { trigger.execute(function) } else { trigger.execute_in(in_schema, function) })
}

/// Triggers that fire in place of a change of a view.
pub(super) fn on_views(
    specs: &[(Choice, TriggerSpec)],
    views: &[Option<BuiltView>],
    functions: &[Option<BuiltFunction>],
) -> Vec<Object> {
    let mut names = HashSet::new();
    let mut declared = Vec::new();
    for (at, spec) in specs {
        let name = pick(&TRIGGERS, spec.name);
        let Some(view) = nth(views, *at).filter(|view| !view.is_materialized) else { continue };
        let Some((in_schema, function)) = trigger_function(functions, spec.function) else { continue };
        if spec.is_gone || !names.insert((&view.schema, &view.name, name)) {
            continue;
        }
        let events = EVENTS[usize::from(spec.events % 5)];
        let trigger = Trigger::instead_of(name, events.iter().copied()).on(&view.schema, &view.name);
        declared.push(trigger.execute_in(in_schema, function).into());
    }
    declared
}
