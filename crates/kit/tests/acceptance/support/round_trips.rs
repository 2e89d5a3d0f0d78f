//! A proxy that counts how often a client waits for the server.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls};

/// The round trips of one connection.
pub(crate) struct RoundTrips {
    count: Arc<AtomicUsize>,
}

impl RoundTrips {
    /// Connects to the database of a URL, by way of the proxy. Logging in does not count.
    pub(crate) async fn connect(url: &str) -> (Self, Client) {
        let server: Config = url.parse().unwrap();
        let Some(Host::Tcp(host)) = server.get_hosts().first() else { panic!("the server is reached by TCP") };
        let address = (host.clone(), server.get_ports().first().copied().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut config = Config::new();
        config.host("127.0.0.1").port(listener.local_addr().unwrap().port());
        config.user(server.get_user().unwrap()).dbname(server.get_dbname().unwrap());
        config.password(server.get_password().unwrap_or_default());
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        // Both threads end with the connection.
        thread::spawn(move || {
            let (client, _) = listener.accept()?;
            let server = TcpStream::connect(address)?;
            server.set_nodelay(true)?;
            client.set_nodelay(true)?;
            let (mut answers, mut to_client) = (server.try_clone()?, client.try_clone()?);
            thread::spawn(move || io::copy(&mut answers, &mut to_client));
            pass_on(client, server, &counted)
        });
        let (client, connection) = config.connect(NoTls).await.unwrap();
        tokio::spawn(connection);
        (RoundTrips { count }, client)
    }

    /// How many there were.
    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

/// Passes messages to the server. A query (`Q`) and a synchronisation (`S`) are what a client waits after.
fn pass_on(mut client: TcpStream, mut server: TcpStream, count: &AtomicUsize) -> io::Result<()> {
    // The first message has no kind.
    let mut kind = Vec::new();
    loop {
        client.read_exact(&mut kind)?;
        let mut length = [0; 4];
        client.read_exact(&mut length)?;
        let mut body = vec![0; usize::try_from(u32::from_be_bytes(length)).unwrap() - length.len()];
        client.read_exact(&mut body)?;
        if matches!(kind.as_slice(), b"Q" | b"S") {
            count.fetch_add(1, Ordering::SeqCst);
        }
        server.write_all(&[kind.as_slice(), &length, &body].concat())?;
        kind = vec![0];
    }
}
