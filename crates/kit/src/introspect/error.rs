use tokio_postgres::error::{DbError, SqlState};

/// Why a database was not read, or a schema not brought into canonical form.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server's catalog lacks what is asked of it.
    #[error("PostgreSQL {found} is too old to be read: its catalog is known from version 14 on; upgrade the server")]
    Version {
        /// What the server says.
        found: String,
    },
    /// A query was not answered.
    #[error("cannot {operation}: {}", next_step(source))]
    Query {
        /// What was being done.
        operation: &'static str,
        /// Why not.
        source: Cause,
    },
    /// There is no database to bring a schema into canonical form in.
    #[error(
        "cannot create the scratch database \"{database}\", in which the schema is built to compare its expressions \
         as PostgreSQL prints them: {}",
        scratch_step(source)
    )]
    Scratch {
        /// The name that it was to have.
        database: String,
        /// Why not.
        source: Cause,
    },
    /// PostgreSQL refuses the schema.
    #[error("cannot build the schema in an empty database; correct what it declares:\n  {statement}")]
    Build {
        /// The statement that it refuses.
        statement: String,
        /// Why.
        source: Cause,
    },
}

/// What the server or the driver says.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The server refused.
    #[error("{}: {} (SQLSTATE {}){}", .0.severity(), .0.message(), .0.code().code(), more(.0))]
    Server(Box<DbError>),
    /// There is no answer, or none that can be used.
    #[error("{}", std::error::Error::source(.0).map_or_else(|| .0.to_string(), |cause| format!("{}: {cause}", .0)))]
    Connection(tokio_postgres::Error),
}

impl Cause {
    /// The SQLSTATE, where the server refused.
    pub fn code(&self) -> Option<&SqlState> {
        match self {
            Cause::Server(error) => Some(error.code()),
            Cause::Connection(_) => None,
        }
    }
}

impl From<tokio_postgres::Error> for Cause {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(server) => Cause::Server(Box::new(server.clone())),
            None => Cause::Connection(error),
        }
    }
}

impl Error {
    /// What `map_err` takes after a query of the caller's for the text of a catalog.
    pub fn catalog(error: tokio_postgres::Error) -> Self {
        Self::query("read the catalog as text")(error)
    }

    /// What `map_err` takes after a query.
    pub(super) fn query(operation: &'static str) -> impl FnOnce(tokio_postgres::Error) -> Self {
        move |error| Error::Query { operation, source: error.into() }
    }
}

fn more(error: &DbError) -> String {
    let detail = error.detail().map(|text| format!("\n  DETAIL: {text}"));
    let hint = error.hint().map(|text| format!("\n  HINT: {text}"));
    format!("{}{}", detail.unwrap_or_default(), hint.unwrap_or_default())
}

fn next_step(cause: &Cause) -> &'static str {
    match cause {
        Cause::Connection(error) if error.is_closed() => {
            "the connection was lost. Check that the server runs, and try again"
        }
        Cause::Connection(_) => "the server gave no answer that can be used. Check the connection, and try again",
        Cause::Server(error) if *error.code() == SqlState::INSUFFICIENT_PRIVILEGE => {
            "the role lacks a right. Grant it, or connect as the role that owns the objects"
        }
        Cause::Server(error) if *error.code() == SqlState::QUERY_CANCELED => {
            "it was cancelled, by hand or by statement_timeout. Try again, or allow a longer statement_timeout"
        }
        Cause::Server(error) if error.code().code().starts_with("57") => {
            "the server ended the session. Try again when it is up"
        }
        Cause::Server(_) => "the cause below says what to correct",
    }
}

fn scratch_step(cause: &Cause) -> &'static str {
    match cause.code() {
        Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => {
            "the role lacks CREATEDB. Grant it (ALTER ROLE … CREATEDB), or connect as a role that has it"
        }
        _ => next_step(cause),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::Error;

    #[test]
    fn a_server_that_is_too_old_is_named_with_the_versions_that_do() {
        let error = Error::Version { found: "13.14".to_owned() };
        expect!["PostgreSQL 13.14 is too old to be read: its catalog is known from version 14 on; upgrade the server"]
            .assert_eq(&error.to_string());
    }
}
