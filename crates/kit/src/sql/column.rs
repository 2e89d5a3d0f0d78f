use std::borrow::Cow;

use schema::quote::{ident, ident_if_needed};
use schema::{CollationName, Column, Identity, IdentityKind, Storage};

use super::data_type::collate;
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
        ColumnStep::Add { table, column, rebuilt: _, needs: _, collation, is_virtual } => {
            let definition = definition(column, collation.as_ref(), *is_virtual, IdentityAt::AfterNotNull);
            vec![format!("ALTER TABLE {table} ADD COLUMN {definition};")]
        }
        ColumnStep::Drop { table, column, rebuilt: _, key: _, sequence: _, collation: _, releases: _ } => {
            vec![format!("ALTER TABLE {table} DROP COLUMN {};", ident(&column.name))]
        }
        ColumnStep::Rename { table, from, to, leg: _ } => {
            vec![format!("ALTER TABLE {table} RENAME COLUMN {} TO {};", ident(from), ident(to))]
        }
        ColumnStep::SetType { table, previous: _, next, using, collation, leaves: _ } => {
            let using = using.as_ref().map(|using| format!(" USING {using}")).unwrap_or_default();
            let collate = collate(collation.as_ref());
            vec![alter(table, &next.name, &format!("SET DATA TYPE {}{collate}{using}", types::qualified(next)))]
        }
        ColumnStep::SetDefault { table, column, default, cast, releases: _, previous: _ } => {
            let cast = match cast {
                None => String::new(),
                Some(DefaultCast::Text) => "::text".to_owned(),
                Some(DefaultCast::Column(column)) => format!("::{}", types::qualified(column)),
            };
            vec![alter(table, column, &format!("SET DEFAULT {default}{cast}"))]
        }
        ColumnStep::DropDefault { table, column, releases: _, default: _ } => {
            vec![alter(table, column, "DROP DEFAULT")]
        }
        ColumnStep::SetStorage { table, column, storage } => {
            let storage = match storage {
                Storage::Plain => "PLAIN",
                Storage::External => "EXTERNAL",
                Storage::Extended => "EXTENDED",
                Storage::Main => "MAIN",
            };
            vec![alter(table, column, &format!("SET STORAGE {storage}"))]
        }
        ColumnStep::SetCompression { table, column, method } => {
            let method = method.as_ref().map_or(Cow::Borrowed("default"), |method| ident_if_needed(method));
            vec![alter(table, column, &format!("SET COMPRESSION {method}"))]
        }
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
        ColumnStep::DropExpression { table, column, expression: _, releases: _ } => {
            vec![alter(table, column, "DROP EXPRESSION")]
        }
    }
}

fn alter(table: &Name, column: &str, action: &str) -> String {
    format!("ALTER TABLE {table} ALTER COLUMN {} {action};", ident(column))
}

/// A column in CREATE TABLE or ADD COLUMN.
pub(super) fn definition(
    column: &Column,
    collation: Option<&CollationName>,
    is_virtual: bool,
    identity_at: IdentityAt,
) -> String {
    let Column { name, sql_type, type_schema: _, primary_key, not_null, generated, identity, default } = column;
    let mut sql = format!("{} {}{}", ident(name), types::in_definition(column), collate(collation));
    if *primary_key {
        sql.push_str(" PRIMARY KEY");
    }
    if let Some(default) = default {
        sql.push_str(&format!(" DEFAULT {}", default.sql(sql_type)));
    }
    if let Some(generated) = generated {
        let kind = if is_virtual { "VIRTUAL" } else { "STORED" };
        sql.push_str(&format!(" GENERATED ALWAYS AS ({}) {kind}", generated.expression));
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
    let Identity { kind: by, name, schema, .. } = identity;
    let name = Name::new(schema.as_deref().unwrap_or_default(), name);
    let options = sequence::options(&Options::of_identity(identity, sql_type).declared());
    format!("GENERATED {} AS IDENTITY (sequence name {name}{options})", kind(*by))
}
