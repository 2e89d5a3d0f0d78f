use std::collections::BTreeMap;

use crate::Level;
use crate::rules::{self, Rule};

/// The level of each rule.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Those that are not the rule's own.
    levels: BTreeMap<&'static str, Level>,
}

/// A name that is no rule's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule `{name}`; did you mean `{nearest}`?")]
pub struct UnknownRule {
    /// The name.
    pub name: String,
    /// The rule whose name is most like it.
    pub nearest: &'static str,
}

impl Settings {
    /// The settings with another level for a rule, which may go by any name that squawk has for it.
    ///
    /// # Errors
    ///
    /// Where no rule has that name.
    pub fn with(mut self, name: &str, level: Level) -> Result<Self, UnknownRule> {
        let rule = rules::named(name).ok_or_else(|| unknown(name))?;
        self.levels.insert(rule.name, level);
        Ok(self)
    }

    /// The level of a rule.
    pub fn level(&self, rule: &Rule) -> Level {
        self.levels.get(rule.name).copied().unwrap_or(rule.level)
    }
}

/// The error of a name that no rule has.
pub(crate) fn unknown(name: &str) -> UnknownRule {
    let likeness = |rule: &&Rule| strsim::jaro_winkler(name, rule.name);
    let nearest = rules::all().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    UnknownRule { name: name.to_owned(), nearest: nearest.map_or("", |rule| rule.name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_has_its_own_level_until_it_is_given_another() {
        let rule = rules::named("ban-drop-column").unwrap();
        assert_eq!(Settings::default().level(rule), Level::Error);
        assert_eq!(Settings::default().with("ban-drop-column", Level::Off).unwrap().level(rule), Level::Off);
    }

    #[test]
    fn a_rule_goes_by_each_of_squawks_names() {
        let settings = Settings::default().with("prefer-timestamp-tz", Level::Error).unwrap();
        assert_eq!(settings.level(rules::named("prefer-timestamptz").unwrap()), Level::Error);
    }

    #[test]
    fn an_unknown_rule_is_answered_with_the_nearest() {
        let error = Settings::default().with("ban-drop-colum", Level::Warn).unwrap_err();
        assert_eq!(error.to_string(), "there is no rule `ban-drop-colum`; did you mean `ban-drop-column`?");
    }
}
