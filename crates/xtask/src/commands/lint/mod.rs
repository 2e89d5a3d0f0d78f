//! `lint`: what in migration files loses data, blocks or breaks running code.

mod files;
mod github;
mod text;

use std::process::ExitCode;

use ::lint::{Finding, Level, Settings};
use files::File;

use crate::cli::{LintArgs, ReportFormat};
use crate::config::{Config, LintLevel};
use crate::output;

pub(crate) use files::Error as FilesError;

/// The exit code where something is found that must not stay.
const FOUND: u8 = 3;

/// Why files were not linted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("drizzle.toml, [lint]: {0}")]
    Settings(::lint::UnknownRule),
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// Lints the files that the arguments name, and prints what is found.
pub(crate) fn run(args: &LintArgs, config: &Config) -> Result<ExitCode, crate::Error> {
    let settings = settings(config).map_err(Error::Settings)?;
    let files = files::select(args, config)?;
    let findings: Vec<(&File, Vec<Finding>)> =
        files.iter().map(|file| (file, ::lint::lint(&file.name, &file.text, &file.history, &settings))).collect();
    match args.report.format() {
        ReportFormat::Text => text::print(&findings),
        ReportFormat::Json => print_json(&findings),
        ReportFormat::Github => github::print(&findings),
    }
    let least = if args.deny_warnings { Level::Warn } else { Level::Error };
    let is_found = findings.iter().flat_map(|(_, findings)| findings).any(|finding| finding.level >= least);
    Ok(if is_found { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}

fn settings(config: &Config) -> Result<Settings, ::lint::UnknownRule> {
    config.lint.iter().try_fold(Settings::default(), |settings, (name, level)| {
        let level = match level {
            LintLevel::Off => Level::Off,
            LintLevel::Warn => Level::Warn,
            LintLevel::Error => Level::Error,
        };
        settings.with(name, level)
    })
}

fn print_json(findings: &[(&File, Vec<Finding>)]) {
    let all: Vec<&Finding> = findings.iter().flat_map(|(_, findings)| findings).collect();
    output::line(format!("{:#}", serde_json::json!(all)));
}
