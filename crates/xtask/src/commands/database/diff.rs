//! `diff` where a database is one of the two.

use std::process::ExitCode;

use migrator::Server;

use super::block_on;
use super::compare::{Compared, compare, whole};
use super::connection::{self, Role};
use crate::cli::DiffArgs;
use crate::commands::diff::print;
use crate::config::Config;
use crate::error::Error;
use crate::source::{DatabaseSource, FileSource, Source};

/// Prints the SQL between two schemas of which at least one is a database's.
pub(crate) fn run(args: &DiffArgs, from: Source, to: Source) -> Result<ExitCode, Error> {
    let config = crate::config()?;
    let (previous, next) = match (from, to) {
        (Source::Database(from), Source::Database(to)) => {
            let (from, to) = (server(&from, &config)?, server(&to, &config)?);
            block_on(async { Ok::<_, Error>((whole(&from, &config).await?, whole(&to, &config).await?)) })??
        }
        (Source::Database(from), Source::File(to)) => {
            let Compared { found, given, .. } = beside(&from, &to, &config)?;
            (found, given)
        }
        (Source::File(from), Source::Database(to)) => {
            let Compared { found, given, .. } = beside(&to, &from, &config)?;
            (given, found)
        }
        (Source::File(from), Source::File(to)) => (from.schema(crate::config)?, to.schema(crate::config)?),
    };
    print(args, &previous, &next)
}

/// The database beside what is no database. All of it is beside nothing.
fn beside(database: &DatabaseSource, other: &FileSource, config: &Config) -> Result<Compared, Error> {
    let (server, given) = (server(database, config)?, other.schema(crate::config)?);
    if matches!(other, FileSource::Empty) {
        let found = block_on(whole(&server, config))??;
        return Ok(Compared { found, given, not_compared: Vec::new(), left_alone: Vec::new() });
    }
    let compared = block_on(compare(&server, given, config))??;
    compared.note_the_rest();
    Ok(compared)
}

pub(super) fn server(source: &DatabaseSource, config: &Config) -> Result<Server, Error> {
    let url = match source {
        DatabaseSource::Configured => connection::url(None, Role::Migration, config)?,
        DatabaseSource::Url(url) => url.clone(),
    };
    Ok(Server::from_url(&url)?)
}
