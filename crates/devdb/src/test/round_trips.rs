//! How often a program waits for the server.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokio_postgres::Client;

use super::database::Database;
use super::proxy::{Messages, listen};
use super::{Error, connect};
use crate::url::Url;

/// The longest flight of messages that counts as one, in bytes.
const FLIGHT: usize = 1 << 20;

/// A proxy in front of a database that counts the round trips of all connections by way of it. Logging in does not count.
///
/// What a client sends at once is one of them, however many messages it is. So that what it sends without waiting is sent
/// at once, it has to be on a runtime of one thread.
#[derive(Debug)]
pub struct RoundTrips {
    url: Url,
    count: Arc<AtomicUsize>,
}

impl RoundTrips {
    /// Starts one, to the end of the process.
    ///
    /// # Errors
    /// The server is not reached by TCP, or no port is free.
    pub fn before(database: &Database) -> io::Result<Self> {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let url = listen(database, move |client, server| pass_on(client, server, &counted))?;
        Ok(Self { url, count })
    }

    /// The URL of the database behind it.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Connects by way of it.
    ///
    /// # Errors
    /// As for [`Database::connect`].
    pub async fn connect(&self) -> Result<Client, Error> {
        connect(&self.url).await
    }

    /// How many there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

/// Passes on what comes from either side.
fn pass_on(mut client: TcpStream, mut server: TcpStream, count: &AtomicUsize) -> io::Result<()> {
    let (mut answers, mut to_client) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || io::copy(&mut answers, &mut to_client));
    let (mut messages, mut buffer) = (Messages::default(), vec![0; FLIGHT]);
    loop {
        let length = client.read(&mut buffer)?;
        if length == 0 {
            return server.shutdown(Shutdown::Write);
        }
        let flight = &buffer[..length];
        count.fetch_add(usize::from(is_waited_after(&mut messages, flight)), Ordering::SeqCst);
        server.write_all(flight)?;
    }
}

/// Whether a query (`Q`) or a synchronisation (`S`) ends in a flight, after which a client waits.
fn is_waited_after(messages: &mut Messages, flight: &[u8]) -> bool {
    messages.ending_in(flight).iter().any(|message| matches!(message.kind, b'Q' | b'S'))
}
