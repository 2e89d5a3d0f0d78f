//! The one error of the handlers, and the form in which it leaves: JSON that the page shows as text.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use migrator::{ConnectError, DatabaseError, chain};
use serde_json::{Value, json};

/// Why a request is not answered as it was meant to be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The request cannot be read, or asks for what makes no sense.
    #[error("{0}")]
    Malformed(String),
    #[error("there is no table {schema}.{table}, or no right to see it")]
    NoTable { schema: String, table: String },
    #[error("there is no such path")]
    NoPath,
    #[error("the method is not allowed here")]
    Method,
    #[error("the request is too large")]
    TooLarge,
    #[error("the answer took too long and was given up; look whether it was saved before you try again")]
    TooSlow,
    /// Writing, where the studio was opened for reading.
    #[error("this studio only reads; `cargo xtask studio --write` edits")]
    ReadOnly,
    /// A statement that a read-only console does not run.
    #[error("{word} is not run in a read-only studio: it runs SELECT, WITH, VALUES, TABLE, SHOW and EXPLAIN")]
    NotReading { word: String },
    #[error("{word} is not run here: each run is one transaction, committed at its end and rolled back if it fails")]
    Transaction { word: String },
    /// Somebody else changed a row, or it is gone.
    #[error("the row of change {number} is no longer what it was when it was read; nothing was saved")]
    Conflict { number: usize, now: Value },
    #[error("cannot {operation}")]
    Database { operation: String, source: DatabaseError },
    #[error("there is no connection to the database")]
    Connect(#[from] ConnectError),
    #[error("every connection to the database is busy; try again in a moment")]
    Busy,
    #[error("the catalog's answer cannot be read")]
    Catalog(#[source] serde_json::Error),
    #[error("the schema cannot be read")]
    Introspect(#[from] kit::introspect::Error),
    /// What the project's own part reports, as text with its causes.
    #[error("{0}")]
    Project(String),
}

impl Error {
    /// Names what was asked of the database.
    pub(crate) fn query(operation: impl Into<String>) -> impl FnOnce(tokio_postgres::Error) -> Error {
        let operation = operation.into();
        move |error| Error::Database { operation, source: error.into() }
    }

    fn status(&self) -> StatusCode {
        match self {
            Error::Malformed(_) => StatusCode::BAD_REQUEST,
            Error::NoTable { .. } | Error::NoPath => StatusCode::NOT_FOUND,
            Error::Method => StatusCode::METHOD_NOT_ALLOWED,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::TooSlow | Error::Busy | Error::Connect(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::ReadOnly | Error::NotReading { .. } | Error::Transaction { .. } => StatusCode::FORBIDDEN,
            Error::Conflict { .. } => StatusCode::CONFLICT,
            Error::Database { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Catalog(_) | Error::Introspect(_) | Error::Project(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The error as the page gets it. Texts stay texts: the page never reads one as markup.
    pub(crate) fn body(&self) -> Value {
        match self {
            Error::Database { source: DatabaseError::Server(server), .. } => {
                json!({ "message": server.message, "context": self.to_string(), "server": server })
            }
            Error::Conflict { number, now } => json!({ "message": self.to_string(), "change": number, "now": now }),
            other => json!({ "message": chain(other) }),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        (self.status(), Json(self.body())).into_response()
    }
}
