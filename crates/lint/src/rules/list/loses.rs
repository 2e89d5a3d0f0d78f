//! Data is gone afterwards.

use Level::{Error, Warn};
use squawk_linter::Rule as Squawk;

use super::{own, squawk};
use crate::Level;
use crate::rules::{Rule, all_rows};

pub(super) static RULES: &[Rule] = &[
    squawk(
        "ban-drop-table",
        Squawk::BanDropTable,
        Error,
        "the table is gone with all its rows, and running code that names it fails",
        "deploy code without it first, keep a copy of its rows, and drop it in a later migration",
    )
    .on_existing(),
    squawk(
        "ban-drop-column",
        Squawk::BanDropColumn,
        Error,
        "the column is gone with its values, and running code that names it fails",
        "deploy code without it first (make it nullable before, if inserts must leave it out), and drop it in a later \
         migration",
    )
    .on_existing(),
    squawk(
        "ban-drop-schema",
        Squawk::BanDropSchema,
        Error,
        "the schema is gone, with CASCADE also everything in it",
        "drop what is in it by name first, so that each loss is seen, and leave CASCADE out",
    ),
    squawk(
        "ban-drop-database",
        Squawk::BanDropDatabase,
        Error,
        "the database is gone; inside a transaction PostgreSQL refuses it as well",
        "leave databases to whoever runs the server",
    ),
    own(
        "ban-delete-all-rows",
        all_rows::check,
        Error,
        "every row of the table is gone",
        "say with WHERE which rows are meant, and keep a copy of them",
    ),
    squawk(
        "ban-truncate-cascade",
        Squawk::BanTruncateCascade,
        Error,
        "every table that refers to this one, by however many steps, is emptied too",
        "name each table that is to be emptied, without CASCADE",
    ),
    squawk(
        "ban-drop-sequence",
        Squawk::BanDropSequence,
        Warn,
        "where the sequence stood is forgotten, and defaults that call it fail",
        "drop the defaults first, in a release of their own",
    ),
    squawk(
        "ban-drop-extension",
        Squawk::BanDropExtension,
        Warn,
        "the extension's types, functions and operators are gone, with CASCADE also the columns that use them",
        "change what uses it first, and leave CASCADE out",
    ),
];
