//! A database, its catalog as text, rows to be kept, and the check that uses them.

mod case;
mod database;
mod roles;
mod rows;

pub(crate) use case::{Case, Failure};
pub(crate) use database::Database;
