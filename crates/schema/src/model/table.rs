use serde::Serialize;

use super::{Check, Column, ForeignKey, Index, Map, Policy, PrimaryKey, Unique, or_public};

/// A table with everything that is dropped when it is dropped.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Table {
    /// The bare name.
    pub name: String,
    /// The schema, empty for `public`; [`Table::schema_name`] writes it out.
    pub schema: String,
    /// Columns by name, in the order in which the table has them.
    pub columns: Map<Column>,
    /// Indexes by name, without those that a constraint brings.
    pub indexes: Map<Index>,
    /// Foreign keys by constraint name.
    pub foreign_keys: Map<ForeignKey>,
    /// A primary key that is named or spans several columns; at most one. One that is neither
    /// is a property of its column.
    pub composite_primary_keys: Map<PrimaryKey>,
    /// Unique constraints by constraint name.
    pub unique_constraints: Map<Unique>,
    /// Row-level security policies by name.
    pub policies: Map<Policy>,
    /// Check constraints by constraint name.
    pub check_constraints: Map<Check>,
    /// Whether row-level security is enabled though no policy says so.
    #[serde(rename = "isRLSEnabled")]
    pub is_rls_enabled: bool,
}

impl Table {
    /// The schema's name with `public` written out.
    pub fn schema_name(&self) -> &str {
        or_public(&self.schema)
    }

    /// The key of this table in [`Schema::tables`](super::Schema::tables).
    pub fn key(&self) -> String {
        super::key(&self.schema, &self.name)
    }

    /// The columns of the primary key, wherever it is declared; empty if there is none.
    pub fn primary_key_columns(&self) -> Vec<&str> {
        match self.composite_primary_keys.values().next() {
            Some(key) => key.columns.iter().map(String::as_str).collect(),
            None => self.columns.values().filter(|c| c.primary_key).map(|c| c.name.as_str()).collect(),
        }
    }
}
