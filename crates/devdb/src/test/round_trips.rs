//! How often a program waits for the server.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config};

use super::database::Database;
use super::{Error, connect};
use crate::url::Url;

/// The longest flight of messages that counts as one, in bytes.
const FLIGHT: usize = 1 << 20;

/// By what a client asks for TLS, before the message that begins a session.
const SSL_REQUEST: [u8; 4] = 80_877_103_u32.to_be_bytes();

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
        let server: Config = database.url().reveal().parse().map_err(io::Error::other)?;
        let Some(Host::Tcp(host)) = server.get_hosts().first() else {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "the tests' server does not listen on TCP"));
        };
        let address = (host.clone(), server.get_ports().first().copied().unwrap_or(5432));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let user = server.get_user().unwrap_or_default();
        let password = String::from_utf8_lossy(server.get_password().unwrap_or_default());
        let name = server.get_dbname().unwrap_or(user);
        let url = Url::of(user, &password, &Ipv4Addr::LOCALHOST.to_string(), port, name);
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (address, counted) = (address.clone(), Arc::clone(&counted));
                thread::spawn(move || pass_on(client, TcpStream::connect(address)?, &counted));
            }
        });
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
    server.set_nodelay(true)?;
    client.set_nodelay(true)?;
    let (mut answers, mut to_client) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || io::copy(&mut answers, &mut to_client));
    let (mut messages, mut buffer) = (Messages::default(), vec![0; FLIGHT]);
    loop {
        let length = client.read(&mut buffer)?;
        if length == 0 {
            return server.shutdown(std::net::Shutdown::Write);
        }
        let flight = &buffer[..length];
        count.fetch_add(usize::from(messages.are_waited_after(flight)), Ordering::SeqCst);
        server.write_all(flight)?;
    }
}

/// What a client has sent and was not read as messages yet.
#[derive(Default)]
struct Messages {
    rest: Vec<u8>,
    /// Whether the message is over that has no kind before its length.
    is_started: bool,
}

impl Messages {
    /// Whether a query (`Q`) or a synchronisation (`S`) ends in a flight, after which a client waits.
    fn are_waited_after(&mut self, flight: &[u8]) -> bool {
        self.rest.extend_from_slice(flight);
        let mut waited = false;
        while let Some(kind) = self.next_kind() {
            waited |= matches!(kind, b'Q' | b'S');
        }
        waited
    }

    fn next_kind(&mut self) -> Option<u8> {
        let start = usize::from(self.is_started);
        let length = self.rest.get(start..start + 4)?.try_into().ok().map(u32::from_be_bytes)?;
        let end = start + usize::try_from(length).ok()?;
        if self.rest.len() < end {
            return None;
        }
        let message: Vec<u8> = self.rest.drain(..end).collect();
        if self.is_started {
            return message.first().copied();
        }
        self.is_started = message.get(4..8) != Some(&SSL_REQUEST);
        Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message of a client.
    fn message(kind: &[u8], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
        [kind, &length, body].concat()
    }

    #[test]
    fn a_flight_is_waited_after_once_wherever_it_is_cut() {
        let mut messages = Messages::default();
        let login = [message(b"", &SSL_REQUEST), message(b"", b"\x00\x03\x00\x00user"), message(b"p", b"proof")];
        assert!(!login.iter().any(|message| messages.are_waited_after(message)));
        let flight = [message(b"Q", b"SELECT 1"), message(b"P", b"Q"), message(b"S", b"")].concat();
        assert!(messages.are_waited_after(&flight));
        let (first, second) = flight.split_at(3);
        assert!(!messages.are_waited_after(first) && messages.are_waited_after(second));
        assert!(!messages.are_waited_after(&message(b"X", b"")));
    }
}
