use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not looked for.
    Off,
    /// To be read by whoever reviews the migration.
    Warn,
    /// Not to be applied as it stands.
    Error,
}

/// One thing to know about one place of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How much it matters.
    pub level: Level,
    /// The file, as it was named to [`crate::lint`].
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The line of its last character.
    pub end_line: usize,
    /// The statement that it is in, unless the file has none.
    pub statement: Option<Statement>,
    /// What happens.
    pub message: String,
    /// The safer way.
    pub help: String,
    /// The bytes of the file's text that it is about.
    #[serde(skip)]
    pub range: Range<usize>,
}

/// A statement of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// The number within the file, from 1.
    pub number: usize,
    /// Its beginning, on one line.
    pub excerpt: String,
}
