//! Commands that this binary is built without: another is built, and runs them.

use std::path::Path;
use std::process::Command;

use super::process;
use crate::output;

/// Another binary of this package.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    any(feature = "database", feature = "lint"),
    expect(dead_code, reason = "a binary hands on only what it does not have")
)]
pub(crate) enum Binary {
    /// With a database driver.
    Database,
    /// With a parser of SQL.
    Lint,
}

impl Binary {
    fn name(self) -> &'static str {
        match self {
            Binary::Database => "xtask-database",
            Binary::Lint => "xtask-lint",
        }
    }
}

/// Runs this command, with this process's arguments, in the other binary.
#[cfg(not(all(feature = "database", feature = "lint")))]
pub(crate) fn run(binary: Binary) -> Result<std::process::ExitCode, crate::error::Error> {
    let mut cargo = command(binary);
    cargo.args(std::env::args_os().skip(1));
    Ok(process::become_program(&mut cargo)?)
}

/// The other binary, built where it is not yet; its arguments come next.
pub(crate) fn command(binary: Binary) -> Command {
    let (feature, what) = match binary {
        Binary::Database => ("database", "the database commands"),
        Binary::Lint => ("lint", "the linter"),
    };
    let name = binary.name();
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let mut cargo = process::cargo();
    cargo.args(["run", "--features", feature, "--bin", name, "--manifest-path"]).arg(manifest);
    if is_beside(name) {
        cargo.arg("--quiet");
    } else {
        output::note(format!("building {what}, once"));
    }
    cargo.arg("--");
    cargo
}

/// Whether the other binary is there, beside this one.
#[cfg(not(feature = "database"))]
pub(super) fn is_built(binary: Binary) -> bool {
    is_beside(binary.name())
}

fn is_beside(name: &str) -> bool {
    let other = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::current_exe().is_ok_and(|this| this.with_file_name(other).exists())
}
