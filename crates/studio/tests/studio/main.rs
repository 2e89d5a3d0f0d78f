//! The studio on a real PostgreSQL: what it shows, and what it lets nobody do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod attacks;
mod data;
mod gone;
mod harness;
mod sockets;
mod writing;
