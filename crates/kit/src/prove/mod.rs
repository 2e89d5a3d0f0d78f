//! What it takes to prove a migration on a database: the schema from empty, the catalog as text, and
//! rows that must survive. Nothing here connects; who proves runs these statements and compares.

use std::collections::HashSet;

use schema::Schema;

use crate::rename::{Answers, resolve};
use crate::step::Step;

mod inserts;
mod rows;
mod samples;

pub use inserts::{Insert, inserts};
pub use rows::{Kept, kept};

/// Everything in the catalog that a schema can say, a row of one text for each object. To be run with
/// nothing but `pg_catalog` in `search_path`, so that every other name is printed with its schema.
pub const CATALOG: &str = include_str!("catalog.sql");

/// The checks, indexes and views of the catalog that have an expression, a row of two texts each: what its line of
/// [`CATALOG`] begins with, and the statement that makes it anew of what PostgreSQL prints. To be run with the same
/// `search_path`. What is made so may be printed in other words again.
pub const RESTORED: &str = include_str!("restored.sql");

/// The server's roles, a row of one text each: `role NAME createdb …`. They are no database's own; who
/// asks takes those that are meant.
pub const ROLES: &str = "SELECT format('role %s createdb %s createrole %s inherit %s login %s', rolname, rolcreatedb, \
                         rolcreaterole, rolinherit, rolcanlogin) FROM pg_roles ORDER BY rolname COLLATE \"C\"";

/// A line of one catalog that the other does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It is expected and not there.
    Missing(String),
    /// It is there and not expected.
    Unexpected(String),
}

/// The lines that differ, what is missing first.
pub fn differences(expected: &[String], found: &[String]) -> Vec<Difference> {
    let (is_expected, is_found) = (set(expected), set(found));
    let missing = expected.iter().filter(|line| !is_found.contains(line)).cloned().map(Difference::Missing);
    let unexpected = found.iter().filter(|line| !is_expected.contains(line)).cloned();
    missing.chain(unexpected.map(Difference::Unexpected)).collect()
}

fn set(lines: &[String]) -> HashSet<&String> {
    lines.iter().collect()
}

/// The catalog to expect of `next`, where what is there before the migration is not all that the
/// previous schema says: what was made or taken away by hand stays so.
///
/// `there` is the catalog before the migration; `previous` and `next` are those of the two schemas,
/// each built from empty.
pub fn expected(there: &[String], previous: &[String], next: &[String]) -> Vec<String> {
    let [is_there, was_declared, is_declared] = [there, previous, next].map(set);
    let by_hand = there.iter().filter(|line| !was_declared.contains(line) && !is_declared.contains(line));
    let taken_away = |line: &&String| was_declared.contains(line) && !is_there.contains(line);
    let mut lines: Vec<String> = next.iter().filter(|line| !taken_away(line)).chain(by_hand).cloned().collect();
    lines.sort_unstable();
    lines
}

/// The statements that build a schema from empty, in one transaction.
pub fn from_empty(schema: &Schema) -> Vec<String> {
    steps_from_empty(schema).iter().flat_map(crate::sql::statements).collect()
}

/// The steps that build a schema from empty, in one transaction.
pub(crate) fn steps_from_empty(schema: &Schema) -> Vec<Step> {
    let mut schema = schema.clone();
    // How an index is built is no part of what it is, and a transaction can build it in one way only.
    schema.indexes_mut().for_each(|index| index.concurrently = false);
    let resolved = resolve(&Schema::default(), &schema, &Answers::default());
    crate::plan::plan(&resolved, &schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn what_differs_is_named_from_both_sides() {
        let found = differences(&lines("a b"), &lines("b c"));
        assert_eq!(found, [Difference::Missing("a".to_owned()), Difference::Unexpected("c".to_owned())]);
    }

    #[test]
    fn what_was_made_or_taken_away_by_hand_stays_so() {
        // `ledger` is nobody's; `old` is dropped by the migration; `gone` was dropped by hand before.
        assert_eq!(expected(&lines("a ledger old"), &lines("a gone old"), &lines("a gone new")), lines("a ledger new"));
    }
}
