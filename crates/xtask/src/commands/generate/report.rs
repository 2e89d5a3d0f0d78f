//! Shows a migration to the person who is to review it: the SQL, and beside each statement what
//! needs care.

use std::path::Path;

use kit::hazard::{Hazard, HazardKind};
use kit::{Migration, PlannedStep};

use crate::output::{self, BOLD, DIM, GREEN, RED, YELLOW, paint};

/// Prints the file's name, the statements with their hazards, and the next step.
pub(super) fn print(migration: &Migration, path: &Path, custom: bool) {
    let path = path.display();
    output::line(format!("{} {}", paint(GREEN, "wrote"), paint(BOLD, &path)));
    if custom {
        output::line("next: write your SQL there, then `just db-migrate`");
        return;
    }
    output::line("");
    for step in migration.steps() {
        print_step(step);
    }
    output::line("");
    output::line(summary(migration));
    output::line("next: review the SQL, then `just db-migrate`, and commit schema and migration together");
}

fn print_step(step: &PlannedStep) {
    for statement in &step.statements {
        for line in statement.trim_end().lines() {
            output::line(format!("  {line}"));
        }
    }
    for Hazard { kind, message } in &step.hazards {
        let style = if *kind == HazardKind::DataLoss { RED } else { YELLOW };
        output::line(format!("    {} {message}", paint(style, format!("! {}:", kind.word()))));
    }
}

/// How much there is, and how much of it needs care.
fn summary(migration: &Migration) -> String {
    let statements = migration.statements().len();
    let count = |kind| migration.steps().iter().flat_map(|step| &step.hazards).filter(|h| h.kind == kind).count();
    let kinds = [HazardKind::DataLoss, HazardKind::MayFail, HazardKind::Lock, HazardKind::Breaks];
    let found = kinds.map(|kind| (kind.word(), count(kind))).into_iter().filter(|(_, count)| *count > 0);
    let care: Vec<String> = found.map(|(word, count)| format!("{count} × {word}")).collect();
    let care = if care.is_empty() {
        paint(DIM, "nothing needs special care")
    } else {
        format!("needs care: {}", care.join(", "))
    };
    format!("{statements} {}; {care}", if statements == 1 { "statement" } else { "statements" })
}
