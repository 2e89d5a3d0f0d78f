//! Typed rows: what the derives generate with the feature `rows`, for tokio-postgres and sea-query.
//!
//! A struct that derives [`PgTable`](macro@crate::PgTable) is the row itself ([`FromRow`]); beside it
//! come `NewUser` for INSERT ([`Insert`]), `UserChanges` for UPDATE ([`Changes`]), and the
//! identifiers `User::TABLE` and `User::email` for queries.

mod column;
mod decode;
mod encode;
mod text;

pub use column::{Column, TableName};
pub use decode::{Decode, get};
pub use encode::{Encode, enum_array_type, enum_value, expr, or_default, param, type_name};
pub use postgres_types::{FromSql, Type};
pub use sea_query::{ArrayType, Expr, InsertStatement, UpdateStatement, Value, value::Nullable};
pub use tokio_postgres::{Error, Row};

use sea_query::Query;

/// What a value may fail with while it is decoded.
pub type BoxError = Box<dyn std::error::Error + Sync + Send>;

/// A struct that is read from a row, by the names of its columns.
pub trait FromRow: Sized {
    /// Decodes a row.
    ///
    /// # Errors
    /// When the row lacks a column, or the column's type or value does not fit the field.
    fn from_row(row: &Row) -> Result<Self, Error>;

    /// The columns, in the order of the fields: `Query::select().columns(User::columns())`.
    fn columns() -> Vec<Column>;
}

/// The insertable of a table or a group of columns.
pub trait Insert: Sized {
    /// The columns that [`into_values`](Self::into_values) gives values for.
    fn columns() -> Vec<Column>;

    /// The values, `DEFAULT` where there is none.
    fn into_values(self) -> Vec<Expr>;
}

/// The change set of a table or a group of columns.
pub trait Changes: Sized {
    /// Whether there is nothing to change. PostgreSQL refuses an UPDATE without a column.
    fn is_empty(&self) -> bool;

    /// Sets the changed columns.
    fn apply(self, update: &mut UpdateStatement);
}

/// A group of columns, with the structs that stand for it in the insertable and the change set.
pub trait Group: FromRow {
    /// The group's part of the insertable.
    type New: Insert;
    /// The group's part of the change set.
    type Changes: Changes;
}

/// One INSERT of all rows. Without a row it is a statement that inserts nothing.
pub fn insert<N: Insert>(table: TableName, rows: impl IntoIterator<Item = N>) -> InsertStatement {
    let mut statement = InsertStatement::new();
    statement.into_table(table).columns(N::columns());
    let mut rows = rows.into_iter().peekable();
    let filled = if rows.peek().is_some() {
        // A table may have no column that takes a value.
        statement.or_default_values();
        rows.try_for_each(|row| statement.values(row.into_values()).map(|_| ()))
    } else {
        let nothing = Query::select().columns(N::columns()).from(table).and_where(Expr::value(false)).take();
        statement.select_from(nothing).map(|_| ())
    };
    filled.expect("a derived Insert has one value for each of its columns");
    statement
}

/// An UPDATE of the table with these changes, without a condition.
pub fn update(table: TableName, changes: impl Changes) -> UpdateStatement {
    let mut statement = UpdateStatement::new();
    statement.table(table);
    changes.apply(&mut statement);
    statement
}

/// The columns of a group, as those of the table that flattens it.
#[doc(hidden)]
pub fn in_table<G: FromRow>(table: Option<TableName>) -> Vec<Column> {
    G::columns().into_iter().map(|column| Column { table, ..column }).collect()
}

/// The insertable columns of a group, as those of the table that flattens it.
#[doc(hidden)]
pub fn new_in_table<G: Group>(table: Option<TableName>) -> Vec<Column> {
    G::New::columns().into_iter().map(|column| Column { table, ..column }).collect()
}

/// Reads a value that is there, so that `null` and absence differ in a change set: serde leaves
/// out the call for an absent key, and the field's default is `None`.
///
/// # Errors
/// When the value does not fit.
pub fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
