//! What the environment decides, read once at the start: one struct per concern.
//!
//! A mistake does not end the reading, so that one start reports all of them. No error and no
//! `Debug` output repeats a URL, which may hold a password.

mod database;
mod http;
mod log;
mod migrations;
mod variables;

pub use database::{Database, DatabaseUrl};
pub use http::{Http, Origins};
pub use log::{Format, Log};
pub use migrations::{Migrations, Mode};
pub use variables::{Invalid, Problem, Setting, Variables};

/// What `api` needs to serve.
#[derive(Clone, Debug)]
pub struct Serve {
    /// The address and the limits of requests.
    pub http: Http,
    /// The pool.
    pub database: Database,
    /// What happens to pending migrations at the start.
    pub migrations: Migrations,
    /// `DEVELOPMENT_USER`: the address of an admin who is made at the start and whose new token is
    /// logged. Debug builds alone read it.
    pub development_user: Option<String>,
}

/// What `api migrate` needs. `DATABASE_URL` may be absent where `MIGRATION_DATABASE_URL` is set.
#[derive(Clone, Debug)]
pub struct Migrate {
    /// The server, and where the migrations come from.
    pub migrations: Migrations,
}

/// A struct that is read from variables.
pub trait FromVariables: Sized {
    /// Reads it. Mistakes are noted in `variables`; `None` stands for a required value that is
    /// missing or wrong.
    fn read(variables: &mut Variables) -> Option<Self>;
}

impl FromVariables for Serve {
    fn read(variables: &mut Variables) -> Option<Self> {
        // Each is read before any is given up, since each may have mistakes of its own.
        let http = Http::read(variables);
        let database = Database::read(variables);
        let migrations = Migrations::read(variables);
        let development_user = development_user(variables);
        Some(Self { http: http?, database: database?, migrations: migrations?, development_user })
    }
}

fn development_user(variables: &mut Variables) -> Option<String> {
    if !cfg!(debug_assertions) {
        return None;
    }
    let allowed = "an email address, or none";
    variables.parse("DEVELOPMENT_USER", "none", allowed, |text| match text {
        "none" => Some(None),
        email => email.contains('@').then(|| Some(email.to_owned())),
    })
}

impl FromVariables for Migrate {
    fn read(variables: &mut Variables) -> Option<Self> {
        Some(Self { migrations: Migrations::read(variables)? })
    }
}

/// `.env` is there but cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read .env: {reason}. Each line is NAME=value; quote a value with spaces, '#' or '$'")]
pub struct InvalidDotenv {
    reason: String,
}

/// Loads `.env` from the working directory or above into the environment, in debug builds alone:
/// a deployed binary takes nothing from a file that happens to lie about. What is set already wins.
///
/// # Errors
/// The file is there but cannot be read.
pub fn load_dotenv() -> Result<(), InvalidDotenv> {
    if !cfg!(debug_assertions) {
        return Ok(());
    }
    let reason = match dotenvy::dotenv() {
        Ok(_) => return Ok(()),
        Err(error) if error.not_found() => return Ok(()),
        // The value may be a URL with a password, so the line is named by what it sets, if that is a name.
        Err(dotenvy::Error::LineParse(line, _)) => match line.split_once('=') {
            Some((name, _)) if is_name(name.trim()) => format!("the line of {} is malformed", name.trim()),
            _ => "a line does not begin with a name and '='".to_owned(),
        },
        Err(error) => error.to_string(),
    };
    Err(InvalidDotenv { reason })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Reads a configuration together with that of the log.
///
/// # Errors
/// Every mistake at once.
pub fn read<C: FromVariables>(mut variables: Variables) -> Result<(C, Log), Invalid> {
    let config = C::read(&mut variables);
    let log = Log::read(&mut variables);
    variables.finish(config.zip(log))
}

/// What each variable of the service is, in words that anybody may see.
///
/// # Errors
/// Every mistake at once.
pub fn effective(mut variables: Variables) -> Result<Vec<Setting>, Invalid> {
    // The values are not wanted, only what is noted of them.
    let _ = (Serve::read(&mut variables), Log::read(&mut variables));
    variables.settings()
}

#[cfg(test)]
mod tests;
