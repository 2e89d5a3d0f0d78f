//! `serial` is no type: it is an integer with a default and a sequence that the column owns.

use schema::{Column, names};

use crate::step::Name;

/// The integer type that a serial column has in the catalog.
pub(super) fn integer(column: &Column) -> &'static str {
    match column.sql_type.as_str() {
        "bigserial" => "bigint",
        "smallserial" => "smallint",
        _ => "integer",
    }
}

/// The sequence that PostgreSQL makes for a serial column, by the name that it gives it.
pub(super) fn sequence(table: &Name, column: &str) -> Name {
    table.sibling(&names::catalog(&table.name, Some(column), "seq"))
}
