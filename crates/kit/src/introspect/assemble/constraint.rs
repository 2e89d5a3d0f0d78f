use schema::{Check, ForeignKey, PrimaryKey, ReferentialAction, Unique, names};

use super::{Notes, expression, part, unless_public};
use crate::introspect::rows::{ConstraintRow, RelationRow};

/// The constraints of a table, by kind.
#[derive(Default)]
pub(super) struct Constraints {
    /// The column of a primary key that is a property of it.
    pub(super) unnamed_primary_key: Option<String>,
    pub(super) primary_key: Option<PrimaryKey>,
    pub(super) uniques: Vec<Unique>,
    pub(super) foreign_keys: Vec<ForeignKey>,
    pub(super) checks: Vec<Check>,
}

impl Constraints {
    pub(super) fn new(rows: Vec<ConstraintRow>, table: &RelationRow, notes: &mut Notes) -> Self {
        let mut constraints = Constraints::default();
        for row in rows {
            notes.extras(&row.extras, &part(&row.name, table));
            match row.kind.as_str() {
                "p" => constraints.add_primary_key(row, table),
                "u" => constraints.uniques.push(unique(row)),
                "f" => constraints.foreign_keys.push(foreign_key(row, table)),
                _ => constraints.checks.push(check(row)),
            }
        }
        constraints
    }

    /// A key of one column that has the name PostgreSQL gives is a property of the column.
    fn add_primary_key(&mut self, row: ConstraintRow, table: &RelationRow) {
        let is_unnamed = row.name == names::catalog(&table.name, None, "pkey");
        match <[String; 1]>::try_from(row.columns) {
            Ok([column]) if is_unnamed => self.unnamed_primary_key = Some(column),
            Ok(column) => self.primary_key = Some(PrimaryKey { name: row.name, columns: column.into() }),
            Err(columns) => self.primary_key = Some(PrimaryKey { name: row.name, columns }),
        }
    }
}

fn unique(row: ConstraintRow) -> Unique {
    Unique { name: row.name, nulls_not_distinct: row.nulls_not_distinct, columns: row.columns }
}

fn foreign_key(row: ConstraintRow, table: &RelationRow) -> ForeignKey {
    ForeignKey {
        name: row.name,
        table_from: table.name.clone(),
        table_to: row.table_to.unwrap_or_default(),
        schema_to: row.schema_to.as_deref().and_then(unless_public),
        columns_from: row.columns,
        columns_to: row.columns_to,
        on_delete: Some(action(&row.on_delete)),
        on_update: Some(action(&row.on_update)),
    }
}

fn action(code: &str) -> ReferentialAction {
    match code {
        "r" => ReferentialAction::Restrict,
        "c" => ReferentialAction::Cascade,
        "n" => ReferentialAction::SetNull,
        "d" => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}

fn check(row: ConstraintRow) -> Check {
    let condition = row.condition.unwrap_or_default();
    Check { name: row.name, value: expression::without_parentheses(&condition).to_owned() }
}
