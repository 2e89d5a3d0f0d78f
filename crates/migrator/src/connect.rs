//! The server: how to reach it, and what went wrong when it cannot be reached.
//!
//! Every connection of this crate, and of the command line, is opened in [`Server::connect`], the
//! one place where TLS belongs.

use std::error::Error as _;
use std::time::Duration;
use std::{fmt, io};

use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls};

use crate::database_error::{DatabaseError, chain};

/// How long one address is tried if the URL has no `connect_timeout`.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The `application_name` of our sessions if the URL has none.
const APPLICATION_NAME: &str = "migrator";

/// PostgreSQL's port, where none is given.
const DEFAULT_PORT: u16 = 5432;

/// A PostgreSQL database and the role to connect as.
#[derive(Clone)]
pub struct Server {
    config: Config,
}

impl Server {
    /// Reads a connection URL (`postgres://user:password@host:port/database`) or a string of
    /// `key=value` pairs.
    ///
    /// # Errors
    ///
    /// [`ConnectError::Url`] if it cannot be read, which never repeats the text: it may hold a
    /// password.
    pub fn from_url(url: &str) -> Result<Self, ConnectError> {
        let config: Config = url.parse().map_err(|error| ConnectError::Url { reason: url_reason(&error) })?;
        let server = Self { config };
        // An `@` or `/` in a password moves its rest into host or database, from where it would be
        // printed.
        let target = server.target();
        if target.host.contains('@') || target.database.contains('@') {
            return Err(ConnectError::Url {
                reason: "there is more than one `@`; write those in the user name or the \
                         password as %40, and `/` as %2F"
                    .to_owned(),
            });
        }
        if server.config.get_hosts().is_empty() && server.config.get_hostaddrs().is_empty() {
            return Err(ConnectError::Url { reason: "it names no host".to_owned() });
        }
        Ok(server)
    }

    /// What connections from here connect to.
    pub fn target(&self) -> Target {
        let config = &self.config;
        let user = config.get_user().map(str::to_owned);
        Target {
            host: hosts(config),
            database: config.get_dbname().or(config.get_user()).unwrap_or("(named as the user)").to_owned(),
            user: user.unwrap_or_else(|| "(of the operating system)".to_owned()),
        }
    }

    /// The same server and role with another database.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        let mut config = self.config.clone();
        config.dbname(name);
        Self { config }
    }

    /// Opens a session for something else than migrating; `purpose` is added to its
    /// `application_name`. It must not outlive the runtime that it is opened in.
    ///
    /// # Errors
    ///
    /// The server cannot be reached or does not let us in.
    pub async fn client(&self, purpose: &str) -> Result<Client, ConnectError> {
        Ok(self.connect(Some(purpose)).await?.client)
    }

    /// Opens a session; `purpose` is added to its `application_name`.
    pub(crate) async fn connect(&self, purpose: Option<&str>) -> Result<Session, ConnectError> {
        let mut config = self.config.clone();
        let name = config.get_application_name().unwrap_or(APPLICATION_NAME);
        let name = purpose.map_or(name.to_owned(), |purpose| format!("{name} {purpose}"));
        config.application_name(name);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        let (client, connection) =
            config.connect(NoTls).await.map_err(|error| ConnectError::new(self.target(), error))?;
        // Ends by itself when the client is dropped.
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = chain(&error), "connection to PostgreSQL ended");
            }
        });
        Ok(Session { client })
    }
}

impl From<Config> for Server {
    fn from(config: Config) -> Self {
        Self { config }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Server").field(&self.target()).finish()
    }
}

/// An open connection. Dropping it ends the session, which rolls back what is open in it and
/// releases its locks.
pub(crate) struct Session {
    pub(crate) client: Client,
}

/// A database on a server and the role, without the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `host:port`, several separated by commas, or a socket's folder.
    pub host: String,
    /// The database.
    pub database: String,
    /// The role.
    pub user: String,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, database, user } = self;
        write!(f, "database \"{database}\" at {host} as user \"{user}\"")
    }
}

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

    /// No server answers.
    #[error("no PostgreSQL answers for {target}. Check that it runs there and accepts connections")]
    Unreachable {
        /// What was connected to.
        target: Target,
        /// What the driver says.
        source: DatabaseError,
    },

    /// The server does not accept the role, the password or the way of connecting.
    #[error(
        "PostgreSQL refuses the login to {target}. Check user and password in the connection URL \
         (characters such as @ : / must be percent-encoded) and the server's pg_hba.conf"
    )]
    Login {
        /// What was connected to.
        target: Target,
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
    fn new(target: Target, error: tokio_postgres::Error) -> Self {
        let unreachable = error.source().is_some_and(|cause| cause.is::<io::Error>());
        let message = error.to_string();
        let source = DatabaseError::from(error);
        match source.sqlstate() {
            Some("3D000") => Self::NoDatabase { target, source },
            Some(code) if code.starts_with("28") => Self::Login { target, source },
            // Too many connections; starting up or shutting down.
            Some(code) if code.starts_with("53") || code.starts_with("57") => Self::NotReady { target, source },
            None if unreachable => Self::Unreachable { target, source },
            // The driver's own refusals: it has no password to send, or no way to prove it.
            None if matches!(&*message, "authentication error" | "invalid configuration") => {
                Self::Login { target, source }
            }
            _ => Self::Other { target, source },
        }
    }
}

/// The driver's reason, unless it quotes a part of the text that may be a password.
fn url_reason(error: &tokio_postgres::Error) -> String {
    let reason = error.source().map(ToString::to_string).unwrap_or_default();
    let quoted = reason.split('`').nth(1).unwrap_or_default();
    let harmless = quoted.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if harmless && !reason.is_empty() { reason } else { "it cannot be read".to_owned() }
}

fn hosts(config: &Config) -> String {
    let ports = config.get_ports();
    let port = |index: usize| ports.get(index).or(ports.first()).copied().unwrap_or(DEFAULT_PORT);
    let names: Vec<String> = if config.get_hosts().is_empty() {
        config.get_hostaddrs().iter().map(ToString::to_string).collect()
    } else {
        config
            .get_hosts()
            .iter()
            .map(|host| match host {
                Host::Tcp(name) => name.clone(),
                #[cfg(unix)]
                Host::Unix(folder) => folder.display().to_string(),
            })
            .collect()
    };
    let names: Vec<_> = names.iter().enumerate().map(|(at, name)| format!("{name}:{}", port(at))).collect();
    names.join(", ")
}

#[cfg(test)]
#[path = "connect_tests.rs"]
mod tests;
