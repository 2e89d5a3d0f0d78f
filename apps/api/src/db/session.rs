//! A connection of the pool while somebody has it, and what becomes of it where they leave early.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use deadpool_postgres::{Client, GenericClient, Object};
use migrator::Tls;
use tokio::runtime::Handle;

use super::Error;

/// What statements run on: a [`Session`], or a [`Transaction`] in it.
pub trait Connection: Sync {
    /// The driver's side of it.
    type Client: GenericClient;

    /// The driver's side of it. What runs on it past [`query`](super::query) is not cancelled.
    fn client(&self) -> &Self::Client;

    /// How many statements run at this moment.
    fn running(&self) -> &AtomicUsize;
}

/// A connection of the pool, to which it goes back.
///
/// Where it is dropped while a statement runs, as when the client of a request has hung up, the statement is cancelled
/// and the connection closed. In the pool, whoever had it next would wait for that statement, and the cancellation could
/// meet theirs.
pub struct Session {
    /// There until it is dropped.
    client: Option<Client>,
    running: AtomicUsize,
    cancel: Cancel,
}

/// What cancelling takes: one more connection to the server, encrypted as those of the pool.
#[derive(Clone)]
pub(super) struct Cancel(pub(super) Tls);

/// A transaction. It is rolled back where it is dropped.
#[derive(Debug)]
pub struct Transaction<'s> {
    transaction: deadpool_postgres::Transaction<'s>,
    running: &'s AtomicUsize,
}

impl Session {
    pub(super) fn new(client: Client, cancel: Cancel) -> Self {
        Self { client: Some(client), running: AtomicUsize::new(0), cancel }
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// The connection breaks.
    pub async fn transaction(&mut self) -> Result<Transaction<'_>, Error> {
        let Self { client, running, .. } = self;
        let client = client.as_mut().expect(HELD);
        let transaction = counted(running, client.transaction()).await.map_err(Error::Transaction)?;
        Ok(Transaction { transaction, running })
    }
}

/// Why there is a client.
const HELD: &str = "only dropping takes it";

impl Connection for Session {
    type Client = Client;

    fn client(&self) -> &Client {
        self.client.as_ref().expect(HELD)
    }

    fn running(&self) -> &AtomicUsize {
        &self.running
    }
}

impl Transaction<'_> {
    /// Makes what was done stay.
    ///
    /// # Errors
    /// The database refuses it, as a deferred constraint may, or the connection breaks: it may have been committed then.
    pub async fn commit(self) -> Result<(), Error> {
        counted(self.running, self.transaction.commit()).await.map_err(Error::Transaction)
    }
}

impl<'s> Connection for Transaction<'s> {
    type Client = deadpool_postgres::Transaction<'s>;

    fn client(&self) -> &Self::Client {
        &self.transaction
    }

    fn running(&self) -> &AtomicUsize {
        self.running
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("running", &self.running).finish_non_exhaustive()
    }
}

/// Counts a statement as long as it runs. One that is dropped before its end stays counted.
pub(super) async fn counted<T>(running: &AtomicUsize, statement: impl Future<Output = T>) -> T {
    running.fetch_add(1, Ordering::Relaxed);
    let result = statement.await;
    running.fetch_sub(1, Ordering::Relaxed);
    result
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        if *self.running.get_mut() == 0 {
            return;
        }
        let (token, Cancel(tls)) = (client.cancel_token(), self.cancel.clone());
        drop(Object::take(client));
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = token.cancel_query(tls).await {
                    tracing::warn!(error = migrator::chain(&error), "cannot cancel a statement that nobody waits for");
                }
            });
        }
    }
}
