//! `baseline`: records migrations as applied on a database that has what they make.

use std::process::ExitCode;

use kit::difference::{Difference, differences};
use migrator::{Server, Target};
use schema::Schema;

use super::compare::compare;
use super::connection::{self, Role};
use super::{block_on, migrate};
use crate::cli::BaselineArgs;
use crate::config::Config;
use crate::error::{DIFFERS, Error};
use crate::folder::{self, Folder};
use crate::output::{self, GREEN, RED, paint};

/// Compares the database with what the migration makes, and records it and those before it.
pub(crate) fn run(args: &BaselineArgs, config: &Config) -> Result<ExitCode, Error> {
    let folder = Folder::open(&config.out, &config.file())?;
    let newest = folder.journal().entries().last().ok_or(folder::Error::Empty)?;
    let entry = args.to.as_deref().map_or(Ok(newest), |tag| folder.entry(tag))?;
    let url = connection::url(args.database.url.as_deref(), Role::Migration, config)?;
    let server = Server::from_url(&url)?;
    let compared = block_on(compare(&server, folder.snapshot_of(&entry.tag)?.schema, config))??;
    compared.note_the_rest();
    let found = differences(&compared.found, &compared.given);
    if !found.is_empty() {
        report(&found, &entry.tag);
        match fitting(&folder, &server, &compared.found, &entry.tag, config)? {
            Some(tag) => output::line(format!("It is what {tag} makes: `cargo xtask baseline --to {tag}`.")),
            None => output::line(format!(
                "next: `cargo xtask diff --from db --to {}` prints what would make it so",
                entry.tag
            )),
        }
        return Ok(ExitCode::from(DIFFERS));
    }
    let migrator = migrate::migrator(Some(&url), config)?.target(Target::FakeVersion(i64::from(entry.idx)));
    let report = block_on(migrator.run())??;
    for applied in &report.applied {
        output::line(format!("{} {}", paint(GREEN, "recorded"), applied.tag));
    }
    if report.applied.is_empty() {
        output::line(format!("Nothing to record: the ledger has every migration up to {}.", entry.tag));
    }
    Ok(ExitCode::SUCCESS)
}

fn report(found: &[Difference], tag: &str) {
    output::line(paint(RED, format!("The database is not what {tag} makes; nothing was recorded.")));
    for line in found.iter().flat_map(|difference| difference.lines("the database", tag)) {
        output::line(format!("  {line}"));
    }
}

/// The migration that makes what is in the database, if another than `tag` does. The most similar one is compared.
fn fitting(
    folder: &Folder,
    server: &Server,
    found: &Schema,
    tag: &str,
    config: &Config,
) -> Result<Option<String>, Error> {
    let mut nearest: Option<(usize, &str, Schema)> = None;
    for entry in folder.journal().entries().iter().filter(|entry| entry.tag != tag) {
        let schema = folder.snapshot_of(&entry.tag)?.schema;
        let distance = differences(found, &schema).len();
        if nearest.as_ref().is_none_or(|(least, ..)| distance <= *least) {
            nearest = Some((distance, &entry.tag, schema));
        }
    }
    let Some((_, tag, schema)) = nearest else { return Ok(None) };
    let compared = block_on(compare(server, schema, config))??;
    Ok(differences(&compared.found, &compared.given).is_empty().then(|| tag.to_owned()))
}
