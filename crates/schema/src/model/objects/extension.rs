use serde::Serialize;

/// An extension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Extension {
    /// The name.
    pub name: String,
    /// The schema that its objects are put in, where it is not left to PostgreSQL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The version, where it is not left to PostgreSQL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}
