//! Prints the schema that the code declares: a line with its Drizzle snapshot, and one with what no snapshot holds:
//! what `cargo xtask` asks for.
//!
//! It shares the module of the tables with the service and nothing else, so that it is built in a
//! moment, also while a handler does not compile.

// The service uses what is declared there; here, declaring is all.
#![allow(dead_code, unreachable_pub, unused_imports)]

use std::io::{self, Write as _};
use std::process::ExitCode;

// The same path as in the service: `crate::db::schema`.
#[path = "../db"]
mod db {
    pub(crate) mod schema;
}

fn main() -> ExitCode {
    match print() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Where nobody reads the output, nobody reads this either; the exit code is left.
            let _ = writeln!(io::stderr(), "error: cannot print the schema: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the schema, or each problem to stderr; tells whether it was the schema.
fn print() -> io::Result<bool> {
    match schema::declared() {
        Ok(schema) => {
            writeln!(io::stdout(), "{}", schema::companion::print(&schema))?;
            Ok(true)
        }
        Err(problems) => {
            for problem in problems {
                writeln!(io::stderr(), "error: {problem}")?;
            }
            Ok(false)
        }
    }
}
