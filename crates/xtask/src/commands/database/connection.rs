//! The database of a command: the one that a flag or the environment names, else a development
//! server that is found or started.

use std::path::PathBuf;

use crate::config::Config;
use crate::output;

/// The database of the development server.
pub(crate) const DEVELOPMENT_DATABASE: &str = "app";

/// Why there is no database to work on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{variable} is set and is not readable: it is not valid Unicode; set it to a PostgreSQL URL")]
    Variable { variable: String },
    #[error("cannot read {}: {reason}. Each line is NAME=value; put a value with spaces, '#' or '$' into quotes", path.display())]
    Dotenv { path: PathBuf, reason: String },
    #[error("no development database: set DATABASE_URL, or let one be found")]
    Devdb(#[from] devdb::Error),
}

/// Which role a command needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// One that may change the schema.
    Migration,
    /// The application's own.
    Application,
}

/// The URL to connect to, with its password.
pub(crate) fn url(flag: Option<&str>, role: Role, config: &Config) -> Result<String, Error> {
    if let Some(url) = flag {
        return Ok(url.to_owned());
    }
    load_dotenv(config)?;
    let migration = (role == Role::Migration).then_some(config.migration_url_variable.as_str());
    for name in migration.into_iter().chain([config.url_variable.as_str()]) {
        if let Some(url) = variable(name)? {
            return Ok(url);
        }
    }
    let server = devdb::dev_server(&options(config)?)?;
    if server.started() {
        output::note(format!("started {}", server.kind()));
    }
    Ok(server.url().reveal().to_owned())
}

/// Reads `.env`, if there is one. A line that is wrong would hide those after it, and the command
/// would work on another database than the one that is written there.
fn load_dotenv(config: &Config) -> Result<(), Error> {
    let path = config.root.join(".env");
    match dotenvy::from_path(&path) {
        Err(error) if !error.not_found() => Err(Error::Dotenv { path, reason: reason(&error) }),
        _ => Ok(()),
    }
}

/// Why `.env` cannot be read, without the line: it may hold a secret.
fn reason(error: &dotenvy::Error) -> String {
    match error {
        dotenvy::Error::LineParse(line, _) => match line.split_once('=') {
            Some((name, _)) if is_name(name.trim()) => format!("the line of {} is malformed", name.trim()),
            _ => "a line does not begin with a name and '='".to_owned(),
        },
        other => other.to_string(),
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

pub(super) fn variable(name: &str) -> Result<Option<String>, Error> {
    match std::env::var(name) {
        Ok(url) if !url.is_empty() => Ok(Some(url)),
        Ok(_) | Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Error::Variable { variable: name.to_owned() }),
    }
}

/// Where the development server is looked for.
pub(crate) fn options(config: &Config) -> Result<devdb::Options, Error> {
    let target = devdb::target_dir().unwrap_or_else(|| config.root.join("target"));
    let mut options = devdb::Options::from_env(target)?;
    options.compose_file = Some(config.root.join("docker-compose.yml"));
    options.database = DEVELOPMENT_DATABASE.to_owned();
    options.log = Box::new(|line| output::note(output::paint(output::DIM, line)));
    Ok(options)
}
