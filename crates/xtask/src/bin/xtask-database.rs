//! The same command line with a database driver in it: what `xtask` hands its database commands to.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::run()
}
