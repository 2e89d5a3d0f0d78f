use std::process::ExitCode;

use migrator::{Ledger, Migrations, Migrator};

use super::connection::{self, Role};
use super::{block_on, drift};
use crate::cli::MigrateArgs;
use crate::config::Config;
use crate::error::Error;
use crate::folder::Folder;
use crate::output::{self, GREEN, YELLOW, paint};

/// A migrator for the workspace's folder and the database that flags and environment name.
pub(crate) fn migrator(url: Option<&str>, config: &Config) -> Result<Migrator, Error> {
    // Opening the folder finishes what an interrupted `generate` left.
    Folder::open(&config.out, &config.file())?;
    let migrations = Migrations::from_folder(&config.out)?;
    let url = connection::url(url, Role::Migration, config)?;
    Ok(Migrator::from_url(migrations, &url)?.ledger(Ledger::new(&config.ledger_schema, &config.ledger_table)))
}

/// Applies what is pending, and lists it.
pub(crate) fn run(args: &MigrateArgs, config: &Config) -> Result<ExitCode, Error> {
    let url = connection::url(args.database.url.as_deref(), Role::Migration, config)?;
    let migrator = migrator(Some(&url), config)?;
    if let Some(tag) = &args.restart {
        block_on(migrator.restart(tag))??;
        output::note(format!("{} {tag} runs from its beginning", paint(YELLOW, "note:")));
    }
    drift::before(&url, &block_on(migrator.status())??, config)?;
    let report = block_on(migrator.run())?.map_err(|error| drift::explain(error, &url, config))?;
    for applied in &report.applied {
        let elapsed = applied.elapsed.as_millis();
        output::line(format!("{} {} ({elapsed} ms)", paint(GREEN, "applied"), applied.tag));
    }
    for row in &report.unknown {
        let at = row.created_at.map_or_else(|| "unknown".to_owned(), |at| at.to_string());
        output::note(format!(
            "{} the ledger has a migration that is not in this folder (created_at {at})",
            paint(YELLOW, "note:")
        ));
    }
    if report.applied.is_empty() {
        output::line("Nothing to apply: every migration is in the ledger.");
    }
    Ok(ExitCode::SUCCESS)
}
