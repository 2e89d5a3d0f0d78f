use serde_json::Value;

use crate::model::{self, IndexObjects, Map, Nulls};
use crate::names;

/// An index.
#[derive(Clone, Debug)]
pub struct Index {
    name: Option<String>,
    columns: Vec<model::IndexColumn>,
    is_unique: bool,
    predicate: Option<String>,
    concurrently: bool,
    method: String,
    parameters: Map<Value>,
    objects: IndexObjects,
}

impl Index {
    /// A btree index on these columns and expressions.
    pub fn on<C: Into<IndexColumn>>(columns: impl IntoIterator<Item = C>) -> Self {
        Index {
            name: None,
            columns: columns.into_iter().map(|column| column.into().0).collect(),
            is_unique: false,
            predicate: None,
            concurrently: false,
            method: "btree".to_owned(),
            parameters: Map::new(),
            objects: IndexObjects::default(),
        }
    }

    /// The name; an index with an expression has none by itself, and must be given one.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// A unique index.
    #[must_use]
    pub fn unique(mut self) -> Self {
        self.is_unique = true;
        self
    }

    /// The access method: `gin`, `gist`, `hash`, ….
    #[must_use]
    pub fn using(mut self, method: impl Into<String>) -> Self {
        self.method = method.into();
        self
    }

    /// The predicate of a partial index.
    #[must_use]
    pub fn filter(mut self, predicate: impl Into<String>) -> Self {
        self.predicate = Some(predicate.into());
        self
    }

    /// A storage parameter: `fillfactor`, `fastupdate`, ….
    #[must_use]
    pub fn with(mut self, parameter: impl Into<String>, value: impl Into<Value>) -> Self {
        self.parameters.insert(parameter.into(), value.into());
        self
    }

    /// Builds the index without blocking writes.
    #[must_use]
    pub fn concurrently(mut self) -> Self {
        self.concurrently = true;
        self
    }

    /// `INCLUDE`: columns that it holds beside its keys, for queries that need no more than the index has.
    #[must_use]
    pub fn include<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.objects.include = columns.into_iter().map(Into::into).collect();
        self
    }

    /// `NULLS NOT DISTINCT` of a unique index (PostgreSQL 15 and later).
    #[must_use]
    pub fn nulls_not_distinct(mut self) -> Self {
        self.objects.nulls_not_distinct = true;
        self
    }

    pub(super) fn build(self, table: &str) -> (model::Index, IndexObjects) {
        // An index on an expression without a name keeps an empty one, which validation refuses.
        let derived = || {
            let columns: Vec<&str> = self.columns.iter().map(|column| column.expression.as_str()).collect();
            let nameable = self.columns.iter().all(|column| !column.is_expression);
            if nameable { names::index(table, &columns) } else { String::new() }
        };
        let index = model::Index {
            name: self.name.clone().unwrap_or_else(derived),
            columns: self.columns,
            is_unique: self.is_unique,
            predicate: self.predicate,
            concurrently: self.concurrently,
            method: self.method,
            parameters: self.parameters,
        };
        (index, self.objects)
    }
}

/// One key column or expression of an index.
#[derive(Clone, Debug)]
pub struct IndexColumn(model::IndexColumn);

impl IndexColumn {
    /// A column, ascending.
    pub fn column(name: impl Into<String>) -> Self {
        Self::new(name.into(), false)
    }

    /// An SQL expression, ascending.
    pub fn expression(sql: impl Into<String>) -> Self {
        Self::new(sql.into(), true)
    }

    fn new(expression: String, is_expression: bool) -> Self {
        IndexColumn(model::IndexColumn {
            expression,
            is_expression,
            asc: true,
            nulls: Some(Nulls::Last),
            opclass: None,
        })
    }

    /// Descending order. NULLs stay last, as in Drizzle; PostgreSQL's own default would put them first.
    #[must_use]
    pub fn desc(mut self) -> Self {
        self.0.asc = false;
        self
    }

    /// NULLs before every value.
    #[must_use]
    pub fn nulls_first(mut self) -> Self {
        self.0.nulls = Some(Nulls::First);
        self
    }

    /// An operator class: `text_pattern_ops`, `gin_trgm_ops`, ….
    #[must_use]
    pub fn operator_class(mut self, name: impl Into<String>) -> Self {
        self.0.opclass = Some(name.into());
        self
    }
}

impl From<&str> for IndexColumn {
    fn from(column: &str) -> Self {
        IndexColumn::column(column)
    }
}
