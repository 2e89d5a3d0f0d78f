use schema::quote::{ident, idents, literal};
use schema::{Deferral, Trigger, TriggerEvent, TriggerLevel, TriggerState, TriggerTiming};

use crate::step::{Name, TriggerStep};

pub(super) fn statements(step: &TriggerStep) -> Vec<String> {
    match step {
        TriggerStep::Create { trigger, recreated: _ } => {
            let state = (trigger.state != TriggerState::Enabled).then(|| set_state(trigger));
            [create(trigger)].into_iter().chain(state).collect()
        }
        TriggerStep::Drop { trigger, recreated: _ } => {
            vec![format!("DROP TRIGGER {} ON {};", ident(&trigger.name), table(trigger))]
        }
        TriggerStep::Rename { table, from, to, is_constraint, leg: _ } => {
            let (from, to) = (ident(from), ident(to));
            let constraint = is_constraint.then(|| format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {to};"));
            [format!("ALTER TRIGGER {from} ON {table} RENAME TO {to};")].into_iter().chain(constraint).collect()
        }
        TriggerStep::SetState(trigger) => vec![set_state(trigger)],
    }
}

fn table(trigger: &Trigger) -> Name {
    Name::new(&trigger.schema, &trigger.table)
}

fn set_state(trigger: &Trigger) -> String {
    let state = match trigger.state {
        TriggerState::Enabled => "ENABLE",
        TriggerState::Disabled => "DISABLE",
        TriggerState::Replica => "ENABLE REPLICA",
        TriggerState::Always => "ENABLE ALWAYS",
    };
    format!("ALTER TABLE {} {state} TRIGGER {};", table(trigger), ident(&trigger.name))
}

fn create(trigger: &Trigger) -> String {
    let Trigger {
        name,
        schema: _,
        table: _,
        timing,
        events,
        columns,
        level,
        old_table,
        new_table,
        when,
        function_schema,
        function,
        arguments,
        constraint,
        state: _,
    } = trigger;
    let constraint_word = if constraint.is_some() { "CONSTRAINT " } else { "" };
    let timing = match timing {
        TriggerTiming::Before => "BEFORE",
        TriggerTiming::After => "AFTER",
        TriggerTiming::InsteadOf => "INSTEAD OF",
    };
    let events: Vec<String> = events.iter().map(|event| self::event(*event, columns)).collect();
    let mut sql = format!(
        "CREATE {constraint_word}TRIGGER {} {timing} {} ON {}",
        ident(name),
        events.join(" OR "),
        table(trigger)
    );
    if let Some(deferral) = constraint {
        sql.push_str(self::deferral(*deferral));
    }
    let rows = [old_table.as_ref().map(|name| ("OLD", name)), new_table.as_ref().map(|name| ("NEW", name))];
    let rows: Vec<String> =
        rows.into_iter().flatten().map(|(which, name)| format!("{which} TABLE AS {}", ident(name))).collect();
    if !rows.is_empty() {
        sql.push_str(&format!(" REFERENCING {}", rows.join(" ")));
    }
    sql.push_str(match level {
        TriggerLevel::Row => " FOR EACH ROW",
        TriggerLevel::Statement => " FOR EACH STATEMENT",
    });
    if let Some(when) = when {
        sql.push_str(&format!(" WHEN ({when})"));
    }
    let function = match function_schema {
        Some(schema) => Name::new(schema, function).qualified(),
        None => ident(function),
    };
    let arguments: Vec<String> = arguments.iter().map(|argument| literal(argument)).collect();
    sql.push_str(&format!(" EXECUTE FUNCTION {function}({});", arguments.join(", ")));
    sql
}

fn event(event: TriggerEvent, columns: &[String]) -> String {
    match event {
        TriggerEvent::Insert => "INSERT".to_owned(),
        TriggerEvent::Update if columns.is_empty() => "UPDATE".to_owned(),
        TriggerEvent::Update => format!("UPDATE OF {}", idents(columns)),
        TriggerEvent::Delete => "DELETE".to_owned(),
        TriggerEvent::Truncate => "TRUNCATE".to_owned(),
    }
}

/// Until when a constraint waits, with a blank before it.
pub(super) fn deferral(deferral: Deferral) -> &'static str {
    match deferral {
        Deferral::NotDeferrable => "",
        Deferral::InitiallyImmediate => " DEFERRABLE INITIALLY IMMEDIATE",
        Deferral::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}
