//! The failure of a migration: what a person needs to see, as fields and as text.

use std::fmt;

use serde::Serialize;

use crate::database_error::DatabaseError;
use crate::excerpt::Excerpt;
use crate::migrations::Statement;

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
    /// What became of the transaction: the migration's, or that of one of its units.
    pub outcome: Outcome,
    /// Where the migration stands, if it is applied in several units.
    pub units: Option<FailedUnits>,
    /// The tags of those before it that were one transaction with it: what became of it became of them.
    pub together: Vec<String>,
    /// The tags of the migrations that this run had applied before, and that stay applied.
    pub applied: Vec<String>,
}

/// How far a migration of several units came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FailedUnits {
    /// How many units are applied, and stay so. The one after them failed; if there is none, the
    /// ledger's row.
    pub applied: usize,
    /// How many units the migration has.
    pub of: usize,
    /// Whether the unit that failed ran outside a transaction.
    pub outside: bool,
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
    /// What an interrupted run of a statement left was being cleared or completed.
    Repair {
        /// The statement that does it.
        statement: String,
    },
    /// What is applied was being recorded, in the ledger or unit by unit.
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
    /// An index was there already, and is not valid: `IF NOT EXISTS` had it passed over.
    InvalidIndex {
        /// The statement that drops it.
        drop: String,
    },
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
    /// A statement outside of any transaction did not end well, and may have left something, as an
    /// index that is not valid. The next run looks for it, and clears or completes it.
    Interrupted,
}

impl Stage {
    /// At a statement; `position` is where the server found the error in it.
    pub(crate) fn at(statement: &Statement<'_>, of: usize, position: Option<u32>) -> Self {
        Self::Statement { number: statement.number, of, excerpt: Excerpt::of(statement, position) }
    }
}

impl FailedUnits {
    /// Whether only the ledger's row was still to be written.
    fn is_complete(&self) -> bool {
        self.applied == self.of
    }

    /// The number of the unit that failed, from 1.
    fn failed(&self) -> usize {
        self.applied + 1
    }

    /// What stays of those before it, as a sentence; `undone` is whether nothing stays of it.
    fn kept(&self, undone: bool) -> String {
        match self.applied {
            0 if undone => " Nothing of it is applied.".to_owned(),
            0 => String::new(),
            1 => " Unit 1 stays applied.".to_owned(),
            applied => format!(" Units 1 to {applied} stay applied."),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_place(f)?;
        match &self.cause {
            Cause::Database(error) => writeln!(f, "{error}")?,
            Cause::EndedTransaction => {
                writeln!(f, "the file ends the transaction in which it runs (COMMIT, ROLLBACK or END)")?
            }
            Cause::InvalidIndex { .. } => {
                writeln!(f, "the index exists already and is not valid: an earlier attempt to build it failed")?
            }
        }
        writeln!(f)?;
        writeln!(f, "{}", self.standing())?;
        if !self.together.is_empty() {
            writeln!(f, "With it, in the same transaction: {}.", self.together.join(", "))?;
        }
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
            Stage::Repair { statement } => {
                writeln!(f, "migration {tag} could not go on where it was interrupted ({})", self.file)?;
                writeln!(f, "  {statement}")
            }
            Stage::Statement { number, of, excerpt } => {
                write!(f, "migration {tag} failed in statement {number} of {of}")?;
                match &self.units {
                    Some(units) if units.outside => {
                        writeln!(f, ", unit {} of {}, outside a transaction", units.failed(), units.of)?;
                    }
                    Some(units) => writeln!(f, ", unit {} of {}", units.failed(), units.of)?,
                    None => writeln!(f)?,
                }
                let line = excerpt.line().map_or(String::new(), |line| format!(":{line}"));
                writeln!(f, "  --> {}{line}", self.file)?;
                writeln!(f, "{excerpt}\n")
            }
        }
    }

