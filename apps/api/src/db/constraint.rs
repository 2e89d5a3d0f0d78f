//! Which fields a broken rule of the schema is about, by the constraint's name.
//!
//! The declared schema knows every constraint with its columns, so no handler repeats their names.

use std::collections::HashMap;
use std::sync::LazyLock;

use schema::mentions::mentions;
use schema::{Schema, names};
use tokio_postgres::error::{DbError, SqlState};

/// The kind of a broken rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Another row has the value.
    Unique,
    /// The row that is referred to does not exist.
    References,
    /// Other rows still refer to the row that is to be deleted.
    Referenced,
    /// The value does not fulfil a condition.
    Check,
    /// The value is missing.
    NotNull,
}

/// A rule of the schema that a statement broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The kind of rule.
    pub rule: Rule,
    /// The constraint's name; for [`Rule::NotNull`] empty.
    pub constraint: String,
    /// The columns that it is about; none where the schema does not know the rule.
    pub fields: Vec<String>,
}

impl Violation {
    /// What the server's error says about `sql`, if it is about a rule.
    pub(super) fn of(error: &DbError, sql: &str) -> Option<Self> {
        let code = error.code();
        let rule = if *code == SqlState::UNIQUE_VIOLATION {
            Rule::Unique
        } else if *code == SqlState::FOREIGN_KEY_VIOLATION {
            // PostgreSQL reports both ends of a foreign key alike.
            if sql.starts_with("DELETE") { Rule::Referenced } else { Rule::References }
        } else if *code == SqlState::CHECK_VIOLATION {
            Rule::Check
        } else if *code == SqlState::NOT_NULL_VIOLATION {
            Rule::NotNull
        } else {
            return None;
        };
        let constraint = error.constraint().unwrap_or_default().to_owned();
        let fields = match error.column() {
            Some(column) => vec![column.to_owned()],
            None => FIELDS.get(&constraint).cloned().unwrap_or_default(),
        };
        Some(Self { rule, constraint, fields })
    }
}

/// The columns of each declared constraint and unique index, by its name.
static FIELDS: LazyLock<HashMap<String, Vec<String>>> =
    LazyLock::new(|| schema::declared().map(|schema| fields(&schema)).unwrap_or_default());

fn fields(schema: &Schema) -> HashMap<String, Vec<String>> {
    let mut fields = HashMap::new();
    for table in schema.tables.values() {
        let mentioned = |expression: &str| -> Vec<String> {
            table.columns.keys().filter(|column| mentions(expression, column)).cloned().collect()
        };
        for (name, unique) in &table.unique_constraints {
            fields.insert(name.clone(), unique.columns.clone());
        }
        for (name, key) in &table.foreign_keys {
            fields.insert(name.clone(), key.columns_from.clone());
        }
        for (name, check) in &table.check_constraints {
            fields.insert(name.clone(), mentioned(&check.value));
        }
        for (name, index) in table.indexes.iter().filter(|(_, index)| index.is_unique) {
            let expressions: Vec<_> = index.columns.iter().map(|column| column.expression.as_str()).collect();
            fields.insert(name.clone(), mentioned(&expressions.join(" ")));
        }
        let key = table.primary_key_columns().iter().map(ToString::to_string).collect();
        fields.insert(names::catalog(&table.name, None, "pkey"), key);
    }
    fields
}

#[cfg(test)]
mod tests {
    use schema::build::{Check, Column, Table, types};

    use super::*;

    fn declared(constraint: &str) -> &[String] {
        FIELDS.get(constraint).unwrap_or_else(|| panic!("{constraint} is declared"))
    }

    #[test]
    fn a_constraint_on_one_column_is_about_that_field() {
        assert_eq!(declared("api_tokens_user_id_users_id_fk"), ["user_id"]);
        assert_eq!(declared("users_pkey"), ["id"]);
    }

    #[test]
    fn an_expression_is_about_the_column_that_it_mentions() {
        assert_eq!(declared("users_email_lower_idx"), ["email"]);
        assert_eq!(declared("users_name_length"), ["name"]);
    }

    #[test]
    fn a_unique_constraint_is_about_its_column_and_a_text_in_a_check_about_none() {
        let table = Table::new("files")
            .column(Column::new("name", types::text()).unique())
            .column(Column::new("path", types::text()))
            .check(Check::new("files_path", "path <> 'name'"));
        let fields = fields(&schema::build::schema([table.into()]).unwrap());
        assert_eq!(fields["files_name_unique"], ["name"]);
        assert_eq!(fields["files_path"], ["path"]);
    }

    #[test]
    fn a_condition_over_two_columns_is_about_both() {
        let table = Table::new("spans")
            .column(Column::new("begins", types::integer()))
            .column(Column::new("ends", types::integer()))
            .check(Check::new("spans_forward", "begins <= ends"));
        let fields = fields(&schema::build::schema([table.into()]).unwrap());
        assert_eq!(fields["spans_forward"], ["begins", "ends"]);
    }
}
