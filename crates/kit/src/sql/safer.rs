//! Statements that only the safer form of a migration has.

use schema::quote::{ident, idents};
use schema::{Deferral, IndexObjects};

use super::{index, trigger};
use crate::step::Name;

/// The statement that adds a constraint, for rows that are yet to come.
pub(crate) fn not_valid(add: &str) -> String {
    let add = add.trim_end();
    format!("{} NOT VALID;", add.strip_suffix(';').unwrap_or(add))
}

pub(crate) fn validate(table: &Name, constraint: &str) -> String {
    format!("ALTER TABLE {table} VALIDATE CONSTRAINT {};", ident(constraint))
}

pub(crate) fn add_not_null_check(table: &Name, constraint: &str, column: &str) -> String {
    format!("ALTER TABLE {table} ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID;", ident(constraint), ident(column))
}

pub(crate) fn drop_constraint(table: &Name, constraint: &str) -> String {
    format!("ALTER TABLE {table} DROP CONSTRAINT {};", ident(constraint))
}

pub(crate) fn drop_index(table: &Name, index: &str) -> String {
    format!("DROP INDEX CONCURRENTLY {};", table.sibling(index))
}

/// The index that a key is then made of.
pub(crate) fn key_index(table: &Name, name: &str, columns: &[String], objects: &IndexObjects) -> String {
    let IndexObjects { include, nulls_not_distinct } = objects;
    let (include, nulls) = (index::include(include), if *nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" });
    format!("CREATE UNIQUE INDEX CONCURRENTLY {} ON {table} ({}){include}{nulls};", ident(name), idents(columns))
}

pub(crate) fn unique_using_index(table: &Name, name: &str, deferral: Deferral) -> String {
    let (name, deferral) = (ident(name), trigger::deferral(deferral));
    format!("ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}{deferral};")
}

pub(crate) fn primary_key_using_index(table: &Name, name: &str, deferral: Deferral) -> String {
    let (name, deferral) = (ident(name), trigger::deferral(deferral));
    format!("ALTER TABLE {table} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name}{deferral};")
}
