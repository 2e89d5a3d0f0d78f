use schema::Trigger;

use super::{Leg, Name};

/// A step on a trigger.
#[derive(Clone, Debug, PartialEq)]
pub enum TriggerStep {
    /// `CREATE TRIGGER`, and its state if that is not the one that it has by then.
    Create {
        /// The trigger with all that it says.
        trigger: Box<Trigger>,
        /// Whether it comes back.
        recreated: bool,
    },
    /// `DROP TRIGGER`.
    Drop {
        /// The trigger as it was, on the table as it is called.
        trigger: Box<Trigger>,
        /// Whether it comes back.
        recreated: bool,
    },
    /// `ALTER TRIGGER … RENAME TO`.
    Rename {
        /// The table or view.
        table: Name,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
        /// Whether it is a constraint too, which has a name of its own.
        is_constraint: bool,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// `ALTER TABLE … ENABLE TRIGGER` or `DISABLE TRIGGER`.
    SetState(Box<Trigger>),
}
