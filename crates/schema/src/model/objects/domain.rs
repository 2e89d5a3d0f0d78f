use serde::Serialize;

use super::{CollationName, is_default};
use crate::model::{Check, Map};

/// A domain: a type with conditions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Domain {
    /// The bare name.
    pub name: String,
    /// The schema, written out.
    pub schema: String,
    /// The type that it narrows.
    #[serde(rename = "type")]
    pub base: String,
    /// The collation of its texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<CollationName>,
    /// The default of columns that have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Whether NULL is refused.
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_null: bool,
    /// Conditions on `VALUE`, by constraint name.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub check_constraints: Map<Check>,
}

impl Domain {
    /// The key of this domain in [`Objects::domains`](super::Objects::domains).
    pub fn key(&self) -> String {
        crate::model::key(&self.schema, &self.name)
    }
}
