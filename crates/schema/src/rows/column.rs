use sea_query::{ColumnName, ColumnRef, Expr, Iden, IntoIden};

/// The name of a declared table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TableName {
    /// The schema, with `public` written out.
    pub schema: &'static str,
    /// The name in that schema.
    pub name: &'static str,
}

/// A column's identifier for sea-query, unqualified unless [`qualified`](Self::qualified) asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Column {
    /// The table; none for a column of a group, which several tables may have.
    pub table: Option<TableName>,
    /// The name.
    pub name: &'static str,
}

impl Column {
    /// The column with its table, as a join needs it: `"users"."email"`.
    pub fn qualified(self) -> ColumnRef {
        let table = self.table.map(sea_query::TableName::from);
        ColumnRef::Column(ColumnName(table, self.name.into_iden()))
    }
}

impl Iden for Column {
    fn unquoted(&self) -> &str {
        self.name
    }
}

impl From<Column> for Expr {
    fn from(column: Column) -> Self {
        Expr::Column(ColumnRef::from(column))
    }
}

/// In `public` the name alone, as `search_path` finds it.
impl From<TableName> for sea_query::TableName {
    fn from(table: TableName) -> Self {
        if table.schema == crate::PUBLIC || table.schema.is_empty() {
            table.name.into()
        } else {
            (table.schema, table.name).into()
        }
    }
}
