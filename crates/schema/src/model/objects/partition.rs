use serde::Serialize;

use super::is_default;
use crate::model::Map;

/// How a table is partitioned: `PARTITION BY …`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartitionKey {
    /// How a row finds its partition.
    pub strategy: PartitionStrategy,
    /// The columns and expressions, in order.
    pub parts: Vec<PartitionKeyPart>,
}

/// How a row finds its partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum PartitionStrategy {
    /// By bounds.
    Range,
    /// By values.
    List,
    /// By remainder.
    Hash,
}

/// A column or expression of a partition key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartitionKeyPart {
    /// A column's name, or an SQL expression.
    pub expression: String,
    /// Whether `expression` is an expression.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_expression: bool,
}

/// A partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Partition {
    /// The bare name.
    pub name: String,
    /// The schema, written out.
    pub schema: String,
    /// The schema of the table that it is a part of, written out.
    pub parent_schema: String,
    /// The bare name of that table, or partition.
    pub parent: String,
    /// The rows that it takes: `FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')`, `DEFAULT`.
    pub bounds: String,
    /// How it is partitioned itself, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<PartitionKey>,
    /// Storage parameters by name, each with its value as text.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub storage_parameters: Map<String>,
    /// Whether its rows are left out of the write-ahead log, and so are gone after a crash.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_unlogged: bool,
}

impl Partition {
    /// The key of this partition in [`Objects::partitions`](super::Objects::partitions).
    pub fn key(&self) -> String {
        crate::model::key(&self.schema, &self.name)
    }

    /// The key of the table, or partition, that it is a part of.
    pub fn parent_key(&self) -> String {
        crate::model::key(&self.parent_schema, &self.parent)
    }
}
