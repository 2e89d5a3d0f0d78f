//! The same command line with a parser of SQL in it: what `xtask` hands `lint` to.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::run()
}
