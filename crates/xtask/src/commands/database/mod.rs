//! The commands that work on a database.

mod baseline;
mod check;
mod compare;
mod connection;
mod consent;
mod db;
mod dev;
mod diff;
mod drop_newest;
mod environment;
mod execute;
mod export;
mod left_alone;
mod migrate;
pub(crate) mod prove;
mod pull;
mod push;
mod rebase;
mod reset;
mod resolve;
mod rollback;
mod squash;
mod status;
mod studio;

use std::process::ExitCode;

pub(crate) use check::CheckedDatabase;
pub(crate) use connection::Error as ConnectionError;
pub(crate) use consent::Error as ConsentError;
pub(crate) use diff::run as diff;
pub(crate) use drop_newest::Error as DropError;
pub(crate) use environment::Refusal as EnvironmentRefusal;
pub(crate) use execute::Error as ExecuteError;
pub(crate) use export::run as export;
pub(crate) use migrate::{BackupError, DriftError};
pub(crate) use prove::ScratchError;
pub(crate) use pull::run as pull;
pub(crate) use push::Error as PushError;
pub(crate) use rebase::Error as RebaseError;
pub(crate) use rollback::Error as RollbackError;
pub(crate) use squash::Error as SquashError;
pub(crate) use studio::Error as StudioError;

use migrator::Ledger;

use crate::cli::DatabaseCommand;
use crate::config::Config;
use crate::error::Error;

pub(crate) fn run(command: &DatabaseCommand, config: &Config) -> Result<ExitCode, Error> {
    match command {
        DatabaseCommand::Migrate(args) => migrate::run(args, config),
        DatabaseCommand::Status(args) => status::run(args, config),
        DatabaseCommand::Push(args) => push::run(args, config),
        DatabaseCommand::Baseline(args) => baseline::run(args, config),
        DatabaseCommand::Resolve(args) => resolve::run(args, config),
        DatabaseCommand::Rollback(args) => rollback::run(args, config),
        DatabaseCommand::Rebase(args) => rebase::run(args, config),
        DatabaseCommand::Drop(args) => drop_newest::run(args, config),
        DatabaseCommand::Squash(args) => squash::run(args, config),
        DatabaseCommand::Reset(args) => reset::run(args, config),
        DatabaseCommand::Prove(args) => prove::run(args, config),
        DatabaseCommand::Studio(args) => studio::run(args, config),
        DatabaseCommand::Dev(args) => dev::run(args, config),
        DatabaseCommand::Db(command) => db::run(command, config),
    }
}

/// The ledger that the settings name.
pub(crate) fn ledger(config: &Config) -> Ledger {
    Ledger::new(&config.ledger_schema, &config.ledger_table)
}

/// Runs the asynchronous part of a command.
fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(Error::Runtime)?.block_on(future))
}
