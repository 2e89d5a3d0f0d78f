//! Measurements that README and notes may quote: each prints the command's own time beside a
//! peer's, taken in turns in one run, since a ratio holds on a machine that others use as well.

mod build;
#[cfg(feature = "database")]
mod check;
mod edit_loop;
mod peer;
mod project;
mod timing;

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::cli::BenchCommand;
use crate::config::Config;

/// Why a measurement did not take place.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot {operation} {}", path.display())]
    Io {
        operation: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot run {program}; it must be on the PATH")]
    Start {
        program: String,
        #[source]
        source: io::Error,
    },
    #[error("{program} failed:\n{output}")]
    Failed { program: String, output: String },
    #[error("{program} wrote no migration for the edit; its output was:\n{output}")]
    NoMigration { program: String, output: String },
    #[cfg(feature = "database")]
    #[error("no database to measure on")]
    Database(#[source] devdb::Error),
}

pub(crate) fn run(command: &BenchCommand, config: &Config) -> Result<ExitCode, crate::Error> {
    match command {
        BenchCommand::Loop(args) => edit_loop::run(args, config)?,
        BenchCommand::Build => build::run(config)?,
        BenchCommand::Diff => return package_bench(&KIT, "diff", None, config),
        BenchCommand::Introspect(args) => {
            let target = config.root.join("target/bench");
            let peer = args.peers.then(|| peer::install(&target)).transpose()?;
            return package_bench(&KIT, "introspect", peer.as_deref(), config);
        }
        #[cfg(feature = "database")]
        BenchCommand::Check(args) => check::run(args, config)?,
        #[cfg(not(feature = "database"))]
        BenchCommand::Check(_) => return super::hand_on::run(super::hand_on::Binary::Database),
        BenchCommand::Migrate => {
            let peer = peer::install(&config.root.join("target/bench"))?;
            return package_bench(&API, "migrate", Some(&peer), config);
        }
        BenchCommand::Api => return package_bench(&API, "http", None, config),
        BenchCommand::Studio => return package_bench(&STUDIO, "pages", None, config),
    }
    Ok(ExitCode::SUCCESS)
}

/// The toolkit, with what reads a database.
const KIT: [&str; 3] = ["--package", "kit", "--all-features"];

/// The service, as it is built by default.
const API: [&str; 2] = ["--package", "api"];

const STUDIO: [&str; 2] = ["--package", "studio"];

/// A benchmark of a package that prints for itself; beside drizzle-kit, where its folder is given.
fn package_bench(package: &[&str], name: &str, peer: Option<&Path>, config: &Config) -> Result<ExitCode, crate::Error> {
    let mut cargo = super::process::cargo();
    cargo.arg("bench").args(package).args(["--bench", name]).current_dir(&config.root);
    if let Some(folder) = peer {
        cargo.args(["--", "--peer"]).arg(folder);
    }
    Ok(super::process::become_program(&mut cargo)?)
}

/// What the alias `cargo xtask` stands for, on another project.
fn cargo_xtask(config: &Config, project: &Path, arguments: &[&str]) -> Command {
    let mut cargo = super::process::cargo();
    cargo.args(["run", "--quiet", "--package", "xtask", "--manifest-path"]).arg(config.root.join("Cargo.toml"));
    cargo.arg("--").args(arguments).current_dir(project);
    cargo
}

/// Runs a program to its end and gives what it printed.
fn output(command: &mut Command) -> Result<String, Error> {
    let program = command.get_program().to_string_lossy().into_owned();
    let result = command.output().map_err(|source| Error::Start { program: program.clone(), source })?;
    let output = format!("{}{}", String::from_utf8_lossy(&result.stdout), String::from_utf8_lossy(&result.stderr));
    if result.status.success() { Ok(output) } else { Err(Error::Failed { program, output }) }
}

fn io(operation: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
    let path = path.into();
    move |source| Error::Io { operation, path, source }
}
