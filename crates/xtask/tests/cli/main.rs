//! The command line as a person or a program runs it: output, exit codes, and what is left behind.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/mod.rs"]
mod support;

mod agree;
mod back;
mod bad_input;
mod diff;
mod diff_database;
mod errors;
mod generate;
// [init]
mod init;
// [/init]
mod lint;
mod migrate;
mod objects;
mod prove;
mod pull;
mod rebase;
mod squash;
mod studio;
