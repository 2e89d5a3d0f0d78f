//! A database, its catalog as text, rows to be kept, and the check that uses them.

mod case;
mod database;
mod roles;
mod rows;
mod server;

pub(crate) use case::{Case, Failure, Report};
pub(crate) use database::Database;
