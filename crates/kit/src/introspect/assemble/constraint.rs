use schema::{
    Check, CheckObjects, ForeignKey, ForeignKeyObjects, KeyObjects, PrimaryKey, ReferentialAction, Unique, names,
};

use super::{Notes, expression, part, trigger, unless_public};
use crate::introspect::rows::{ConstraintRow, RelationRow};

/// The constraints of a table, by kind, each with what it has that no snapshot holds.
#[derive(Default)]
pub(super) struct Constraints {
    /// The column of a primary key that is a property of it.
    pub(super) unnamed_primary_key: Option<String>,
    pub(super) primary_key: Option<(PrimaryKey, KeyObjects)>,
    pub(super) uniques: Vec<(Unique, KeyObjects)>,
    pub(super) foreign_keys: Vec<(ForeignKey, ForeignKeyObjects)>,
    pub(super) checks: Vec<(Check, CheckObjects)>,
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

    /// A key of one column that has the name PostgreSQL gives, and nothing else to say, is a property of the column.
    fn add_primary_key(&mut self, row: ConstraintRow, table: &RelationRow) {
        let objects = key_objects(&row);
        let is_unnamed = row.name == names::catalog(&table.name, None, "pkey") && objects == KeyObjects::default();
        let columns = match <[String; 1]>::try_from(row.columns) {
            Ok([column]) if is_unnamed => {
                self.unnamed_primary_key = Some(column);
                return;
            }
            Ok(column) => column.into(),
            Err(columns) => columns,
        };
        self.primary_key = Some((PrimaryKey { name: row.name, columns }, objects));
    }
}

fn key_objects(row: &ConstraintRow) -> KeyObjects {
    KeyObjects { include: row.include.clone(), deferral: trigger::deferral(row.is_deferrable, row.is_deferred) }
}

fn unique(row: ConstraintRow) -> (Unique, KeyObjects) {
    let objects = key_objects(&row);
    (Unique { name: row.name, nulls_not_distinct: row.nulls_not_distinct, columns: row.columns }, objects)
}

fn foreign_key(row: ConstraintRow, table: &RelationRow) -> (ForeignKey, ForeignKeyObjects) {
    let deferral = trigger::deferral(row.is_deferrable, row.is_deferred);
    let objects = ForeignKeyObjects { is_match_full: row.is_match_full, deferral };
    let key = ForeignKey {
        name: row.name,
        table_from: table.name.clone(),
        table_to: row.table_to.unwrap_or_default(),
        schema_to: row.schema_to.as_deref().and_then(unless_public),
        columns_from: row.columns,
        columns_to: row.columns_to,
        on_delete: Some(action(&row.on_delete)),
        on_update: Some(action(&row.on_update)),
    };
    (key, objects)
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

fn check(row: ConstraintRow) -> (Check, CheckObjects) {
    let condition = row.condition.unwrap_or_default();
    let check = Check { name: row.name, value: expression::without_parentheses(&condition).to_owned() };
    (check, CheckObjects { is_no_inherit: row.is_no_inherit })
}
