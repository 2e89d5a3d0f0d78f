//! The command line of this workspace: `cargo xtask COMMAND`.
//!
//! The only crate that reads flags, asks questions, prints and writes files. What a command works
//! out is done by `schema`, `kit`, `migrator` and `devdb`; here it is brought together.
//!
//! Three binaries are made of it. `xtask` is built in seconds. What takes longer to build is handed
//! on to another when it is first called: a command that needs a database driver to `xtask-database`,
//! `lint` with its parser to `xtask-lint`.

mod cli;
mod commands;
mod config;
mod declared;
mod error;
mod folder;
mod hints;
mod output;
mod source;

use std::process::ExitCode;

use clap::Parser as _;
use cli::{Cli, Command};
use config::Config;
use error::Error;

/// Reads the arguments of the process, runs the command and reports its errors.
pub fn run() -> ExitCode {
    match dispatch(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => error.report(),
    }
}

/// Reads the text of a hints file, as `--hints` does: for the fuzz target.
#[doc(hidden)]
pub fn read_hints(text: &str) -> Result<kit::rename::Answers, Box<dyn std::error::Error>> {
    Ok(hints::parse(text)?)
}

fn dispatch(command: Command) -> Result<ExitCode, Error> {
    match command {
        Command::Generate(args) => commands::generate::run(&args, &config()?),
        Command::Pull(args) => commands::pull::run(&args, &config()?),
        Command::Export(args) => commands::export::run(&args),
        Command::Diff(args) => commands::diff::run(&args),
        Command::Check(args) => commands::check::run(&args, &config()?),
        Command::Lint(args) => commands::lint::run(&args, &config()?),
        Command::Up => commands::up::run(&config()?),
        Command::Init(args) => commands::init::run(&args, &config()?),
        Command::Test(args) => commands::test::run(&args, &config()?),
        Command::Bench(command) => commands::bench::run(&command, &config()?),
        Command::Database(command) => commands::database::run(&command, &config()?),
    }
}

/// The settings of the workspace that the command runs in.
fn config() -> Result<Config, Error> {
    let folder = std::env::current_dir().unwrap_or_default();
    Ok(Config::find(&folder)?)
}
