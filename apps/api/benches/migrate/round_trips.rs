//! A proxy that counts how often its clients wait for the server.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// The round trips of all connections by way of a proxy. Logging in does not count.
pub(crate) struct RoundTrips {
    url: String,
    count: Arc<AtomicUsize>,
}

impl RoundTrips {
    /// A proxy before the server of a URL, to the end of the process.
    pub(crate) fn before(url: &str) -> Self {
        let server: Config = url.parse().unwrap();
        let Some(Host::Tcp(host)) = server.get_hosts().first() else { panic!("the server is reached by TCP") };
        let address = (host.clone(), server.get_ports()[0]);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let ours = listener.local_addr().unwrap();
        let url = url.replacen(&format!("{}:{}", address.0, address.1), &ours.to_string(), 1);
        let count = Arc::new(AtomicUsize::new(0));
        let counted = count.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (address, counted) = (address.clone(), counted.clone());
                thread::spawn(move || pass_on(client, TcpStream::connect(address)?, &counted));
            }
        });
        Self { url, count }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

/// Passes messages on. A query (`Q`) and a synchronisation (`S`) are what a client waits after.
fn pass_on(mut client: TcpStream, mut server: TcpStream, count: &AtomicUsize) -> io::Result<()> {
    server.set_nodelay(true)?;
    client.set_nodelay(true)?;
    let (mut answers, mut to_client) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || io::copy(&mut answers, &mut to_client));
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
