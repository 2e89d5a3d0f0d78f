//! `migrate`: what is pending is applied, after a look at what is there.

mod backup;
mod drift;
mod plan;
mod report;

use std::process::ExitCode;
use std::time::Duration;

use migrator::{Entry, Event, Migrations, Migrator, Server, Target};

pub(crate) use backup::Error as BackupError;
pub(crate) use drift::Error as DriftError;

use super::connection::{self, Role};
use super::{block_on, ledger};
use crate::cli::MigrateArgs;
use crate::config::{Config, OutOfOrder};
use crate::error::Error;
use crate::folder::Folder;
use crate::output::{self, YELLOW, paint};

/// A migrator for the workspace's folder and the database that flags and environment name.
pub(crate) fn migrator(url: Option<&str>, config: &Config) -> Result<Migrator, Error> {
    // Opening the folder finishes what an interrupted `generate` left.
    Folder::open(&config.out, &config.file())?;
    let migrations = Migrations::from_folder(&config.out)?;
    let url = connection::url(url, Role::Migration, config)?;
    Ok(Migrator::from_url(migrations, &url)?.ledger(ledger(config)))
}

/// Applies what is pending, and tells of each migration as it is applied.
pub(crate) fn run(args: &MigrateArgs, config: &Config) -> Result<ExitCode, Error> {
    match apply(args, config) {
        Err(error) if args.json => Ok(report::print_error(&error)),
        done => done,
    }
}

fn apply(args: &MigrateArgs, config: &Config) -> Result<ExitCode, Error> {
    let url = connection::url(args.database.url.as_deref(), Role::Migration, config)?;
    let (migrator, last) = configured(args, &url, config)?;
    if let Some(tag) = &args.restart {
        block_on(migrator.restart(tag))??;
        output::note(format!("{} {tag} runs from its beginning", paint(YELLOW, "note:")));
    }
    // What a run refuses comes before anything that takes time.
    let mut pending = block_on(migrator.pending())??;
    pending.retain(|migration| last.as_ref().is_none_or(|last| migration.idx() <= last.idx));
    if args.plan {
        return plan::print(&pending, last.as_ref(), args.json);
    }
    if !pending.is_empty() {
        drift::before(&url, &block_on(migrator.status())??, config)?;
        if let Some(folder) = &args.backup {
            backup::write(folder, &Server::from_url(&url)?)?;
        }
    }
    match block_on(migrator.run())? {
        Ok(done) => {
            report::print(&done, last.as_ref(), args.json);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Err(drift::explain(error, &url, config)),
    }
}

/// The migrator as the flags have it, and the last migration that it applies, if that is not the newest.
fn configured(args: &MigrateArgs, url: &str, config: &Config) -> Result<(Migrator, Option<Entry>), Error> {
    let mut migrator = migrator(Some(url), config)?;
    let last = match &args.to {
        None => None,
        Some(tag) => Some(Folder::open(&config.out, &config.file())?.entry(tag)?.clone()),
    };
    if let Some(last) = &last {
        migrator = migrator.target(Target::Version(i64::from(last.idx)));
    }
    migrator = migrator.allow_out_of_order(args.allow_out_of_order || config.out_of_order == OutOfOrder::Allow);
    migrator = migrator.single_transaction(args.single_transaction);
    if let Some(seconds) = args.lock_wait {
        migrator = migrator.lock_wait(Duration::from_secs(seconds));
    }
    if let Some(seconds) = args.lock_timeout {
        migrator = migrator.lock_timeout(Duration::from_secs(seconds));
    }
    if let Some(seconds) = args.statement_timeout {
        migrator = migrator.statement_timeout(Duration::from_secs(seconds));
    }
    Ok((if args.json { migrator } else { migrator.on_event(tell) }, last))
}

/// Shows what happens as it happens.
fn tell(event: &Event<'_>) {
    match event {
        Event::Begun { tag } if output::is_interactive() => output::note(paint(output::DIM, format!("applying {tag}"))),
        Event::Retrying { tag, pause } => output::note(format!(
            "{} {tag} waited for a lock in vain and was rolled back; trying again in {} ms",
            paint(YELLOW, "note:"),
            pause.as_millis()
        )),
        Event::Applied(applied) => report::print_applied(applied),
        _ => {}
    }
}
