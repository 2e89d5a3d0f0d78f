//! A column's type as SQL.

use schema::{Column, quote};

use crate::plan::element;
use crate::step::Name;

/// The types that drizzle-kit leaves unquoted, by how their text begins. The others are plain
/// names, for which a quoted one means the same.
const UNQUOTED: [&str; 24] = [
    "uuid",
    "smallint",
    "integer",
    "bigint",
    "boolean",
    "text",
    "varchar",
    "serial",
    "bigserial",
    "decimal",
    "numeric",
    "real",
    "json",
    "jsonb",
    "time",
    "timestamp",
    "date",
    "interval",
    "double precision",
    "char",
    "vector",
    "geometry",
    "halfvec",
    "bit",
];

/// The type in CREATE TABLE and ADD COLUMN, where an enum in `public` stands without its schema.
pub(super) fn in_definition(column: &Column) -> String {
    render(column, |name| name.to_string())
}

/// The type in SET DATA TYPE and casts, where an enum always has its schema.
pub(crate) fn qualified(column: &Column) -> String {
    render(column, Name::qualified)
}

fn render(column: &Column, enumeration: impl Fn(&Name) -> String) -> String {
    let element = element(&column.sql_type);
    let dimensions = &column.sql_type[element.len()..];
    let element = match &column.type_schema {
        Some(schema) => enumeration(&Name::new(schema, element)),
        None if is_plain_name(element) && !UNQUOTED.iter().any(|native| element.starts_with(native)) => {
            quote::ident(element)
        }
        None => element.to_owned(),
    };
    format!("{element}{}", dimensions.trim_start())
}

/// Whether quoting the name means the same type: one word, which PostgreSQL would not fold.
fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
