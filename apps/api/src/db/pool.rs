//! The pool of connections.

use std::fmt;
use std::time::{Duration, Instant};

use deadpool_postgres::{Manager, ManagerConfig, Pool, PoolConfig, RecyclingMethod, Runtime, Status, Timeouts};
use migrator::ServerTarget;
use schema::rows::FromRow;
use sea_query_postgres::PostgresBinder;

use super::session::{Cancel, Session};
use super::{Error, query};
use crate::config;
use crate::retry::within;

/// The `application_name` of our sessions if the URL has none.
const APPLICATION_NAME: &str = env!("CARGO_PKG_NAME");

/// How long a connection may be silent before the operating system asks whether the server is
/// still there; its own default is two hours.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// A pool of connections to the database. Cloning it is cheap and gives the same pool.
#[derive(Clone)]
pub struct Database {
    pool: Pool,
    cancel: Cancel,
}

/// The database could not be reached when the service started.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// It did not answer.
    #[error(
        "cannot connect to {target}, tried for {:.1} s. Check DATABASE_URL and that the server runs; \
         `cargo xtask db start` starts one for development",
        waited.as_secs_f64()
    )]
    Away {
        /// What was connected to.
        target: ServerTarget,
        /// For how long.
        waited: Duration,
        /// How the last attempt failed.
        source: Error,
    },

    /// It refused the connection, or cannot be trusted. To try again would not help.
    #[error("cannot connect to {target}. Check user, password, database and sslmode of DATABASE_URL")]
    Refused {
        /// What was connected to.
        target: ServerTarget,
        /// Why not.
        source: Error,
    },
}

impl Database {
    /// A pool that opens connections when they are needed.
    pub fn new(config: &config::Database) -> Self {
        let server = config.url.server();
        let mut driver = server.config().clone();
        if driver.get_application_name().is_none() {
            driver.application_name(APPLICATION_NAME);
        }
        driver.keepalives_idle(KEEPALIVE);
        if !config.statement_timeout.is_zero() {
            let given = driver.get_options().map(|given| format!("{given} ")).unwrap_or_default();
            driver.options(format!("{given}-c statement_timeout={}", config.statement_timeout.as_millis()));
        }
        // A connection that was closed is replaced. To ask each time would cost a round trip.
        let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let limit = Some(config.pool_timeout);
        let pool = Pool::builder(Manager::from_config(driver, server.tls(), manager))
            .config(PoolConfig {
                timeouts: Timeouts { wait: limit, create: limit, recycle: limit },
                ..PoolConfig::new(config.pool_size)
            })
            .runtime(Runtime::Tokio1)
            .build()
            .expect("a pool with a runtime can have timeouts, and nothing else can fail");
        Self { pool, cancel: Cancel(server.tls()) }
    }

    /// A pool with its first connection open. Waits for a server that does not answer yet.
    ///
    /// # Errors
    /// The server did not answer in time, or refuses the login.
    pub async fn connect(config: &config::Database) -> Result<Self, ConnectError> {
        let database = Self::new(config);
        let started = Instant::now();
        let may_pass = |error: &Error| error.is_unavailable() && !error.is_untrusted();
        let connected = within(config.connect_timeout, may_pass, || database.session()).await;
        let target = config.url.target().clone();
        match connected {
            Ok(_) => Ok(database),
            Err(source) if may_pass(&source) => Err(ConnectError::Away { target, waited: started.elapsed(), source }),
            Err(source) => Err(ConnectError::Refused { target, source }),
        }
    }

    /// A connection, for a transaction or for several queries in a row.
    ///
    /// # Errors
    /// None is free in time, or the server does not answer.
    pub async fn session(&self) -> Result<Session, Error> {
        let client = self.pool.get().await.map_err(Error::Connection)?;
        Ok(Session::new(client, self.cancel.clone()))
    }

    /// All rows of a query.
    ///
    /// # Errors
    /// As for [`query::all`], and when there is no connection.
    pub async fn all<T: FromRow>(&self, statement: &(impl PostgresBinder + Sync)) -> Result<Vec<T>, Error> {
        query::all(&self.session().await?, statement).await
    }

    /// The only row of a query.
    ///
    /// # Errors
    /// As for [`query::one`], and when there is no connection.
    pub async fn one<T: FromRow>(&self, statement: &(impl PostgresBinder + Sync)) -> Result<T, Error> {
        query::one(&self.session().await?, statement).await
    }

    /// The row of a query that finds at most one.
    ///
    /// # Errors
    /// As for [`query::optional`], and when there is no connection.
    pub async fn optional<T: FromRow>(&self, statement: &(impl PostgresBinder + Sync)) -> Result<Option<T>, Error> {
        query::optional(&self.session().await?, statement).await
    }

    /// Runs a statement and tells how many rows it touched.
    ///
    /// # Errors
    /// As for [`query::execute`], and when there is no connection.
    pub async fn execute(&self, statement: &(impl PostgresBinder + Sync)) -> Result<u64, Error> {
        query::execute(&self.session().await?, statement).await
    }

    /// How many connections are open, idle and waited for.
    pub fn status(&self) -> Status {
        self.pool.status()
    }

    /// Closes the idle connections, and the others when they come back.
    pub fn close(&self) {
        self.pool.close();
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Database").field(&self.pool.status()).finish()
    }
}
