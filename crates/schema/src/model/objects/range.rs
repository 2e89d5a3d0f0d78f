use serde::Serialize;

use super::CollationName;

/// A range type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Range {
    /// The bare name.
    pub name: String,
    /// The schema, written out.
    pub schema: String,
    /// The type of its bounds.
    pub subtype: String,
    /// The operator class that sorts them, if not the type's default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtype_opclass: Option<String>,
    /// The collation that sorts them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<CollationName>,
    /// The function that tells the distance of two bounds, as SQL names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtype_diff: Option<String>,
    /// The bare name of its multirange type, where PostgreSQL does not choose it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multirange: Option<String>,
}

impl Range {
    /// The key of this type in [`Objects::ranges`](super::Objects::ranges).
    pub fn key(&self) -> String {
        crate::model::key(&self.schema, &self.name)
    }
}
