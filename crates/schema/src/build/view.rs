use serde_json::Value;

use super::members::Members;
use super::{Column, Comment, Index, add_comment};
use crate::model::{self, CommentKind, Map, Objects, PUBLIC, ViewObjects};
use crate::validate::Problem;

/// A view, or a materialized view.
///
/// ```
/// use schema::build::{Column, View, types};
///
/// let adults = View::new("adults")
///     .query("select id, name from users where age >= 18")
///     .column(Column::new("id", types::uuid()))
///     .column(Column::new("name", types::text()))
///     .option("securityInvoker", true);
/// ```
#[derive(Clone, Debug)]
pub struct View {
    view: model::View,
    columns: Vec<Column>,
    indexes: Vec<Index>,
    comment: Option<String>,
}

impl View {
    /// A view in `public`. Without a [`query`](View::query) it is one that exists already.
    pub fn new(name: impl Into<String>) -> Self {
        let view = model::View {
            columns: Map::new(),
            definition: None,
            name: name.into(),
            schema: PUBLIC.to_owned(),
            is_existing: true,
            options: None,
            with_no_data: None,
            materialized: false,
            tablespace: None,
            using: None,
        };
        View { view, columns: Vec::new(), indexes: Vec::new(), comment: None }
    }

    /// Puts it into another schema.
    #[must_use]
    pub fn in_schema(mut self, schema: impl Into<String>) -> Self {
        self.view.schema = schema.into();
        self
    }

    /// The SELECT or VALUES that it stands for, as SQL.
    #[must_use]
    pub fn query(mut self, sql: impl Into<String>) -> Self {
        self.view.definition = Some(sql.into());
        self.view.is_existing = false;
        self
    }

    /// Adds a column of what the query returns. No SQL follows from it; rows are read by it.
    #[must_use]
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// Stores the rows: a materialized view.
    #[must_use]
    pub fn materialized(mut self) -> Self {
        self.view.materialized = true;
        self
    }

    /// Adds an index to a materialized view. `REFRESH … CONCURRENTLY` needs a unique one, on columns alone.
    #[must_use]
    pub fn index(mut self, index: Index) -> Self {
        self.indexes.push(index);
        self
    }

    /// An option of `WITH (…)` by Drizzle's name: `checkOption`, `securityBarrier`, `securityInvoker` of a view;
    /// `fillfactor`, `autovacuumEnabled` and so on of a materialized one.
    #[must_use]
    pub fn option(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.view.options.get_or_insert_default().insert(name.into(), value.into());
        self
    }

    /// `WITH NO DATA`: a materialized view that cannot be read before its first REFRESH.
    #[must_use]
    pub fn with_no_data(mut self) -> Self {
        self.view.with_no_data = Some(true);
        self
    }

    /// The tablespace of a materialized view.
    #[must_use]
    pub fn tablespace(mut self, name: impl Into<String>) -> Self {
        self.view.tablespace = Some(name.into());
        self
    }

    /// The table access method of a materialized view.
    #[must_use]
    pub fn using(mut self, method: impl Into<String>) -> Self {
        self.view.using = Some(method.into());
        self
    }

    /// `COMMENT ON VIEW`.
    #[must_use]
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.comment = Some(text.into());
        self
    }

    /// The view of the model, with its indexes and comments among `objects`; what cannot stand in it is added to `problems`.
    pub(super) fn build(self, objects: &mut Objects, problems: &mut Vec<Problem>) -> model::View {
        let View { mut view, columns, indexes, comment } = self;
        let kind = if view.materialized { CommentKind::MaterializedView } else { CommentKind::View };
        if let Some(text) = comment {
            let comment = Comment::new(kind, Some(&view.schema), None, view.name.clone(), text);
            add_comment(objects, comment, problems);
        }
        for column in &columns {
            let Some(text) = column.comment.clone() else { continue };
            let (owner, name) = (Some(view.name.clone()), column.column.name.clone());
            add_comment(objects, Comment::new(CommentKind::Column, Some(&view.schema), owner, name, text), problems);
        }
        let mut members = Members { object: "view", key: view.key(), problems };
        members.add("column", &mut view.columns, columns.into_iter().map(|column| column.column), |c| &c.name);
        let mut beside = ViewObjects::default();
        let indexes = indexes.into_iter().map(|index| index.build(&view.name));
        members.add_with("index", (&mut beside.indexes, &mut beside.index_objects), indexes, |i| &i.name);
        if !beside.is_empty() {
            objects.views.insert(view.key(), beside);
        }
        view
    }
}
