//! One module a command.

pub(crate) mod bench;
pub(crate) mod check;
#[cfg(feature = "database")]
pub(crate) mod database;
#[cfg(not(feature = "database"))]
pub(crate) mod database {
    //! Database commands, in a binary without a driver.

    use std::process::ExitCode;

    use super::hand_on::{self, Binary};
    use crate::cli::{DatabaseCommand, DiffArgs, ExportArgs, PullArgs};
    use crate::config::Config;
    use crate::error::Error;
    use crate::source::{DatabaseSource, Source};

    pub(crate) fn run(_command: &DatabaseCommand, _config: &Config) -> Result<ExitCode, Error> {
        hand_on::run(Binary::Database)
    }

    /// `pull` of a database.
    pub(crate) fn pull(_args: &PullArgs, _config: &Config) -> Result<ExitCode, Error> {
        hand_on::run(Binary::Database)
    }

    /// `export` of a database.
    pub(crate) fn export(_args: &ExportArgs, _from: DatabaseSource) -> Result<ExitCode, Error> {
        hand_on::run(Binary::Database)
    }

    /// `diff` where a database is one of the two.
    pub(crate) fn diff(_args: &DiffArgs, _from: Source, _to: Source) -> Result<ExitCode, Error> {
        hand_on::run(Binary::Database)
    }
}
pub(crate) mod diff;
pub(crate) mod export;
mod fresh;
pub(crate) mod generate;
mod hand_on;
pub(crate) mod init;
#[cfg(feature = "lint")]
pub(crate) mod lint;
#[cfg(not(feature = "lint"))]
pub(crate) mod lint {
    //! `lint`, in a binary without a parser.

    use std::process::ExitCode;

    use super::hand_on::{self, Binary};
    use crate::cli::LintArgs;
    use crate::config::Config;
    use crate::error::Error;

    pub(crate) fn run(_args: &LintArgs, _config: &Config) -> Result<ExitCode, Error> {
        hand_on::run(Binary::Lint)
    }
}
pub(crate) mod process;
pub(crate) mod pull;
pub(crate) mod show;
pub(crate) mod test;
pub(crate) mod up;

use schema::Schema;

use crate::error::Error;

/// Stops before a change that no statement makes.
fn refuse(previous: &Schema, next: &Schema) -> Result<(), Error> {
    let refusals = kit::refusals(previous, next);
    if refusals.is_empty() { Ok(()) } else { Err(Error::Refused { refusals }) }
}
