//! What PostgreSQL would refuse in a declared schema, found before any SQL is written.
//!
//! The checks need no database: they are about names that clash or lead nowhere.

mod clashes;
mod objects;
mod policies;

use crate::model::{Column, Deferral, ForeignKey, Index, Map, Schema, Table, TableObjects, key};

/// One thing that is wrong with a declared schema: what, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{object}: {message}")]
pub struct Problem {
    /// The object, as a person names it: `table "public.users"`.
    pub object: String,
    /// What is wrong with it, and the next step.
    pub message: String,
}

impl Problem {
    pub(crate) fn declared_twice(kind: &str, key: &str) -> Self {
        Problem {
            object: format!("{kind} \"{key}\""),
            message: "it is declared twice; rename or remove one of the two".to_owned(),
        }
    }

    pub(crate) fn declared_twice_in(object: &str, key: &str, kind: &str, name: &str) -> Self {
        let message = format!("{kind} \"{name}\" is declared twice; rename or remove one of the two");
        Problem { object: format!("{object} \"{key}\""), message }
    }
}

/// Everything that is wrong with `schema`, in the order of its objects.
pub fn problems(schema: &Schema) -> Vec<Problem> {
    let mut problems = Vec::new();
    for table in schema.tables.values() {
        let mut report = |message: String| {
            problems.push(Problem { object: format!("table \"{}\"", table.key()), message });
        };
        check_columns(schema, table, &mut report);
        check_keys(table, &mut report);
        for index in table.indexes.values() {
            check_index(index, Some(&table.columns), "table", &mut report);
        }
        for foreign_key in table.foreign_keys.values() {
            check_foreign_key(schema, table, foreign_key, &mut report);
        }
    }
    for declared in schema.enums.values() {
        if let Some(value) = first_repeated(&declared.values) {
            problems.push(Problem {
                object: format!("enum \"{}\"", declared.key()),
                message: format!("the value '{value}' stands there twice; remove one of the two"),
            });
        }
    }
    problems.extend(policies::problems(schema));
    problems.extend(objects::problems(schema));
    problems.extend(clashes::problems(schema));
    problems
}

fn check_columns(schema: &Schema, table: &Table, report: &mut impl FnMut(String)) {
    for column in table.columns.values() {
        let Column { name, sql_type, type_schema, default, generated, identity, .. } = column;
        let sources = [
            default.as_ref().map(|_| "a default"),
            generated.as_ref().map(|_| "a generated expression"),
            identity.as_ref().map(|_| "an identity"),
        ];
        let sources: Vec<&str> = sources.into_iter().flatten().collect();
        if sources.len() > 1 {
            report(format!("column \"{name}\" has {}; PostgreSQL allows one of them", sources.join(" and ")));
        }
        if identity.is_some() && !matches!(sql_type.as_str(), "smallint" | "integer" | "bigint") {
            report(format!("identity column \"{name}\" is {sql_type}; it must be smallint, integer or bigint"));
        }
        let base = sql_type.split('[').next().unwrap_or(sql_type);
        if let Some(in_schema) = type_schema
            && !schema.enums.contains_key(&key(in_schema, base))
        {
            report(format!("column \"{name}\" has the type \"{in_schema}.{base}\", which is not declared"));
        }
    }
    if table.columns.values().filter(|column| column.primary_key).count() > 1 {
        report("several columns are marked as the primary key; declare one key on all of them".to_owned());
    }
}

fn check_keys(table: &Table, report: &mut impl FnMut(String)) {
    let single = usize::from(table.columns.values().any(|column| column.primary_key));
    if single + table.composite_primary_keys.len() > 1 {
        report("it has two primary keys; keep one".to_owned());
    }
    let keys = table.composite_primary_keys.values().map(|k| ("primary key", &k.name, &k.columns));
    let uniques = table.unique_constraints.values().map(|u| ("unique constraint", &u.name, &u.columns));
    for (kind, name, columns) in keys.chain(uniques) {
        if let Some(column) = columns.iter().find(|column| !table.columns.contains_key(*column)) {
            report(format!("{kind} \"{name}\" names the column \"{column}\", which the table does not have"));
        }
        if let Some(column) = first_repeated(columns) {
            report(format!("{kind} \"{name}\" names the column \"{column}\" twice; remove one of the two"));
        }
    }
}

/// An index on what has these columns, if they are known.
fn check_index(index: &Index, columns: Option<&Map<Column>>, of: &str, report: &mut impl FnMut(String)) {
    if index.name.is_empty() {
        report("an index on an expression has no name; give it one".to_owned());
    }
    let mut plain = index.columns.iter().filter(|column| !column.is_expression);
    let is_missing = |name: &String| columns.is_some_and(|columns| !columns.contains_key(name));
    if let Some(column) = plain.find(|column| is_missing(&column.expression)) {
        let (index, column) = (&index.name, &column.expression);
        report(format!("index \"{index}\" names the column \"{column}\", which the {of} does not have"));
    }
}

fn check_foreign_key(schema: &Schema, table: &Table, foreign_key: &ForeignKey, report: &mut impl FnMut(String)) {
    let ForeignKey { name, columns_from, columns_to, .. } = foreign_key;
    if let Some(column) = columns_from.iter().find(|column| !table.columns.contains_key(*column)) {
        report(format!("foreign key \"{name}\" names the column \"{column}\", which the table does not have"));
    }
    if columns_from.len() != columns_to.len() {
        let (from, to) = (columns_from.len(), columns_to.len());
        report(format!("foreign key \"{name}\" has {from} columns and references {to}; both must be as many"));
    }
    // A table that migrations do not manage may be referenced; only PostgreSQL knows it.
    let Some(target) = schema.tables.get(&foreign_key.references()) else { return };
    let to = target.key();
    if let Some(column) = columns_to.iter().find(|column| !target.columns.contains_key(*column)) {
        report(format!("foreign key \"{name}\" references the column \"{column}\", which \"{to}\" does not have"));
        return;
    }
    let columns = columns_to.join(", ");
    let keys = keys_on(target, schema.objects.tables.get(&to), columns_to);
    if keys.is_empty() {
        report(format!(
            "foreign key \"{name}\" references \"{to}\" ({columns}), which no primary key or unique constraint \
             covers; add one there"
        ));
    } else if keys.iter().all(|deferral| *deferral != Deferral::NotDeferrable) {
        report(format!(
            "foreign key \"{name}\" references \"{to}\" ({columns}), whose key is deferrable, and PostgreSQL wants one \
             that is not; make the foreign key deferrable instead"
        ));
    }
}

/// When each key is checked that a foreign key may reference by these columns.
fn keys_on(table: &Table, objects: Option<&TableObjects>, columns: &[String]) -> Vec<Deferral> {
    let same = |key: &[&str]| key.len() == columns.len() && key.iter().all(|k| columns.iter().any(|c| c == k));
    table.keys(objects).filter(|(key, _)| same(key)).map(|(_, deferral)| deferral).collect()
}

fn first_repeated(values: &[String]) -> Option<&String> {
    values.iter().enumerate().find(|(at, value)| values[..*at].contains(value)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests;
