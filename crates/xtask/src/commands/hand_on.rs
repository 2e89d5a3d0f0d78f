//! Database commands, in the binary that has no driver: the other binary is built, and runs them.

use std::path::Path;
use std::process::ExitCode;

use super::process;
use crate::cli::DatabaseCommand;
use crate::config::Config;
use crate::error::Error;

/// Runs this command, with this process's arguments, in `xtask-database`.
pub(crate) fn run(_command: &DatabaseCommand, _config: &Config) -> Result<ExitCode, Error> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let mut cargo = process::cargo();
    cargo.args(["run", "--quiet", "--features", "database", "--bin", "xtask-database", "--manifest-path"]);
    cargo.arg(manifest).arg("--").args(std::env::args_os().skip(1));
    Ok(process::run(&mut cargo)?)
}
