//! The service as its clients see it. Each test has a database of its own, cloned from one that
//! was migrated once.

// A helper that cannot go on fails its test.
#![allow(clippy::unwrap_used)]

mod access;
mod binary;
mod errors;
mod harness;
mod headers;
mod health;
mod openapi;
mod pages;
mod posts;
mod startup;
mod users;
mod versions;
