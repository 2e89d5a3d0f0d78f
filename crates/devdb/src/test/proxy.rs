//! A server of our own between a program and a database, which sees what they say to each other.

use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use tokio_postgres::Config;
use tokio_postgres::config::Host;

use super::database::Database;
use crate::url::Url;

/// By what a client asks for TLS, before the message that begins a session.
const SSL_REQUEST: [u8; 4] = 80_877_103_u32.to_be_bytes();

/// Listens in front of a database, to the end of the process, and returns the URL of that database behind it. Each
/// connection is handed over with one to the server, on a thread of its own.
///
/// # Errors
/// The server is not reached by TCP, or no port is free.
pub(crate) fn listen(
    database: &Database,
    pass_on: impl Fn(TcpStream, TcpStream) -> io::Result<()> + Send + Sync + 'static,
) -> io::Result<Url> {
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
    let pass_on = Arc::new(pass_on);
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let (address, pass_on) = (address.clone(), Arc::clone(&pass_on));
            thread::spawn(move || {
                let server = TcpStream::connect(address)?;
                client.set_nodelay(true)?;
                server.set_nodelay(true)?;
                pass_on(client, server)
            });
        }
    });
    Ok(url)
}

/// What a client sends, read as messages.
#[derive(Default)]
pub(crate) struct Messages {
    rest: Vec<u8>,
    /// Whether the message is over that has no kind before its length.
    is_started: bool,
}

/// A message of a client.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// The letter that it begins with; zero for those by which a session begins.
    pub(crate) kind: u8,
    /// What stands behind its length.
    pub(crate) body: Vec<u8>,
}

impl Messages {
    /// The messages that end in what comes.
    pub(crate) fn ending_in(&mut self, flight: &[u8]) -> Vec<Message> {
        self.rest.extend_from_slice(flight);
        std::iter::from_fn(|| self.next()).collect()
    }

    fn next(&mut self) -> Option<Message> {
        let start = usize::from(self.is_started);
        let length = self.rest.get(start..start + 4)?.try_into().ok().map(u32::from_be_bytes)?;
        let end = start + usize::try_from(length).ok()?;
        if self.rest.len() < end {
            return None;
        }
        let message: Vec<u8> = self.rest.drain(..end).collect();
        let body = message.get(start + 4..)?.to_vec();
        if self.is_started {
            return Some(Message { kind: *message.first()?, body });
        }
        self.is_started = !body.starts_with(&SSL_REQUEST);
        Some(Message { kind: 0, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message of a client, as it is sent.
    fn message(kind: &[u8], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
        [kind, &length, body].concat()
    }

    #[test]
    fn messages_are_read_wherever_they_are_cut() {
        let sent = [
            message(b"", &SSL_REQUEST),
            message(b"", b"\x00\x03\x00\x00user"),
            message(b"p", b"proof"),
            message(b"Q", b"SELECT 1\0"),
            message(b"S", b""),
        ]
        .concat();
        for cut in 0..sent.len() {
            let mut messages = Messages::default();
            let (first, second) = sent.split_at(cut);
            let mut read = messages.ending_in(first);
            read.extend(messages.ending_in(second));
            let kinds: Vec<u8> = read.iter().map(|message| message.kind).collect();
            assert_eq!(kinds, [0, 0, b'p', b'Q', b'S'], "{cut}");
            assert_eq!(read[3].body, b"SELECT 1\0");
        }
    }
}
