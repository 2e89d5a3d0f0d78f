use std::process::ExitCode;

use kit::Migration;

use crate::cli::DiffArgs;
use crate::error::Error;
use crate::{hints, output, source};

/// Prints the SQL from one schema to another. What no flag names as renamed is dropped and created.
pub(crate) fn run(args: &DiffArgs) -> Result<ExitCode, Error> {
    let answers = hints::read(&args.answers)?.create_the_rest();
    let previous = source::schema(&args.from, crate::config)?;
    let next = source::schema(&args.to, crate::config)?;
    let resolved = kit::rename::resolve(&previous, &next, &answers);
    if let Some(answer) = resolved.unused.first() {
        return Err(hints::Error::Unused { answer: answer.clone() }.into());
    }
    let migration = Migration::new(kit::plan::plan(&resolved, &next));
    if !migration.is_empty() {
        output::line(migration.file(true).trim_end());
    }
    Ok(ExitCode::SUCCESS)
}
