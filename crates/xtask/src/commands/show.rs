//! SQL that is to be reviewed: each statement, and beside it what needs care.

use kit::hazard::{Hazard, HazardKind};
use kit::{Migration, PlannedStep};

use crate::output::{self, DIM, RED, YELLOW, paint};

/// Prints the statements with their hazards.
pub(crate) fn steps(migration: &Migration) {
    migration.steps().iter().for_each(print_step);
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
pub(crate) fn summary(migration: &Migration) -> String {
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
