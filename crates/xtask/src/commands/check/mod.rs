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
use crate::folder::{self, Folder};

/// Runs every check and reports on all of them: one that fails does not hide the next.
pub(crate) fn run(args: &CheckArgs, config: &Config) -> Result<ExitCode, Error> {
    #[cfg(not(feature = "database"))]
    if !args.offline {
        return super::hand_on::run(super::hand_on::Binary::Database);
    }
    let files = files::check(config)?;
    let folder = Folder::open(&config.out, &config.file()).ok().filter(|_| files.is_ok());
    let checks: Vec<Check> = match folder {
        None => {
            let skipped = |name| Check::new(name, State::NotChecked("the files come first".to_owned()));
            let database = (!args.offline).then(|| skipped("database"));
            [Some(files), Some(skipped("code")), database].into_iter().flatten().collect()
        }
        Some(folder) => {
            let Read { newest, code, database } = read(args, &folder, config);
            let code = code?;
            let of_code = code::check(&folder, newest?.as_ref(), &code);
            let of_database = database.map(|read| read?.check(code, config)).transpose()?;
            [Some(files), Some(of_code), of_database].into_iter().flatten().collect()
        }
    };
    match args.report.format() {
        ReportFormat::Text => report::print_text(&checks),
        ReportFormat::Json => report::print_json(&checks),
        ReportFormat::Github => report::print_github(&checks, config),
    }
    let differs = checks.iter().any(|check| !check.is_ok());
    Ok(if differs { ExitCode::from(DIFFERS) } else { ExitCode::SUCCESS })
}

/// What is compared with one another.
struct Read {
    newest: Result<Option<Snapshot>, folder::Error>,
    code: Result<Schema, declared::Error>,
    /// None where it is not asked for.
    database: Option<Result<Database, Error>>,
}

/// Reads the folder and the database while the compiler works out the schema in code.
fn read(args: &CheckArgs, folder: &Folder, config: &Config) -> Read {
    std::thread::scope(|scope| {
        let code = scope.spawn(|| declared::schema(config));
        let newest = folder.newest_snapshot();
        let database = database(args, folder, config);
        let code = code.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Read { newest, code, database }
    })
}

#[cfg(feature = "database")]
fn database(args: &CheckArgs, folder: &Folder, config: &Config) -> Option<Result<Database, Error>> {
    (!args.offline).then(|| Database::read(args.url.as_deref(), folder, config))
}

/// Another binary has it, and checks what is to be checked of one.
#[cfg(not(feature = "database"))]
fn database(_args: &CheckArgs, _folder: &Folder, _config: &Config) -> Option<Result<Database, Error>> {
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
