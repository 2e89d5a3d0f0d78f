//! It fails, here or on the rows of production.

use Level::{Error, Warn};
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
        Error,
        "PostgreSQL refuses this in a transaction, and migrate opens one for each file",
        "run it by hand before the migration; the file may then say IF NOT EXISTS or IF EXISTS without CONCURRENTLY",
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
        Error,
        "a value added to an enum cannot be used before the transaction has ended, and migrate commits after the file",
        "add the value in a migration of its own, and use it in the next",
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
