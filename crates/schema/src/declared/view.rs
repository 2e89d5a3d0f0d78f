//! Declared views.

use serde::Deserialize;
use serde_json::Value;

use super::enumeration::Enums;
use super::literal::Table;
use super::names::Tables;
use super::registry::ViewDeclaration;
use crate::build;
use crate::model::Map;

/// A declaration that is read.
pub(super) struct View {
    columns: Table,
    options: Options,
    query: Option<fn() -> String>,
}

/// What makes it a view, as the derive writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    query: Option<String>,
    #[serde(default)]
    materialized: bool,
    #[serde(default)]
    with_no_data: bool,
    #[serde(default)]
    with: Map<Value>,
    using: Option<String>,
    tablespace: Option<String>,
}

impl View {
    pub(super) fn read(declaration: &'static ViewDeclaration) -> Result<Self, serde_json::Error> {
        let ViewDeclaration { columns, options, query } = declaration;
        Ok(View { columns: Table::read(columns)?, options: serde_json::from_str(options)?, query: *query })
    }

    pub(super) fn key(&self) -> String {
        self.columns.key()
    }

    pub(super) fn place(&self) -> &'static str {
        self.columns.place()
    }

    /// The view for the builder; one without a query exists already.
    ///
    /// # Errors
    /// What the derive could not see, as of a table.
    pub(super) fn build(&self, tables: &Tables, enums: &Enums) -> Result<build::View, String> {
        let Options { query, materialized, with_no_data, with, using, tablespace } = &self.options;
        let mut view = build::View::new(self.columns.name()).in_schema(self.columns.schema());
        if let Some(sql) = query.clone().or_else(|| self.query.map(|query| query())) {
            view = view.query(sql);
        }
        if let Some(text) = self.columns.comment() {
            view = view.comment(text);
        }
        if *materialized {
            view = view.materialized();
        }
        if *with_no_data {
            view = view.with_no_data();
        }
        if let Some(method) = using {
            view = view.using(method);
        }
        if let Some(name) = tablespace {
            view = view.tablespace(name);
        }
        view = with.iter().fold(view, |view, (option, value)| view.option(option, value.clone()));
        view = self.columns.view_columns(enums)?.into_iter().fold(view, build::View::column);
        Ok(self.columns.view_indexes(tables)?.into_iter().fold(view, build::View::index))
    }
}
