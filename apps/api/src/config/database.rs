//! The database and the pool of connections to it.

use std::fmt;
use std::time::Duration;

use migrator::{ConnectError, Server, ServerTarget};

use super::{FromVariables, Variables};

/// The pool of connections.
#[derive(Clone, Debug)]
pub struct Database {
    /// `DATABASE_URL`.
    pub url: DatabaseUrl,
    /// `DATABASE_READ_URL`: a replica that lists are read from.
    pub read_url: Option<DatabaseUrl>,
    /// `DATABASE_STATEMENT_TIMEOUT`: after this time the server gives a statement up; none is given up
    /// where it is 0.
    pub statement_timeout: Duration,
    /// `DATABASE_POOL_SIZE`: the most connections that are open at once.
    pub pool_size: usize,
    /// `DATABASE_POOL_TIMEOUT`: how long a request waits for a connection before it is answered
    /// with 503.
    pub pool_timeout: Duration,
    /// `DATABASE_CONNECT_TIMEOUT`: how long the start waits for a server that does not answer yet.
    pub connect_timeout: Duration,
}

impl FromVariables for Database {
    fn read(variables: &mut Variables) -> Option<Self> {
        let url = DatabaseUrl::read(variables, &["DATABASE_URL"]);
        let read_url = DatabaseUrl::read_or_none(variables, "DATABASE_READ_URL");
        let statement_timeout = variables.seconds_or_none("DATABASE_STATEMENT_TIMEOUT", "0");
        let pool_size = variables.parse("DATABASE_POOL_SIZE", "16", "a number of connections from 1 to 1000", |text| {
            text.parse().ok().filter(|size| (1..=1000).contains(size))
        });
        let pool_timeout = variables.seconds("DATABASE_POOL_TIMEOUT", "5");
        let connect_timeout = connect_timeout(variables);
        Some(Self { url: url?, read_url, statement_timeout, pool_size, pool_timeout, connect_timeout })
    }
}

impl Database {
    /// The pool of connections to the replica, if there is one.
    pub fn replica(&self) -> Option<Self> {
        Some(Self { url: self.read_url.clone()?, ..self.clone() })
    }
}

/// `DATABASE_CONNECT_TIMEOUT`.
pub(super) fn connect_timeout(variables: &mut Variables) -> Duration {
    variables.seconds("DATABASE_CONNECT_TIMEOUT", "10")
}

/// A connection URL that can be read, with the certificates that it names. Shown, it is the target without the
/// password.
#[derive(Clone)]
pub struct DatabaseUrl {
    server: Server,
    target: ServerTarget,
}

const ALLOWED: &str = "postgres://user:password@host:5432/database";

/// What one must be that can be read.
const USABLE: &str = "a URL whose certificates can be read, and whose sslmode this build has";

impl DatabaseUrl {
    /// Reads the URL of the first variable that is set.
    pub(super) fn read(variables: &mut Variables, names: &[&'static str]) -> Option<Self> {
        let set = names.iter().find_map(|name| Some((*name, variables.get(name)?)));
        let Some((name, text)) = set else {
            variables.reject(names[names.len() - 1], "is not set", ALLOWED);
            return None;
        };
        let url = Self::accept(variables, name, &text)?;
        variables.note(names[0], url.target().to_string(), name == names[0]);
        Some(url)
    }

    /// Reads the URL of a variable that need not be set.
    pub(super) fn read_or_none(variables: &mut Variables, name: &'static str) -> Option<Self> {
        let Some(text) = variables.get(name) else {
            variables.note(name, "none", false);
            return None;
        };
        let url = Self::accept(variables, name, &text)?;
        variables.note(name, url.target().to_string(), true);
        Some(url)
    }

    fn accept(variables: &mut Variables, name: &'static str, text: &str) -> Option<Self> {
        match Self::parse(text) {
            Ok(url) => Some(url),
            Err(ConnectError::Url { reason }) => {
                variables.reject(name, format!("cannot be read: {reason}"), ALLOWED);
                None
            }
            Err(error) => {
                variables.reject(name, format!("cannot be used: {error}"), USABLE);
                None
            }
        }
    }

    /// Reads a URL.
    ///
    /// # Errors
    /// It is malformed, or a file of certificates is; the message does not repeat it.
    pub fn parse(text: &str) -> Result<Self, ConnectError> {
        let server = Server::from_url(text)?;
        Ok(Self { target: server.target(), server })
    }

    /// The server, as whom and by which encryption.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// What it connects to.
    pub fn target(&self) -> &ServerTarget {
        &self.target
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DatabaseUrl").field(&self.target.to_string()).finish()
    }
}
