//! A migration as the units in which it is applied.
//!
//! Problem: PostgreSQL refuses some statements inside a transaction (`CREATE INDEX CONCURRENTLY`),
//! and a new value of an enum in the transaction that added it. And to validate a constraint in the
//! transaction that added it NOT VALID would look at every row under the lock that NOT VALID is there to
//! avoid. So a file is divided into runs of statements, each a transaction, and single statements outside
//! of one. A file without such statements, which is nearly every file, is one unit: one transaction.
//!
//! The text is divided at Drizzle's breakpoints, and at the end of a statement only where a unit
//! ends between two breakpoints.

use std::ops::Range;

use crate::alone::{self, Alone};
use crate::migrations::{Migration, Statement, newlines, sha256_hex};
use crate::sql::{self, SqlStatement};

/// A part of a migration that is applied as a whole.
#[derive(Clone, Debug)]
pub struct Unit<'a> {
    /// The statements, numbered within the file; exactly one if it runs alone.
    pub statements: Vec<Statement<'a>>,
    /// How it runs outside a transaction, if it does.
    pub(crate) alone: Option<Alone>,
    /// The unit's statements `SET` and `RESET`, which hold for the units after it as well.
    pub(crate) settings: Vec<&'a str>,
}

impl Unit<'_> {
    /// Whether it is a statement that runs outside a transaction.
    pub fn runs_alone(&self) -> bool {
        self.alone.is_some()
    }

    /// The SHA-256 of the text in lower-case hex, whatever the file's line endings.
    pub(crate) fn hash(&self) -> String {
        let texts: Vec<_> = self.statements.iter().map(|statement| statement.text.replace("\r\n", "\n")).collect();
        sha256_hex(&texts.join("\0"))
    }
}

impl Migration {
    /// The units in which the migration is applied, in order; nearly always one, a transaction.
    pub fn units(&self) -> Vec<Unit<'_>> {
        divide(&self.statements())
    }
}

/// The units in which statements are applied that are not in a file yet.
///
/// ```
/// let statements = ["CREATE TABLE a (id int)", "CREATE INDEX CONCURRENTLY b ON a (id)"];
/// let alone: Vec<_> = migrator::units(statements).iter().map(migrator::Unit::runs_alone).collect();
/// assert_eq!(alone, [false, true]);
/// ```
pub fn units<'a>(statements: impl IntoIterator<Item = &'a str>) -> Vec<Unit<'a>> {
    let parts: Vec<_> = (1..).zip(statements).map(|(number, text)| Statement { number, line: 1, text }).collect();
    divide(&parts)
}

fn divide<'a>(parts: &[Statement<'a>]) -> Vec<Unit<'a>> {
    let mut units: Vec<Unit<'_>> = Vec::new();
    let mut cuts = Cuts::default();
    for part in parts {
        for piece in pieces(part, &mut cuts) {
            if piece.begins_unit || units.is_empty() {
                units.push(Unit { statements: Vec::new(), alone: piece.alone, settings: Vec::new() });
            }
            if let Some(unit) = units.last_mut() {
                unit.statements.push(piece.statement);
                unit.settings.extend(piece.settings);
            }
        }
    }
    let all = units.iter_mut().flat_map(|unit| &mut unit.statements);
    for (number, statement) in (1..).zip(all) {
        statement.number = number;
    }
    units
}

/// Whether the units are one transaction, as nearly every migration is.
pub(crate) fn is_plain(units: &[Unit<'_>]) -> bool {
    match units {
        [] => true,
        [only] => only.alone.is_none(),
        _ => false,
    }
}

/// What is sent in one message: a part between breakpoints, or a piece of one.
struct Piece<'a> {
    begins_unit: bool,
    alone: Option<Alone>,
    statement: Statement<'a>,
    settings: Vec<&'a str>,
}

/// Decides before which statements a unit ends.
#[derive(Default)]
struct Cuts<'a> {
    after_alone: bool,
    /// The enum values that the current unit has added.
    new_values: Vec<&'a str>,
    /// Whether the current unit has added a constraint that is not valid.
    has_not_valid: bool,
}

