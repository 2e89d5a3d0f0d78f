//! The sessions that the studio works in.
//!
//! Whatever a handler or a query gets wrong, the session itself does not write: it is read-only from its first moment
//! on, has limits of time, and prints values in the one form that the page reads.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use deadpool::managed::{self, Metrics, Object, Pool, PoolError, RecycleError, RecycleResult};
use migrator::{Server, Tls};
use tokio_postgres::{CancelToken, Client};

use crate::error::Error;

/// Sessions at once. A page asks for a few things side by side; more would only queue in the server.
const SESSIONS: usize = 8;
/// How long a request waits for one.
const WAIT: Duration = Duration::from_secs(10);

/// Limits, and the form in which values are printed: the one that PostgreSQL reads back without loss.
const SETTINGS: &str = "SET statement_timeout = '30s'; \
    SET lock_timeout = '5s'; \
    SET idle_in_transaction_session_timeout = '60s'; \
    SET DateStyle = 'ISO, YMD'; \
    SET IntervalStyle = 'postgres'; \
    SET bytea_output = 'hex'; \
    SET extra_float_digits = 1; \
    SET standard_conforming_strings = on";
/// What makes a session one that reads.
const READ_ONLY: &str = "SET default_transaction_read_only = on";
const READ_WRITE: &str = "SET default_transaction_read_only = off";

/// Opens sessions, and keeps those that read.
#[derive(Clone)]
pub(crate) struct Sessions {
    pool: Pool<Readers>,
    server: Server,
}

/// A session that reads, from the pool. It goes back there when it is [done](Reader::done); one that is dropped before
/// is closed, and its query cancelled.
pub(crate) struct Reader {
    session: Option<Object<Readers>>,
    cancel: Cancel,
}

impl Reader {
    /// Its work is done, and another may have it.
    pub(crate) fn done(mut self) {
        drop(self.session.take());
    }
}

impl Deref for Reader {
    type Target = Client;

    fn deref(&self) -> &Client {
        self.session.as_ref().expect("only its end takes the session")
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut Client {
        self.session.as_mut().expect("only its end takes the session")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            // Back in the pool, the cancellation could meet the query of whoever has the session next.
            drop(Object::take(session));
            drop(CancelOnDrop::new(self.cancel.clone()));
        }
    }
}

/// Makes the sessions of the pool.
pub(crate) struct Readers(Server);

impl managed::Manager for Readers {
    type Type = Client;
    type Error = Error;

    async fn create(&self) -> Result<Client, Error> {
        open(&self.0, READ_ONLY).await
    }

    async fn recycle(&self, client: &mut Client, _: &Metrics) -> RecycleResult<Error> {
        if client.is_closed() { Err(RecycleError::message("the connection is closed")) } else { Ok(()) }
    }
}

impl Sessions {
    pub(crate) fn new(server: Server) -> Self {
        let pool = Pool::builder(Readers(server.clone()))
            .max_size(SESSIONS)
            .wait_timeout(Some(WAIT))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .expect("a pool with a runtime can have timeouts, and nothing else can fail");
        Self { pool, server }
    }

    /// A session that reads.
    pub(crate) async fn reader(&self) -> Result<Reader, Error> {
        let session = self.pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => error,
            _ => Error::Busy,
        })?;
        let cancel = self.cancel(&session);
        Ok(Reader { session: Some(session), cancel })
    }

    /// Asks in a session that reads. Where nobody waits for the answer any more, the question is cancelled.
    pub(crate) async fn read<T>(&self, question: impl AsyncFnOnce(&Client) -> Result<T, Error>) -> Result<T, Error> {
        let reader = self.reader().await?;
        let answer = question(&reader).await;
        reader.done();
        answer
    }

    /// A session of its own that reads, for what may change the session's settings.
    pub(crate) async fn reader_apart(&self) -> Result<Client, Error> {
        open(&self.server, READ_ONLY).await
    }

    /// A session of its own that writes.
    pub(crate) async fn writer(&self) -> Result<Client, Error> {
        open(&self.server, READ_WRITE).await
    }

    /// What cancels the queries of one of the sessions.
    pub(crate) fn cancel(&self, client: &Client) -> Cancel {
        Cancel { token: client.cancel_token(), tls: self.server.tls() }
    }
}

async fn open(server: &Server, mode: &str) -> Result<Client, Error> {
    let client = server.client("studio").await?;
    let settings = format!("{SETTINGS}; {mode}");
    client.batch_execute(&settings).await.map_err(Error::query("prepare a session"))?;
    Ok(client)
}

/// Cancels what a session is doing, over a connection of its own.
#[derive(Clone)]
pub(crate) struct Cancel {
    token: CancelToken,
    tls: Tls,
}

impl Cancel {
    pub(crate) async fn send(self) -> Result<(), tokio_postgres::Error> {
        self.token.cancel_query(self.tls).await
    }
}

/// Cancels when the request that asked for it is gone.
pub(crate) struct CancelOnDrop(Option<Cancel>);

impl CancelOnDrop {
    pub(crate) fn new(cancel: Cancel) -> Self {
        Self(Some(cancel))
    }

    /// Its work is done: there is nothing to cancel.
    pub(crate) fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(cancel) = self.0.take() {
            // Nobody is left to be told whether it worked; the statement timeout ends it otherwise.
            tokio::spawn(async move { drop(cancel.send().await) });
        }
    }
}
