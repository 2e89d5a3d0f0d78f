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

/// The sequences that come with the columns of a table.
#[cfg(feature = "introspect")]
pub(crate) fn sequences(table: &schema::Table) -> impl Iterator<Item = Name> {
    let name = Name::of(table);
    table.columns.values().filter_map(move |column| of_column(&name, column))
}

/// The sequence that comes with a column.
pub(super) fn of_column(table: &Name, column: &Column) -> Option<Name> {
    let of_identity = || column.identity.as_ref().map(|identity| table.sibling(&identity.name));
    if column.is_serial() { Some(sequence(table, &column.name)) } else { of_identity() }
}
