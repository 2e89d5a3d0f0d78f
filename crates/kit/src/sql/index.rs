use std::borrow::Cow;

use schema::quote::{self, ident, idents};
use schema::{Index, IndexColumn, IndexObjects, Nulls};
use serde_json::Value;

use super::{expression, parameter};
use crate::step::{IndexStep, Name};

pub(super) fn statement(step: &IndexStep) -> String {
    match step {
        IndexStep::Create { table, index, columns: _, on_new_table: _, objects } => create(table, index, objects),
        IndexStep::Drop { table, index, columns: _ } => format!("DROP INDEX {};", table.sibling(&index.name)),
        IndexStep::Rename { name, to, leg: _ } => format!("ALTER INDEX {name} RENAME TO {};", ident(to)),
    }
}

fn create(table: &Name, index: &Index, objects: &IndexObjects) -> String {
    let IndexObjects { include: included, nulls_not_distinct } = objects;
    let unique = if index.is_unique { "UNIQUE " } else { "" };
    let concurrently = if index.concurrently { "CONCURRENTLY " } else { "" };
    let columns: Vec<String> = index.columns.iter().map(|part| column(part, &index.method)).collect();
    let mut sql = format!(
        "CREATE {unique}INDEX {concurrently}{} ON {table} USING {} ({})",
        ident(&index.name),
        quote::ident_if_needed(&index.method),
        columns.join(",")
    );
    sql.push_str(&include(included));
    if *nulls_not_distinct {
        sql.push_str(" NULLS NOT DISTINCT");
    }
    if !index.parameters.is_empty() {
        let parameters: Vec<String> =
            index.parameters.iter().map(|(name, value)| storage_parameter(name, value)).collect();
        sql.push_str(&format!(" WITH ({})", parameters.join(",")));
    }
    if let Some(predicate) = &index.predicate {
        sql.push_str(&format!(" WHERE {predicate}"));
    }
    sql.push(';');
    sql
}

/// The columns that an index holds beside its keys.
pub(super) fn include(columns: &[String]) -> String {
    if columns.is_empty() { String::new() } else { format!(" INCLUDE ({})", idents(columns)) }
}

/// A storage parameter.
fn storage_parameter(name: &str, value: &Value) -> String {
    format!("{}={}", dotted(name), parameter::value(value))
}

/// An operator class, which may have parameters: `gist_trgm_ops(siglen=32)`. What does not read as
/// that is a name as a whole.
pub(super) fn operator_class(class: &str) -> String {
    with_parameters(class).unwrap_or_else(|| dotted(class))
}

fn with_parameters(class: &str) -> Option<String> {
    let (name, rest) = class.split_once('(')?;
    let inside = rest.strip_suffix(')')?;
    let parameter = |text: &str| {
        let (name, value) = text.split_once('=')?;
        let value = value.trim();
        // A literal is taken apart, to be put together as one.
        let inner = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        let value = inner.map_or_else(|| value.to_owned(), |inner| inner.replace("''", "'"));
        Some(format!("{}={}", dotted(name.trim()), parameter::text(&value)))
    };
    let parameters: Option<Vec<String>> = inside.split(',').map(parameter).collect();
    Some(format!("{}({})", dotted(name.trim()), parameters?.join(",")))
}

/// A name whose parts stand between dots. A part that is quoted already stays as it is.
fn dotted(name: &str) -> String {
    let mut parts = Vec::new();
    let mut rest = name;
    loop {
        let quoted = if rest.starts_with('"') { quote::quoted_length(rest, '"') } else { 0 };
        let is_quoted =
            quoted > 2 && rest[..quoted].ends_with('"') && matches!(rest.as_bytes().get(quoted), None | Some(b'.'));
        let length = if is_quoted { quoted } else { rest.find('.').unwrap_or(rest.len()) };
        let part = &rest[..length];
        parts.push(if is_quoted { Cow::Borrowed(part) } else { quote::ident_if_needed(part) });
        match rest.get(length + 1..) {
            Some(after) => rest = after,
            None => return parts.join("."),
        }
    }
}

/// Order and NULLS are written where they are not what `asc` alone means.
fn column(part: &IndexColumn, method: &str) -> String {
    let mut sql =
        if part.is_expression { expression::in_index(&part.expression).into_owned() } else { ident(&part.expression) };
    if let Some(class) = &part.opclass {
        sql.push_str(&format!(" {}", operator_class(class)));
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{operator_class, storage_parameter};

    #[test]
    fn an_operator_class_is_a_name_with_or_without_parameters() {
        for (class, sql) in [
            ("text_pattern_ops", "text_pattern_ops"),
            ("public.gin_trgm_ops", "public.gin_trgm_ops"),
            ("My Ops", "\"My Ops\""),
            ("\"My.Ops\".x", "\"My.Ops\".x"),
            ("gist_trgm_ops(siglen=32)", "gist_trgm_ops(siglen=32)"),
            ("gist_trgm_ops (siglen = '32', \"A\" = 'it''s')", "gist_trgm_ops(siglen=32,\"A\"='it''s')"),
            ("ops); DROP TABLE x; --", "\"ops); DROP TABLE x; --\""),
            ("ops(a) x(b=1)", "ops(\"a) x(b\"=1)"),
            ("\"a\"b\"", "\"\"\"a\"\"b\"\"\""),
            ("\"open", "\"\"\"open\""),
        ] {
            assert_eq!(operator_class(class), sql, "{class}");
        }
    }

    #[test]
    fn a_storage_parameter_is_a_name_and_a_word_number_or_literal() {
        for (name, value, sql) in [
            ("fillfactor", json!(70), "fillfactor=70"),
            ("fillfactor", json!("70"), "fillfactor=70"),
            ("fastupdate", json!(false), "fastupdate=false"),
            ("buffering", json!("auto"), "buffering=auto"),
            ("lists", json!("1.5"), "lists=1.5"),
            ("fill factor", json!("a b"), "\"fill factor\"='a b'"),
            ("x", json!("1) WHERE (it's"), "x='1) WHERE (it''s'"),
        ] {
            assert_eq!(storage_parameter(name, &value), sql);
        }
    }
}
