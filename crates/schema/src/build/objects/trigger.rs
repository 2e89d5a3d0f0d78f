use crate::model::{self, Deferral, PUBLIC, TriggerEvent, TriggerLevel, TriggerState, TriggerTiming};

/// A trigger.
///
/// ```
/// use schema::TriggerEvent;
/// use schema::build::{Column, Table, Trigger, types};
///
/// let users = Table::new("users")
///     .column(Column::new("updated_at", types::timestamp()))
///     .trigger(Trigger::before("touch", [TriggerEvent::Update]).for_each_row().execute("set_updated_at"));
/// ```
#[derive(Clone, Debug)]
pub struct Trigger(model::Trigger);

impl Trigger {
    /// A trigger that fires before a change, once a statement.
    pub fn before(name: impl Into<String>, events: impl IntoIterator<Item = TriggerEvent>) -> Self {
        Self::new(TriggerTiming::Before, name.into(), events)
    }

    /// A trigger that fires after a change, once a statement.
    pub fn after(name: impl Into<String>, events: impl IntoIterator<Item = TriggerEvent>) -> Self {
        Self::new(TriggerTiming::After, name.into(), events)
    }

    /// A trigger on a view that fires in place of a change, once a row.
    pub fn instead_of(name: impl Into<String>, events: impl IntoIterator<Item = TriggerEvent>) -> Self {
        Self::new(TriggerTiming::InsteadOf, name.into(), events).for_each_row()
    }

    fn new(timing: TriggerTiming, name: String, events: impl IntoIterator<Item = TriggerEvent>) -> Self {
        Trigger(model::Trigger {
            name,
            schema: PUBLIC.to_owned(),
            table: String::new(),
            timing,
            events: events.into_iter().collect(),
            columns: Vec::new(),
            level: TriggerLevel::Statement,
            old_table: None,
            new_table: None,
            when: None,
            function_schema: None,
            function: String::new(),
            arguments: Vec::new(),
            constraint: None,
            state: TriggerState::Enabled,
        })
    }

    /// The table or view, where the trigger is not declared with it; an empty schema is `public`.
    #[must_use]
    pub fn on(mut self, schema: &str, table: impl Into<String>) -> Self {
        model::or_public(schema).clone_into(&mut self.0.schema);
        self.0.table = table.into();
        self
    }

    /// The columns of `UPDATE OF`.
    #[must_use]
    pub fn of<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.0.columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Fires once a row.
    #[must_use]
    pub fn for_each_row(mut self) -> Self {
        self.0.level = TriggerLevel::Row;
        self
    }

    /// The rows before, as a table of that name.
    #[must_use]
    pub fn old_table(mut self, name: impl Into<String>) -> Self {
        self.0.old_table = Some(name.into());
        self
    }

    /// The rows after, as a table of that name.
    #[must_use]
    pub fn new_table(mut self, name: impl Into<String>) -> Self {
        self.0.new_table = Some(name.into());
        self
    }

    /// A condition, without its parentheses: `OLD.name IS DISTINCT FROM NEW.name`.
    #[must_use]
    pub fn when(mut self, condition: impl Into<String>) -> Self {
        self.0.when = Some(condition.into());
        self
    }

    /// The function that it calls, found in the search path.
    #[must_use]
    pub fn execute(mut self, function: impl Into<String>) -> Self {
        self.0.function = function.into();
        self
    }

    /// The function that it calls, in a schema.
    #[must_use]
    pub fn execute_in(mut self, schema: impl Into<String>, function: impl Into<String>) -> Self {
        self.0.function_schema = Some(schema.into());
        self.execute(function)
    }

    /// The texts that the function gets.
    #[must_use]
    pub fn arguments<S: Into<String>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.0.arguments = arguments.into_iter().map(Into::into).collect();
        self
    }

    /// `CREATE CONSTRAINT TRIGGER`.
    #[must_use]
    pub fn constraint(mut self, deferral: Deferral) -> Self {
        self.0.constraint = Some(deferral);
        self
    }

    /// Whether it fires.
    #[must_use]
    pub fn state(mut self, state: TriggerState) -> Self {
        self.0.state = state;
        self
    }

    pub(in crate::build) fn build(self) -> model::Trigger {
        self.0
    }
}
