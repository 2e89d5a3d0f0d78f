use schema::Role;

use super::Leg;

/// A step on a role.
#[derive(Clone, Debug, PartialEq)]
pub enum RoleStep {
    /// `CREATE ROLE`.
    Create(Role),
    /// `ALTER ROLE … WITH`.
    Alter {
        /// The role as it was.
        previous: Role,
        /// The role as it becomes.
        next: Role,
    },
    /// `ALTER ROLE … RENAME TO`.
    Rename {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// `DROP ROLE`, which fails while it owns or may do anything.
    Drop {
        /// The role.
        name: String,
    },
}
