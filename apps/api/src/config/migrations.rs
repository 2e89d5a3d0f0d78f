//! What happens to pending migrations.

use std::path::PathBuf;
use std::time::Duration;

use super::database::connect_timeout;
use super::{DatabaseUrl, FromVariables, Variables};

/// What a start does about pending migrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Applies them, then serves.
    Apply,
    /// Refuses to serve while there are any. The role needs SELECT on the ledger alone.
    Verify,
    /// Serves; `/readyz` is 503 until somebody else has applied them.
    Off,
}

/// Migrations: whether, where and as whom.
#[derive(Clone, Debug)]
pub struct Migrations {
    /// `MIGRATIONS`.
    pub mode: Mode,
    /// `MIGRATIONS_DIR`: a folder to read instead of what is embedded in the binary.
    pub folder: Option<PathBuf>,
    /// `MIGRATION_DATABASE_URL`, or `DATABASE_URL` where it is not set.
    pub url: DatabaseUrl,
    /// `DATABASE_CONNECT_TIMEOUT`: how long to wait for a server that does not answer yet.
    pub connect_timeout: Duration,
}

impl FromVariables for Migrations {
    fn read(variables: &mut Variables) -> Option<Self> {
        let mode = variables.parse("MIGRATIONS", "apply", "apply, verify or off", |text| match text {
            "apply" => Some(Mode::Apply),
            "verify" => Some(Mode::Verify),
            "off" => Some(Mode::Off),
            _ => None,
        });
        let folder = variables.get("MIGRATIONS_DIR");
        variables.note("MIGRATIONS_DIR", folder.as_deref().unwrap_or("embedded"), folder.is_some());
        Some(Self {
            mode,
            folder: folder.map(PathBuf::from),
            connect_timeout: connect_timeout(variables),
            url: DatabaseUrl::read(variables, &["MIGRATION_DATABASE_URL", "DATABASE_URL"])?,
        })
    }
}
