//! What can go wrong while finding or starting a server, and what to do next.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::process::ProcessError;
use crate::url::InvalidUrl;

/// A server, or a test's database, could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `DEVDB` has a value without meaning.
    #[error("DEVDB is {value:?}; set it to binaries or docker, or leave it unset")]
    UnknownForce {
        /// The value found.
        value: String,
    },
    /// An explicit URL is none.
    #[error("{variable} cannot be used")]
    InvalidUrl {
        /// The environment variable that holds it.
        variable: &'static str,
        /// What is wrong with it.
        source: InvalidUrl,
    },
    /// Every way was tried.
    #[error("no PostgreSQL server was found, and none could be started\n{}", Advice(tried))]
    NotFound {
        /// Each way with what came of it, in order.
        tried: Vec<Attempt>,
    },
    /// A file or folder of ours could not be read or written.
    #[error("{operation} {}", path.display())]
    File {
        /// What was being done, as in "writing".
        operation: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// A program of PostgreSQL or Docker failed.
    #[error("{operation}")]
    Program {
        /// What it was to do, with its object.
        operation: String,
        /// How it ended.
        source: Box<ProcessError>,
    },
    /// The private cluster did not come up.
    #[error("{operation}; the end of its log ({}):\n{tail}", log.display())]
    NotStarted {
        /// What was being done, with its object.
        operation: String,
        /// The server's log.
        log: PathBuf,
        /// The last lines of the log.
        tail: String,
        /// How `pg_ctl` ended.
        source: Box<ProcessError>,
    },
    /// Another process holds the lock for longer than any start takes.
    #[error(
        "another process has been starting or stopping this server for {seconds} s (it holds \
         {}); end that process and run again", path.display()
    )]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// How long this process waited.
        seconds: u64,
    },
    /// A private cluster cannot live where it would have to.
    #[error("a private PostgreSQL cluster cannot be kept in {}: {reason}", path.display())]
    Place {
        /// The folder.
        path: PathBuf,
        /// Why not, and what to do.
        reason: String,
    },
    /// The running program is not below a target folder, so there is no place for a cluster.
    #[error(
        "the program does not run from cargo's target folder, so there is no place for a test \
         cluster; set TEST_DATABASE_URL"
    )]
    NoTargetDir,
    /// The operating system gave no random bytes for a password.
    #[error("no random bytes for a password")]
    Random(#[source] getrandom::Error),
    /// A test's database could not be made.
    #[cfg(feature = "test")]
    #[error(transparent)]
    Test(#[from] crate::test::Error),
}

/// One way that was tried to get a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The way, as in "docker compose".
    pub way: &'static str,
    /// Why it gave no server.
    pub outcome: String,
}

/// The list of what was tried, then every next step there is.
struct Advice<'a>(&'a [Attempt]);

impl fmt::Display for Advice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "tried:")?;
        for Attempt { way, outcome } in self.0 {
            writeln!(f, "  {way}: {outcome}")?;
        }
        f.write_str(
            "next, one of these:
  Debian, Ubuntu: sudo apt-get install postgresql
  Fedora:         sudo dnf install postgresql-server
  macOS:          brew install postgresql@17
  Docker:         start the engine, then docker compose up -d --wait
  any server:     set the URL variable named first, for example
                  postgres://user:password@localhost:5432/database",
        )
    }
}

/// Adds operation and path to an I/O error.
pub(crate) trait FileContext<T> {
    fn at(self, operation: &'static str, path: impl Into<PathBuf>) -> Result<T, Error>;
}

impl<T> FileContext<T> for io::Result<T> {
    fn at(self, operation: &'static str, path: impl Into<PathBuf>) -> Result<T, Error> {
        self.map_err(|source| Error::File { operation, path: path.into(), source })
    }
}
