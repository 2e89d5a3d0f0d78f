//! What a run has done, for a person or a program.

use std::error::Error as _;
use std::process::ExitCode;

use migrator::{Applied, Entry, LockError, Report};
use serde_json::{Value, json};

use super::DriftError;
use crate::error::Error;
use crate::output::{self, GREEN, YELLOW, paint};

/// The line of a migration that was applied.
pub(super) fn print_applied(applied: &Applied) {
    let elapsed = applied.elapsed.as_millis();
    output::line(format!("{} {} ({elapsed} ms)", paint(GREEN, "applied"), applied.tag));
}

/// What is left to say when the run is over, or all of it as JSON.
pub(super) fn print(report: &Report, last: Option<&Entry>, as_json: bool) {
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
        output::line(format!("Nothing to apply: {} in the ledger.", all(last)));
    }
}

/// All that was to be applied, as the beginning of a sentence with `in the ledger`.
pub(super) fn all(last: Option<&Entry>) -> String {
    match last {
        None => "every migration is".to_owned(),
        Some(last) => format!("every migration up to {} is", last.tag),
    }
}

fn applied_json(applied: &Applied) -> Value {
    let elapsed_ms = u64::try_from(applied.elapsed.as_millis()).unwrap_or(u64::MAX);
    json!({ "tag": applied.tag, "statements": applied.statements, "elapsedMs": elapsed_ms })
}

/// An error, field by field: its class, the message with what caused it, and what there is to know of it.
pub(super) fn print_error(error: &Error) -> ExitCode {
    let mut causes = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    let mut printed = json!({ "error": class(error), "message": error.to_string(), "causes": causes });
    if let Some((name, details)) = details(error) {
        printed[name] = details;
    }
    output::line(format!("{printed:#}"));
    ExitCode::from(error.code())
}

fn class(error: &Error) -> &'static str {
    match error {
        Error::Migrator(error) => error.class(),
        Error::Connect(_) | Error::Connection(_) => "connection",
        Error::Folder(_) | Error::Migrations(_) => "files",
        Error::Drift(DriftError::Exists { .. }) => "failed",
        Error::Drift(DriftError::Drifted { .. }) => "drift",
        Error::Backup(_) => "backup",
        _ => "other",
    }
}

fn details(error: &Error) -> Option<(&'static str, Value)> {
    Some(match error {
        Error::Migrator(migrator::Error::Failed(failure)) | Error::Drift(DriftError::Exists { failure, .. }) => {
            ("failure", json!(failure))
        }
        Error::Migrator(migrator::Error::Refused(refusal)) => ("refusal", json!(refusal)),
        Error::Migrator(migrator::Error::Lock(LockError::TimedOut { holders, .. })) => ("holders", json!(holders)),
        _ => return None,
    })
}
