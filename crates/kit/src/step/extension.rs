use schema::Extension;

/// A step on an extension.
#[derive(Clone, Debug, PartialEq)]
pub enum ExtensionStep {
    /// `CREATE EXTENSION`.
    Create(Extension),
    /// `ALTER EXTENSION … UPDATE TO`.
    Update {
        /// The extension.
        name: String,
        /// The version it gets.
        version: String,
    },
    /// `ALTER EXTENSION … SET SCHEMA`.
    SetSchema {
        /// The extension.
        name: String,
        /// The schema it leaves, where that is known.
        from: Option<String>,
        /// The schema it goes to.
        to: String,
    },
    /// `DROP EXTENSION`.
    Drop(Extension),
}
