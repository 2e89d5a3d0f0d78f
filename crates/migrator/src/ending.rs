//! Statements that end the transaction in which a migration runs.
//!
//! What stands before one could not be rolled back any more, and would not be in the ledger. So a file with one is
//! refused before it runs.

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
