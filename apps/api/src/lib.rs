//! The service: what PostgreSQL keeps, over HTTP.
//!
//! [`app::router`] is the whole service as a value, which tests call without a socket. The binary
//! reads a [`config`], brings the database up to date ([`migrations`]) and serves the router
//! ([`server`]). [`access`] finds out who calls. A request goes through [`extract`], a handler of [`routes`], and [`db`]; whatever
//! goes wrong on the way becomes one [`error::Error`] and leaves as one JSON format, a
//! [`problem::Problem`].
//!
//! Without the feature `server` the package is its declared schema alone, for the binary `schema`.
#![cfg(feature = "server")]

pub mod access;
pub mod app;
pub mod attempts;
pub mod callers;
pub mod client_address;
pub mod config;
mod connections;
pub mod cursor;
pub mod db;
pub mod error;
pub mod etag;
pub mod extract;
pub mod idempotency;
pub mod layers;
#[cfg(feature = "metrics")]
pub mod metrics;
pub mod migrations;
pub mod openapi;
pub mod pagination;
pub mod passwords;
pub mod probe;
pub mod problem;
pub mod readiness;
pub mod request_id;
mod retry;
pub mod routes;
pub mod server;
pub mod startup;
pub mod state;
pub mod telemetry;
#[cfg(feature = "otel")]
mod traces;
pub mod validation;
