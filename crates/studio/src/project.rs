//! What the studio shows of the project around the database: its migrations, and whether code, files and database agree.
//!
//! The studio reads no settings and no folder. Whoever opens it knows them, and answers these questions anew each time.

use kit::difference::{Change, Difference};
use migrator::{State, Status};
use serde::Serialize;
use serde_json::{Value, json};

/// Answers of the project. They may take their time: each is asked on a thread of its own.
pub trait Project: Send + Sync + 'static {
    /// Where each migration stands.
    ///
    /// # Errors
    /// The text of an error with its causes.
    fn status(&self) -> Result<Status, String>;

    /// How code, files and database differ, as `check` sees it.
    ///
    /// # Errors
    /// The text of an error with its causes.
    fn comparisons(&self) -> Result<Vec<Comparison>, String>;

    /// What a linter has to say of each migration, as JSON that is shown as it is.
    ///
    /// # Errors
    /// The text of an error with its causes.
    fn findings(&self) -> Result<Vec<Finding>, String>;
}

/// Two of code, files and database beside each other.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What is compared: `code`, `database`.
    pub part: String,
    /// What the first of the two is called.
    pub previous: String,
    /// What the second is called.
    pub next: String,
    /// In what they differ.
    pub differences: Vec<Difference>,
    /// What is to be known besides, a sentence each.
    pub notes: Vec<String>,
    /// What to do about it.
    pub advice: Option<String>,
}

/// One thing to know about a migration.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The migration.
    pub tag: String,
    /// The rule's name.
    pub rule: String,
    /// `warn` or `error`.
    pub level: String,
    /// The line of its file, from 1.
    pub line: usize,
    /// What happens.
    pub message: String,
    /// The safer way.
    pub help: String,
}

/// The timeline as the page shows it.
pub(crate) fn timeline(status: &Status) -> Value {
    let migration = |entry: &migrator::MigrationStatus| {
        let migration = &entry.migration;
        json!({
            "tag": migration.tag(),
            "idx": migration.idx(),
            "when": migration.when(),
            "hash": migration.hash(),
            "file": migration.file(),
            "sql": migration.text(),
            "statements": migration.statements().len(),
            "units": migration.units().len(),
            "status": entry.state,
            "says": says(&entry.state),
        })
    };
    let plan: Vec<&str> = status.pending().map(migrator::Migration::tag).collect();
    json!({
        "migrations": status.migrations.iter().map(migration).collect::<Vec<_>>(),
        "unknown": status.unknown,
        "plan": plan,
    })
}

/// A state in a sentence, and what to do where something is to be done.
fn says(state: &State) -> String {
    match state {
        State::Applied => "The ledger has it, as the file is.".to_owned(),
        State::Pending => "The next `migrate` applies it.".to_owned(),
        State::HalfApplied(half) => {
            format!("{} of {} units are done; the next `migrate` goes on from there.", half.done, half.of)
        }
        State::HalfEdited(half) => format!("It was edited in unit {}, after that was applied.", half.unit),
        State::Edited { row } => {
            format!("It was edited after it was applied; row {} of the ledger has another hash.", row.id)
        }
        State::PartlyReplaced { missing } => {
            format!("It replaces {}, which are not applied.", missing.join(", "))
        }
        State::Future { .. } => "Its `when` is in the future; `migrate` says what to write instead.".to_owned(),
        State::OutOfOrder { newest_applied } => format!("It is not applied, and {newest_applied}, which is newer, is."),
    }
}

/// Comparisons as the page shows them.
pub(crate) fn compared(comparisons: &[Comparison]) -> Value {
    let difference = |comparison: &Comparison, difference: &Difference| {
        let (sign, properties) = match &difference.change {
            Change::OnlyPrevious => ("-", Vec::new()),
            Change::OnlyNext => ("+", Vec::new()),
            Change::Changed(properties) => ("~", properties.clone()),
        };
        let properties: Vec<Value> = properties
            .iter()
            .map(|property| json!({ "name": property.name, "previous": property.previous, "next": property.next }))
            .collect();
        json!({
            "sign": sign,
            "kind": difference.kind,
            "name": difference.name,
            "properties": properties,
            "lines": difference.lines(&comparison.previous, &comparison.next),
        })
    };
    let comparison = |comparison: &Comparison| {
        let differences: Vec<Value> =
            comparison.differences.iter().map(|found| difference(comparison, found)).collect();
        json!({
            "part": comparison.part,
            "previous": comparison.previous,
            "next": comparison.next,
            "differences": differences,
            "notes": comparison.notes,
            "advice": comparison.advice,
        })
    };
    Value::Array(comparisons.iter().map(comparison).collect())
}
