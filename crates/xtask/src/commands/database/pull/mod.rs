//! `pull` of a database.

mod explained;
mod init;
mod report;
mod restored;
mod verify;

use std::process::ExitCode;

use kit::introspect::read;
use migrator::Server;

use super::connection::{self, Role};
use super::{block_on, compare, left_alone};
use crate::cli::PullArgs;
use crate::commands::pull::{self, Target};
use crate::config::Config;
use crate::error::Error;
use crate::output;

/// What the sessions are for, as the server shows them.
const PURPOSE: &str = "pull";

/// Writes the code of a database; with `--init` the first migration too, and with `--verify` a report alone.
pub(crate) fn run(args: &PullArgs, config: &Config) -> Result<ExitCode, Error> {
    let url = connection::url(args.database.url.as_deref(), Role::Migration, config)?;
    let server = Server::from_url(&url)?;
    let filter = compare::everything(config)?;
    if args.verify {
        return verify::run(&server, &filter, args.strict);
    }
    if args.init {
        init::refuse_a_history(config)?;
    }
    let introspected = block_on(async {
        let mut client = server.client(PURPOSE).await?;
        Ok::<_, Error>(read(&mut client, &filter).await?)
    })??;
    left_alone::note("left alone", &left_alone::by_kind(&introspected.not_modelled));
    if args.strict && !introspected.not_modelled.is_empty() {
        return Err(pull::Error::Strict.into());
    }
    output::note(format!("read {}", report::count(&introspected.schema)));
    pull::write(&introspected.schema, &Target::new(args, config), config)?;
    if args.init {
        init::run(&introspected.schema, args.database.url.as_deref(), config)?;
    }
    Ok(ExitCode::SUCCESS)
}
