//! Commands that this binary is built without: another is built, and runs them.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{fresh, process};
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

/// The other binary, built where it is not yet or no more what it should be; its arguments come next.
pub(crate) fn command(binary: Binary) -> Command {
    let (feature, what) = match binary {
        Binary::Database => ("database", "the database commands"),
        Binary::Lint => ("lint", "the linter"),
    };
    let name = binary.name();
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = beside(name);
    if let Some((this, other)) = &beside
        && package.ancestors().nth(2).is_some_and(|workspace| fresh::is_fresh(other, this, workspace))
    {
        return Command::new(other);
    }
    let mut cargo = process::cargo();
    cargo.args(["run", "--features", feature, "--bin", name, "--manifest-path"]).arg(package.join("Cargo.toml"));
    if beside.is_some() {
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
    beside(binary.name()).is_some()
}

/// This binary, and another that is there beside it.
fn beside(name: &str) -> Option<(PathBuf, PathBuf)> {
    let this = std::env::current_exe().ok()?;
    let other = this.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    other.exists().then_some((this, other))
}
