use schema::quote::{self, ident_if_needed};
use schema::{Index, IndexColumn, IndexObjects, Nulls};

use super::{expression, options};
use crate::introspect::rows::IndexRow;

/// The schemas whose operator classes and collations go by their bare name.
const ON_THE_PATH: [&str; 2] = ["pg_catalog", schema::PUBLIC];

/// The index that these keys, of which there is at least one, are of.
pub(super) fn index(keys: &[IndexRow]) -> Index {
    let whole = &keys[0];
    Index {
        name: whole.name.clone(),
        columns: keys.iter().map(column).collect(),
        is_unique: whole.is_unique,
        predicate: whole.predicate.as_deref().map(|sql| expression::without_parentheses(sql).to_owned()),
        concurrently: false,
        method: whole.method.clone(),
        parameters: whole.parameters.iter().map(|text| options::parameter(text)).collect(),
    }
}

/// What the index has that no snapshot holds.
pub(super) fn objects(keys: &[IndexRow]) -> IndexObjects {
    // PostgreSQL keeps it of an index to which it means nothing, too.
    let nulls_not_distinct = keys[0].is_unique && keys[0].nulls_not_distinct;
    IndexObjects { include: keys[0].include.clone(), nulls_not_distinct }
}

pub(super) fn column(key: &IndexRow) -> IndexColumn {
    let nulls = if key.has_nulls_first { Nulls::First } else { Nulls::Last };
    let collation = key.collation_schema.as_deref().zip(key.collation.as_deref());
    let (expression, is_expression) = match (&key.column_name, &key.expression, collation) {
        (Some(name), _, None) => (name.clone(), false),
        // A collation is said in an expression: a column of an index has no other place for it.
        (Some(name), _, Some(collation)) => (collated(&quote::ident(name), collation), true),
        (None, sql, Some(collation)) => (collated(sql.as_deref().unwrap_or_default(), collation), true),
        (None, sql, None) => (sql.clone().unwrap_or_default(), true),
    };
    IndexColumn { expression, is_expression, asc: !key.is_descending, nulls: Some(nulls), opclass: operator_class(key) }
}

fn collated(sql: &str, (schema, name): (&str, &str)) -> String {
    let schema = if ON_THE_PATH.contains(&schema) { String::new() } else { format!("{}.", quote::ident(schema)) };
    format!("{sql} COLLATE {schema}{}", quote::ident(name))
}

/// The operator class where it is not the type's default one, or has parameters: `gist_trgm_ops(siglen=32)`.
fn operator_class(key: &IndexRow) -> Option<String> {
    if key.is_default_class && key.class_parameters.is_empty() {
        return None;
    }
    let schema = if ON_THE_PATH.contains(&key.class_schema.as_str()) {
        String::new()
    } else {
        format!("{}.", ident_if_needed(&key.class_schema))
    };
    let parameters =
        if key.class_parameters.is_empty() { String::new() } else { format!("({})", key.class_parameters.join(",")) };
    Some(format!("{schema}{}{parameters}", ident_if_needed(&key.class)))
}
