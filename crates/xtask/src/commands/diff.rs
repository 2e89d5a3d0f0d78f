use std::process::ExitCode;

use kit::Migration;
use schema::Schema;

use super::database;
use crate::cli::DiffArgs;
use crate::error::Error;
use crate::source::Source;
use crate::{hints, output};

/// Prints the SQL from one schema to another.
pub(crate) fn run(args: &DiffArgs) -> Result<ExitCode, Error> {
    match (Source::parse(&args.from), Source::parse(&args.to)) {
        (Source::File(from), Source::File(to)) => print(args, &from.schema(crate::config)?, &to.schema(crate::config)?),
        (from, to) => database::diff(args, from, to),
    }
}

/// Prints the statements. What no flag names as renamed is dropped and created.
pub(super) fn print(args: &DiffArgs, previous: &Schema, next: &Schema) -> Result<ExitCode, Error> {
    let answers = hints::read(&args.answers)?.create_the_rest();
    let resolved = kit::rename::resolve(previous, next, &answers);
    if let Some(answer) = resolved.unused.first() {
        return Err(hints::Error::Unused { answer: answer.clone() }.into());
    }
    super::refuse(&resolved.previous, next)?;
    let migration = Migration::new(kit::plan::plan(&resolved, next));
    if !migration.is_empty() {
        output::line(migration.file(true).trim_end());
    }
    Ok(ExitCode::SUCCESS)
}
