//! Serving, and stopping in good order.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::connections::serve;
use crate::db::Database;
use crate::probe::reachable;
use crate::readiness::Readiness;

/// A service that has its address and waits to be run.
#[derive(Debug)]
pub struct Service {
    /// Where it listens.
    pub listener: TcpListener,
    /// What it answers.
    pub router: Router,
    /// Another listener and what it answers, such as `/metrics`; it answers to the end.
    pub aside: Option<(TcpListener, Router)>,
    /// The pool, which is closed at the end.
    pub db: Database,
    /// Whether the process can do its work: no longer, once it is told to stop.
    pub readiness: Arc<Readiness>,
    /// How long a connection may be silent before the head of a request, or take nothing of an answer.
    pub idle_timeout: Duration,
    /// How long new connections are still taken after the signal to stop.
    pub shutdown_delay: Duration,
    /// How long requests may take to finish after that.
    pub shutdown_timeout: Duration,
}

impl Service {
    /// Serves until the process is told to stop (SIGTERM, SIGINT). Then it is no longer ready and
    /// asks clients to close their connections, while it still takes new ones for the shutdown
    /// delay: a load balancer learns only later that it must send nobody here. After that it takes
    /// no new connections and lets the requests that are running finish. After the shutdown
    /// timeout, or at a second signal, those that still run are abandoned: a client that neither
    /// reads nor closes holds nothing up.
    ///
    /// # Errors
    /// The address cannot be told, or the signals cannot be listened for.
    pub async fn run(self) -> io::Result<()> {
        let mut signals = Signals::new()?;
        tracing::info!("listening on {}", places(self.listener.local_addr()?));
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(serve(self.listener, self.router, self.idle_timeout, async {
            // A sender that was dropped is a reason to stop, too.
            let _ = stopped.await;
        }));
        let aside = self
            .aside
            .map(|(listener, router)| tokio::spawn(serve(listener, router, self.idle_timeout, std::future::pending())));

        let signal = signals.next().await;
        tracing::info!("{signal}: finishing the requests that are running");
        self.readiness.drain();
        let stopped = async {
            tokio::time::sleep(self.shutdown_delay).await;
            drop(stop);
            // Its end is all that matters: a panic in it has been logged.
            let _ = serving.await;
        };
        tokio::select! {
            () = stopped => tracing::info!("stopped"),
            () = tokio::time::sleep(self.shutdown_delay + self.shutdown_timeout) => {
                tracing::warn!("stopped; abandoned the requests still running after {:?}", self.shutdown_timeout);
            }
            signal = signals.next() => tracing::warn!("{signal} again: stopped at once"),
        }
        if let Some(aside) = aside {
            aside.abort();
        }
        self.db.close();
        Ok(())
    }
}

/// Who reaches the address: others, where it is every network's, and a person on this machine by the URL.
fn places(address: SocketAddr) -> String {
    let others = if address.ip().is_unspecified() { "every network, here on " } else { "" };
    format!("{others}http://{}", reachable(address))
}

/// The signals that tell the process to stop.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    #[cfg(unix)]
    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }

    #[cfg(not(unix))]
    fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> &'static str {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without the signal there is nothing to wait for, and stopping would be wrong.
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_is_told_from_this_machine_alone() {
        for (address, expected) in [
            ("0.0.0.0:3000", "every network, here on http://127.0.0.1:3000"),
            ("127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("[::]:80", "every network, here on http://[::1]:80"),
            ("192.168.1.2:3000", "http://192.168.1.2:3000"),
        ] {
            assert_eq!(places(address.parse().unwrap()), expected);
        }
    }
}
