use std::process::ExitCode;

use schema::snapshot::ORIGIN_ID;
use schema::{Schema, Snapshot};

use super::database;
use crate::cli::{ExportArgs, ExportFormat};
use crate::error::Error;
use crate::output;
use crate::source::Source;

/// Prints a schema in another language.
pub(crate) fn run(args: &ExportArgs) -> Result<ExitCode, Error> {
    match Source::parse(&args.from) {
        Source::File(from) => print(args, &from.schema(crate::config)?),
        Source::Database(from) => database::export(args, from),
    }
}

/// Prints it on stdout, and nothing else.
pub(super) fn print(args: &ExportArgs, schema: &Schema) -> Result<ExitCode, Error> {
    let text = match args.format {
        ExportFormat::Sql => {
            super::refuse(&Schema::default(), schema)?;
            sql(schema)
        }
        ExportFormat::Json => json(schema),
        ExportFormat::Dbml => kit::export::dbml(schema),
        ExportFormat::Mermaid => kit::export::mermaid(schema),
    };
    if !text.is_empty() {
        output::line(text.trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

/// The statements from nothing, a line's end after each, as drizzle-kit prints them.
fn sql(schema: &Schema) -> String {
    let resolved = kit::rename::resolve(&Schema::default(), schema, &kit::rename::Answers::default());
    kit::Migration::new(kit::plan::plan(&resolved, schema)).file(false)
}

/// The snapshot as a file has it, and behind it the objects, if there are any.
fn json(schema: &Schema) -> String {
    let mut text = Snapshot::new(ORIGIN_ID, ORIGIN_ID, schema.clone()).to_json();
    if !schema.objects.is_empty() {
        text.push('\n');
        text.push_str(&schema.objects.to_json());
    }
    text
}
