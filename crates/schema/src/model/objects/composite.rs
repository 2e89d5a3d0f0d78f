use serde::Serialize;

use super::CollationName;
use crate::model::Map;

/// A composite type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Composite {
    /// The bare name.
    pub name: String,
    /// The schema, written out.
    pub schema: String,
    /// The attributes by name, in order.
    pub attributes: Map<Attribute>,
}

impl Composite {
    /// The key of this type in [`Objects::composites`](super::Objects::composites).
    pub fn key(&self) -> String {
        crate::model::key(&self.schema, &self.name)
    }
}

/// An attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attribute {
    /// The name.
    pub name: String,
    /// The type.
    #[serde(rename = "type")]
    pub sql_type: String,
    /// The collation of its texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<CollationName>,
}
