use serde::Serialize;

/// An enum type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Enum {
    /// The bare name.
    pub name: String,
    /// The schema, written out.
    pub schema: String,
    /// The labels, in sort order.
    pub values: Vec<String>,
}

impl Enum {
    /// The key of this enum in [`Schema::enums`](super::Schema::enums).
    pub fn key(&self) -> String {
        super::key(&self.schema, &self.name)
    }
}
