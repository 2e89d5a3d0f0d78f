//! The service as its clients see it. Each test has a database of its own, cloned from one that
//! was migrated once.

// A helper that cannot go on fails its test.
#![allow(clippy::unwrap_used)]

mod access;
mod binary;
#[cfg(all(unix, feature = "tls"))]
mod encrypted;
mod errors;
mod harness;
mod headers;
mod health;
mod idempotency;
mod login;
#[cfg(feature = "metrics")]
mod metrics;
mod openapi;
#[cfg(unix)]
mod outage;
#[cfg(unix)]
mod pages;
mod pool;
// [sample]
mod posts;
// [/sample]
mod replicas;
mod schemathesis;
mod sockets;
mod startup;
#[cfg(feature = "otel")]
mod traces;
mod users;
mod versions;
