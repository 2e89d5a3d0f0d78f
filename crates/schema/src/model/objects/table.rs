use serde::Serialize;

use super::{CollationName, Deferral, PartitionKey, is_default};
use crate::model::Map;

/// What a table has beside its entry in a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TableObjects {
    /// How it is partitioned, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<PartitionKey>,
    /// Storage parameters by name, each with its value as text.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub storage_parameters: Map<String>,
    /// Whether its rows are left out of the write-ahead log, and so are gone after a crash.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_unlogged: bool,
    /// Whether row-level security holds for the owner too.
    #[serde(rename = "isRLSForced", default, skip_serializing_if = "is_default")]
    pub is_rls_forced: bool,
    /// Exclusion constraints by constraint name.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub exclusion_constraints: Map<Exclusion>,
    /// What columns have beside their entries, by name.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub columns: Map<ColumnObjects>,
    /// What indexes have beside theirs, by name.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub indexes: Map<IndexObjects>,
    /// What foreign keys have beside theirs, by constraint name.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub foreign_keys: Map<ForeignKeyObjects>,
    /// What a primary key has beside its entry, by constraint name. One that is a property of its column has none.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub composite_primary_keys: Map<KeyObjects>,
    /// What unique constraints have beside their entries, by constraint name.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub unique_constraints: Map<KeyObjects>,
    /// What check constraints have beside theirs, by constraint name.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub check_constraints: Map<CheckObjects>,
}

impl TableObjects {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == TableObjects::default()
    }
}

/// What a column has beside its entry in a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ColumnObjects {
    /// The collation, if not the type's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<CollationName>,
    /// How long values are kept, if not as the type says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// The compression method of long values: `pglz`, `lz4`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compression: Option<String>,
    /// Whether its generated value is computed when it is read, and not stored, as the snapshot has it (PostgreSQL 18
    /// and later).
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_virtual: bool,
}

/// How long values are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum Storage {
    /// In the row, as they are.
    Plain,
    /// Out of the row, as they are.
    External,
    /// Out of the row, compressed.
    Extended,
    /// In the row if it can be, compressed.
    Main,
}

/// What an index has beside its entry in a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IndexObjects {
    /// The columns that it holds beside its keys, for queries that need no more than the index has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// Whether two NULLs count as the same value in a unique index (PostgreSQL 15 and later).
    #[serde(default, skip_serializing_if = "is_default")]
    pub nulls_not_distinct: bool,
}

/// What a primary key or unique constraint has beside its entry in a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyObjects {
    /// The columns that its index holds beside its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// When it is checked. No foreign key references one that can wait.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deferral: Deferral,
}

/// What a foreign key has beside its entry in a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ForeignKeyObjects {
    /// `MATCH FULL`: in a row, all of its columns are NULL or none is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_match_full: bool,
    /// When it is checked.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deferral: Deferral,
}

/// What a check constraint has beside its entry in a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckObjects {
    /// Whether tables that inherit from this one go without it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_no_inherit: bool,
}

/// An exclusion constraint: no two rows compare true by all of its operators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exclusion {
    /// The constraint's name.
    pub name: String,
    /// The access method of its index: `gist`, `spgist`, ….
    pub method: String,
    /// What is compared, in order.
    pub elements: Vec<ExclusionElement>,
    /// The condition on the rows that it holds for, without its parentheses.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
    /// When it is checked.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deferral: Deferral,
}

/// A column or expression of an exclusion constraint, and how it is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExclusionElement {
    /// A column's name, or an SQL expression.
    pub expression: String,
    /// Whether `expression` is an expression.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_expression: bool,
    /// The operator class, if not the type's default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opclass: Option<String>,
    /// The operator: `=`, `&&`, ….
    pub operator: String,
}
