//! Finds or starts a PostgreSQL server for development and tests.
//!
//! ```no_run
//! let mut options = devdb::Options::from_env("target")?;
//! options.url = std::env::var("DATABASE_URL").ok();
//! options.compose_file = Some("docker-compose.yml".into());
//! options.database = "app".to_owned();
//! let server = devdb::dev_server(&options)?;
//! println!("{} on {}", server.url(), server.kind()); // the password is hidden
//! # Ok::<(), devdb::Error>(())
//! ```
//!
//! [`dev_server`] and [`test_server`] tell in which order they look. The server they start stays
//! up, like `docker compose up -d`; the next process finds it in a few milliseconds. [`status`]
//! and [`stop`] look after it. Nothing here needs an async runtime.
//!
//! With the feature `test`, the module `test` gives each test a database of its own, cloned from
//! a template that was migrated once. With the feature `containers`, tests get their server from
//! the Docker engine where one answers.
//!
//! | variable | meaning |
//! | --- | --- |
//! | `DEVDB` | `binaries` or `docker`: leaves out the other way |
//! | `DEVDB_PG_BIN` | the only folder to take PostgreSQL's programs from; its servers and data are found by this choice alone |

mod binaries;
mod cluster;
mod compose;
#[cfg(feature = "containers")]
mod containers;
mod error;
mod find;
mod lock;
mod options;
mod os;
mod process;
mod remembered;
mod search;
mod server;
#[cfg(feature = "test")]
pub mod test;
mod url;

pub use error::{Attempt, Error};
pub use find::{dev_server, status, stop, test_server};
pub use options::{Force, Options, Purpose, target_dir};
pub use process::ProcessError;
pub use server::{Kind, Server};
pub use url::{InvalidUrl, Url};
