use serde::{Deserialize, Serialize};

use super::is_default;

/// A trigger on a table or view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Trigger {
    /// The name, unique on its table.
    pub name: String,
    /// The schema of the table, written out.
    pub schema: String,
    /// The bare name of the table or view.
    pub table: String,
    /// When it fires.
    pub timing: TriggerTiming,
    /// What it fires on, in order.
    pub events: Vec<TriggerEvent>,
    /// The columns of `UPDATE OF`; none means every column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// How often it fires.
    #[serde(default, skip_serializing_if = "is_default")]
    pub level: TriggerLevel,
    /// The name of the rows before, as a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_table: Option<String>,
    /// The name of the rows after, as a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_table: Option<String>,
    /// The condition, without its parentheses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The schema of the function; without one it is found in the search path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function_schema: Option<String>,
    /// The bare name of the function that it calls.
    pub function: String,
    /// The texts that the function gets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<String>,
    /// Whether it is a constraint trigger, whose firing can wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constraint: Option<Deferral>,
    /// Whether it fires at all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub state: TriggerState,
}

impl Trigger {
    /// The key of this trigger in [`Objects::triggers`](super::Objects::triggers).
    pub fn key(&self) -> String {
        format!("{}.{}", self.table_key(), self.name)
    }

    /// The key of the function that it calls, which takes no arguments, in
    /// [`Objects::functions`](super::Objects::functions).
    pub fn function_key(&self) -> String {
        let schema = self.function_schema.as_deref().unwrap_or_default();
        format!("{}()", crate::model::key(schema, &self.function))
    }

    /// The key of its table or view.
    pub fn table_key(&self) -> String {
        crate::model::key(&self.schema, &self.table)
    }
}

/// When a trigger fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum TriggerTiming {
    /// Before the change.
    Before,
    /// After it.
    After,
    /// In its place; on a view.
    InsteadOf,
}

/// What a trigger fires on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum TriggerEvent {
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
    /// `TRUNCATE`.
    Truncate,
}

/// How often a trigger fires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum TriggerLevel {
    /// Once a statement.
    #[default]
    Statement,
    /// Once a row.
    Row,
}

/// Whether a trigger fires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum TriggerState {
    /// Unless the session replicates.
    #[default]
    Enabled,
    /// Never.
    Disabled,
    /// Only where the session replicates.
    Replica,
    /// In every session.
    Always,
}

/// Until when a constraint is checked, or a constraint trigger fires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Deferral {
    /// At once.
    #[default]
    NotDeferrable,
    /// At the end of the statement, unless the transaction defers it.
    InitiallyImmediate,
    /// At the end of the transaction.
    InitiallyDeferred,
}
