//! A connection that is lost at a moment that matters.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::database::Database;
use super::proxy::{Message, Messages, listen};
use crate::url::Url;

/// More than a statement of a test is long, in bytes.
const BUFFER: usize = 1 << 16;

/// For how long the server does not notice that a connection is lost.
const UNNOTICED: Duration = Duration::from_millis(300);

/// What is lost with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The statement: the server never has it.
    Statement,
    /// The answer: the server has carried the statement out.
    Answer,
}

/// Which connections are lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The one with the statement. Others go on, and may be made.
    Its,
    /// All by way of this proxy, and none can be made any more.
    All,
}

/// A proxy in front of a database that cuts the connection at the first statement that begins with a text.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// How the statement begins, of those that are sent by the simple protocol.
    pub at: &'static str,
    /// What is lost.
    pub lost: Lost,
    /// Which connections.
    pub whose: Whose,
}

/// What its connections know of each other.
#[derive(Default)]
struct Shared {
    is_cut: AtomicBool,
    clients: Mutex<Vec<TcpStream>>,
}

impl Cut {
    /// Starts it, to the end of the process, and returns the URL of the database behind it.
    ///
    /// # Errors
    /// The server is not reached by TCP, or no port is free.
    pub fn before(self, database: &Database) -> io::Result<Url> {
        let shared = Shared::default();
        listen(database, move |client, server| self.pass_on(client, server, &shared))
    }

    fn pass_on(self, mut client: TcpStream, mut server: TcpStream, shared: &Shared) -> io::Result<()> {
        self.enter(&client, shared)?;
        let is_deaf = Arc::new(AtomicBool::new(false));
        let (answers, to_client, deaf) = (server.try_clone()?, client.try_clone()?, Arc::clone(&is_deaf));
        let answering = thread::spawn(move || answer(answers, to_client, &deaf));
        let (mut messages, mut buffer) = (Messages::default(), vec![0; BUFFER]);
        loop {
            let length = client.read(&mut buffer)?;
            if length == 0 {
                return server.shutdown(Shutdown::Write);
            }
            let flight = &buffer[..length];
            let is_it = messages.ending_in(flight).iter().any(|message| self.is_at(message));
            if !is_it || shared.is_cut.swap(true, Ordering::SeqCst) {
                server.write_all(flight)?;
                continue;
            }
            // The server ends the session once it has done what it was sent.
            return match self.lost {
                Lost::Statement => {
                    self.leave(&client, shared)?;
                    thread::sleep(UNNOTICED);
                    server.shutdown(Shutdown::Both)
                }
                Lost::Answer => {
                    is_deaf.store(true, Ordering::SeqCst);
                    server.write_all(flight)?;
                    server.shutdown(Shutdown::Write)?;
                    // With its panic nothing would be lost that the test looks at.
                    drop(answering.join());
                    self.leave(&client, shared)
                }
            };
        }
    }

    fn is_at(self, message: &Message) -> bool {
        message.kind == b'Q' && message.body.starts_with(self.at.as_bytes())
    }

    fn enter(self, client: &TcpStream, shared: &Shared) -> io::Result<()> {
        let mut clients = shared.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if self.whose == Whose::All && shared.is_cut.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        clients.push(client.try_clone()?);
        Ok(())
    }

    fn leave(self, client: &TcpStream, shared: &Shared) -> io::Result<()> {
        match self.whose {
            Whose::Its => client.shutdown(Shutdown::Both),
            Whose::All => {
                let clients = shared.clients.lock().unwrap_or_else(PoisonError::into_inner);
                // One that has left already cannot be shut down.
                clients.iter().for_each(|client| drop(client.shutdown(Shutdown::Both)));
                Ok(())
            }
        }
    }
}

/// Passes on what the server says, until nobody is to hear it any more.
fn answer(mut server: TcpStream, mut client: TcpStream, is_deaf: &AtomicBool) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let length = server.read(&mut buffer)?;
        if length == 0 {
            break;
        }
        if !is_deaf.load(Ordering::SeqCst) {
            client.write_all(&buffer[..length])?;
        }
    }
    if is_deaf.load(Ordering::SeqCst) { Ok(()) } else { client.shutdown(Shutdown::Write) }
}
