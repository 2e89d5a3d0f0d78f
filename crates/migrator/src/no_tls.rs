//! Instead of TLS, where the feature `tls` is off.

use std::io;

use crate::connect_error::ConnectError;
use crate::ssl::{Mode, Ssl};

/// What encrypts connections, for a pool of the caller's own: nothing, since this crate was built without the feature
/// `tls`.
pub type Tls = tokio_postgres::NoTls;

/// Refuses what demands TLS.
pub(crate) fn connector(ssl: &Ssl) -> Result<Tls, ConnectError> {
    match ssl.mode {
        Mode::Disable | Mode::Allow | Mode::Prefer => Ok(unverified()),
        mode => Err(ConnectError::NoTls { mode: mode.name() }),
    }
}

pub(crate) fn unverified() -> Tls {
    tokio_postgres::NoTls
}

pub(crate) fn problem(_: &io::Error) -> Option<String> {
    None
}
