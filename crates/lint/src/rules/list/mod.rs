//! Every rule with its level, its reason and the safer way: a file for each kind of harm, the worst
//! first.

mod blocks;
mod breaks;
mod fails;
mod loses;
mod types;

use squawk_linter::Rule as Squawk;

use super::{Rule, Scope, Source, Text};
use crate::Level;
use crate::script::{Script, Spot};

const fn squawk(name: &'static str, rule: Squawk, level: Level, reason: &'static str, safer: &'static str) -> Rule {
    rule_of(Source::Squawk(rule), name, level, reason, safer)
}

const fn own(
    name: &'static str,
    check: fn(&Script, &mut Vec<Spot>),
    level: Level,
    reason: &'static str,
    safer: &'static str,
) -> Rule {
    rule_of(Source::Own(check), name, level, reason, safer)
}

const fn rule_of(source: Source, name: &'static str, level: Level, reason: &'static str, safer: &'static str) -> Rule {
    Rule { name, aliases: &[], level, reason, safer, source, scope: Scope::Everywhere, text: Text::Ours }
}

impl Rule {
    /// Not where the file itself has made the table.
    const fn on_existing(self) -> Self {
        Rule { scope: Scope::ExistingTables, ..self }
    }

    /// Not where the file itself makes again what it drops.
    const fn unless_made_anew(self) -> Self {
        Rule { scope: Scope::NotMadeAnew, ..self }
    }

    const fn in_squawks_words(self) -> Self {
        Rule { text: Text::Squawks, ..self }
    }

    const fn also(self, aliases: &'static [&'static str]) -> Self {
        Rule { aliases, ..self }
    }
}

/// What a comment is told that names no rule. Found by nobody but the reader of comments.
pub(crate) static UNKNOWN_RULE: Rule = own(
    "unknown-rule",
    |_, _| {},
    Level::Warn,
    "a comment allows a rule that does not exist, and so nothing",
    "write the name as this table has it",
);

/// All rules.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    [loses::RULES, fails::RULES, blocks::RULES, breaks::RULES, types::RULES]
        .into_iter()
        .flatten()
        .chain(std::iter::once(&UNKNOWN_RULE))
}
