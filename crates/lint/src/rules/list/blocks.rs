//! The table is rewritten, or its readers and writers wait.

use Level::{Off, Warn};
use squawk_linter::Rule as Squawk;

use super::{own, squawk};
use crate::Level;
use crate::rules::{Rule, exclusion, foreign_key_index, lock_held, serial, validation};

pub(super) static RULES: &[Rule] = &[
    squawk(
        "changing-column-type",
        Squawk::ChangingColumnType,
        Warn,
        "reads and writes wait while the table is rewritten with its indexes; running code may expect the old type",
        "add a column of the new type, fill it in batches, and let code change over before the old one is dropped",
    )
    .on_existing(),
    squawk(
        "adding-field-with-default",
        Squawk::AddingFieldWithDefault,
        Warn,
        "a value is computed for every row: reads and writes wait while the table is rewritten",
        "add the column without it, set the default in a second statement, and fill the rows in batches",
    )
    .on_existing(),
    own(
        "adding-serial-field",
        serial::check,
        Warn,
        "every row is given a number: reads and writes wait while the table is rewritten",
        "add a nullable bigint, number the rows in batches, and then give it its sequence or identity",
    )
    .on_existing(),
    squawk(
        "adding-not-nullable-field",
        Squawk::AddingNotNullableField,
        Warn,
        "reads and writes wait while every row is looked at, and it fails on a row with NULL",
        "add CHECK (… IS NOT NULL) NOT VALID, VALIDATE it, then SET NOT NULL takes no scan; generate --safe writes it",
    )
    .on_existing(),
    squawk(
        "constraint-missing-not-valid",
        Squawk::ConstraintMissingNotValid,
        Warn,
        "reads and writes wait while every row is checked, and it fails on a row that does not satisfy it",
        "add it NOT VALID, then VALIDATE CONSTRAINT; generate --safe writes both",
    )
    .on_existing(),
    own(
        "validate-in-same-transaction",
        validation::check,
        Off,
        "the lock of ADD CONSTRAINT is held until the end of the transaction, so NOT VALID has won nothing; \
         cargo xtask migrate ends one first, drizzle-kit's does not",
        "where drizzle-kit's migrate applies the file too, VALIDATE CONSTRAINT in the next migration",
    )
    .on_existing(),
    squawk(
        "adding-foreign-key-constraint",
        Squawk::AddingForeignKeyConstraint,
        Warn,
        "writes to both tables wait while every row is checked, and it fails on a row without a match",
        "add it NOT VALID, then VALIDATE CONSTRAINT; generate --safe writes both",
    )
    .on_existing(),
    squawk(
        "disallowed-unique-constraint",
        Squawk::DisallowedUniqueConstraint,
        Warn,
        "reads and writes wait while its index is built, and it fails on two equal rows",
        "CREATE UNIQUE INDEX CONCURRENTLY, which runs on its own, then ADD CONSTRAINT … UNIQUE USING INDEX; generate --safe writes both",
    )
    .on_existing(),
    squawk(
        "adding-serial-primary-key-field",
        Squawk::AddingSerialPrimaryKeyField,
        Warn,
        "reads and writes wait while the index of the primary key is built, and it fails on two equal rows or a NULL",
        "CREATE UNIQUE INDEX CONCURRENTLY, which runs on its own, then ADD CONSTRAINT … PRIMARY KEY USING INDEX; generate --safe writes both",
    )
    .on_existing(),
    own(
        "adding-exclusion-constraint",
        exclusion::check,
        Warn,
        "reads and writes wait while its index is built; an exclusion constraint can neither be NOT VALID nor take an \
         index that is there",
        "apply it when the table is quiet, or to a new table that the rows are copied to in batches",
    )
    .on_existing(),
    squawk(
        "require-concurrent-index-creation",
        Squawk::RequireConcurrentIndexCreation,
        Warn,
        "writes wait while the index is built",
        "CREATE INDEX CONCURRENTLY, which cargo xtask migrate runs on its own, outside the transaction; generate --safe writes it",
    )
    .on_existing(),
    squawk(
        "require-concurrent-index-deletion",
        Squawk::RequireConcurrentIndexDeletion,
        Warn,
        "reads and writes of the table wait for the statements that are running on it",
        "DROP INDEX CONCURRENTLY, which cargo xtask migrate runs on its own, outside the transaction; generate --safe writes it",
    )
    .on_existing(),
    squawk(
        "require-concurrent-reindex",
        Squawk::RequireConcurrentReindex,
        Warn,
        "writes wait while the index is built, and so do reads that would use it",
        "REINDEX CONCURRENTLY, which cargo xtask migrate runs on its own, outside the transaction",
    ),
    squawk(
        "require-concurrent-partition-detach",
        Squawk::RequireConcurrentPartitionDetach,
        Warn,
        "reads and writes of the whole partitioned table wait",
        "DETACH PARTITION … CONCURRENTLY, which cargo xtask migrate runs on its own, outside the transaction",
    ),
    squawk(
        "ban-alter-domain-with-add-constraint",
        Squawk::BanAlterDomainWithAddConstraint,
        Warn,
        "every column of the domain is checked, and writes to their tables wait",
        "add it NOT VALID, and VALIDATE CONSTRAINT in the next migration",
    ),
    own(
        "ban-work-under-exclusive-lock",
        lock_held::check,
        Warn,
        "an earlier statement has locked a table against reads and writes until the transaction ends, and this takes \
         its time",
        "put it into a migration of its own",
    ),
    squawk(
        "require-lock-timeout",
        Squawk::RequireLockTimeout,
        Off,
        "a statement that waits for a lock makes everybody behind it wait; migrate sets lock_timeout to 10 s itself",
        "SET LOCAL lock_timeout in the file where another tool applies it",
    ),
    squawk(
        "require-statement-timeout",
        Squawk::RequireStatementTimeout,
        Off,
        "a statement that takes long holds its locks as long",
        "SET LOCAL statement_timeout in the file",
    ),
    own(
        "require-foreign-key-index",
        foreign_key_index::check,
        Warn,
        "without an index on the referencing columns, each delete or change of a referenced row scans this table",
        "create an index that begins with these columns",
    ),
];
