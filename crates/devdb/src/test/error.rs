//! What can go wrong with a test's database.

use tokio_postgres::error::SqlState;

use crate::url::Url;

/// A test's database could not be made, reached or dropped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server does not take the connection.
    #[error("connecting to {url}")]
    Connect {
        /// Where to; the password is hidden.
        url: Url,
        /// Why not.
        source: tokio_postgres::Error,
    },
    /// A statement failed.
    #[error("{operation} {database}{}", hint(source))]
    Statement {
        /// What was being done, as in "creating the database".
        operation: &'static str,
        /// To which database.
        database: String,
        /// PostgreSQL's answer.
        source: tokio_postgres::Error,
    },
    /// The caller's set-up of a template failed. The next test tries it anew.
    #[error("setting up the template database {database}")]
    Setup {
        /// The template's database.
        database: String,
        /// What the set-up said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Another process takes too long over the template.
    #[error(
        "another process has been setting up the template database {database} for {seconds} s; \
         end the session that holds the advisory lock {key} (see pg_locks)"
    )]
    TemplateBusy {
        /// The template's database.
        database: String,
        /// How long this process waited.
        seconds: u64,
        /// The key of the lock.
        key: i64,
    },
}

impl Error {
    /// PostgreSQL's code for what happened, if it was PostgreSQL who refused.
    #[must_use]
    pub fn code(&self) -> Option<&SqlState> {
        match self {
            Self::Connect { source, .. } | Self::Statement { source, .. } => source.code(),
            Self::Setup { .. } | Self::TemplateBusy { .. } => None,
        }
    }
}

/// The next step for what a role of one's own (`TEST_DATABASE_URL`) often lacks.
fn hint(error: &tokio_postgres::Error) -> &'static str {
    if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) {
        " (the role of TEST_DATABASE_URL needs CREATEDB: ALTER ROLE .. CREATEDB)"
    } else if error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS) {
        " (raise max_connections, or run fewer tests at once)"
    } else {
        ""
    }
}
