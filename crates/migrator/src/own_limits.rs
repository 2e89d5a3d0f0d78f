//! The limits that a file sets itself, by a comment anywhere in it:
//!
//! ```sql
//! -- migrate: lock_timeout = 2min, statement_timeout = 1h
//! ```
//!
//! They hold for every statement of the file, whichever way it runs, and for the attempts that are repeated. A `SET
//! LOCAL` of the file itself still comes after them.

use std::time::Duration;

use crate::error::Error;
use crate::limits::Limits;
use crate::migrations::{Migration, newlines};
use crate::sql;

/// PostgreSQL's units of time, in milliseconds; without one a number is milliseconds.
const UNITS: [(&str, u64); 6] = [("ms", 1), ("min", 60_000), ("s", 1000), ("h", 3_600_000), ("d", 86_400_000), ("", 1)];

/// What a file says of its limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct OwnLimits {
    lock_timeout: Option<Duration>,
    statement_timeout: Option<Duration>,
}

impl OwnLimits {
    /// Reads a migration's comments.
    pub(crate) fn of(migration: &Migration) -> Result<Self, Error> {
        let mut own = Self::default();
        for (start, comment) in sql::line_comments(migration.text()) {
            let Some(settings) = settings(comment) else { continue };
            // What a squashed migration replaces is no limit.
            if settings.trim_start().starts_with("replaces ") {
                continue;
            }
            for setting in settings.split(',') {
                own.set(setting.trim()).map_err(|reason| Error::OwnLimits {
                    file: migration.file().to_owned(),
                    line: 1 + newlines(&migration.text()[..start]),
                    reason,
                })?;
            }
        }
        Ok(own)
    }

    fn set(&mut self, setting: &str) -> Result<(), String> {
        let (name, value) = setting.split_once('=').ok_or_else(|| format!("there is no `=` in `{setting}`"))?;
        let (name, value) = (name.trim(), value.trim());
        let slot = match name {
            "lock_timeout" => &mut self.lock_timeout,
            "statement_timeout" => &mut self.statement_timeout,
            _ => return Err(format!("`{name}` is neither lock_timeout nor statement_timeout")),
        };
        let value = duration(value).ok_or_else(|| format!("`{value}` is no duration"))?;
        match slot.replace(value) {
            None => Ok(()),
            Some(_) => Err(format!("{name} is set for a second time")),
        }
    }
}

/// What a comment says to whoever migrates, if it does.
fn settings(comment: &str) -> Option<&str> {
    comment[2..].trim().strip_prefix("migrate:")
}

impl Migration {
    /// The SQL without the comments that say something to whoever migrates: the file's own limits, and what it
    /// replaces. They hold for this file, and not for one that its SQL is taken over into.
    pub fn without_settings(&self) -> String {
        let (mut text, mut end) = (String::new(), 0);
        for (start, comment) in sql::line_comments(self.text()).filter(|(_, comment)| settings(comment).is_some()) {
            text.push_str(&self.text()[end..start]);
            end = start + comment.len();
        }
        text + &self.text()[end..]
    }
}

impl Limits {
    /// These limits, but for those that a file sets itself.
    pub(crate) fn with(self, own: OwnLimits) -> Self {
        Self {
            lock_timeout: own.lock_timeout.unwrap_or(self.lock_timeout),
            statement_timeout: own.statement_timeout.unwrap_or(self.statement_timeout),
            ..self
        }
    }
}

/// A duration as PostgreSQL writes it: `500ms`, `5 s`, `'2min'`.
fn duration(text: &str) -> Option<Duration> {
    let text = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text).trim();
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = (text[..digits].parse::<u64>().ok()?, text[digits..].trim());
    let (_, milliseconds) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
    Some(Duration::from_millis(number.saturating_mul(milliseconds)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::migrations::testing::migrations;

    fn own(text: &str) -> Result<(Option<u128>, Option<u128>), Error> {
        let set = migrations(&[("0000_a", text)]);
        let own = OwnLimits::of(set.iter().next().expect("there is one"))?;
        Ok((own.lock_timeout.map(|it| it.as_millis()), own.statement_timeout.map(|it| it.as_millis())))
    }

    #[test]
    fn limits_are_read_from_comments_alone() {
        assert_eq!(own("SELECT 1;").unwrap(), (None, None));
        assert_eq!(own("-- migrate: lock_timeout = 5s\nSELECT 1;").unwrap(), (Some(5000), None));
        assert_eq!(own("SELECT '-- migrate: lock_timeout = 5s';").unwrap(), (None, None));
        let two = "SELECT 1;--> statement-breakpoint\nSELECT 2; --migrate: statement_timeout='2 min' , lock_timeout=0";
        assert_eq!(own(two).unwrap(), (Some(0), Some(120_000)));
    }

    #[test]
    fn sql_that_is_taken_over_leaves_settings_behind_and_nothing_else() {
        let set = migrations(&[(
            "0000_a",
            "-- migrate: lock_timeout = 5s\nSELECT '\n-- migrate: all\n'; -- migrate: statement_timeout = 1s\n-- rest",
        )]);
        let texts: Vec<String> = set.iter().map(Migration::without_settings).collect();
        assert_eq!(texts, ["\nSELECT '\n-- migrate: all\n'; \n-- rest"]);
    }

    #[test]
    fn every_unit_of_postgresql_is_known() {
        for (text, milliseconds) in [("7", 7), ("7ms", 7), ("7s", 7000), ("7min", 420_000), ("7h", 25_200_000)] {
            assert_eq!(own(&format!("-- migrate: lock_timeout={text}")).unwrap(), (Some(milliseconds), None));
        }
        assert_eq!(duration("18446744073709551615d"), Some(Duration::from_millis(u64::MAX)));
        assert_eq!(duration("99999999999999999999"), None);
    }

    #[test]
    fn what_is_not_understood_is_named_with_its_line() {
        let refused = |text: &str| own(text).unwrap_err().to_string();
        expect![
            "0000_a.sql:2: `lock_timeot` is neither lock_timeout nor statement_timeout; nothing was changed. A file sets its limits by a comment such as `-- migrate: lock_timeout = 2min, statement_timeout = 1h`, in ms, s, min, h or d; 0 is none"
        ]
        .assert_eq(&refused("SELECT 1;\n-- migrate: lock_timeot = 5s"));
        for (text, reason) in [
            ("-- migrate: lock_timeout = soon", "`soon` is no duration"),
            ("-- migrate: lock_timeout 5s", "there is no `=` in `lock_timeout 5s`"),
            ("-- migrate: lock_timeout = 1s\n-- migrate: lock_timeout = 2s", "lock_timeout is set for a second time"),
        ] {
            assert!(refused(text).contains(reason), "{}", refused(text));
        }
    }
}
