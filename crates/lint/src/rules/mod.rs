//! The rules: squawk's that matter for a migration, and those that it lacks.

mod all_rows;
mod enum_value;
mod exclusion;
mod foreign_key_index;
mod jsonb;
mod list;
mod lock_held;
mod no_transaction;
mod primary_key_size;
mod serial;
mod syntax;
pub(crate) mod type_change;
mod validation;
pub(crate) mod volatile;

use crate::Level;
use crate::script::{Script, Spot};

pub(crate) use list::UNKNOWN_RULE;
pub(crate) use serial::is_serial;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// What settings and comments call it; squawk's name where squawk has it.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// The level, unless the settings say otherwise.
    pub level: Level,
    /// What happens.
    pub reason: &'static str,
    /// The safer way.
    pub safer: &'static str,
    pub(crate) source: Source,
    pub(crate) scope: Scope,
    pub(crate) text: Text,
}

/// Who looks for it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source {
    Squawk(squawk_linter::Rule),
    Own(fn(&Script, &mut Vec<Spot>)),
}

/// Where a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Everywhere,
    /// Not where the file itself has made the table, which nobody uses and which has no rows.
    ExistingTables,
    /// Not where the file itself makes again what it drops.
    NotMadeAnew,
}

/// Whose words a finding has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    Ours,
    /// squawk's name an object.
    Squawks,
}

/// All rules, by what they warn of.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    list::all()
}

/// The rule of that name.
pub fn named(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.name == name || rule.aliases.contains(&name))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect_file;

    use super::*;

    #[test]
    fn each_name_is_one_rules() {
        for rule in all() {
            assert!(std::ptr::eq(named(rule.name).unwrap(), rule), "{} is there twice", rule.name);
        }
    }

    /// The table of docs/lint.md; `UPDATE_EXPECT=1 cargo test -p lint` writes it.
    #[test]
    fn the_documentation_lists_the_rules_as_they_are() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/lint.md");
        let text = std::fs::read_to_string(&path).unwrap();
        let (before, rest) = text.split_once("<!-- rules -->").unwrap();
        let (_, after) = rest.split_once("<!-- end of rules -->").unwrap();
        let mut rows = String::from("\n| rule | level | what happens | safer |\n| --- | --- | --- | --- |\n");
        for rule in all() {
            let level = format!("{:?}", rule.level).to_lowercase();
            writeln!(rows, "| `{}` | {level} | {} | {} |", rule.name, rule.reason, rule.safer).unwrap();
        }
        expect_file![path].assert_eq(&format!("{before}<!-- rules -->{rows}<!-- end of rules -->{after}"));
    }
}
