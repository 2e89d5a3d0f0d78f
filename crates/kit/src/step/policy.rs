use std::fmt;

use schema::Policy;

use super::{Leg, Name, Reads};

/// A step on a row-level security policy.
#[derive(Clone, Debug, PartialEq)]
pub enum PolicyStep {
    /// `CREATE POLICY`.
    Create {
        /// The table.
        on: PolicyTable,
        /// The policy.
        policy: Policy,
        /// The policy in whose place it comes, if there was one.
        replaced: Option<Box<Policy>>,
        /// What its conditions name, and what had to change while there was none.
        needs: Reads,
    },
    /// `ALTER POLICY … TO … USING … WITH CHECK`.
    Alter {
        /// The table.
        on: PolicyTable,
        /// The policy as it was, under the name that it has now.
        previous: Box<Policy>,
        /// The policy as it becomes.
        next: Policy,
        /// What its conditions name.
        needs: Reads,
        /// What they name no more.
        releases: Reads,
    },
    /// `ALTER POLICY … RENAME TO`.
    Rename {
        /// The table.
        on: PolicyTable,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// `DROP POLICY`.
    Drop {
        /// The table.
        on: PolicyTable,
        /// The name that the table has before any rename, where the policy goes then, for something that
        /// it stands on to change.
        early: Option<Name>,
        /// The policy as it was, under its old name.
        policy: Policy,
        /// Why it goes.
        why: PolicyEnd,
        /// What its conditions name.
        releases: Reads,
    },
}

/// Why a policy is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyEnd {
    /// It is declared no more.
    Gone,
    /// Its table goes, and would take it along. drizzle-kit says so before.
    WithTable,
    /// Another one comes in its place.
    Replaced,
}

/// The table that a policy is on. Its `Display` is SQL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PolicyTable {
    /// The table's name.
    pub name: Name,
    /// Whether the table is declared elsewhere. drizzle-kit then writes its schema even where that is `public`.
    pub is_linked: bool,
}

impl fmt::Display for PolicyTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_linked { f.write_str(&self.name.qualified()) } else { self.name.fmt(f) }
    }
}
