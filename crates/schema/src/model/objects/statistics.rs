use serde::Serialize;

use crate::model::key;

/// Extended statistics: what the planner is to know of several columns together, or of an expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Statistics {
    /// The bare name. Statistics have names of their own, which no table or index shares.
    pub name: String,
    /// The schema, written out.
    pub schema: String,
    /// The schema of the table, written out.
    pub table_schema: String,
    /// The bare name of the table, partition or materialized view.
    pub table: String,
    /// What is kept; nothing said is every kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<StatisticsKind>,
    /// The columns, in the order of their names: PostgreSQL keeps no other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// The expressions, which come after the columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expressions: Vec<String>,
    /// How finely ANALYZE looks, if not as it does for the columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<i32>,
}

impl Statistics {
    /// The key in [`Objects::statistics`](super::Objects::statistics).
    pub fn key(&self) -> String {
        key(&self.schema, &self.name)
    }

    /// The key of its table or materialized view.
    pub fn table_key(&self) -> String {
        key(&self.table_schema, &self.table)
    }
}

/// What extended statistics keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum StatisticsKind {
    /// How many different values there are together.
    Ndistinct,
    /// Which columns tell the value of which.
    Dependencies,
    /// The values that are most common together.
    Mcv,
}
