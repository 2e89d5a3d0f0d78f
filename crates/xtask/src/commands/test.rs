use std::process::ExitCode;

use super::process;
use crate::cli::TestArgs;
use crate::config::Config;
use crate::error::Error;

/// The crate whose derives have two expansions, and the features of the lean one.
const LEAN: [&str; 5] = ["test", "--package", "schema", "--features", "derive,chrono,uuid,rust_decimal"];

/// Runs `cargo test` over the workspace, and once more over what the features of a whole workspace
/// hide. Tests find or start their own server; those that need a peer from npm are ignored unless
/// asked for.
pub(crate) fn run(args: &TestArgs, config: &Config) -> Result<ExitCode, Error> {
    let workspace = cargo_test(&["test", "--workspace", "--all-features", "--no-fail-fast"], args, config)?;
    let lean = cargo_test(&LEAN, args, config)?;
    Ok(if workspace == ExitCode::SUCCESS { lean } else { workspace })
}

fn cargo_test(command: &[&str], args: &TestArgs, config: &Config) -> Result<ExitCode, process::Error> {
    let mut cargo = process::cargo();
    cargo.args(command).current_dir(&config.root);
    cargo.arg("--").args(args.peers.then_some("--include-ignored")).args(&args.args);
    process::run(&mut cargo)
}
