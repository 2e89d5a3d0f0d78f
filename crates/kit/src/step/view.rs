use schema::{Index, Map, View};
use serde_json::Value;

use super::{Carried, Leg, Name};

/// A step on a view or materialized view.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewStep {
    /// The view, by the name that it has before the step.
    pub name: Name,
    /// Whether it is a materialized view, which has statements of its own.
    pub is_materialized: bool,
    /// What is done.
    pub change: ViewChange,
}

/// What a step does to a view.
#[derive(Clone, Debug, PartialEq)]
pub enum ViewChange {
    /// `CREATE VIEW`.
    Create {
        /// The view with all that it says.
        view: Box<View>,
        /// Its options by their names in PostgreSQL, in the order in which they are written.
        options: Map<Value>,
        /// The tables, with the columns that must be there, the views and the types that its query names.
        reads: Reads,
        /// Whether it comes back, after a [`Drop`](ViewChange::Drop) in the same migration.
        recreated: bool,
    },
    /// `DROP VIEW`.
    Drop {
        /// What its query names.
        reads: Reads,
        /// The query, if migrations made the view.
        definition: Option<String>,
        /// The keys of the functions that its triggers call.
        calls: Vec<String>,
        /// The indexes that go with it.
        indexes: Vec<Index>,
        /// Whether it comes back, because its query changes or something that it stands on.
        recreated: bool,
    },
    /// `SET SCHEMA`.
    SetSchema {
        /// The schema it goes to.
        to: String,
        /// The indexes that go along with it.
        carried: Vec<Carried>,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// `RENAME TO`.
    Rename {
        /// Its new bare name.
        to: String,
        /// Which part of the way to its new name.
        leg: Leg,
    },
    /// `SET (…)`: options by their names in PostgreSQL.
    SetOptions(Map<Value>),
    /// `RESET (…)`.
    ResetOptions(Vec<String>),
    /// `SET TABLESPACE`; none is the database's own.
    SetTablespace(Option<String>),
    /// `SET ACCESS METHOD`; none is `heap`.
    SetAccessMethod(Option<String>),
}

/// What a query names, as far as the schema knows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reads {
    /// Tables and views.
    pub relations: Vec<Name>,
    /// Columns of the tables.
    pub columns: Vec<(Name, String)>,
    /// Enum types.
    pub types: Vec<Name>,
}
