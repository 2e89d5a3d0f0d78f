//! The server: how to reach it.
//!
//! Every connection of this crate, and of the command line, is opened in [`Server::connect`], and what encrypts it is
//! [`Server::tls`].

use std::error::Error as _;
use std::fmt;
use std::future::poll_fn;
use std::time::Duration;

use tokio::sync::watch;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{AsyncMessage, Client, Config};

use crate::connect_error::ConnectError;
use crate::database_error::chain;
use crate::password::PasswordSource;
use crate::ssl::{Mode, Ssl};
use crate::tls::{self, Tls};
use crate::variables::{self, Variables};

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
    password: PasswordSource,
    ssl: Ssl,
    tls: Tls,
}

impl Server {
    /// Reads a connection URL (`postgres://user:password@host:port/database`) or a string of
    /// `key=value` pairs, and the files that it names. What it leaves out, libpq's variables say: `PGHOST`, `PGPORT`,
    /// `PGUSER`, `PGPASSWORD`, `PGDATABASE`, `PGSSLMODE`, `PGSSLROOTCERT`, `PGSSLCERT` and `PGSSLKEY`; and the password,
    /// where neither has it, libpq's password file: that of `PGPASSFILE`, or `~/.pgpass`.
    ///
    /// # Errors
    ///
    /// [`ConnectError::Url`] if it cannot be read, which never repeats the text: it may hold a
    /// password. [`ConnectError::Certificates`] if a file of certificates cannot be, and [`ConnectError::NoTls`] if it
    /// demands TLS and this crate was built without.
    pub fn from_url(url: &str) -> Result<Self, ConnectError> {
        Self::read(url, &variables::of_process)
    }

    pub(crate) fn read(url: &str, variables: Variables<'_>) -> Result<Self, ConnectError> {
        let unusable = |reason| ConnectError::Url { reason };
        let (ssl, rest) = Ssl::take(url, variables).map_err(unusable)?;
        let mut config: Config = rest.parse().map_err(|error| unusable(url_reason(url, &error)))?;
        variables::complete(&mut config, variables).map_err(unusable)?;
        let password = PasswordSource::complete(&mut config, variables).map_err(unusable)?;
        config.ssl_mode(if is_local(&config) { SslMode::Disable } else { ssl.mode.of_driver() });
        let server = Self { tls: tls::connector(&ssl)?, config, password, ssl };
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
            host: addresses(config).iter().map(|(name, port)| format!("{name}:{port}")).collect::<Vec<_>>().join(", "),
            database: config.get_dbname().or(config.get_user()).unwrap_or("(named as the user)").to_owned(),
            user: user.unwrap_or_else(|| "(of the operating system)".to_owned()),
        }
    }

    /// The driver's configuration, for connections of the caller's own. They need [`Server::tls`] with it.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Where the password comes from.
    pub fn password_source(&self) -> &PasswordSource {
        &self.password
    }

    /// What encrypts the connections, and verifies the server: for a pool, or to cancel a query.
    #[cfg_attr(
        not(feature = "tls"),
        expect(clippy::clone_on_copy, reason = "no encryption is copied, a connector cloned")
    )]
    pub fn tls(&self) -> Tls {
        self.tls.clone()
    }

    /// The variables by which libpq's programs, such as `pg_dump`, do the same about TLS.
    pub fn ssl_variables(&self) -> Vec<(&'static str, String)> {
        self.ssl.variables()
    }

    /// The same server and role with another database.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        let mut server = self.clone();
        server.config.dbname(name);
        server
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
        let (client, mut connection) =
            config.connect(self.tls()).await.map_err(|error| ConnectError::new(self, error))?;
        let (heard, channel) = watch::channel(String::new());
        // Ends by itself when the client is dropped.
        tokio::spawn(async move {
            while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
                match message {
                    Ok(AsyncMessage::Notification(notification)) => {
                        heard.send_replace(notification.channel().to_owned());
                    }
                    Ok(_) => {}
                    Err(error) => {
                        tracing::debug!(error = chain(&error), "connection to PostgreSQL ended");
                        return;
                    }
                }
            }
        });
        Ok(Session { client, channel })
    }
}

impl From<Config> for Server {
    /// The server's certificate is not verified: for that, see [`Server::from_url`].
    fn from(config: Config) -> Self {
        let mode = match config.get_ssl_mode() {
            SslMode::Disable => Mode::Disable,
            SslMode::Require => Mode::Require,
            _ => Mode::Prefer,
        };
        let ssl = Ssl { mode, ..Ssl::default() };
        let password = if config.get_password().is_some() { PasswordSource::Given } else { PasswordSource::Missing };
        Self { config, password, tls: tls::unverified(), ssl }
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
    /// The channel of the last notification that came.
    pub(crate) channel: watch::Receiver<String>,
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

/// Whether all hosts are sockets of this machine, over which PostgreSQL has no TLS.
fn is_local(config: &Config) -> bool {
    let is_socket = |host: &Host| !matches!(host, Host::Tcp(_));
    !config.get_hosts().is_empty() && config.get_hosts().iter().all(is_socket)
}

/// The driver's reason, unless it quotes a part of the text that may be a password.
fn url_reason(url: &str, error: &tokio_postgres::Error) -> String {
    let is_ours = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    if !is_ours && url.contains("://") {
        return "it does not begin with postgres:// or postgresql://".to_owned();
    }
    let reason = error.source().map(ToString::to_string).unwrap_or_default();
    let quoted = reason.split('`').nth(1).unwrap_or_default();
    let harmless = quoted.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if harmless && !reason.is_empty() { reason } else { "it is malformed".to_owned() }
}

/// The hosts with their ports, as the driver tries them.
pub(crate) fn addresses(config: &Config) -> Vec<(String, u16)> {
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
    names.into_iter().enumerate().map(|(at, name)| (name, port(at))).collect()
}

#[cfg(test)]
#[path = "connect_tests.rs"]
mod tests;
