//! Other programs that a command runs.

use std::io;
use std::process::{Command, ExitCode};

/// Why a program could not be run to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot run {program}")]
    Start {
        program: String,
        #[source]
        source: io::Error,
    },
}

/// `cargo`, the one that runs this program where it does.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a program with this one's terminal, and gives its exit code on.
pub(crate) fn run(command: &mut Command) -> Result<ExitCode, Error> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|source| Error::Start { program, source })?;
    Ok(status.code().map_or(ExitCode::FAILURE, |code| ExitCode::from(u8::try_from(code).unwrap_or(1))))
}

/// Becomes the program, so that a signal reaches it and its end is this one's. Where the system has
/// no such thing, runs it.
pub(crate) fn become_program(command: &mut Command) -> Result<ExitCode, Error> {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        let program = command.get_program().to_string_lossy().into_owned();
        Err(Error::Start { program, source: command.exec() })
    }
    #[cfg(not(unix))]
    run(command)
}
