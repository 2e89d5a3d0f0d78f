//! `check`: do the files, the code and the database agree?

mod code;
mod files;
pub(crate) mod report;

use std::process::ExitCode;

use report::{Check, State};
use schema::Schema;

use crate::cli::{CheckArgs, ReportFormat};
use crate::config::Config;
use crate::error::{DIFFERS, Error};
use crate::folder::Folder;

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
            let newest = folder.newest_snapshot()?;
            let code = crate::declared::schema(config)?;
            let of_code = code::check(&folder, newest.as_ref(), &code);
            [Some(files), Some(of_code), database(args, &folder, code, config)?].into_iter().flatten().collect()
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

/// The check of the database, if it is asked for.
#[cfg(feature = "database")]
fn database(args: &CheckArgs, folder: &Folder, code: Schema, config: &Config) -> Result<Option<Check>, Error> {
    if args.offline {
        return Ok(None);
    }
    super::database::check(args.url.as_deref(), folder, code, config).map(Some)
}

#[cfg(not(feature = "database"))]
fn database(_args: &CheckArgs, _folder: &Folder, _code: Schema, _config: &Config) -> Result<Option<Check>, Error> {
    Ok(None)
}
