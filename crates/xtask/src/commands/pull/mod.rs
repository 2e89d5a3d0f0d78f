//! `pull`: a schema as Rust, from a database or from a snapshot of it.

mod packages;
mod target;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use kit::codegen::{self, Layout};
use schema::Schema;

pub(crate) use self::target::Target;
use crate::cli::PullArgs;
use crate::config::Config;
use crate::folder::{self, Folder};
use crate::output::{self, GREEN, paint};
use crate::source::Source;

/// Why nothing was pulled.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot {operation} {}", path.display())]
    Io {
        operation: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(
        "{} {why}, and would be overwritten; nothing was written. Commit it first, or repeat the command with --force, \
         --out PATH or --stdout",
        path.display()
    )]
    Kept { path: PathBuf, why: &'static str },
    #[cfg(feature = "database")]
    #[error("the model cannot say all of it, see above, and --strict was given; nothing was written")]
    Strict,
    #[cfg(feature = "database")]
    #[error(
        "--init writes the first migration, and {} has {count} already; leave --init away, or let `cargo xtask baseline` \
         record them as applied",
        folder.display()
    )]
    NotFirst { folder: PathBuf, count: usize },
    #[cfg(feature = "database")]
    #[error("the database has nothing that a schema can say: there is no migration to write")]
    Nothing,
    #[error("{} has no migration, and so no snapshot; name a snapshot file, or a folder with a journal", folder.display())]
    NoSnapshot { folder: PathBuf },
}

/// Writes the code of a snapshot, or has that of a database written.
pub(crate) fn run(args: &PullArgs, config: &Config) -> Result<ExitCode, crate::Error> {
    match &args.from {
        Some(from) => {
            let schema = given(from, config)?;
            let target = Target::new(args, config);
            write(&schema, &target, config)?;
            Ok(ExitCode::SUCCESS)
        }
        None => super::database::pull(args, config),
    }
}

/// The schema of a snapshot, of the newest one of a migrations folder, or of whatever else `diff` takes without a
/// database.
fn given(from: &str, config: &Config) -> Result<Schema, crate::Error> {
    let path = PathBuf::from(from);
    if path.is_dir() {
        let newest = Folder::open(&path, &config.file())?.newest_snapshot()?;
        return Ok(newest.ok_or(Error::NoSnapshot { folder: path })?.schema);
    }
    match Source::parse(from) {
        Source::File(source) => source.schema(crate::config),
        Source::Database(_) => Ok(folder::read_schema(&path)?),
    }
}

/// Writes the code of a schema where it belongs, and says what to do next.
pub(crate) fn write(schema: &Schema, target: &Target, config: &Config) -> Result<(), crate::Error> {
    let source = codegen::rust(schema, target.layout());
    let written = target.write(&source.files)?;
    if target.is_stdout() {
        return Ok(());
    }
    for path in &written {
        output::line(format!("{} {}", paint(GREEN, "wrote"), config.relative(path).display()));
    }
    if written.is_empty() {
        output::line("The schema in code is this one already.");
    }
    packages::need(&source.crates, target, config);
    Ok(())
}

/// How the code is laid out.
fn layout(args: &PullArgs) -> Layout {
    if args.file_per_schema { Layout::FilePerSchema } else { Layout::OneFile }
}
