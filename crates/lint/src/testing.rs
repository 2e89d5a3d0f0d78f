//! How a rule's tests are written: SQL, and what is found in it.

use std::fmt::Write as _;

use expect_test::Expect;

use crate::{History, Level, Settings, rules};

/// The findings of one rule, which is switched on where it is off.
pub(crate) fn check(rule: &str, sql: &str, expected: Expect) {
    check_after("", rule, sql, expected);
}

/// The same, after a file with other SQL.
pub(crate) fn check_after(earlier: &str, rule: &str, sql: &str, expected: Expect) {
    let rule = rules::named(rule).unwrap();
    let level = rule.level.max(Level::Warn);
    let settings = Settings::default().with(rule.name, level).unwrap();
    let mut history = History::default();
    history.add(earlier);
    let mut printed = String::new();
    for finding in crate::lint("0001_x.sql", sql, &history, &settings).iter().filter(|found| found.rule == rule.name) {
        let source = sql[finding.range.clone()].replace('\n', " ");
        write!(printed, "{}:{} `{source}`", finding.line, finding.column).unwrap();
        if finding.message != rule.reason {
            write!(printed, "\n  {}", finding.message).unwrap();
        }
        if finding.help != rule.safer {
            write!(printed, "\n  = {}", finding.help).unwrap();
        }
        printed.push('\n');
    }
    expected.assert_eq(&printed);
}
