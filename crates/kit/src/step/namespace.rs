use super::Leg;

/// A step on a schema (namespace).
#[derive(Clone, Debug, PartialEq)]
pub enum SchemaStep {
    /// `CREATE SCHEMA`.
    Create {
        /// The new schema.
        name: String,
    },
    /// `ALTER SCHEMA … RENAME TO`.
    Rename {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// `DROP SCHEMA`, which fails while something is left in it.
    Drop {
        /// The schema.
        name: String,
    },
}
