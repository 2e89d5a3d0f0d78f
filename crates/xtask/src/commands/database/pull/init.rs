//! `pull --init`: what was read as the first migration, recorded as applied in the database that has it already.

use kit::Migration;
use kit::rename::{Answers, resolve};
use migrator::Target;
use schema::Schema;

use super::block_on;
use crate::commands::database::migrate;
use crate::commands::{generate, pull};
use crate::config::Config;
use crate::error::Error;
use crate::folder::Folder;
use crate::output::{self, GREEN, paint};

/// Refuses where there are migrations already.
pub(super) fn refuse_a_history(config: &Config) -> Result<(), Error> {
    let folder = Folder::open(&config.out, &config.file())?;
    match folder.journal().entries().len() {
        0 => Ok(()),
        count => Err(pull::Error::NotFirst { folder: config.relative(&config.out).to_owned(), count }.into()),
    }
}

/// Writes the migration, and records it.
pub(super) fn run(schema: &Schema, url: Option<&str>, config: &Config) -> Result<(), Error> {
    let empty = Schema::default();
    let resolved = resolve(&empty, schema, &Answers::default());
    let migration = Migration::new(kit::plan::plan(&resolved, schema));
    if migration.is_empty() {
        return Err(pull::Error::Nothing.into());
    }
    let mut folder = Folder::open(&config.out, &config.file())?;
    let sql = migration.file(config.breakpoints);
    let tag = generate::add(&mut folder, "init", sql, schema.clone(), config.breakpoints, config)?;
    let path = config.out.join(format!("{tag}.sql"));
    output::line(format!("{} {}", paint(GREEN, "wrote"), config.relative(&path).display()));
    // The database has it already: the run is only told.
    let migrator = migrate::migrator(url, config)?.target(Target::Fake);
    for applied in block_on(migrator.run())??.applied {
        output::line(format!("{} {} as applied", paint(GREEN, "recorded"), applied.tag));
    }
    Ok(())
}
