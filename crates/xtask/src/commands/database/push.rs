//! `push`: the database becomes what the code says, without a migration.

use std::process::ExitCode;

use kit::Migration;
use migrator::Server;

use super::compare::compare;
use super::connection::{self, Role};
use super::consent::agree;
use super::environment::{Environment, refuse_production};
use super::{block_on, execute, migrate};
use crate::cli::PushArgs;
use crate::commands::{refuse, show};
use crate::config::Config;
use crate::output::{self, GREEN, paint};
use crate::{declared, hints};

const COMMAND: &str = "push";

/// Why nothing was pushed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "the ledger has {applied} applied {}, and a push is not recorded: every other database would miss it. \
         `cargo xtask generate` and `cargo xtask migrate` bring it to all of them; --ignore-ledger pushes nevertheless",
        if *applied == 1 { "migration" } else { "migrations" }
    )]
    Ledger { applied: usize },
}

/// Shows what would be done, has each kind of loss agreed to, and does it.
pub(crate) fn run(args: &PushArgs, config: &Config) -> Result<ExitCode, crate::Error> {
    let code = declared::schema(config)?;
    let url = connection::url(args.database.url.as_deref(), Role::Migration, config)?;
    let server = Server::from_url(&url)?;
    refuse_production(&server, block_on(Environment::of(&server))??, COMMAND)?;
    if !args.ignore_ledger {
        refuse_ledger(&url, config)?;
    }
    let compared = block_on(compare(&server, code, config))??;
    compared.note_the_rest();
    let resolved = hints::settle(&compared.found, &compared.given, hints::read(&args.answers)?)?;
    refuse(&resolved.previous, &compared.given)?;
    let next = execute::in_one_transaction(&compared.given);
    let migration = Migration::new(kit::plan::plan(&resolved, &next));
    if migration.is_empty() {
        output::line("Nothing to push: the database is what the code says.");
        return Ok(ExitCode::SUCCESS);
    }
    show::steps(&migration);
    output::line("");
    output::line(show::summary(&migration));
    if args.dry_run {
        output::line("Nothing was changed (--dry-run).");
        return Ok(ExitCode::SUCCESS);
    }
    let must_confirm = (config.strict && !args.yes).then_some("drizzle.toml has strict = true");
    agree(migration.losses(), &args.allow_loss, must_confirm)?;
    block_on(execute::run(&server, COMMAND, &migration.statements()))??;
    let target = server.target();
    output::line(format!("{} to {target}", paint(GREEN, "pushed")));
    output::line("It is not recorded: other databases get it from a migration (`cargo xtask generate`).");
    Ok(ExitCode::SUCCESS)
}

fn refuse_ledger(url: &str, config: &Config) -> Result<(), crate::Error> {
    let status = block_on(migrate::migrator(Some(url), config)?.status())??;
    match status.applied().count() + status.unknown.len() {
        0 => Ok(()),
        applied => Err(Error::Ledger { applied }.into()),
    }
}
