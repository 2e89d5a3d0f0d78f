//! Why a query has no answer.

use std::error::Error as _;
use std::io;

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

use super::constraint::Violation;

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no connection: none is free, or the server does not answer.
    #[error("no connection to the database")]
    Connection(#[source] PoolError),

    /// The database refuses a statement, or the connection broke under it.
    #[error("the query failed: {sql}")]
    Query {
        /// The statement. Values are bound, so there are none in it.
        sql: String,
        /// What the driver says.
        source: tokio_postgres::Error,
    },

    /// A transaction could not be begun or committed.
    #[error("the transaction could not be begun or committed")]
    Transaction(#[source] tokio_postgres::Error),

    /// A row does not fit the struct: the database's schema is not the declared one.
    #[error("a row does not fit its struct; is a migration missing?")]
    Row(#[source] tokio_postgres::Error),

    /// A query that always has a row had none.
    #[error("the query returned no row")]
    NoRow,
}

impl Error {
    /// Whether it may work in a moment: the server is away, starting, stopping or full, or the
    /// pool has no free connection.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Connection(PoolError::Timeout(_)) => true,
            _ => self.driver().is_some_and(|error| {
                let lost = error.source().is_some_and(|cause| cause.is::<io::Error>());
                error.is_closed() || lost || error.code().is_some_and(is_outage)
            }),
        }
    }

    /// Whether the server is there, and there is no encrypted connection with it that may be trusted.
    pub fn is_untrusted(&self) -> bool {
        let cause = self.driver().and_then(|error| error.source()?.downcast_ref::<io::Error>());
        // What rustls refuses is no failure of the network.
        cause.is_some_and(|cause| cause.kind() == io::ErrorKind::InvalidData)
    }

    /// Whether the server gave the statement up: it took longer than `statement_timeout`, waited longer than
    /// `lock_timeout`, or somebody cancelled it.
    pub fn is_timeout(&self) -> bool {
        self.code().is_some_and(|code| [SqlState::QUERY_CANCELED, SqlState::LOCK_NOT_AVAILABLE].contains(code))
    }

    /// Whether it met another transaction, such as in a deadlock, and may be tried again from the beginning.
    pub fn is_rolled_back(&self) -> bool {
        self.code().is_some_and(|code| code.code().starts_with("40"))
    }

    /// The rule of the schema that a statement broke.
    pub fn violation(&self) -> Option<Violation> {
        match self {
            Self::Query { sql, source } => Violation::of(source.as_db_error()?, sql),
            Self::Transaction(source) => Violation::of(source.as_db_error()?, ""),
            _ => None,
        }
    }

    /// The SQLSTATE, where the server reported the error.
    pub fn code(&self) -> Option<&SqlState> {
        self.driver()?.code()
    }

    fn driver(&self) -> Option<&tokio_postgres::Error> {
        match self {
            Self::Connection(PoolError::Backend(source))
            | Self::Query { source, .. }
            | Self::Transaction(source)
            | Self::Row(source) => Some(source),
            Self::Connection(_) | Self::NoRow => None,
        }
    }
}

/// Connection exceptions, insufficient resources, operator intervention. A cancelled statement is
/// of the last class too, but trying again would not help it.
fn is_outage(state: &SqlState) -> bool {
    let class = state.code().get(..2).unwrap_or_default();
    matches!(class, "08" | "53" | "57") && *state != SqlState::QUERY_CANCELED
}
