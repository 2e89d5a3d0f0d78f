//! What a run has done.

use std::time::Duration;

use refinery::Report as RefineryReport;

use crate::ledger::LedgerRow;
use crate::migrations::Migration;

/// What a run has done.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was applied, in order; empty if nothing was pending.
    pub applied: Vec<Applied>,
    /// Rows of the ledger that belong to no migration of the set.
    pub unknown: Vec<LedgerRow>,
    /// The whole run, with the wait for the lock.
    pub elapsed: Duration,
    /// The report of refinery's runner. The version is the journal's `idx`, the name the tag.
    pub refinery: RefineryReport,
}

/// A migration that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The position in the journal.
    pub idx: u32,
    /// The tag.
    pub tag: String,
    /// How many statements were run; 0 if the migration was only recorded.
    pub statements: usize,
    /// From its first statement to its commit.
    pub elapsed: Duration,
}

impl Applied {
    pub(crate) fn new(migration: &Migration, statements: usize, elapsed: Duration) -> Self {
        Self { idx: migration.idx(), tag: migration.tag().to_owned(), statements, elapsed }
    }
}