    fn standing(&self) -> String {
        match &self.units {
            None => self.standing_whole(),
            Some(units) if units.is_complete() => {
                let row = match self.outcome {
                    Outcome::Committed => "it is in the ledger, only the answer was lost",
                    Outcome::Unknown => "the connection was lost before the server told whether it is in the ledger",
                    _ => "only its row in the ledger is missing",
                };
                format!("All {} units of {} stay applied; {row}.", units.of, self.tag)
            }
            Some(units) => self.standing_of_unit(units) + &units.kept(self.outcome == Outcome::RolledBack),
        }
    }

    fn standing_of_unit(&self, units: &FailedUnits) -> String {
        let unit = format!("unit {} of {} of {}", units.failed(), units.of, self.tag);
        match self.outcome {
            Outcome::RolledBack if units.outside => format!("Undone: {unit} left nothing behind."),
            Outcome::RolledBack => format!("Rolled back: {unit}."),
            Outcome::PartlyCommitted => format!(
                "Not rolled back: what {unit} did up to its COMMIT, or after its ROLLBACK, is \
                 permanent, and not recorded."
            ),
            Outcome::Committed => format!("Committed: {unit} is applied and recorded, only the answer was lost."),
            Outcome::Unknown => unknown(&unit),
            Outcome::Interrupted => format!(
                "Interrupted: {unit} ran outside a transaction, so nothing of it is rolled back. The \
                 next run looks how far it came, and clears or completes what it left."
            ),
        }
    }

    fn standing_whole(&self) -> String {
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
            Outcome::Unknown | Outcome::Interrupted => unknown(tag),
        }
    }

    fn next_step(&self) -> String {
        let file = &self.file;
        let rows = if self.is_about_rows() { ", or the rows that do not fit," } else { "" };
        match (self.outcome, &self.cause) {
            (_, Cause::InvalidIndex { drop }) => format!("`{drop}`, then run the migrations again"),
            (Outcome::Committed | Outcome::Unknown, _) => {
                "run the migrations again; they go on from where the ledger stands".to_owned()
            }
            (_, Cause::Database(error)) if self.ran_outside() && error.sqlstate() == Some("55P03") => format!(
                "the statement waits for every transaction that is older than it. Run again when these have \
                 ended, or allow a longer wait: `-- migrate: lock_timeout = 10min` before the statement in {file}"
            ),
            (Outcome::Interrupted, Cause::Database(error)) if error.is_lost() || error.advice().is_none() => {
                "run the migrations again; they go on with the unit that was interrupted".to_owned()
            }
            (Outcome::PartlyCommitted, _) | (_, Cause::EndedTransaction) => format!(
                "take COMMIT, ROLLBACK and END out of {file} (every migration runs in a \
                 transaction already), undo by hand what it did, then run the migrations again"
            ),
            (_, Cause::Database(error)) => match error.advice() {
                Some(advice) => advice.to_owned(),
                None => match &self.units {
                    Some(units) if units.is_complete() => "run the migrations again".to_owned(),
                    Some(units) if units.applied > 0 => format!(
                        "correct {file} from this statement on (what is applied must stay as it is){rows} and \
                         run the migrations again; they go on with unit {}",
                        units.failed()
                    ),
                    _ => format!("correct {file}{rows} and run the migrations again"),
                },
            },
        }
    }

    /// Whether rows that are there break a constraint.
    fn is_about_rows(&self) -> bool {
        matches!(&self.cause, Cause::Database(error) if error.sqlstate().is_some_and(|code| code.starts_with("23")))
    }

    fn ran_outside(&self) -> bool {
        self.units.is_some_and(|units| units.outside)
    }
}

fn unknown(what: &str) -> String {
    format!(
        "Unknown: the connection was lost before the server told whether {what} was committed; it is either applied and \
         recorded or not there at all."
    )
}

#[cfg(test)]
#[path = "failure_tests.rs"]
mod tests;
