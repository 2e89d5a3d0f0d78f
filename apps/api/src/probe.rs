//! Asking a running service whether it is ready: the health check of an image that has no other program.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// Why the service counts as not ready.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody answers in time.
    #[error("cannot ask http://{address}/readyz. Check that the service runs there: HOST and PORT are to be its own")]
    Unanswered {
        /// Where it was looked for.
        address: SocketAddr,
        /// What the operating system says.
        source: io::Error,
    },
    /// It is not.
    #[error("the service is not ready: {answer}")]
    NotReady {
        /// The body of its answer, which has the reason.
        answer: String,
    },
}

/// Longer than `/readyz` takes at most.
const LIMIT: Duration = Duration::from_secs(2);

/// Asks the service that listens at this address on this machine.
///
/// # Errors
/// It does not answer in time, or is not ready; the error has its answer.
pub fn ready(address: SocketAddr) -> Result<(), Error> {
    let address = reachable(address);
    let answer = ask(address).map_err(|source| Error::Unanswered { address, source })?;
    if answer.starts_with("HTTP/1.1 200 ") {
        return Ok(());
    }
    Err(Error::NotReady { answer: answer.rsplit("\r\n\r\n").next().unwrap_or_default().to_owned() })
}

fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// Who listens on every network is reached by loopback.
pub(crate) fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
