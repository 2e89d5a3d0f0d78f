use std::fmt;
use std::str::FromStr;

use super::Kind;

/// One answer to the question whether an object is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The object `to` is the former `from`.
    Rename {
        /// The kind, where the names alone could mean several.
        kind: Option<Kind>,
        /// The old object: `schema`, `schema.table` or `schema.table.column`, under the new names of what contains it.
        from: String,
        /// The new object, likewise.
        to: String,
    },
    /// The object is new.
    Create {
        /// The kind, where the name alone could mean several.
        kind: Option<Kind>,
        /// The new object.
        name: String,
    },
    /// How the values of a column become those of its new type.
    Using {
        /// The column as `schema.table.column`, by its new name.
        column: String,
        /// The SQL expression after `USING`.
        expression: String,
    },
}

/// Every answer that is known beforehand.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    pub(super) list: Vec<Answer>,
    pub(super) create_the_rest: bool,
    pub(super) rename_parts: bool,
}

impl Answers {
    /// Answers in the order in which they are to be tried.
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Answers { list: answers.into_iter().collect(), ..Answers::default() }
    }

    /// Takes whatever no answer names as new, so that nothing is left to ask.
    #[must_use]
    pub fn create_the_rest(mut self) -> Self {
        self.create_the_rest = true;
        self
    }

    /// Takes a constraint or index that differs in its name alone as renamed, where drizzle-kit makes it anew.
    #[must_use]
    pub fn rename_parts(mut self) -> Self {
        self.rename_parts = true;
        self
    }

    /// Adds an answer.
    pub fn push(&mut self, answer: Answer) {
        self.list.push(answer);
    }
}

/// A rename answer without its `=`.
#[derive(Debug, thiserror::Error)]
#[error("\"{text}\" is not a rename: write OLD=NEW, for instance public.users=public.people")]
pub struct ParseError {
    text: String,
}

/// An expression for a column without its `=`.
#[derive(Debug, thiserror::Error)]
#[error(
    "\"{text}\" is no column with an expression: write COLUMN=EXPRESSION, for instance public.users.age=extract(year from born)"
)]
pub struct UsingError {
    text: String,
}

impl Answer {
    /// Reads the value of `--rename`: `OLD=NEW`, with a prefix such as `table:` where a name alone is ambiguous.
    ///
    /// # Errors
    /// When there is no `=` with a name on both sides.
    pub fn rename(text: &str) -> Result<Self, ParseError> {
        let (kind, names) = split_kind(text);
        match names.split_once('=').or_else(|| names.split_once("->")) {
            Some((from, to)) if !from.trim().is_empty() && !to.trim().is_empty() => {
                Ok(Answer::Rename { kind, from: from.trim().to_owned(), to: to.trim().to_owned() })
            }
            _ => Err(ParseError { text: text.to_owned() }),
        }
    }

    /// Reads the value of `--using`: `COLUMN=EXPRESSION`.
    ///
    /// # Errors
    /// When there is no `=` with a column before it and an expression after it.
    pub fn using(text: &str) -> Result<Self, UsingError> {
        match text.split_once('=') {
            Some((column, expression)) if !column.trim().is_empty() && !expression.trim().is_empty() => {
                Ok(Answer::Using { column: column.trim().to_owned(), expression: expression.trim().to_owned() })
            }
            _ => Err(UsingError { text: text.to_owned() }),
        }
    }

    /// Reads the value of `--create`: a name, with a prefix such as `table:` where it is ambiguous.
    pub fn create(text: &str) -> Self {
        let (kind, name) = split_kind(text);
        Answer::Create { kind, name: name.trim().to_owned() }
    }
}

impl FromStr for Answer {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Answer::rename(text)
    }
}

/// The flag that gives the answer, with the prefix of its kind where it has one.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = |kind: &Option<Kind>| kind.map(|kind| format!("{}:", kind.word())).unwrap_or_default();
        match self {
            Answer::Rename { kind, from, to } => {
                write!(f, "--rename {}", shell_word(&format!("{}{from}={to}", prefix(kind))))
            }
            Answer::Using { column, expression } => {
                write!(f, "--using {}", shell_word(&format!("{column}={expression}")))
            }
            Answer::Create { kind, name } => write!(f, "--create {}", shell_word(&format!("{}{name}", prefix(kind)))),
        }
    }
}

/// The text as one word of a POSIX shell.
fn shell_word(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "_.=-/:".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

fn split_kind(text: &str) -> (Option<Kind>, &str) {
    match text.split_once(':') {
        Some((word, rest)) => match Kind::ALL.into_iter().find(|kind| kind.word() == word) {
            Some(kind) => (Some(kind), rest),
            None => (None, text),
        },
        None => (None, text),
    }
}
