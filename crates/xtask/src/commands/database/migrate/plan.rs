//! What a run would do.

use std::process::ExitCode;

use migrator::{Entry, Migration, Unit};
use serde_json::json;

use super::report;
use crate::error::Error;
use crate::output::{self, BOLD, DIM, paint};

/// Prints the pending migrations, up to `last`, with their SQL as it would run.
pub(super) fn print(pending: &[Migration], last: Option<&Entry>, as_json: bool) -> Result<ExitCode, Error> {
    if as_json {
        let plan: Vec<_> =
            pending.iter().map(|migration| json!({ "tag": migration.tag(), "units": units(migration) })).collect();
        output::line(format!("{:#}", json!({ "pending": plan })));
        return Ok(ExitCode::SUCCESS);
    }
    if pending.is_empty() {
        output::line(format!("Nothing would be applied: {} in the ledger.", report::all(last)));
        return Ok(ExitCode::SUCCESS);
    }
    for migration in pending {
        print_migration(migration);
    }
    let count = pending.len();
    output::line(format!(
        "{count} {} would be applied; nothing was changed",
        if count == 1 { "migration" } else { "migrations" }
    ));
    output::line("next: `cargo xtask lint --pending` names what in it loses data, blocks or breaks running code");
    Ok(ExitCode::SUCCESS)
}

fn print_migration(migration: &Migration) {
    output::line(paint(BOLD, migration.tag()));
    let units = migration.units();
    for (number, unit) in (1..).zip(&units) {
        if units.len() > 1 {
            let how = if unit.runs_alone() { "outside a transaction" } else { "a transaction" };
            output::line(paint(DIM, format!("  -- unit {number} of {}: {how}", units.len())));
        }
        for line in unit.statements.iter().flat_map(|statement| statement.text.trim().lines()) {
            output::line(format!("  {line}"));
        }
    }
    output::line("");
}

fn units(migration: &Migration) -> Vec<serde_json::Value> {
    let unit = |unit: &Unit<'_>| {
        let statements: Vec<&str> = unit.statements.iter().map(|statement| statement.text).collect();
        json!({ "inTransaction": !unit.runs_alone(), "statements": statements })
    };
    migration.units().iter().map(unit).collect()
}
