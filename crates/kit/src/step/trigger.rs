use schema::Trigger;

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
    /// `ALTER TABLE … ENABLE TRIGGER` or `DISABLE TRIGGER`.
    SetState(Box<Trigger>),
}
