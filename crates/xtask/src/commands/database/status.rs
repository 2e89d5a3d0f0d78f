use std::process::ExitCode;

use migrator::{HalfApplied, HalfEdited, State, Status};
use serde::Serialize;

use super::{block_on, migrate};
use crate::cli::StatusArgs;
use crate::config::Config;
use crate::error::Error;
use crate::output::{self, GREEN, RED, YELLOW, paint};

/// One migration as `--json` prints it.
#[derive(Serialize)]
struct Line<'a> {
    tag: &'a str,
    state: &'a State,
    hash: &'a str,
    created_at: i64,
}

/// Lists each migration with its state.
pub(crate) fn run(args: &StatusArgs, config: &Config) -> Result<ExitCode, Error> {
    let migrator = migrate::migrator(args.database.url.as_deref(), config)?;
    let status = block_on(migrator.status())??;
    if args.json {
        let lines: Vec<Line> = status
            .migrations
            .iter()
            .map(|entry| Line {
                tag: entry.migration.tag(),
                state: &entry.state,
                hash: entry.migration.hash(),
                created_at: entry.migration.when(),
            })
            .collect();
        let json = serde_json::json!({ "migrations": lines, "unknown": status.unknown });
        output::line(format!("{json:#}"));
        return Ok(ExitCode::SUCCESS);
    }
    for entry in &status.migrations {
        let state = match &entry.state {
            State::Applied => paint(GREEN, "applied     "),
            State::Pending => paint(YELLOW, "pending     "),
            State::HalfApplied(_) => paint(YELLOW, "half applied"),
            State::Edited { .. } | State::HalfEdited(_) => paint(RED, "edited      "),
            State::PartlyReplaced { .. } => paint(RED, "incomplete  "),
            State::Future { .. } => paint(RED, "future      "),
            State::OutOfOrder { .. } => paint(RED, "out of order"),
        };
        output::line(format!("{state}  {}{}", entry.migration.tag(), progress(&entry.state)));
    }
    for row in &status.unknown {
        output::line(format!("{}  {}", paint(YELLOW, "not here    "), row.hash));
    }
    if status.migrations.is_empty() && status.unknown.is_empty() {
        output::line("No migrations yet: declare a table and run `cargo xtask generate`.");
    }
    if let Some(next) = next_step(&status) {
        output::note(format!("next: {next}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// What to do where a migration is in a state in which it must not stay.
fn next_step(status: &Status) -> Option<&'static str> {
    let any = |is: fn(&State) -> bool| status.migrations.iter().any(|entry| is(&entry.state));
    if any(|state| !matches!(state, State::Applied | State::Pending | State::HalfApplied(_))) {
        return Some("`cargo xtask migrate` applies nothing before this is repaired, and names the repair");
    }
    let half = any(|state| matches!(state, State::HalfApplied(_)));
    half.then_some("`cargo xtask migrate` goes on where it stopped")
}

/// How far a migration came that is neither applied nor only pending.
fn progress(state: &State) -> String {
    match state {
        State::HalfApplied(HalfApplied { done: 0, of, .. }) => format!("  unit 1 of {of} begun"),
        State::HalfApplied(HalfApplied { done, of, .. }) => format!("  unit {done} of {of} done"),
        State::HalfEdited(HalfEdited { unit, .. }) => format!("  in unit {unit}, after it was half applied"),
        State::PartlyReplaced { missing } => format!("  it replaces {}, not applied here", missing.join(", ")),
        State::Applied | State::Pending | State::Edited { .. } | State::Future { .. } | State::OutOfOrder { .. } => {
            String::new()
        }
    }
}
