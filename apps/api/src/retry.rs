//! Trying again what fails for a moment, such as to reach a database that is not up yet.

use std::time::{Duration, Instant};

/// How long to wait between two attempts.
const PAUSE: Duration = Duration::from_millis(200);

/// Repeats an attempt that fails in a way that may pass, until `wait` is over.
pub(crate) async fn within<T, E>(
    wait: Duration,
    may_pass: impl Fn(&E) -> bool,
    attempt: impl AsyncFn() -> Result<T, E>,
) -> Result<T, E> {
    let deadline = Instant::now() + wait;
    loop {
        match attempt().await {
            Err(error) if may_pass(&error) && Instant::now() + PAUSE < deadline => tokio::time::sleep(PAUSE).await,
            result => return result,
        }
    }
}
