//! Statements that end the transaction in which a migration runs.
//!
//! What stands before one could not be rolled back any more, and would not be in the ledger. So a file with one is
//! refused before it runs.

use crate::alone;
use crate::error::Error;
use crate::migrations::{Migration, newlines};
use crate::sql::{self, SqlStatement};

/// Refuses a migration with such a statement.
pub(crate) fn refuse(migration: &Migration) -> Result<(), Error> {
    for part in migration.statements() {
        if let Some(ending) = sql::statements(part.text).iter().find(|statement| ends_transaction(statement)) {
            return Err(Error::EndsTransaction {
                file: migration.file().to_owned(),
                line: part.line + newlines(&part.text[..ending.range.start]),
                word: ending.first_word(),
            });
        }
    }
    Ok(())
}

/// A statement that cannot be one of several in a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outside<'a> {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its text.
    pub text: &'a str,
}

/// The first statement of a text that PostgreSQL refuses in a transaction, or that would end the one it is in.
///
/// ```
/// let outside = migrator::outside_transaction("DROP TABLE a;\nDROP INDEX CONCURRENTLY b;").unwrap();
/// assert_eq!((outside.line, outside.text), (2, "DROP INDEX CONCURRENTLY b;"));
/// assert_eq!(migrator::outside_transaction("DROP TABLE a; DROP INDEX b;"), None);
/// ```
pub fn outside_transaction(text: &str) -> Option<Outside<'_>> {
    let statements = sql::statements(text);
    let outside = statements.iter().find(|it| alone::of(it).is_some() || ends_transaction(it))?;
    let range = outside.range.clone();
    Some(Outside { line: 1 + newlines(&text[..range.start]), text: &text[range] })
}

fn ends_transaction(statement: &SqlStatement<'_>) -> bool {
    let mut words = statement.words();
    if words.eat("ROLLBACK") {
        // To a savepoint it ends nothing.
        let _ = words.eat("WORK") || words.eat("TRANSACTION");
        return !words.eat("TO");
    }
    ["COMMIT", "END", "ABORT", "PREPARE TRANSACTION"].iter().any(|ending| words.eat(ending))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::migrations::testing::migrations;

    fn refused(text: &str) -> Option<String> {
        let set = migrations(&[("0000_a", text)]);
        set.iter().find_map(|migration| refuse(migration).err()).map(|error| error.to_string())
    }

    #[test]
    fn what_ends_a_transaction_is_refused_with_its_line() {
        expect![[
            "0000_a.sql:4: COMMIT would end the transaction in which the migration runs, so that what stands before it could not be rolled back; nothing was changed. Take it out, and BEGIN with it: every migration is in a transaction already"
        ]]
        .assert_eq(&refused("SELECT 1;--> statement-breakpoint\n-- COMMIT\nBEGIN;\ncommit;").unwrap());
        for text in ["END", "ABORT", "ROLLBACK", "ROLLBACK WORK", "ROLLBACK AND CHAIN", "PREPARE TRANSACTION 'a'"] {
            assert!(refused(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_ends_none_is_not() {
        for text in [
            "BEGIN; SELECT 1;",
            "SAVEPOINT a; ROLLBACK TO a; ROLLBACK WORK TO SAVEPOINT a; RELEASE a;",
            "PREPARE a AS SELECT 1;",
            "SELECT 'COMMIT'; -- COMMIT",
            "DO $$ BEGIN PERFORM 1; END $$;",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END;",
            "CREATE TABLE \"commit\" (\"end\" int);",
        ] {
            assert_eq!(refused(text), None, "{text}");
        }
    }
}
