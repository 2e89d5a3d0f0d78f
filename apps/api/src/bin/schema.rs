//! Prints the schema that the code declares, as a Drizzle snapshot: what `cargo xtask` asks for.
//!
//! It shares the module of the tables with the service and nothing else, so that it is built in a
//! moment, also while a handler does not compile.

// The service uses what is declared there; here, declaring is all.
#![allow(dead_code, unreachable_pub, unused_imports)]

use std::io::{self, Write as _};
use std::process::ExitCode;

use schema::Snapshot;
use schema::snapshot::ORIGIN_ID;

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

/// Prints the snapshot, or each problem to stderr; tells whether it was the snapshot.
fn print() -> io::Result<bool> {
    match schema::declared() {
        Ok(schema) => {
            // Its place in the chain of migrations is for the reader to give.
            let snapshot = Snapshot::new(ORIGIN_ID, ORIGIN_ID, schema);
            writeln!(io::stdout(), "{}", snapshot.to_json())?;
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
