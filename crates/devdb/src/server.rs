//! A server that was found or started.

use std::fmt;
use std::path::PathBuf;

use crate::url::Url;

/// A PostgreSQL server that can be connected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    pub(crate) url: Url,
    pub(crate) kind: Kind,
    pub(crate) started: bool,
}

/// How the server came to be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// An explicit URL; whether it answers was not tried.
    Url,
    /// The repository's compose project.
    Compose {
        /// The container's id.
        container: String,
    },
    /// A private cluster from PostgreSQL binaries of this machine.
    Cluster {
        /// The folder with its data, its log and its password.
        folder: PathBuf,
        /// The folder of the programs that started it.
        bin: PathBuf,
    },
    /// A container of its own.
    Container {
        /// The container's name.
        name: String,
    },
}

impl Server {
    /// The URL with the database asked for, to be handed on as `DATABASE_URL`.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The URL of another database on this server, whether it exists or not.
    #[must_use]
    pub fn database(&self, name: &str) -> Url {
        self.url.with_database(name)
    }

    /// How the server came to be.
    #[must_use]
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Whether this call started it; false if it was up.
    #[must_use]
    pub fn started(&self) -> bool {
        self.started
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url => f.write_str("an explicit URL"),
            Self::Compose { container } => {
                let short: String = container.chars().take(12).collect();
                write!(f, "docker compose (container {short})")
            }
            Self::Cluster { folder, .. } => write!(f, "a private cluster in {}", folder.display()),
            Self::Container { name } => write!(f, "the Docker container {name}"),
        }
    }
}
