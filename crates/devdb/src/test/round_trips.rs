//! How often a program waits for the server.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use tokio_postgres::Client;

use super::database::Database;
use super::proxy::{Messages, listen};
use super::{Error, connect};
use crate::url::Url;

/// How much is read at once, in bytes.
const BUFFER: usize = 1 << 16;

/// How long nothing more comes of what a client sends without waiting.
const QUIET: Duration = Duration::from_millis(10);

/// A proxy in front of a database that counts the round trips of all connections by way of it. Logging in does not count.
///
/// What a client sends without waiting is one of them, however many messages it is: it is passed on as a whole.
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
    let mut messages = Messages::default();
    loop {
        let flight = flight(&mut client)?;
        if flight.is_empty() {
            return server.shutdown(Shutdown::Write);
        }
        count.fetch_add(usize::from(is_waited_after(&mut messages, &flight)), Ordering::SeqCst);
        server.write_all(&flight)?;
    }
}

/// What a client sends until it waits; nothing where it has closed the connection.
fn flight(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let (mut flight, mut buffer) = (Vec::new(), vec![0; BUFFER]);
    client.set_read_timeout(None)?;
    loop {
        match client.read(&mut buffer) {
            Ok(0) => return Ok(flight),
            Ok(length) => flight.extend_from_slice(&buffer[..length]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return Ok(flight),
            Err(error) => return Err(error),
        }
        client.set_read_timeout(Some(QUIET))?;
    }
}

/// Whether a query (`Q`) or a synchronisation (`S`) ends in a flight, after which a client waits.
fn is_waited_after(messages: &mut Messages, flight: &[u8]) -> bool {
    messages.ending_in(flight).iter().any(|message| matches!(message.kind, b'Q' | b'S'))
}
