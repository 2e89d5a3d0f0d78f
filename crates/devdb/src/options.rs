//! What the caller decides before a server is looked for.

use std::fmt;
use std::path::PathBuf;

use crate::error::Error;

/// What a server is for. Development and tests have clusters of their own: data of the first
/// survives a crash of the machine, the second trades that for speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// `cargo xtask dev` and the commands on the database.
    Dev,
    /// Databases that live as long as one test.
    Test,
}

/// A way to a server that leaves out the other one; the environment variable `DEVDB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Force {
    /// `DEVDB=binaries`: PostgreSQL binaries on this machine.
    Binaries,
    /// `DEVDB=docker`: the Docker engine.
    Docker,
}

/// Where to look, and whom to tell.
pub struct Options {
    /// The explicit URL (`DATABASE_URL`, `TEST_DATABASE_URL`), which beats every search. Empty
    /// text counts as absent, as in `.env` files.
    pub url: Option<String>,
    /// Cargo's target folder. Clusters live in `devdb/` below it.
    pub target_dir: PathBuf,
    /// The repository's `docker-compose.yml`; without one, compose is not tried.
    pub compose_file: Option<PathBuf>,
    /// The database that the server's URL names; created if the server is ours and lacks it.
    pub database: String,
    /// Leaves out Docker or the binaries.
    pub force: Option<Force>,
    /// The only folder to take PostgreSQL binaries from.
    pub pg_bin: Option<PathBuf>,
    /// Told one line for each step that takes time.
    pub log: Box<dyn Fn(&str) + Send + Sync>,
}

impl Purpose {
    /// The first part of file names, and the database of a server without an application.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Test => "test",
        }
    }

    /// The environment variable whose value the caller passes as [`Options::url`].
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Dev => "DATABASE_URL",
            Self::Test => "TEST_DATABASE_URL",
        }
    }
}

impl Options {
    /// Options with nothing set but the target folder; the database is `postgres`, and nobody is
    /// told anything.
    #[must_use]
    pub fn new(target_dir: impl Into<PathBuf>) -> Self {
        Self {
            url: None,
            target_dir: target_dir.into(),
            compose_file: None,
            database: "postgres".to_owned(),
            force: None,
            pg_bin: None,
            log: Box::new(|_| {}),
        }
    }

    /// [`Options::new`] with `DEVDB` (`binaries` or `docker`) and `DEVDB_PG_BIN` read from the
    /// environment.
    ///
    /// # Errors
    /// `DEVDB` has another value.
    pub fn from_env(target_dir: impl Into<PathBuf>) -> Result<Self, Error> {
        let force = match std::env::var("DEVDB").unwrap_or_default().as_str() {
            "" => None,
            "binaries" => Some(Force::Binaries),
            "docker" => Some(Force::Docker),
            other => {
                return Err(Error::UnknownForce { value: other.to_owned() });
            }
        };
        Ok(Self {
            force,
            pg_bin: std::env::var_os("DEVDB_PG_BIN").filter(|folder| !folder.is_empty()).map(PathBuf::from),
            ..Self::new(target_dir)
        })
    }

    /// The explicit URL, unless it is empty.
    pub(crate) fn explicit_url(&self) -> Option<&str> {
        self.url.as_deref().map(str::trim).filter(|u| !u.is_empty())
    }

    pub(crate) fn devdb_dir(&self) -> PathBuf {
        self.target_dir.join("devdb")
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("url", &self.url.as_ref().map(|_| "***"))
            .field("target_dir", &self.target_dir)
            .field("compose_file", &self.compose_file)
            .field("database", &self.database)
            .field("force", &self.force)
            .field("pg_bin", &self.pg_bin)
            .finish_non_exhaustive()
    }
}

/// The target folder that the running program was built into: the nearest folder above it that
/// carries cargo's `CACHEDIR.TAG`. None for an installed program.
#[must_use]
pub fn target_dir() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_folder_is_found_from_a_test_program() {
        let found = target_dir().unwrap();
        assert!(std::env::current_exe().unwrap().starts_with(found));
    }

    #[test]
    fn options_shown_for_debugging_hide_the_url() {
        let mut options = Options::new("target");
        options.url = Some("postgres://u:s3cret@h/d".to_owned());
        assert!(!format!("{options:?}").contains("s3cret"));
    }

    #[test]
    fn an_empty_url_counts_as_absent() {
        let mut options = Options::new("target");
        options.url = Some("  ".to_owned());
        assert_eq!(options.explicit_url(), None);
    }
}