impl<'a> Cuts<'a> {
    /// Whether a unit begins with this statement, and how it runs alone.
    fn next(&mut self, statement: &SqlStatement<'a>) -> (bool, Option<Alone>) {
        let alone = alone::of(statement);
        let added = added_value(statement);
        let uses_new = added.is_none() && self.new_values.iter().any(|value| statement.has_literal(value));
        let validates = self.has_not_valid && is_validation(statement);
        let begins_unit = self.after_alone || alone.is_some() || uses_new || validates;
        if begins_unit {
            self.new_values.clear();
            self.has_not_valid = false;
        }
        self.new_values.extend(added);
        self.has_not_valid |= adds_not_valid(statement);
        self.after_alone = alone.is_some();
        (begins_unit, alone)
    }
}

fn pieces<'a>(part: &Statement<'a>, cuts: &mut Cuts<'a>) -> Vec<Piece<'a>> {
    let mut pieces: Vec<(Range<usize>, Piece<'a>)> = Vec::new();
    let mut end = 0;
    for sql in sql::statements(part.text) {
        let (begins_unit, alone) = cuts.next(&sql);
        if begins_unit || pieces.is_empty() {
            let piece = Piece { begins_unit, alone, statement: *part, settings: Vec::new() };
            pieces.push((end..part.text.len(), piece));
        }
        end = sql.range.end;
        if let Some((range, piece)) = pieces.last_mut() {
            range.end = end;
            piece.settings.extend(is_setting(&sql).then(|| &part.text[sql.range]));
        }
    }
    match pieces.last_mut() {
        // Comments behind the last statement stay with it.
        Some((range, _)) => range.end = part.text.len(),
        // Nothing but comments: sent as it stands, as part of the unit that is there.
        None => {
            let piece = Piece { begins_unit: cuts.after_alone, alone: None, statement: *part, settings: Vec::new() };
            cuts.after_alone = false;
            pieces.push((0..part.text.len(), piece));
        }
    }
    pieces.into_iter().map(|(range, piece)| Piece { statement: cut(part, range), ..piece }).collect()
}

/// The piece of a part, without surrounding white space.
fn cut<'a>(part: &Statement<'a>, range: Range<usize>) -> Statement<'a> {
    let text = &part.text[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    let line = part.line + newlines(&part.text[..start]);
    Statement { line, text: text.trim(), ..*part }
}

/// The value that an `ALTER TYPE ... ADD VALUE` adds.
fn added_value<'a>(statement: &SqlStatement<'a>) -> Option<&'a str> {
    let mut words = statement.words();
    if !words.eat("ALTER TYPE") {
        return None;
    }
    words.name()?;
    if !words.eat("ADD VALUE") {
        return None;
    }
    words.eat("IF NOT EXISTS");
    words.literal()
}

/// Whether the statement adds a constraint NOT VALID.
fn adds_not_valid(statement: &SqlStatement<'_>) -> bool {
    let mut words = statement.words();
    words.eat("ALTER TABLE") && words.contain(&["VALID"])
}

/// Whether the statement is a `VALIDATE CONSTRAINT`.
fn is_validation(statement: &SqlStatement<'_>) -> bool {
    let mut words = statement.words();
    if !words.eat("ALTER TABLE") {
        return false;
    }
    words.eat("IF EXISTS");
    words.eat("ONLY");
    words.name().is_some() && words.eat("VALIDATE CONSTRAINT")
}

/// Whether the statement sets something for the rest of the session.
fn is_setting(statement: &SqlStatement<'_>) -> bool {
    let mut words = statement.words();
    if words.eat("SET") {
        !(words.eat("LOCAL") || words.eat("TRANSACTION") || words.eat("CONSTRAINTS"))
    } else {
        words.eat("RESET")
    }
}

#[cfg(test)]
#[path = "units_tests.rs"]
mod tests;
