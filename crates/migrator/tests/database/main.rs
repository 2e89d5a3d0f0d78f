//! Runs against a real PostgreSQL.

#![expect(clippy::unwrap_used, reason = "clippy.toml allows it in test functions, not in their helpers")]

#[cfg(unix)]
mod crashes;
#[cfg(unix)]
mod pooler;
mod runs;
mod support;
mod units;
