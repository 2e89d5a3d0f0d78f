use schema::quote::{ident, literal};

use crate::step::SerialStep;

pub(super) fn statement(step: &SerialStep) -> String {
    match step {
        SerialStep::CreateOwned { name, sql_type, table, column } => {
            format!("CREATE SEQUENCE {name} AS {sql_type} OWNED BY {table}.{};", ident(column))
        }
        SerialStep::SetType { name, sql_type } => format!("ALTER SEQUENCE {name} AS {sql_type};"),
        SerialStep::Continue { table, column, start, is_descending } => {
            let sequence = format!("pg_get_serial_sequence({}, {})", literal(&table.to_string()), literal(column));
            let column = ident(column);
            // GREATEST and LEAST leave out the NULL of an empty table.
            let next = if *is_descending {
                format!("LEAST((SELECT min({column}) FROM {table}) - 1, {start})")
            } else {
                format!("GREATEST((SELECT max({column}) FROM {table}) + 1, {start})")
            };
            format!("SELECT setval({sequence}, {next}, false);")
        }
        SerialStep::Rename { name, to, is_implicit, table: _, is_settled: _, leg: _ } => {
            // That of a serial column may have kept an older name, when its table was renamed without it. Nothing needs
            // it to have the new one.
            let where_it_is = if *is_implicit { "IF EXISTS " } else { "" };
            format!("ALTER SEQUENCE {where_it_is}{name} RENAME TO {};", ident(to))
        }
        SerialStep::Drop { name, table: _, column: _ } => format!("DROP SEQUENCE {name};"),
    }
}
