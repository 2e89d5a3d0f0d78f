//! `export` of a database.

use std::process::ExitCode;

use kit::introspect::read;

use super::{block_on, compare, diff, left_alone};
use crate::cli::ExportArgs;
use crate::commands::export::print;
use crate::error::Error;
use crate::source::DatabaseSource;

/// Prints what is in a database.
pub(crate) fn run(args: &ExportArgs, from: DatabaseSource) -> Result<ExitCode, Error> {
    let config = crate::config()?;
    let server = diff::server(&from, &config)?;
    let filter = compare::everything(&config)?;
    let introspected = block_on(async {
        let mut client = server.client("export").await?;
        Ok::<_, Error>(read(&mut client, &filter).await?)
    })??;
    left_alone::note("left alone", &left_alone::by_kind(&introspected.not_modelled));
    print(args, &introspected.schema)
}
