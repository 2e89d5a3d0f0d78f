use serde::Serialize;
use serde_json::Value;

use super::{Column, Map};

/// A view or materialized view.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct View {
    /// What the query returns.
    pub columns: Map<Column>,
    /// The query; absent where the view exists already and is not ours to make.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    /// The bare name.
    pub name: String,
    /// The schema, written out.
    pub schema: String,
    /// Whether the view exists already and is only described here.
    pub is_existing: bool,
    /// Options by Drizzle's name (`securityInvoker`).
    #[serde(rename = "with", skip_serializing_if = "Option::is_none")]
    pub options: Option<Map<Value>>,
    /// `WITH NO DATA`: a materialized view that is made empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_no_data: Option<bool>,
    /// Whether its rows are stored.
    pub materialized: bool,
    /// The tablespace of a materialized view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
    /// The table access method of a materialized view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
}

impl View {
    /// The key of this view in [`Schema::views`](super::Schema::views).
    pub fn key(&self) -> String {
        super::key(&self.schema, &self.name)
    }
}
