use schema::quote::{ident, ident_if_needed, idents};
use schema::{
    Check, CheckObjects, Deferral, Exclusion, ExclusionElement, ForeignKey, ForeignKeyObjects, KeyObjects, PrimaryKey,
    Unique,
};

use super::{expression, index, trigger};
use crate::step::{ConstraintKind, ConstraintStep, Name};

pub(super) fn statement(step: &ConstraintStep) -> String {
    match step {
        ConstraintStep::AddPrimaryKey { table, key, objects: _ } if key.name.is_empty() => {
            format!("ALTER TABLE {table} ADD PRIMARY KEY ({});", idents(&key.columns))
        }
        ConstraintStep::AddPrimaryKey { table, key, objects } => {
            format!("ALTER TABLE {table} ADD {};", primary_key(key, objects))
        }
        ConstraintStep::AddUnique { table, unique: constraint, objects } => {
            format!("ALTER TABLE {table} ADD {};", unique(constraint, objects))
        }
        ConstraintStep::AddCheck { table, check: constraint, columns: _, objects } => {
            format!("ALTER TABLE {table} ADD {};", check(constraint, objects))
        }
        ConstraintStep::AddExclusion { table, exclusion: constraint, columns: _ } => {
            format!("ALTER TABLE {table} ADD {};", exclusion(constraint))
        }
        ConstraintStep::AddForeignKey { table, key, objects } => add_foreign_key(table, key, objects),
        ConstraintStep::SetDeferral { table, name, deferral } => {
            let deferral = match deferral {
                Deferral::NotDeferrable => " NOT DEFERRABLE",
                deferral => trigger::deferral(*deferral),
            };
            format!("ALTER TABLE {table} ALTER CONSTRAINT {}{deferral};", ident(name))
        }
        ConstraintStep::Drop { table, name, kind } => {
            let end = if matches!(kind, ConstraintKind::ForeignKey(_)) { "\n" } else { "" };
            format!("ALTER TABLE {table} DROP CONSTRAINT {};{end}", ident(name))
        }
        ConstraintStep::Rename { table, from, to, .. } => {
            format!("ALTER TABLE {table} RENAME CONSTRAINT {} TO {};", ident(from), ident(to))
        }
    }
}

/// A named primary key as CREATE TABLE and ADD have it.
pub(super) fn primary_key(key: &PrimaryKey, objects: &KeyObjects) -> String {
    format!("CONSTRAINT {} PRIMARY KEY({}){}", ident(&key.name), idents(&key.columns), key_options(objects))
}

/// A unique constraint as CREATE TABLE and ADD have it.
pub(super) fn unique(unique: &Unique, objects: &KeyObjects) -> String {
    let nulls = if unique.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let (name, columns) = (ident(&unique.name), idents(&unique.columns));
    format!("CONSTRAINT {name} UNIQUE{nulls}({columns}){}", key_options(objects))
}

/// What stands behind the columns of a key.
fn key_options(KeyObjects { include, deferral }: &KeyObjects) -> String {
    format!("{}{}", index::include(include), trigger::deferral(*deferral))
}

/// A check constraint as CREATE TABLE and ADD have it.
pub(super) fn check(check: &Check, CheckObjects { is_no_inherit }: &CheckObjects) -> String {
    let no_inherit = if *is_no_inherit { " NO INHERIT" } else { "" };
    format!("CONSTRAINT {} CHECK ({}){no_inherit}", ident(&check.name), check.value)
}

fn exclusion(exclusion: &Exclusion) -> String {
    let Exclusion { name, method, elements, predicate, deferral } = exclusion;
    let elements = elements.iter().map(|element| {
        let ExclusionElement { expression, is_expression, opclass, operator } = element;
        let key = if *is_expression { expression::in_index(expression) } else { ident(expression).into() };
        let class = opclass.as_ref().map(|class| format!(" {}", index::operator_class(class))).unwrap_or_default();
        format!("{key}{class} WITH {operator}")
    });
    let elements = elements.collect::<Vec<_>>().join(", ");
    let mut sql = format!("CONSTRAINT {} EXCLUDE USING {} ({elements})", ident(name), ident_if_needed(method));
    if let Some(predicate) = predicate {
        sql.push_str(&format!(" WHERE ({predicate})"));
    }
    sql.push_str(trigger::deferral(*deferral));
    sql
}

fn add_foreign_key(table: &Name, key: &ForeignKey, objects: &ForeignKeyObjects) -> String {
    let ForeignKeyObjects { is_match_full, deferral } = objects;
    let mut sql = format!(
        "ALTER TABLE {table} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}({})",
        ident(&key.name),
        idents(&key.columns_from),
        Name::new(key.schema_to_name(), &key.table_to).qualified(),
        idents(&key.columns_to),
    );
    if *is_match_full {
        sql.push_str(" MATCH FULL");
    }
    if let Some(action) = key.on_delete {
        sql.push_str(&format!(" ON DELETE {}", action.sql()));
    }
    if let Some(action) = key.on_update {
        sql.push_str(&format!(" ON UPDATE {}", action.sql()));
    }
    sql.push_str(trigger::deferral(*deferral));
    sql.push(';');
    sql
}
