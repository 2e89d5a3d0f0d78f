//! Serving connections.
//!
//! A connection that sends nothing costs a file descriptor, of which there may be a thousand. So there is a bound: at
//! it, the oldest connection on which no session has shown itself is closed for the new one. Whoever opens thousands
//! and sends slowly only loses his own.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::extract::Extension;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::guard::Trusted;

/// Connections at once; a browser opens six.
const CONNECTIONS: usize = 256;
/// How long a request's head may take.
const HEAD: Duration = Duration::from_secs(5);
/// How long to wait where the system has no connection to give.
const RETRY: Duration = Duration::from_millis(50);

struct Connection {
    task: JoinHandle<()>,
    trusted: Trusted,
}

/// Answers until the future is dropped.
pub(crate) async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let mut connections: VecDeque<Connection> = VecDeque::new();
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // Too many open files, or a connection that was gone before it was taken.
            Err(_) => {
                tokio::time::sleep(RETRY).await;
                continue;
            }
        };
        connections.retain(|connection| !connection.task.is_finished());
        if connections.len() >= CONNECTIONS {
            let untrusted = |connection: &Connection| !connection.trusted.0.load(Ordering::Relaxed);
            let at = connections.iter().position(untrusted).unwrap_or(0);
            if let Some(connection) = connections.remove(at) {
                connection.task.abort();
            }
        }
        let trusted = Trusted::default();
        let task = tokio::spawn(answer(stream, router.clone().layer(Extension(trusted.clone()))));
        connections.push_back(Connection { task, trusted });
    }
}

async fn answer(stream: TcpStream, router: Router) {
    // Small answers wait for nothing.
    let _ = stream.set_nodelay(true);
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    // A connection that breaks is the browser's affair.
    let _ = served.await;
}
