//! What a run has done, for a person or a program.

use std::process::ExitCode;

use migrator::{Applied, Failure, Report};
use serde_json::{Value, json};

use crate::output::{self, GREEN, YELLOW, paint};

/// The line of a migration that was applied.
pub(super) fn print_applied(applied: &Applied) {
    let elapsed = applied.elapsed.as_millis();
    output::line(format!("{} {} ({elapsed} ms)", paint(GREEN, "applied"), applied.tag));
}

/// What is left to say when the run is over, or all of it as JSON.
pub(super) fn print(report: &Report, as_json: bool) {
    if as_json {
        let applied: Vec<Value> = report.applied.iter().map(applied_json).collect();
        output::line(format!("{:#}", json!({ "applied": applied, "unknown": report.unknown })));
        return;
    }
    for row in &report.unknown {
        let at = row.created_at.map_or_else(|| "unknown".to_owned(), |at| at.to_string());
        output::note(format!(
            "{} the ledger has a migration that is not in this folder (created_at {at})",
            paint(YELLOW, "note:")
        ));
    }
    if report.applied.is_empty() {
        output::line("Nothing to apply: every migration is in the ledger.");
    }
}

fn applied_json(applied: &Applied) -> Value {
    let elapsed_ms = u64::try_from(applied.elapsed.as_millis()).unwrap_or(u64::MAX);
    json!({ "tag": applied.tag, "statements": applied.statements, "elapsedMs": elapsed_ms })
}

/// A failure, field by field.
pub(super) fn print_failure(failure: &Failure) -> ExitCode {
    output::line(format!("{:#}", json!({ "failure": failure, "message": failure.to_string() })));
    ExitCode::FAILURE
}
