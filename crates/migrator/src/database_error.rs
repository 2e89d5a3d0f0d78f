//! PostgreSQL's errors with all their fields, and those of the connection to it.

use std::error::Error as StdError;
use std::fmt;

use serde::Serialize;
use tokio_postgres::error::{DbError, ErrorPosition};

/// Why an exchange with the server failed.
///
/// The text is complete: it includes what the driver keeps in causes, so it has no source.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum DatabaseError {
    /// The server reported an error.
    Server(Box<ServerError>),
    /// The connection broke, or the driver could not use the answer.
    Connection {
        /// The driver's message with its causes.
        message: String,
    },
}

impl DatabaseError {
    /// The SQLSTATE, where the server reported the error.
    pub fn sqlstate(&self) -> Option<&str> {
        match self {
            Self::Server(error) => Some(&error.sqlstate),
            Self::Connection { .. } => None,
        }
    }

    /// Whether the connection is no more, or the server has ended the session.
    pub(crate) fn is_lost(&self) -> bool {
        self.sqlstate().is_none_or(|code| matches!(code, "57P01" | "57P02" | "57P03" | "57P05"))
    }

    /// What to do about this class of error, where the class says it.
    pub(crate) fn advice(&self) -> Option<&'static str> {
        if self.is_lost() {
            return Some(
                "the server's log says why the connection ended, unless the network did it. Run again when the server \
                 answers",
            );
        }
        Some(match self.sqlstate()? {
            "55P03" => {
                "another session holds a lock that the statement needs, longer than lock_timeout \
                 allows. Run again when it is done, or allow a longer wait by `-- migrate: lock_timeout = 2min` in the file"
            }
            "57014" => {
                "the statement was cancelled, by hand or by statement_timeout. Run again, or allow \
                 more time by `-- migrate: statement_timeout = 1h` in the file"
            }
            "40P01" | "40001" => "it collided with other sessions. Run again",
            "25001" => {
                "the statement cannot run inside a transaction, and it is none of those which a \
                 migration runs outside of one (as CREATE INDEX CONCURRENTLY). Write it so that it can"
            }
            "55P04" => {
                "a new value of an enum cannot be used in the transaction that adds it. Move what \
                 uses it into the next migration"
            }
            "42501" => "the role lacks a right. Grant it, or connect as the role that owns the objects",
            "42P06" | "42P07" | "42701" | "42710" => {
                "the object exists already. If the database was made by other means, record the \
                 migration in the ledger instead of running it"
            }
            _ => return None,
        })
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(error) => error.fmt(f),
            Self::Connection { message } => f.write_str(message),
        }
    }
}

impl StdError for DatabaseError {}

impl From<tokio_postgres::Error> for DatabaseError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(reported) => Self::Server(Box::new(ServerError::from(reported))),
            None => Self::Connection { message: chain(&error) },
        }
    }
}

/// An error as the server reports it, field by field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServerError {
    /// `ERROR`, `FATAL` or `PANIC`.
    pub severity: String,
    /// The five characters of the SQLSTATE.
    pub sqlstate: String,
    /// The primary message.
    pub message: String,
    /// More about it.
    pub detail: Option<String>,
    /// The server's suggestion.
    pub hint: Option<String>,
    /// The call stack of functions and internal queries.
    #[serde(rename = "where")]
    pub where_: Option<String>,
    /// Where in the statement, in characters from 1.
    pub position: Option<u32>,
    /// The query inside a function that failed.
    pub internal_query: Option<String>,
    /// The schema of the object concerned.
    pub schema: Option<String>,
    /// The table concerned.
    pub table: Option<String>,
    /// The column concerned.
    pub column: Option<String>,
    /// The constraint concerned.
    pub constraint: Option<String>,
}

impl From<&DbError> for ServerError {
    fn from(error: &DbError) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let (position, internal_query) = match error.position() {
            None => (None, None),
            Some(ErrorPosition::Original(at)) => (Some(*at), None),
            Some(ErrorPosition::Internal { query, .. }) => (None, Some(query.clone())),
        };
        Self {
            severity: error.severity().to_owned(),
            sqlstate: error.code().code().to_owned(),
            message: error.message().to_owned(),
            detail: owned(error.detail()),
            hint: owned(error.hint()),
            where_: owned(error.where_()),
            position,
            internal_query,
            schema: owned(error.schema()),
            table: owned(error.table()),
            column: owned(error.column()),
            constraint: owned(error.constraint()),
        }
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (SQLSTATE {})", self.severity, self.message, self.sqlstate)?;
        let fields =
            [("DETAIL", &self.detail), ("HINT", &self.hint), ("QUERY", &self.internal_query), ("WHERE", &self.where_)];
        for (label, text) in fields {
            if let Some(text) = text {
                write!(f, "\n{label}: {}", text.replace('\n', "\n    "))?;
            }
        }
        Ok(())
    }
}

/// An error with its causes in one line, for a log. A message that repeats its cause says it once.
pub fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let message = cause.to_string();
        if !text.contains(&message) {
            text = format!("{text}: {message}");
        }
        source = cause.source();
    }
    text
}
