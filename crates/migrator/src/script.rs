//! A text of several statements, for whoever runs them one by one.

use std::ops::Range;

use crate::sql;

/// One statement of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command<'a> {
    /// Where it stands, in bytes, without its semicolon.
    pub range: Range<usize>,
    /// Its text.
    pub text: &'a str,
    /// Its first word in upper case: `SELECT`; empty where it begins with none, as `(SELECT 1)`.
    pub word: String,
}

/// The statements of a text, by their semicolons.
///
/// ```
/// let words: Vec<_> = migrator::commands("select ';'; /* commit; */ Update a set b = 1;").into_iter().map(|c| c.word).collect();
/// assert_eq!(words, ["SELECT", "UPDATE"]);
/// ```
pub fn commands(text: &str) -> Vec<Command<'_>> {
    let command = |statement: sql::SqlStatement<'_>| {
        let range = statement.range.clone();
        let text = text[range.clone()].trim_end().trim_end_matches(';').trim_end();
        Command { range: range.start..range.start + text.len(), text, word: statement.first_word() }
    };
    sql::statements(text).into_iter().map(command).collect()
}
