use schema::quote::ident;
use schema::{Column, Identity, IdentityKind};

use super::{sequence, types};
use crate::plan::Options;
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
        ColumnStep::Rename { table, from, to, leg: _ } => {
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
            vec![alter(table, column, &format!("SET DEFAULT {default}{cast}"))]
        }
        ColumnStep::DropDefault { table, column, releases: _ } => vec![alter(table, column, "DROP DEFAULT")],
        ColumnStep::SetNotNull { table, column } => vec![alter(table, column, "SET NOT NULL")],
        ColumnStep::DropNotNull { table, column } => vec![alter(table, column, "DROP NOT NULL")],
        ColumnStep::AddIdentity { table, column, sql_type, identity } => {
            vec![alter(table, column, &format!("ADD {}", identity_clause(identity, sql_type)))]
        }
        ColumnStep::AlterIdentity { table, column, kind: changed, options } => {
            let generated = changed.map(|changed| format!("SET GENERATED {}", kind(changed)));
            let options = options.iter().map(|option| format!("SET {}", sequence::option(option)));
            generated.into_iter().chain(options).map(|change| alter(table, column, &change)).collect()
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
    let Column { name, sql_type, type_schema: _, primary_key, not_null, generated, identity, default } = column;
    let mut sql = format!("{} {}", ident(name), types::in_definition(column));
    if *primary_key {
        sql.push_str(" PRIMARY KEY");
    }
    if let Some(default) = default {
        sql.push_str(&format!(" DEFAULT {}", default.sql(sql_type)));
    }
    if let Some(generated) = generated {
        sql.push_str(&format!(" GENERATED ALWAYS AS ({}) STORED", generated.expression));
    }
    if *not_null && (identity.is_none() || identity_at == IdentityAt::AfterNotNull) {
        sql.push_str(" NOT NULL");
    }
    if let Some(identity) = identity {
        sql.push_str(&format!(" {}", identity_clause(identity, sql_type)));
    }
    sql
}

fn kind(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::Always => "ALWAYS",
        IdentityKind::ByDefault => "BY DEFAULT",
    }
}

fn identity_clause(identity: &Identity, sql_type: &str) -> String {
    // PostgreSQL makes the sequence in the table's schema; the name is unqualified as drizzle-kit writes it.
    let Identity { kind: by, name, .. } = identity;
    let options = sequence::options(&Options::of_identity(identity, sql_type).declared());
    format!("GENERATED {} AS IDENTITY (sequence name {}{options})", kind(*by), ident(name))
}
