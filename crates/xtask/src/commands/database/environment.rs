//! What a database is for: may a command that is meant for development touch it?
//!
//! A database says so itself, by a setting that everyone who connects can read and its owner makes:
//! `ALTER DATABASE app SET drizzle.environment = 'production'`, or `'development'`. One that says nothing is taken for
//! one of development where the server runs on this machine.

use migrator::Server;

use crate::error::Error;

/// The setting.
const SETTING: &str = "drizzle.environment";

/// What a database is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Environment {
    Production,
    Development,
    /// It does not say, and is on this machine.
    Local,
    /// It does not say, and is elsewhere.
    Remote,
}

impl Environment {
    /// Asks the database.
    pub(crate) async fn of(server: &Server) -> Result<Self, Error> {
        let client = server.client("environment").await?;
        let row = client.query_one("SELECT current_setting($1, true)", &[&SETTING]).await;
        let row = row.map_err(|error| Refusal::Ask(error.into()))?;
        let said: Option<String> = row.try_get(0).map_err(|error| Refusal::Ask(error.into()))?;
        Ok(match said.as_deref() {
            Some("production") => Environment::Production,
            Some("development") => Environment::Development,
            Some(other) if !other.is_empty() => return Err(Refusal::Unknown { found: other.to_owned() }.into()),
            _ if is_local(&server.target().host) => Environment::Local,
            _ => Environment::Remote,
        })
    }
}

/// Why a database is left alone.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("cannot ask the database for {SETTING}")]
    Ask(#[source] migrator::DatabaseError),
    #[error("the database says that it is for {found:?}; {SETTING} is 'production' or 'development'")]
    Unknown { found: String },
    #[error("{target} is marked for production ({SETTING}); {command} is for development, and nothing was changed")]
    Production { target: String, command: &'static str },
    #[error(
        "{target} is not on this machine, and {command} is for development; nothing was changed. If it may be lost, say \
         so in it: ALTER DATABASE {name} SET {SETTING} = 'development'",
        name = schema::quote::ident(database)
    )]
    Remote { target: String, database: String, command: &'static str },
}

/// Refuses what is marked for production.
pub(crate) fn refuse_production(server: &Server, found: Environment, command: &'static str) -> Result<(), Refusal> {
    match found {
        Environment::Production => Err(Refusal::Production { target: server.target().to_string(), command }),
        Environment::Development | Environment::Local | Environment::Remote => Ok(()),
    }
}

/// Refuses what is not known to be for development.
pub(crate) fn require_development(server: &Server, found: Environment, command: &'static str) -> Result<(), Refusal> {
    refuse_production(server, found, command)?;
    match found {
        Environment::Remote => {
            let target = server.target();
            Err(Refusal::Remote { database: target.database.clone(), target: target.to_string(), command })
        }
        Environment::Production | Environment::Development | Environment::Local => Ok(()),
    }
}

/// Whether every host, as [`migrator::ServerTarget`] lists them, is this machine.
fn is_local(hosts: &str) -> bool {
    hosts.split(", ").all(|host| {
        // A socket's folder, or a name or address before the port.
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let is_loopback = |address: std::net::IpAddr| address.is_loopback();
        name.starts_with('/') || name == "localhost" || name.parse().is_ok_and(is_loopback)
    })
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn this_machine_is_known_by_its_loopback_names_and_sockets() {
        for hosts in
            ["localhost:5432", "127.0.0.1:1", "::1:5432", "/var/run/postgresql:5432", "localhost:1, 127.0.0.2:2"]
        {
            assert!(is_local(hosts), "{hosts}");
        }
        for hosts in ["db:5432", "10.0.0.1:5432", "localhost.example:5432", "localhost:1, db:2"] {
            assert!(!is_local(hosts), "{hosts}");
        }
    }
}
