//! Where the studio listens.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;

use crate::guard::Hosts;
use crate::{Studio, server};

/// Ports that are tried after the one that is taken.
const NEXT: u16 = 20;

/// Why the studio is not open.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// An address that others reach, and nothing that keeps them out.
    #[error("{address} can be reached from other machines: set a password for the studio, or listen on 127.0.0.1")]
    Open {
        /// The address.
        address: SocketAddr,
    },
    /// No port is free.
    #[error("cannot listen on {address} or on one of the {NEXT} ports after it; choose another with --port")]
    Listen {
        /// The first address that was tried.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The system gives no random bytes.
    #[error("there are no random bytes for the token")]
    Random(#[source] getrandom::Error),
}

/// A studio that has its address and waits to be run.
pub struct Listening {
    listener: TcpListener,
    router: Router,
    url: String,
}

impl Studio {
    /// Takes an address, or the next free port after it. Port 0 is any that is free.
    ///
    /// # Errors
    /// No port is free, or the address is open to others and there is no password.
    pub async fn listen(self, address: SocketAddr) -> Result<Listening, ListenError> {
        if !address.ip().is_loopback() && self.password.is_none() {
            return Err(ListenError::Open { address });
        }
        let has_password = self.password.is_some();
        let (listener, bound) = bind(address).await?;
        let (router, token) = self.router(Hosts::of(bound))?;
        let url = if has_password { format!("http://{bound}/") } else { format!("http://{bound}/?token={token}") };
        Ok(Listening { listener, router, url })
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ListenError> {
    let failed = |source| ListenError::Listen { address, source };
    let mut port = address.port();
    let last = if port == 0 { 0 } else { port.saturating_add(NEXT) };
    loop {
        match TcpListener::bind(SocketAddr::new(address.ip(), port)).await {
            Ok(listener) => {
                let bound = listener.local_addr().map_err(failed)?;
                return Ok((listener, bound));
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && port < last => port += 1,
            Err(error) => return Err(failed(error)),
        }
    }
}

impl Listening {
    /// The address to open, with its one-time token.
    pub fn address(&self) -> &str {
        &self.url
    }

    /// Answers until the future is dropped.
    ///
    /// # Errors
    /// The listener fails.
    pub async fn serve(self) -> io::Result<()> {
        server::serve(self.listener, self.router).await
    }
}
