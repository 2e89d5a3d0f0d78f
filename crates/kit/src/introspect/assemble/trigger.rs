use schema::quote::quoted_length;
use schema::{Deferral, PUBLIC, Trigger, TriggerEvent, TriggerLevel, TriggerState, TriggerTiming};

use super::{Notes, expression, path};
use crate::introspect::rows::TriggerRow;
use crate::sql::expression::group_length;

/// The bits of `pg_trigger.tgtype`.
const ROW: i16 = 1;
const BEFORE: i16 = 1 << 1;
const INSERT: i16 = 1 << 2;
const DELETE: i16 = 1 << 3;
const UPDATE: i16 = 1 << 4;
const TRUNCATE: i16 = 1 << 5;
const INSTEAD: i16 = 1 << 6;

/// What follows the name of the function that a trigger calls.
const EXECUTE: &str = " EXECUTE FUNCTION ";

pub(super) fn trigger(row: TriggerRow, notes: &mut Notes) -> Trigger {
    notes.extras(&row.extras, &format!("{} on {}", row.name, path(&row.schema, &row.table_name)));
    let has = |bit: i16| row.type_bits & bit != 0;
    let events = [
        (INSERT, TriggerEvent::Insert),
        (UPDATE, TriggerEvent::Update),
        (DELETE, TriggerEvent::Delete),
        (TRUNCATE, TriggerEvent::Truncate),
    ];
    let (condition, arguments) = written(&row.definition);
    Trigger {
        name: row.name,
        schema: row.schema,
        table: row.table_name,
        timing: if has(BEFORE) {
            TriggerTiming::Before
        } else if has(INSTEAD) {
            TriggerTiming::InsteadOf
        } else {
            TriggerTiming::After
        },
        events: events.into_iter().filter(|(bit, _)| has(*bit)).map(|(_, event)| event).collect(),
        columns: row.columns,
        level: if has(ROW) { TriggerLevel::Row } else { TriggerLevel::Statement },
        old_table: row.old_table,
        new_table: row.new_table,
        when: condition,
        function_schema: Some(row.function_schema).filter(|schema| !["pg_catalog", PUBLIC].contains(&schema.as_str())),
        function: row.function,
        arguments,
        constraint: row.is_constraint.then(|| deferral(row.is_deferrable, row.is_deferred)),
        state: match row.state.as_str() {
            "D" => TriggerState::Disabled,
            "R" => TriggerState::Replica,
            "A" => TriggerState::Always,
            _ => TriggerState::Enabled,
        },
    }
}

pub(super) fn deferral(is_deferrable: bool, is_deferred: bool) -> Deferral {
    match (is_deferrable, is_deferred) {
        (false, _) => Deferral::NotDeferrable,
        (true, false) => Deferral::InitiallyImmediate,
        (true, true) => Deferral::InitiallyDeferred,
    }
}

/// The condition and the arguments, which stand in PostgreSQL's words only. Names are skipped, whatever is in them.
fn written(definition: &str) -> (Option<String>, Vec<String>) {
    const WHEN: &str = " WHEN (";
    let mut condition = None;
    let mut rest = definition;
    while let Some(c) = rest.chars().next() {
        if let Some(call) = rest.strip_prefix(EXECUTE) {
            return (condition, arguments(call));
        }
        let length = if rest.starts_with(WHEN) {
            let group = &rest[WHEN.len() - 1..];
            let group = &group[..group_length(group)];
            // One pair is the clause's, and one the expression's own.
            let inner = expression::without_parentheses(expression::without_parentheses(group));
            condition = Some(inner.to_owned());
            WHEN.len() - 1 + group.len()
        } else if c == '"' {
            quoted_length(rest, c)
        } else {
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    (condition, Vec::new())
}

/// The texts between the parentheses of a call.
fn arguments(call: &str) -> Vec<String> {
    let list = call.char_indices().scan(false, |is_quoted, (at, c)| {
        *is_quoted ^= c == '"';
        Some((at, c == '(' && !*is_quoted))
    });
    let open = list.into_iter().find(|(_, is_open)| *is_open).map_or(call.len(), |(at, _)| at);
    let group = &call[open..open + group_length(&call[open..])];
    let inner = expression::without_parentheses(group);
    let text = |argument: &str| {
        let inner = argument.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(argument);
        inner.replace("''", "'")
    };
    expression::list(inner).into_iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::written;

    fn check(definition: &str, condition: Option<&str>, arguments: &[&str]) {
        let (found, texts) = written(definition);
        assert_eq!(found.as_deref(), condition, "{definition}");
        assert_eq!(texts, arguments, "{definition}");
    }

    #[test]
    fn condition_and_arguments_are_read_from_the_definition() {
        let before = "CREATE TRIGGER t BEFORE UPDATE ON public.users FOR EACH ROW";
        check(&format!("{before} EXECUTE FUNCTION touch()"), None, &[]);
        check(
            &format!(
                "{before} WHEN ((new.a <> ') EXECUTE FUNCTION '::text)) EXECUTE FUNCTION app.\"f(\"('it''s', '', 'a,b')"
            ),
            Some("new.a <> ') EXECUTE FUNCTION '::text"),
            &["it's", "", "a,b"],
        );
        check(
            &format!("{before} WHEN ((new.a > 0) AND (new.b > 0)) EXECUTE FUNCTION f('1')"),
            Some("(new.a > 0) AND (new.b > 0)"),
            &["1"],
        );
        check("CREATE TRIGGER \" WHEN (\" AFTER INSERT ON t EXECUTE FUNCTION f()", None, &[]);
    }
}
