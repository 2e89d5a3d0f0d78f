//! Running code names what is no longer there, or relies on what is no longer so.

use Level::{Off, Warn};
use squawk_linter::Rule as Squawk;

use super::squawk;
use crate::Level;
use crate::rules::Rule;

pub(super) static RULES: &[Rule] = &[
    squawk(
        "renaming-table",
        Squawk::RenamingTable,
        Warn,
        "running code that names the table fails",
        "rename it and create a view of the old name in the same migration; drop the view when no code uses it",
    )
    .on_existing(),
    squawk(
        "renaming-column",
        Squawk::RenamingColumn,
        Warn,
        "running code that names the column fails",
        "add a column, write to both, fill it, and drop the old one when no code uses it",
    )
    .on_existing(),
    squawk(
        "renaming-object",
        Squawk::RenamingObject,
        Warn,
        "running code that uses the old name fails",
        "create it under the new name, and drop the old one when no code uses it",
    )
    .on_existing(),
    squawk(
        "ban-set-schema",
        Squawk::BanSetSchema,
        Warn,
        "running code that names it in its old schema fails",
        "leave a view of a table's old name behind until no code uses it; for a type, deploy code that does not name its \
         schema first",
    )
    .on_existing(),
    squawk(
        "ban-drop-type",
        Squawk::BanDropType,
        Warn,
        "running code that names the type fails, with CASCADE columns of it are gone with their values",
        "change the columns first, and leave CASCADE out",
    )
    .unless_made_anew(),
    squawk(
        "ban-drop-domain",
        Squawk::BanDropDomain,
        Warn,
        "running code that names the domain fails, with CASCADE columns of it are gone with their values",
        "change the columns first, and leave CASCADE out",
    ),
    squawk(
        "ban-drop-view",
        Squawk::BanDropView,
        Warn,
        "running code that reads the view fails",
        "drop it when no code uses it",
    )
    .unless_made_anew(),
    squawk(
        "ban-drop-function",
        Squawk::BanDropFunction,
        Warn,
        "running code that calls the function fails",
        "drop it when no code uses it",
    )
    .unless_made_anew(),
    squawk(
        "ban-drop-not-null",
        Squawk::BanDropNotNull,
        Warn,
        "running code that reads the column may not expect NULL",
        "deploy code that can read NULL first",
    )
    .on_existing(),
    squawk(
        "ban-drop-default",
        Squawk::BanDropDefault,
        Warn,
        "running code that leaves the column out inserts NULL, and fails where that is refused",
        "deploy code that gives a value first",
    )
    .on_existing(),
    squawk(
        "ban-alter-row-level-security",
        Squawk::BanAlterRowLevelSecurity,
        Warn,
        "who does not own the table sees other rows than before",
        "create the policies before row level security is enabled, and try them as the role of the service",
    )
    .on_existing(),
    squawk(
        "ban-drop-generated-expression",
        Squawk::BanDropGeneratedExpression,
        Warn,
        "the column is no longer computed, and running code that leaves it out inserts NULL",
        "deploy code that gives a value first",
    )
    .on_existing(),
    squawk(
        "ban-alter-generated-expression",
        Squawk::BanAlterGeneratedExpression,
        Warn,
        "every value is computed again: reads and writes wait while the table is rewritten",
        "add a second column, and let code change over",
    )
    .on_existing(),
    squawk(
        "ban-disable-trigger",
        Squawk::BanDisableTrigger,
        Warn,
        "rows that are written meanwhile miss what the trigger does",
        "do without, or enable it again in the same migration",
    )
    .on_existing(),
    squawk(
        "ban-revoke",
        Squawk::BanRevoke,
        Warn,
        "running code that relies on the privilege or the role fails",
        "deploy code that does without first",
    ),
    squawk(
        "ban-drop-constraint",
        Squawk::BanDropConstraint,
        Off,
        "code that relies on it, ON CONFLICT say, fails, and rows that it would refuse come in",
        "deploy code that does without first",
    )
    .on_existing(),
    squawk(
        "ban-drop-trigger",
        Squawk::BanDropTrigger,
        Off,
        "rows that are written from here on miss what the trigger does",
        "deploy code that does without first",
    ),
    squawk(
        "ban-drop-policy",
        Squawk::BanDropPolicy,
        Off,
        "who does not own the table sees other rows than before",
        "create the policy that takes its place first",
    ),
];
