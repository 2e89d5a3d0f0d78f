use crate::model::{self, CollationProvider, PUBLIC};

/// An extension.
#[derive(Clone, Debug)]
pub struct Extension(model::Extension);

impl Extension {
    /// An extension in the schema and the version that PostgreSQL chooses.
    pub fn new(name: impl Into<String>) -> Self {
        Extension(model::Extension { name: name.into(), schema: None, version: None })
    }

    /// The schema that its objects are put in.
    #[must_use]
    pub fn in_schema(mut self, schema: impl Into<String>) -> Self {
        self.0.schema = Some(schema.into());
        self
    }

    /// The version.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.0.version = Some(version.into());
        self
    }

    pub(in crate::build) fn build(self) -> model::Extension {
        self.0
    }
}

/// A collation.
#[derive(Clone, Debug)]
pub struct Collation(model::Collation);

impl Collation {
    /// A collation in `public` by a locale of the operating system.
    pub fn new(name: impl Into<String>, locale: impl Into<String>) -> Self {
        Collation(model::Collation {
            name: name.into(),
            schema: PUBLIC.to_owned(),
            provider: CollationProvider::Libc,
            locale: locale.into(),
            is_nondeterministic: false,
        })
    }

    /// Puts it into another schema.
    #[must_use]
    pub fn in_schema(mut self, schema: impl Into<String>) -> Self {
        self.0.schema = schema.into();
        self
    }

    /// Takes the locale as one of ICU.
    #[must_use]
    pub fn icu(mut self) -> Self {
        self.0.provider = CollationProvider::Icu;
        self
    }

    /// Lets two texts of other bytes be equal, as in a comparison that does not see case.
    #[must_use]
    pub fn nondeterministic(mut self) -> Self {
        self.0.is_nondeterministic = true;
        self
    }

    pub(in crate::build) fn build(self) -> model::Collation {
        self.0
    }
}
