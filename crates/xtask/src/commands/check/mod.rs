//! `check`: do the files, the code and the database agree?

mod code;
mod files;
pub(crate) mod report;

use std::process::ExitCode;

use report::{Check, State};
use schema::{Schema, Snapshot};

#[cfg(feature = "database")]
use super::database::CheckedDatabase as Database;
use crate::cli::{CheckArgs, ReportFormat};
use crate::config::Config;
use crate::declared;
use crate::error::{DIFFERS, Error};
use crate::folder::Folder;

/// Runs every check and reports on all of them: one that fails does not hide the next.
pub(crate) fn run(args: &CheckArgs, config: &Config) -> Result<ExitCode, Error> {
    #[cfg(not(feature = "database"))]
    if !args.offline {
        return super::hand_on::run(super::hand_on::Binary::Database);
    }
    let checks = match Folder::open(&config.out, &config.file()) {
        Ok(folder) => of_folder(args, &folder, config)?,
        Err(error) => without_folder(files::check(Err(&error), config)?.0, args),
    };
    match args.report.format() {
        ReportFormat::Text => report::print_text(&checks),
        ReportFormat::Json => report::print_json(&checks),
        ReportFormat::Github => report::print_github(&checks, config),
    }
    let differs = checks.iter().any(|check| !check.is_ok());
    Ok(if differs { ExitCode::from(DIFFERS) } else { ExitCode::SUCCESS })
}

/// The checks, where the files are not what the others could stand on.
fn without_folder(files: Check, args: &CheckArgs) -> Vec<Check> {
    let skipped = |name| Check::new(name, State::NotChecked("the files come first".to_owned()));
    let database = (!args.offline).then(|| skipped("database"));
    [Some(files), Some(skipped("code")), database].into_iter().flatten().collect()
}

/// Reads the folder and the database while the compiler works out the schema in code, and compares them.
fn of_folder(args: &CheckArgs, folder: &Folder, config: &Config) -> Result<Vec<Check>, Error> {
    let (code, read) = std::thread::scope(|scope| {
        let code = scope.spawn(|| declared::schema(config));
        let read = read(args, folder, config);
        (code.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), read)
    });
    let Read { files, newest, database } = read?;
    if !files.is_ok() {
        return Ok(without_folder(files, args));
    }
    let code = code?;
    let of_code = code::check(newest.as_ref(), &code);
    let of_database = database.map(|read| read?.check(code, config)).transpose()?;
    Ok([Some(files), Some(of_code), of_database].into_iter().flatten().collect())
}

/// What the code is compared with.
struct Read {
    files: Check,
    newest: Option<Newest>,
    /// None where it is not asked for, or the files come first.
    database: Option<Result<Database, Error>>,
}

/// What the newest migration makes. It is read once: of a large schema that takes long.
pub(crate) struct Newest {
    pub(crate) tag: String,
    pub(crate) schema: Schema,
}

fn read(args: &CheckArgs, folder: &Folder, config: &Config) -> Result<Read, Error> {
    let (files, snapshot) = files::check(Ok(folder), config)?;
    let newest = match (snapshot, folder.journal().entries().last()) {
        (Some(Snapshot { schema, .. }), Some(entry)) => {
            let objects = folder.objects_of(entry)?;
            Some(Newest { tag: entry.tag.clone(), schema: Schema { objects, ..schema } })
        }
        _ => None,
    };
    let database = if files.is_ok() { database(args, newest.as_ref(), folder, config) } else { None };
    Ok(Read { files, newest, database })
}

#[cfg(feature = "database")]
fn database(
    args: &CheckArgs,
    newest: Option<&Newest>,
    folder: &Folder,
    config: &Config,
) -> Option<Result<Database, Error>> {
    (!args.offline).then(|| Database::read(args.url.as_deref(), newest, folder, config))
}

/// Another binary has it, and checks what is to be checked of one.
#[cfg(not(feature = "database"))]
fn database(
    _args: &CheckArgs,
    _newest: Option<&Newest>,
    _folder: &Folder,
    _config: &Config,
) -> Option<Result<Database, Error>> {
    None
}

#[cfg(not(feature = "database"))]
enum Database {}

#[cfg(not(feature = "database"))]
impl Database {
    fn check(self, _code: Schema, _config: &Config) -> Result<Check, Error> {
        match self {}
    }
}
