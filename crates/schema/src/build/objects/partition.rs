use crate::model::{self, Map, PUBLIC, PartitionKeyPart, PartitionStrategy};

/// How a table is partitioned.
#[derive(Clone, Debug)]
pub struct PartitionKey(model::PartitionKey);

impl PartitionKey {
    /// `PARTITION BY RANGE` of nothing yet.
    pub fn range() -> Self {
        Self::new(PartitionStrategy::Range)
    }

    /// `PARTITION BY LIST` of nothing yet.
    pub fn list() -> Self {
        Self::new(PartitionStrategy::List)
    }

    /// `PARTITION BY HASH` of nothing yet.
    pub fn hash() -> Self {
        Self::new(PartitionStrategy::Hash)
    }

    fn new(strategy: PartitionStrategy) -> Self {
        PartitionKey(model::PartitionKey { strategy, parts: Vec::new() })
    }

    /// Adds a column.
    #[must_use]
    pub fn column(mut self, name: impl Into<String>) -> Self {
        self.0.parts.push(PartitionKeyPart { expression: name.into(), is_expression: false });
        self
    }

    /// Adds an SQL expression.
    #[must_use]
    pub fn expression(mut self, sql: impl Into<String>) -> Self {
        self.0.parts.push(PartitionKeyPart { expression: sql.into(), is_expression: true });
        self
    }

    pub(in crate::build) fn build(self) -> model::PartitionKey {
        self.0
    }
}

/// A partition. What its bounds are compared with is SQL: `'2024-01-01'`, `10`, `MAXVALUE`.
#[derive(Clone, Debug)]
pub struct Partition(model::Partition);

impl Partition {
    /// The partition of a table, both in `public`, that takes what no other one does.
    pub fn new(name: impl Into<String>, parent: impl Into<String>) -> Self {
        Partition(model::Partition {
            name: name.into(),
            schema: PUBLIC.to_owned(),
            parent_schema: PUBLIC.to_owned(),
            parent: parent.into(),
            bounds: "DEFAULT".to_owned(),
            partition_by: None,
            storage_parameters: Map::new(),
            is_unlogged: false,
        })
    }

    /// The schema of the partition.
    #[must_use]
    pub fn in_schema(mut self, schema: impl Into<String>) -> Self {
        self.0.schema = schema.into();
        self
    }

    /// The schema of the table that it is a part of.
    #[must_use]
    pub fn parent_schema(mut self, schema: impl Into<String>) -> Self {
        self.0.parent_schema = schema.into();
        self
    }

    /// `FROM (…) TO (…)`: the lower bound is in it, the upper one is not.
    #[must_use]
    pub fn from_to(mut self, from: &str, to: &str) -> Self {
        self.0.bounds = format!("FOR VALUES FROM ({from}) TO ({to})");
        self
    }

    /// `IN (…)`.
    #[must_use]
    pub fn values(mut self, values: &str) -> Self {
        self.0.bounds = format!("FOR VALUES IN ({values})");
        self
    }

    /// `WITH (MODULUS …, REMAINDER …)`.
    #[must_use]
    pub fn modulus(mut self, modulus: u32, remainder: u32) -> Self {
        self.0.bounds = format!("FOR VALUES WITH (MODULUS {modulus}, REMAINDER {remainder})");
        self
    }

    /// The bounds as SQL writes them: `FOR VALUES IN ('a')`, `DEFAULT`.
    #[must_use]
    pub fn bounds(mut self, sql: impl Into<String>) -> Self {
        self.0.bounds = sql.into();
        self
    }

    /// Partitions the partition.
    #[must_use]
    pub fn partition_by(mut self, key: PartitionKey) -> Self {
        self.0.partition_by = Some(key.build());
        self
    }

    /// A storage parameter.
    #[must_use]
    pub fn storage_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.storage_parameters.insert(name.into(), value.into());
        self
    }

    /// `UNLOGGED`.
    #[must_use]
    pub fn unlogged(mut self) -> Self {
        self.0.is_unlogged = true;
        self
    }

    pub(in crate::build) fn build(self) -> model::Partition {
        self.0
    }
}
