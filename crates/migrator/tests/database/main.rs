//! Runs against a real PostgreSQL.

#![expect(clippy::unwrap_used, reason = "clippy.toml allows it in test functions, not in their helpers")]

mod connections;
#[cfg(unix)]
mod crashes;
mod limits;
mod lost;
#[cfg(unix)]
mod pooler;
#[cfg(unix)]
mod private;
mod refusals;
#[cfg(unix)]
mod roles;
mod round_trips;
mod runs;
mod support;
#[cfg(all(unix, feature = "tls"))]
mod tls;
mod units;
