use serde::Serialize;

use super::is_default;

/// A collation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Collation {
    /// The bare name.
    pub name: String,
    /// The schema, written out.
    pub schema: String,
    /// The library that compares.
    #[serde(default, skip_serializing_if = "is_default")]
    pub provider: CollationProvider,
    /// The locale, as the library names it.
    pub locale: String,
    /// Whether two texts of other bytes may be equal.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_nondeterministic: bool,
}

impl Collation {
    /// The key of this collation in [`Objects::collations`](super::Objects::collations).
    pub fn key(&self) -> String {
        crate::model::key(&self.schema, &self.name)
    }
}

/// The library behind a collation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum CollationProvider {
    /// The operating system's: what PostgreSQL takes where nothing is said.
    #[default]
    Libc,
    /// ICU.
    Icu,
}

/// A collation by name. Without a schema it is found as PostgreSQL finds its own: `"C"`, `"de-x-icu"`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CollationName {
    /// The schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The bare name.
    pub name: String,
}

impl CollationName {
    /// A collation that PostgreSQL brings.
    pub fn new(name: impl Into<String>) -> Self {
        CollationName { schema: None, name: name.into() }
    }

    /// The key among [`Objects::collations`](super::Objects::collations), where it may be declared.
    pub fn key(&self) -> String {
        crate::model::key(self.schema.as_deref().unwrap_or_default(), &self.name)
    }
}

impl From<&str> for CollationName {
    fn from(name: &str) -> Self {
        CollationName::new(name)
    }
}

impl From<&Collation> for CollationName {
    fn from(collation: &Collation) -> Self {
        CollationName { schema: Some(collation.schema.clone()), name: collation.name.clone() }
    }
}
