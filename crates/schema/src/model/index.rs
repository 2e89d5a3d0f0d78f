use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Map;

/// An index that no constraint brings.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Index {
    /// The name.
    pub name: String,
    /// The key columns and expressions, in order.
    pub columns: Vec<IndexColumn>,
    /// Whether it is a unique index.
    pub is_unique: bool,
    /// The predicate of a partial index.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
    /// Whether it is built without blocking writes. A matter of how, not of what: two indexes
    /// that differ in this alone are the same.
    pub concurrently: bool,
    /// The access method: `btree`, `gin`, ….
    pub method: String,
    /// Storage parameters by name.
    #[serde(rename = "with")]
    pub parameters: Map<Value>,
}

impl Index {
    /// The columns that it is a key of, as a foreign key needs one: it is unique, and neither partial nor on an
    /// expression.
    pub fn key_columns(&self) -> Option<Vec<&str>> {
        let is_plain = self.predicate.is_none() && self.columns.iter().all(|column| !column.is_expression);
        (self.is_unique && is_plain).then(|| self.columns.iter().map(|column| column.expression.as_str()).collect())
    }
}

/// One key column or expression of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(serde::Deserialize), serde(rename_all = "camelCase", deny_unknown_fields))]
pub struct IndexColumn {
    /// A column's name, or an SQL expression.
    pub expression: String,
    /// Whether `expression` is an expression.
    pub is_expression: bool,
    /// Ascending order.
    pub asc: bool,
    /// Where NULLs sort.
    pub nulls: Option<Nulls>,
    /// The operator class, if not the type's default one.
    pub opclass: Option<String>,
}

/// drizzle-kit writes `asc` before `isExpression` for an expression, and after it for a column.
impl Serialize for IndexColumn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let IndexColumn { expression, is_expression, asc, nulls, opclass } = self;
        let mut column = serializer.serialize_struct("IndexColumn", 5)?;
        column.serialize_field("expression", expression)?;
        if *is_expression {
            column.serialize_field("asc", asc)?;
            column.serialize_field("isExpression", is_expression)?;
        } else {
            column.serialize_field("isExpression", is_expression)?;
            column.serialize_field("asc", asc)?;
        }
        if let Some(nulls) = nulls {
            column.serialize_field("nulls", nulls)?;
        }
        if let Some(opclass) = opclass {
            column.serialize_field("opclass", opclass)?;
        }
        column.end()
    }
}

/// Where NULLs sort in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "lowercase")]
pub enum Nulls {
    /// Before every value: PostgreSQL's default for descending order.
    First,
    /// After every value: PostgreSQL's default for ascending order.
    Last,
}
