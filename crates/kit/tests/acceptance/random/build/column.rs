//! The columns of a table, before any of its keys.

use std::collections::HashSet;

use schema::build::{Column, Type, types};
use schema::quote::{ident, literal};

use super::functions::{BuiltFunction, Result, call};
use super::types::Types;
use super::{BuiltColumn, COLUMNS, pick};
use crate::random::spec::{Choice, Content, TableSpec};
use crate::random::types::Kind;

pub(super) fn columns(
    table: &TableSpec,
    declared: &Types,
    functions: &[Option<BuiltFunction>],
) -> Vec<Option<BuiltColumn>> {
    let mut names = HashSet::new();
    let mut columns = Vec::new();
    for column in &table.columns {
        let name = pick(&COLUMNS, column.name);
        let is_there = !column.is_gone && names.insert(name);
        columns.push(is_there.then(|| {
            let mut built = BuiltColumn { name: name.to_owned(), ..declared.resolve(&column.sql_type) };
            built.collation = declared.collation(column.beside.collation, &built);
            if let Some(collation) = &built.collation {
                built.comparable.push_str(&format!(" {collation:?}"));
            }
            built
        }));
    }
    // A generated column has the type of its expression, which stands on one that is not generated.
    for (at, column) in table.columns.iter().enumerate() {
        if let Content::Generated { from, how } = column.content
            && let Some(source) = source(table, &columns, from)
        {
            let (kind, sql_type) = generated(&source, how, functions).0;
            if let Some(column) = &mut columns[at] {
                column.kind = kind;
                column.is_array = false;
                column.label = None;
                column.is_generated = true;
                column.is_domain = false;
                column.refuses_null = false;
                column.comparable = format!("{sql_type:?}");
                column.text = String::new();
                column.sql_type = sql_type;
                column.collation = None;
                column.defaults.clear();
            }
        }
    }
    columns
}

/// The column that a generated one is computed from, which is not generated.
fn source(table: &TableSpec, columns: &[Option<BuiltColumn>], from: Choice) -> Option<BuiltColumn> {
    let at = usize::from(from) % columns.len();
    let is_generated = matches!(table.columns[at].content, Content::Generated { .. });
    columns[at].clone().filter(|_| !is_generated)
}

/// The type and the expression of a column that is computed from another.
pub(super) fn generated(
    source: &BuiltColumn,
    how: Choice,
    functions: &[Option<BuiltFunction>],
) -> ((Kind, Type), String) {
    let name = ident(&source.name);
    let label = source.label.as_deref().filter(|_| !source.is_array);
    if how % 4 == 3
        && let Some((call, function)) = call(functions, how, source, &name).filter(|(_, f)| f.is_immutable)
    {
        match function.result {
            Result::Integer => return ((Kind::Integer, types::integer()), call),
            Result::Text => return ((Kind::Text, types::text()), call),
            Result::Boolean => return ((Kind::Ordered, types::boolean()), call),
            Result::Argument => {}
        }
    }
    match how % 3 {
        0 if source.is(Kind::Text) => ((Kind::Text, types::text()), format!("upper({name})")),
        1 if source.is(Kind::Text) => ((Kind::Text, types::varchar(20)), format!("{name} || 'x'")),
        0 if source.is_integer() => ((Kind::Integer, types::bigint()), format!("{name} * 2")),
        1 if source.is_integer() => ((Kind::Number, types::numeric()), format!("{name} + 1")),
        0 if label.is_some() => {
            ((Kind::Ordered, types::boolean()), format!("{name} = {}", literal(label.unwrap_or_default())))
        }
        _ => ((Kind::Ordered, types::boolean()), format!("{name} IS NULL")),
    }
}

/// A default as a builder's user would declare it.
pub(super) fn default(column: Column, sql: &str) -> Column {
    match sql {
        "true" => column.default_bool(true),
        "false" => column.default_bool(false),
        number => match number.parse::<i64>() {
            Ok(number) => column.default_number(number),
            Err(_) => column.default_sql(sql),
        },
    }
}
