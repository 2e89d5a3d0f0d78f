use schema::quote::{ident, ident_if_needed, idents};
use schema::{Check, Exclusion, ExclusionElement, ForeignKey, Unique};

use super::{expression, index, trigger};
use crate::step::{ConstraintKind, ConstraintStep, Name};

pub(super) fn statement(step: &ConstraintStep) -> String {
    match step {
        ConstraintStep::AddPrimaryKey { table, key } if key.name.is_empty() => {
            format!("ALTER TABLE {table} ADD PRIMARY KEY ({});", idents(&key.columns))
        }
        ConstraintStep::AddPrimaryKey { table, key } => {
            format!("ALTER TABLE {table} ADD CONSTRAINT {} PRIMARY KEY({});", ident(&key.name), idents(&key.columns))
        }
        ConstraintStep::AddUnique { table, unique: constraint } => {
            format!("ALTER TABLE {table} ADD {};", unique(constraint))
        }
        ConstraintStep::AddCheck { table, check: constraint, columns: _ } => {
            format!("ALTER TABLE {table} ADD {};", check(constraint))
        }
        ConstraintStep::AddExclusion { table, exclusion: constraint, columns: _ } => {
            format!("ALTER TABLE {table} ADD {};", exclusion(constraint))
        }
        ConstraintStep::AddForeignKey { table, key } => add_foreign_key(table, key),
        ConstraintStep::Drop { table, name, kind } => {
            let end = if matches!(kind, ConstraintKind::ForeignKey(_)) { "\n" } else { "" };
            format!("ALTER TABLE {table} DROP CONSTRAINT {};{end}", ident(name))
        }
        ConstraintStep::Rename { table, from, to, leg: _ } => {
            format!("ALTER TABLE {table} RENAME CONSTRAINT {} TO {};", ident(from), ident(to))
        }
    }
}

/// A unique constraint as CREATE TABLE and ADD have it.
pub(super) fn unique(unique: &Unique) -> String {
    let nulls = if unique.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    format!("CONSTRAINT {} UNIQUE{nulls}({})", ident(&unique.name), idents(&unique.columns))
}

/// A check constraint as CREATE TABLE and ADD have it.
pub(super) fn check(check: &Check) -> String {
    format!("CONSTRAINT {} CHECK ({})", ident(&check.name), check.value)
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

fn add_foreign_key(table: &Name, key: &ForeignKey) -> String {
    let mut sql = format!(
        "ALTER TABLE {table} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}({})",
        ident(&key.name),
        idents(&key.columns_from),
        Name::new(key.schema_to_name(), &key.table_to).qualified(),
        idents(&key.columns_to),
    );
    if let Some(action) = key.on_delete {
        sql.push_str(&format!(" ON DELETE {}", action.sql()));
    }
    if let Some(action) = key.on_update {
        sql.push_str(&format!(" ON UPDATE {}", action.sql()));
    }
    sql.push(';');
    sql
}
