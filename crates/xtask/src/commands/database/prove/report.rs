//! What became of a proof, in a few lines.

use kit::prove::Difference;

use super::scratch::Refusal;
use super::{Back, Proof, Subject};
use crate::output::{self, BOLD, DIM, GREEN, RED, YELLOW, paint};

/// Prints whether the migration holds, and each part of that.
pub(super) fn print(subject: &Subject, proof: &Proof) {
    let verdict = match (proof.holds(), &proof.differences) {
        (true, Ok(_)) => paint(GREEN, "proven"),
        (true, Err(_)) => paint(YELLOW, "proven in part:"),
        (false, _) => paint(RED, "not proven"),
    };
    output::line(format!("{verdict} {}", paint(BOLD, &subject.tag)));
    for line in lines(proof) {
        output::line(format!("  {line}"));
    }
}

fn lines(proof: &Proof) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(refusal) = &proof.refused {
        refused(paint(RED, "refused"), refusal, &mut lines);
        return lines;
    }
    if let Some(refusal) = &proof.refused_with_rows {
        refused(paint(YELLOW, "refused with sample rows in the tables, and run without"), refusal, &mut lines);
    }
    match &proof.differences {
        Ok(differences) if differences.is_empty() => {
            lines.push("the catalog is that of the schema built from empty".to_owned());
        }
        Ok(differences) if proof.by_hand && proof.holds() => {
            lines.push(paint(YELLOW, "it makes by hand what the schema in code does not have:"));
            lines.extend(differences.iter().map(difference));
        }
        Ok(differences) => {
            lines.push(paint(RED, "the catalog is not that of the schema built from empty:"));
            lines.extend(differences.iter().map(difference));
        }
        Err(refusal) => {
            let why = "the catalog is not compared: the schema cannot be built without what was made by hand";
            refused(paint(YELLOW, why), refusal, &mut lines);
        }
    }
    lines.push(rows(proof));
    lines.extend(proof.changed.iter().map(|changed| format!("  {changed}")));
    back(proof.back.as_ref(), &mut lines);
    lines
}

fn rows(proof: &Proof) -> String {
    match (proof.tables, proof.changed.is_empty()) {
        (0, _) => paint(DIM, "no rows were to be kept"),
        (tables, true) => format!("rows of {tables} {} survived", if tables == 1 { "table" } else { "tables" }),
        (_, false) => paint(RED, "rows that were to stay have changed:"),
    }
}

fn back(back: Option<&Back>, lines: &mut Vec<String>) {
    match back {
        None => {}
        Some(Back::Reached) => lines.push("the way back leads to the schema before it".to_owned()),
        Some(Back::Refused(refusal)) => refused(paint(YELLOW, "the way back is refused"), refusal, lines),
        Some(Back::Differs(differences)) => {
            lines.push(paint(YELLOW, "the way back leads elsewhere:"));
            lines.extend(differences.iter().map(difference));
        }
    }
}

fn refused(what: String, refusal: &Refusal, lines: &mut Vec<String>) {
    let Refusal { number, of, statement, code, message } = refusal;
    lines.push(format!("{what}: {message} (SQLSTATE {code}), statement {number} of {of}"));
    lines.extend(statement.trim().lines().map(|line| format!("  | {line}")));
}

fn difference(difference: &Difference) -> String {
    match difference {
        Difference::Missing(line) => format!("  - {line}"),
        Difference::Unexpected(line) => format!("  + {line}"),
    }
}
