//! One change as a statement.

use sea_query::{
    Alias, DeleteStatement, Expr, ExprTrait as _, InsertStatement, PostgresQueryBuilder, Query, UpdateStatement,
};
use serde::Deserialize;

use super::Values;
use crate::catalog::{Name, Table};
use crate::rows::query::text_of;
use crate::text::Built;

/// A change to one row.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub(crate) enum Change {
    /// A new row; a column that is not named gets its default.
    Insert {
        #[serde(flatten)]
        name: Name,
        values: Values,
    },
    /// Other values in the row of a key, if it still is of that version.
    Update {
        #[serde(flatten)]
        name: Name,
        key: Values,
        version: String,
        values: Values,
    },
    /// No longer the row of a key, if it still is of that version.
    Delete {
        #[serde(flatten)]
        name: Name,
        key: Values,
        version: String,
    },
}

enum Statement {
    Insert(InsertStatement),
    Update(UpdateStatement),
    Delete(DeleteStatement),
}

impl Change {
    /// The statement with its parameters.
    pub(super) fn built(&self) -> Built {
        match self.statement() {
            Statement::Insert(statement) => Built::of(&statement),
            Statement::Update(statement) => Built::of(&statement),
            Statement::Delete(statement) => Built::of(&statement),
        }
    }

    /// The statement with its values in it, to be read.
    pub(super) fn sql(&self) -> String {
        let text = match self.statement() {
            Statement::Insert(statement) => statement.to_string(PostgresQueryBuilder),
            Statement::Update(statement) => statement.to_string(PostgresQueryBuilder),
            Statement::Delete(statement) => statement.to_string(PostgresQueryBuilder),
        };
        format!("{text};")
    }

    /// What it does, as an error names it.
    pub(super) fn describe(&self) -> String {
        match self {
            Change::Insert { name, .. } => format!("insert into {}.{}", name.schema, name.table),
            Change::Update { name, .. } => format!("update a row of {}.{}", name.schema, name.table),
            Change::Delete { name, .. } => format!("delete from {}.{}", name.schema, name.table),
        }
    }

    /// The row that must be there.
    pub(super) fn row(&self) -> Option<(&Name, &Values)> {
        match self {
            Change::Insert { .. } => None,
            Change::Update { name, key, .. } | Change::Delete { name, key, .. } => Some((name, key)),
        }
    }

    fn statement(&self) -> Statement {
        match self {
            Change::Insert { name, values } => Statement::Insert(insert(name, values)),
            Change::Update { name, key, version, values } => {
                let mut update = Query::update();
                update.table(table(name));
                update.values(values.iter().map(|(column, value)| (Alias::new(column), Expr::val(value.clone()))));
                for condition in conditions(key, Some(version)) {
                    update.and_where(condition);
                }
                Statement::Update(update)
            }
            Change::Delete { name, key, version } => {
                let mut delete = Query::delete();
                delete.from_table(table(name));
                for condition in conditions(key, Some(version)) {
                    delete.and_where(condition);
                }
                Statement::Delete(delete)
            }
        }
    }
}

fn insert(name: &Name, values: &Values) -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table(table(name));
    if values.is_empty() {
        insert.or_default_values();
    } else {
        insert.columns(values.keys().map(Alias::new));
        insert.values_panic(values.values().map(|value| Expr::val(value.clone())));
    }
    insert
}

/// The whole row of a key, with its version last.
pub(super) fn row(name: &Name, of: &Table, key: &Values) -> Built {
    let mut select = Query::select();
    select.from(table(name));
    for column in &of.columns {
        select.expr(text_of(&column.name));
    }
    select.expr(text_of("xmin"));
    for condition in conditions(key, None) {
        select.and_where(condition);
    }
    Built::of(&select)
}

fn table(name: &Name) -> (Alias, Alias) {
    (Alias::new(&name.schema), Alias::new(&name.table))
}

fn conditions(key: &Values, version: Option<&String>) -> Vec<Expr> {
    let of_key = key.iter().map(|(column, value)| {
        let column = Expr::col(Alias::new(column));
        match value {
            Some(value) => column.eq(value.clone()),
            None => column.is_null(),
        }
    });
    of_key.chain(version.map(|version| text_of("xmin").eq(version.clone()))).collect()
}

#[cfg(test)]
#[path = "statement_tests.rs"]
mod tests;
