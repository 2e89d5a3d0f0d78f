//! Runs against a real PostgreSQL.

#![expect(clippy::unwrap_used, reason = "clippy.toml allows it in test functions, not in their helpers")]

#[cfg(unix)]
mod crashes;
#[cfg(unix)]
mod pooler;
#[cfg(unix)]
mod private;
mod runs;
mod support;
#[cfg(all(unix, feature = "tls"))]
mod tls;
mod units;
