//! Database commands, in the binary that has no driver: the other binary is built, and runs them.

use std::path::Path;
use std::process::ExitCode;

use super::process;
use crate::cli::DatabaseCommand;
use crate::config::Config;
use crate::error::Error;
use crate::output;

/// Runs this command, with this process's arguments, in `xtask-database`.
pub(crate) fn run(_command: &DatabaseCommand, _config: &Config) -> Result<ExitCode, Error> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let mut cargo = process::cargo();
    cargo.args(["run", "--features", "database", "--bin", "xtask-database", "--manifest-path"]).arg(manifest);
    if is_built() {
        cargo.arg("--quiet");
    } else {
        output::note("building the database commands, once");
    }
    cargo.arg("--").args(std::env::args_os().skip(1));
    Ok(process::become_program(&mut cargo)?)
}

/// Whether the other binary is there, beside this one.
fn is_built() -> bool {
    let other = format!("xtask-database{}", std::env::consts::EXE_SUFFIX);
    std::env::current_exe().is_ok_and(|this| this.with_file_name(other).exists())
}
