use schema::quote::ident;
use schema::{Index, IndexColumn, Nulls};
use serde_json::Value;

use super::expression;
use crate::step::{IndexStep, Name};

pub(super) fn statement(step: &IndexStep) -> String {
    match step {
        IndexStep::Create { table, index, columns: _, on_new_table: _ } => create(table, index),
        IndexStep::Drop { table, index, columns: _ } => format!("DROP INDEX {};", table.sibling(&index.name)),
    }
}

fn create(table: &Name, index: &Index) -> String {
    let unique = if index.is_unique { "UNIQUE " } else { "" };
    let concurrently = if index.concurrently { "CONCURRENTLY " } else { "" };
    let columns: Vec<String> = index.columns.iter().map(|part| column(part, &index.method)).collect();
    let mut sql = format!(
        "CREATE {unique}INDEX {concurrently}{} ON {table} USING {} ({})",
        ident(&index.name),
        index.method,
        columns.join(",")
    );
    if !index.parameters.is_empty() {
        let parameters: Vec<String> = index.parameters.iter().map(|(name, value)| parameter(name, value)).collect();
        sql.push_str(&format!(" WITH ({})", parameters.join(",")));
    }
    if let Some(predicate) = &index.predicate {
        sql.push_str(&format!(" WHERE {predicate}"));
    }
    sql.push(';');
    sql
}

fn parameter(name: &str, value: &Value) -> String {
    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    format!("{name}={value}")
}

/// Order and NULLS are written where they are not what `asc` alone means.
fn column(part: &IndexColumn, method: &str) -> String {
    let mut sql =
        if part.is_expression { expression::in_index(&part.expression).into_owned() } else { ident(&part.expression) };
    if let Some(class) = &part.opclass {
        sql.push_str(&format!(" {class}"));
    }
    // Only a btree is ordered; every other method refuses the words.
    if method != "btree" {
        return sql;
    }
    match (part.asc, part.nulls) {
        (true, None | Some(Nulls::Last)) => {}
        (true, Some(Nulls::First)) => sql.push_str(" NULLS FIRST"),
        (false, None) => sql.push_str(" DESC"),
        (false, Some(Nulls::First)) => sql.push_str(" DESC NULLS FIRST"),
        (false, Some(Nulls::Last)) => sql.push_str(" DESC NULLS LAST"),
    }
    sql
}
