//! A database of its own for each test.
//!
//! ```no_run
//! use devdb::test::Template;
//!
//! # async fn migrate(url: &str) -> Result<(), std::io::Error> { Ok(()) }
//! # async fn test() -> Result<(), devdb::Error> {
//! let migrations = ["create table users (id int)"];
//! let template = Template::new("api", migrations, async |url: devdb::Url| migrate(url.reveal()).await);
//! let database = template.database().await?; // migrated once, cloned for each test
//! let client = database.connect().await?;
//! // dropped with `database`, also when the test panics
//! # Ok(())
//! # }
//! ```
//!
//! The server is the one of `TEST_DATABASE_URL`, else [`crate::test_server`]'s.

use std::future::Future;
use std::thread;

use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls};

use crate::options::{Options, target_dir};
use crate::server::Server;
use crate::url::Url;

mod admin;
mod cut;
mod database;
mod error;
mod name;
mod pooler;
mod private;
mod proxy;
mod round_trips;
mod sweep;
mod template;

pub use cut::{Cut, Lost, Whose};
pub use database::Database;
pub use error::Error;
pub use pooler::{PoolMode, Pooler};
pub use private::PrivateServer;
pub use round_trips::RoundTrips;
pub use template::Template;

/// The server for the tests of this process: found or started at the first call.
///
/// # Errors
/// As for [`crate::test_server`].
pub async fn server() -> Result<&'static Server, crate::Error> {
    static SERVER: OnceCell<Server> = OnceCell::const_new();
    SERVER
        .get_or_try_init(async || {
            // Waiting for a lock or a download must not hold up the caller's runtime.
            let found = tokio::task::spawn_blocking(find);
            found.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
        })
        .await
}

fn find() -> Result<Server, crate::Error> {
    let url = std::env::var("TEST_DATABASE_URL").ok();
    let target_dir = match target_dir() {
        Some(folder) => folder,
        // With a URL, no folder is needed.
        None if url.is_some() => std::env::temp_dir(),
        None => return Err(crate::Error::NoTargetDir),
    };
    let mut options = Options::from_env(target_dir)?;
    options.url = url;
    crate::test_server(&options)
}

/// Connects without TLS. The connection ends when the client is dropped.
pub(crate) async fn connect(url: &Url) -> Result<Client, Error> {
    let connected = tokio_postgres::connect(url.reveal(), NoTls).await;
    let (client, connection) = connected.map_err(|source| Error::Connect { url: url.clone(), source })?;
    // What ends a connection shows in the client's next call; there is nobody else to tell.
    tokio::spawn(async move { drop(connection.await) });
    Ok(client)
}

/// Runs a future to its end on a thread and runtime of its own, so that it works inside a
/// runtime, outside of one, and while a test unwinds. The error is a panic's.
pub(crate) fn blocking<F>(work: impl FnOnce() -> F + Send + 'static) -> thread::Result<F::Output>
where
    F: Future,
    F::Output: Send + 'static,
{
    let run = move || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime on one thread needs no more than a few file descriptors")
            .block_on(work())
    };
    thread::spawn(run).join()
}
