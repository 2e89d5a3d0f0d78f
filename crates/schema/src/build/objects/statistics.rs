use crate::model::{self, PUBLIC, StatisticsKind};

/// Extended statistics on a table or materialized view.
///
/// ```
/// use schema::build::{Statistics, Table, Column, schema, types};
///
/// let addresses = Table::new("addresses")
///     .column(Column::new("city", types::text()))
///     .column(Column::new("zip", types::text()));
/// let both = Statistics::new("addresses_city_zip", "addresses").columns(["city", "zip"]);
/// assert!(schema([addresses.into(), both.into()]).is_ok());
/// ```
#[derive(Clone, Debug)]
pub struct Statistics(model::Statistics);

impl Statistics {
    /// Statistics of every kind, in `public` and on a table there.
    pub fn new(name: impl Into<String>, table: impl Into<String>) -> Self {
        Statistics(model::Statistics {
            name: name.into(),
            schema: PUBLIC.to_owned(),
            table_schema: PUBLIC.to_owned(),
            table: table.into(),
            kinds: Vec::new(),
            columns: Vec::new(),
            expressions: Vec::new(),
            target: None,
        })
    }

    /// The schema of the statistics.
    #[must_use]
    pub fn in_schema(mut self, schema: impl Into<String>) -> Self {
        self.0.schema = schema.into();
        self
    }

    /// The schema of the table.
    #[must_use]
    pub fn table_schema(mut self, schema: impl Into<String>) -> Self {
        self.0.table_schema = schema.into();
        self
    }

    /// Keeps that kind, and no others but those that are named so.
    #[must_use]
    pub fn kind(mut self, kind: StatisticsKind) -> Self {
        if !self.0.kinds.contains(&kind) {
            self.0.kinds.push(kind);
            self.0.kinds.sort_unstable();
        }
        self
    }

    /// Adds columns, whose order means nothing.
    #[must_use]
    pub fn columns<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.0.columns.extend(columns.into_iter().map(Into::into));
        self
    }

    /// Adds an SQL expression. One alone is what an index on it would let ANALYZE know.
    #[must_use]
    pub fn expression(mut self, sql: impl Into<String>) -> Self {
        self.0.expressions.push(sql.into());
        self
    }

    /// `SET STATISTICS`: how finely ANALYZE looks.
    #[must_use]
    pub fn target(mut self, target: i32) -> Self {
        self.0.target = Some(target);
        self
    }

    pub(in crate::build) fn build(mut self) -> model::Statistics {
        self.0.columns.sort_unstable();
        self.0
    }
}
