use schema::quote::{ident, ident_if_needed};
use schema::{Map, View, lexer};
use serde_json::Value;

use super::parameter;
use crate::step::{Name, ViewChange, ViewStep};

/// The access method of a table and of a materialized view that names none: PostgreSQL's `default_table_access_method`.
const DEFAULT_METHOD: &str = "heap";
/// The tablespace of a database that was made without one.
const DEFAULT_TABLESPACE: &str = "pg_default";

pub(super) fn statement(step: &ViewStep) -> String {
    let ViewStep { name, is_materialized, change } = step;
    let kind = if *is_materialized { "MATERIALIZED VIEW" } else { "VIEW" };
    let name_sql = name.qualified();
    let alter = |what: String| format!("ALTER {kind} {name_sql} {what};");
    match change {
        ViewChange::Create { view, options, reads: _, recreated: _ } => create(kind, name, view, options),
        ViewChange::Drop { .. } => format!("DROP {kind} {name_sql};"),
        ViewChange::SetSchema { to, carried: _, leg: _ } => alter(format!("SET SCHEMA {}", ident(to))),
        ViewChange::Rename { to, leg: _ } => alter(format!("RENAME TO {}", ident(to))),
        ViewChange::SetOptions(options) => alter(format!("SET ({})", list(options))),
        ViewChange::ResetOptions(names) => alter(format!("RESET ({})", names.join(", "))),
        ViewChange::SetTablespace(tablespace) => {
            let tablespace = tablespace.as_deref().unwrap_or(DEFAULT_TABLESPACE);
            alter(format!("SET TABLESPACE {}", ident_if_needed(tablespace)))
        }
        ViewChange::SetAccessMethod(method) => {
            alter(format!("SET ACCESS METHOD {}", ident(method.as_deref().unwrap_or(DEFAULT_METHOD))))
        }
    }
}

fn create(kind: &str, name: &Name, view: &View, options: &Map<Value>) -> String {
    let mut sql = format!("CREATE {kind} {}", name.qualified());
    if let Some(method) = view.using.as_ref().filter(|_| view.materialized) {
        sql.push_str(&format!(" USING {}", ident(method)));
    }
    if !options.is_empty() {
        sql.push_str(&format!(" WITH ({})", list(options)));
    }
    if let Some(tablespace) = view.tablespace.as_ref().filter(|_| view.materialized) {
        sql.push_str(&format!(" TABLESPACE {}", ident_if_needed(tablespace)));
    }
    sql.push_str(&format!(" AS ({})", lexer::without_end(view.definition.as_deref().unwrap_or_default())));
    if view.materialized && view.with_no_data == Some(true) {
        sql.push_str(" WITH NO DATA");
    }
    sql.push(';');
    sql
}

fn list(options: &Map<Value>) -> String {
    let options =
        options.iter().map(|(name, value)| format!("{} = {}", ident_if_needed(name), parameter::value(value)));
    options.collect::<Vec<_>>().join(", ")
}
