//! It fails, here or on the rows of production.

use Level::{Error, Off, Warn};
use squawk_linter::Rule as Squawk;

use super::{own, squawk};
use crate::Level;
use crate::rules::{Rule, enum_value, no_transaction, syntax};

pub(super) static RULES: &[Rule] = &[
    own(
        "syntax-error",
        syntax::check,
        Error,
        "this is not SQL as PostgreSQL's grammar has it",
        "correct it; if PostgreSQL accepts it, the file can allow this rule",
    ),
    own(
        "ban-concurrently-in-transaction",
        no_transaction::check,
        Off,
        "PostgreSQL refuses this in a transaction; cargo xtask migrate runs it on its own, drizzle-kit's migrate fails",
        "where drizzle-kit's migrate applies the file too, run it by hand before the migration",
    )
    .also(&["ban-concurrent-index-creation-in-transaction"]),
    squawk(
        "transaction-nesting",
        Squawk::TransactionNesting,
        Error,
        "migrate opens and ends the transaction of a file; this ends it early, and what follows is not rolled back",
        "leave BEGIN, COMMIT and ROLLBACK out; what needs a transaction of its own is a migration of its own",
    )
    .also(&["ban-uncommitted-transaction"]),
    squawk(
        "adding-required-field",
        Squawk::AddingRequiredField,
        Error,
        "NOT NULL without a default fails if the table has a row, and so do inserts of running code",
        "add it nullable or with a default that is a constant, fill it, and set NOT NULL in a later migration",
    )
    .on_existing(),
    own(
        "ban-enum-value-in-same-transaction",
        enum_value::check,
        Off,
        "a value cannot be used in the transaction that adds it; cargo xtask migrate ends one first, drizzle-kit's fails",
        "where drizzle-kit's migrate applies the file too, use the value in a migration that is made when this one is applied",
    ),
    squawk(
        "ban-duplicate-column-assignments",
        Squawk::BanDuplicateColumnAssignments,
        Error,
        "one statement assigns to a column twice, which PostgreSQL refuses",
        "keep one of the two",
    ),
    squawk(
        "identifier-too-long",
        Squawk::IdentifierTooLong,
        Warn,
        "a name of more than 63 bytes is cut without a word, and may then be another's",
        "choose a name of at most 63 bytes",
    )
    .in_squawks_words(),
];
