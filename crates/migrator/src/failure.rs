//! The failure of a migration: what a person needs to see, as fields and as text.

use std::fmt;

use serde::Serialize;

use crate::database_error::DatabaseError;
use crate::excerpt::Excerpt;

/// A migration failed.
///
/// The text is complete, with the server's error in it, so there is no source.
#[derive(Debug, Serialize, thiserror::Error)]
pub struct Failure {
    /// The migration's tag.
    pub tag: String,
    /// The file as messages name it.
    pub file: String,
    /// What was being done.
    pub stage: Stage,
    /// What went wrong.
    pub cause: Cause,
    /// What became of the migration's transaction.
    pub outcome: Outcome,
    /// The tags of the migrations that this run had applied before, and that stay applied.
    pub applied: Vec<String>,
}

/// What was being done when a migration failed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "at")]
pub enum Stage {
    /// Its transaction was being opened.
    Begin,
    /// A statement was running.
    Statement {
        /// The number of the statement within the file, from 1.
        number: usize,
        /// How many statements the file has.
        of: usize,
        /// The place in the file.
        excerpt: Excerpt,
    },
    /// The ledger's row was being written.
    Ledger,
    /// The transaction was being committed; deferred constraints are checked then.
    Commit,
}

/// What went wrong in a migration.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "error")]
pub enum Cause {
    /// The server or the connection failed.
    Database(DatabaseError),
    /// A statement of the file ended the transaction in which it ran.
    EndedTransaction,
}

/// What became of a failed migration's transaction, as the server tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The database is as it was before the migration.
    RolledBack,
    /// A COMMIT or ROLLBACK in the file made part of it permanent, without a row in the ledger.
    PartlyCommitted,
    /// All of it is committed with its row, though the connection broke before the answer.
    Committed,
    /// The connection broke before the answer, and the server could not be asked.
    Unknown,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_place(f)?;
        match &self.cause {
            Cause::Database(error) => writeln!(f, "{error}")?,
            Cause::EndedTransaction => {
                writeln!(f, "the file ends the transaction in which it runs (COMMIT, ROLLBACK or END)")?
            }
        }
        writeln!(f)?;
        writeln!(f, "{}", self.standing())?;
        if !self.applied.is_empty() {
            writeln!(f, "Applied before it in this run, and kept: {}.", self.applied.join(", "))?;
        }
        write!(f, "Next: {}.", self.next_step())
    }
}

impl Failure {
    fn write_place(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tag = &self.tag;
        match &self.stage {
            Stage::Begin => {
                writeln!(f, "migration {tag} could not be begun ({})", self.file)
            }
            Stage::Ledger => {
                writeln!(f, "migration {tag} could not be recorded ({})", self.file)
            }
            Stage::Commit => {
                writeln!(f, "migration {tag} could not be committed ({})", self.file)
            }
            Stage::Statement { number, of, excerpt } => {
                writeln!(f, "migration {tag} failed in statement {number} of {of}")?;
                let line = excerpt.line().map_or(String::new(), |line| format!(":{line}"));
                writeln!(f, "  --> {}{line}", self.file)?;
                writeln!(f, "{excerpt}\n")
            }
        }
    }

    fn standing(&self) -> String {
        let tag = &self.tag;
        match self.outcome {
            Outcome::RolledBack => format!("Rolled back: all of {tag}; schema, data and ledger are as before it."),
            Outcome::PartlyCommitted => format!(
                "Not rolled back: what {tag} did up to its COMMIT, or after its ROLLBACK, is \
                 permanent, and it is not in the ledger."
            ),
            Outcome::Committed => {
                format!("Committed: {tag} is applied and recorded, only the answer was lost.")
            }
            Outcome::Unknown => format!(
                "Unknown: the connection was lost before the server told whether {tag} was \
                 committed; it is either applied and recorded or not there at all."
            ),
        }
    }

    fn next_step(&self) -> String {
        let file = &self.file;
        match (self.outcome, &self.cause) {
            (Outcome::Committed | Outcome::Unknown, _) => {
                "run the migrations again; they go on from where the ledger stands".to_owned()
            }
            (Outcome::PartlyCommitted, _) | (_, Cause::EndedTransaction) => format!(
                "take COMMIT, ROLLBACK and END out of {file} (every migration runs in a \
                 transaction already), undo by hand what it did, then run the migrations again"
            ),
            (_, Cause::Database(error)) => match error.advice() {
                Some(advice) => advice.to_owned(),
                None => format!("correct {file} and run the migrations again"),
            },
        }
    }
}

#[cfg(test)]
#[path = "failure_tests.rs"]
mod tests;
