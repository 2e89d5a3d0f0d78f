//! What went wrong where a server cannot be reached.

use std::error::Error as _;
use std::io;

use crate::connect::{Server, Target};
use crate::database_error::DatabaseError;
use crate::password::PasswordSource;
use crate::tls;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The connection URL cannot be read.
    #[error(
        "the connection URL is not usable: {reason}. Its form is \
         postgres://user:password@host:5432/database"
    )]
    Url {
        /// What is wrong, without the text itself.
        reason: String,
    },

    /// A file of certificates that the connection URL names is of no use.
    #[error("cannot use {what} for TLS: {reason}")]
    Certificates {
        /// The file, or the operating system's store.
        what: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The connection URL demands TLS, and there is none in this program.
    #[error(
        "sslmode={mode} demands TLS, and this program was built without. Build it with the feature `tls` of the crate \
         `migrator`, or connect with sslmode=prefer or disable"
    )]
    NoTls {
        /// The mode, in libpq's words.
        mode: &'static str,
    },

    /// The server is there, and there is no encrypted connection with it that may be trusted.
    #[error("no TLS with {target}: {problem}")]
    Tls {
        /// What was connected to.
        target: Box<Target>,
        /// What is wrong, and what to do about it.
        problem: String,
        /// What the driver says.
        source: DatabaseError,
    },

    /// No server answers.
    #[error("no PostgreSQL answers for {target}. Check that it runs there and accepts connections")]
    Unreachable {
        /// What was connected to.
        target: Target,
        /// What the driver says.
        source: DatabaseError,
    },

    /// The server does not accept the role, the password or the way of connecting.
    #[error("PostgreSQL refuses the login to {target}. {password}")]
    Login {
        /// What was connected to.
        target: Target,
        /// Where the password comes from.
        password: Box<PasswordSource>,
        /// What the server or the driver says.
        source: DatabaseError,
    },

    /// The database does not exist.
    #[error(
        "there is no {target}. Create it (`createdb \"{}\"`) or correct the name in the \
         connection URL",
        target.database
    )]
    NoDatabase {
        /// What was connected to.
        target: Target,
        /// What the server says.
        source: DatabaseError,
    },

    /// The server is there but not ready for this connection: starting up, shutting down, full.
    #[error("PostgreSQL is not ready for {target}. Try again in a moment")]
    NotReady {
        /// What was connected to.
        target: Target,
        /// What the server says.
        source: DatabaseError,
    },

    /// Anything else.
    #[error("cannot connect to {target}. The cause below says what to correct")]
    Other {
        /// What was connected to.
        target: Target,
        /// What the server or the driver says.
        source: DatabaseError,
    },
}

impl ConnectError {
    pub(crate) fn new(server: &Server, error: tokio_postgres::Error) -> Self {
        let target = server.target();
        let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
        let unreachable = cause.is_some();
        let message = error.to_string();
        if message == "error performing TLS handshake" {
            let problem = cause.and_then(tls::problem).or_else(|| refused_tls(&error));
            let problem = problem.unwrap_or_else(|| "the cause below says what to correct".to_owned());
            return Self::Tls { target: Box::new(target), problem, source: error.into() };
        }
        let source = DatabaseError::from(error);
        let refused = |source| Self::Login {
            target: target.clone(),
            password: Box::new(server.password_source().clone()),
            source,
        };
        match source.sqlstate() {
            Some("3D000") => Self::NoDatabase { target, source },
            Some(code) if code.starts_with("28") => refused(source),
            // Too many connections; starting up or shutting down.
            Some(code) if code.starts_with("53") || code.starts_with("57") => Self::NotReady { target, source },
            None if unreachable => Self::Unreachable { target, source },
            // The driver's own refusals: it has no password to send, or no way to prove it.
            None if matches!(&*message, "authentication error" | "invalid configuration") => refused(source),
            _ => Self::Other { target, source },
        }
    }
}

/// Where the driver itself gives up on TLS.
fn refused_tls(error: &tokio_postgres::Error) -> Option<String> {
    Some(match &*error.source()?.to_string() {
        "server does not support TLS" => {
            "the server has none. Turn it on there (ssl = on), or connect with sslmode=prefer or disable".to_owned()
        }
        "no hostname provided for TLS handshake" => {
            "the connection URL has an address and no host, whose name the certificate could be for. Name the host"
                .to_owned()
        }
        "no TLS implementation configured" => {
            "this program was built without. Build it with the feature `tls` of the crate `migrator`".to_owned()
        }
        _ => return None,
    })
}
