//! `resolve`: the ledger is made to say what a person knows to be true.

use std::process::ExitCode;

use migrator::Resolution;

use super::{block_on, migrate};
use crate::cli::ResolveArgs;
use crate::config::Config;
use crate::error::Error;
use crate::folder::Folder;
use crate::output::{self, GREEN, paint};

/// Mends one row.
pub(crate) fn run(args: &ResolveArgs, config: &Config) -> Result<ExitCode, Error> {
    let folder = Folder::open(&config.out, &config.file())?;
    let (tag, resolution) = args.resolution();
    let tag = &folder.entry(tag)?.tag;
    let migrator = migrate::migrator(args.database.url.as_deref(), config)?;
    block_on(migrator.resolve(tag, resolution))??;
    let said = match resolution {
        Resolution::Applied => "is recorded as applied; none of its statements was run",
        Resolution::Unapplied => "is recorded no more, and pending; nothing that it made was taken back",
        Resolution::Rehash => "is recorded with its file as it is now",
    };
    output::line(format!("{} {tag} {said}", paint(GREEN, "resolved")));
    Ok(ExitCode::SUCCESS)
}
