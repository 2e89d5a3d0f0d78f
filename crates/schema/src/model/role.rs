use serde::Serialize;

/// A role that migrations manage. Its password, login and memberships are not theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Role {
    /// The name.
    pub name: String,
    /// `CREATEDB`.
    pub create_db: bool,
    /// `CREATEROLE`.
    pub create_role: bool,
    /// `INHERIT`.
    pub inherit: bool,
}
