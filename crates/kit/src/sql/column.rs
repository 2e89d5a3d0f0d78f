use schema::quote::ident;
use schema::{Column, Identity, IdentityKind};

use super::types;
use crate::step::{ColumnStep, DefaultCast, Name};

/// Where a column definition has its identity.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum IdentityAt {
    /// In CREATE TABLE, where identity implies NOT NULL.
    InsteadOfNotNull,
    /// In ADD COLUMN, where drizzle-kit writes both.
    AfterNotNull,
}

pub(super) fn statements(step: &ColumnStep) -> Vec<String> {
    match step {
        ColumnStep::Add { table, column, rebuilt: _, needs: _ } => {
            vec![format!("ALTER TABLE {table} ADD COLUMN {};", definition(column, IdentityAt::AfterNotNull))]
        }
        ColumnStep::Drop { table, column, rebuilt: _, releases: _ } => {
            vec![format!("ALTER TABLE {table} DROP COLUMN {};", ident(&column.name))]
        }
        ColumnStep::Rename { table, from, to } => {
            vec![format!("ALTER TABLE {table} RENAME COLUMN {} TO {};", ident(from), ident(to))]
        }
        ColumnStep::SetType { table, previous: _, next, using } => {
            let using = using.as_ref().map(|using| format!(" USING {using}")).unwrap_or_default();
            vec![alter(table, &next.name, &format!("SET DATA TYPE {}{using}", types::qualified(next)))]
        }
        ColumnStep::SetDefault { table, column, default, cast, releases: _ } => {
            let cast = match cast {
                None => String::new(),
                Some(DefaultCast::Text) => "::text".to_owned(),
                Some(DefaultCast::Column(column)) => format!("::{}", types::qualified(column)),
            };
            vec![alter(table, column, &format!("SET DEFAULT {}{cast}", default.sql()))]
        }
        ColumnStep::DropDefault { table, column, releases: _ } => vec![alter(table, column, "DROP DEFAULT")],
        ColumnStep::SetNotNull { table, column } => vec![alter(table, column, "SET NOT NULL")],
        ColumnStep::DropNotNull { table, column } => vec![alter(table, column, "DROP NOT NULL")],
        ColumnStep::AddIdentity { table, column, identity } => {
            vec![alter(table, column, &format!("ADD {}", identity_clause(identity)))]
        }
        ColumnStep::AlterIdentity { table, column, previous, next } => {
            identity_changes(previous, next).iter().map(|change| alter(table, column, change)).collect()
        }
        ColumnStep::DropIdentity { table, column, sequence: _ } => vec![alter(table, column, "DROP IDENTITY")],
        ColumnStep::DropExpression { table, column, releases: _ } => vec![alter(table, column, "DROP EXPRESSION")],
    }
}

fn alter(table: &Name, column: &str, action: &str) -> String {
    format!("ALTER TABLE {table} ALTER COLUMN {} {action};", ident(column))
}

/// A column in CREATE TABLE or ADD COLUMN.
pub(super) fn definition(column: &Column, identity_at: IdentityAt) -> String {
    let Column { name, sql_type: _, type_schema: _, primary_key, not_null, generated, identity, default } = column;
    let mut sql = format!("{} {}", ident(name), types::in_definition(column));
    if *primary_key {
        sql.push_str(" PRIMARY KEY");
    }
    if let Some(default) = default {
        sql.push_str(&format!(" DEFAULT {}", default.sql()));
    }
    if let Some(generated) = generated {
        sql.push_str(&format!(" GENERATED ALWAYS AS ({}) STORED", generated.expression));
    }
    if *not_null && (identity.is_none() || identity_at == IdentityAt::AfterNotNull) {
        sql.push_str(" NOT NULL");
    }
    if let Some(identity) = identity {
        sql.push_str(&format!(" {}", identity_clause(identity)));
    }
    sql
}

fn kind(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::Always => "ALWAYS",
        IdentityKind::ByDefault => "BY DEFAULT",
    }
}

fn identity_clause(identity: &Identity) -> String {
    let Identity { kind: _, name, schema, increment, start_with, min_value, max_value, cache, cycle } = identity;
    // PostgreSQL makes the sequence in the table's schema; the name is unqualified as drizzle-kit writes it.
    let _ = schema;
    let mut sql = format!("GENERATED {} AS IDENTITY (sequence name {}", kind(identity.kind), ident(name));
    let options = [
        ("INCREMENT BY", increment),
        ("MINVALUE", min_value),
        ("MAXVALUE", max_value),
        ("START WITH", start_with),
        ("CACHE", cache),
    ];
    for (option, value) in options {
        if let Some(value) = value {
            sql.push_str(&format!(" {option} {value}"));
        }
    }
    if *cycle == Some(true) {
        sql.push_str(" CYCLE");
    }
    sql.push(')');
    sql
}

/// One SET for each option that differs. An option that is left out keeps its value.
fn identity_changes(previous: &Identity, next: &Identity) -> Vec<String> {
    let mut changes = Vec::new();
    if previous.kind != next.kind {
        changes.push(format!("SET GENERATED {}", kind(next.kind)));
    }
    let options = [
        ("MINVALUE", &previous.min_value, &next.min_value),
        ("MAXVALUE", &previous.max_value, &next.max_value),
        ("INCREMENT BY", &previous.increment, &next.increment),
        ("START WITH", &previous.start_with, &next.start_with),
        ("CACHE", &previous.cache, &next.cache),
    ];
    for (option, previous, next) in options {
        if let (Some(value), true) = (next, previous != next) {
            changes.push(format!("SET {option} {value}"));
        }
    }
    if previous.cycle != next.cycle {
        changes.push(if next.cycle == Some(true) { "SET CYCLE".to_owned() } else { "SET NO CYCLE".to_owned() });
    }
    changes
}
