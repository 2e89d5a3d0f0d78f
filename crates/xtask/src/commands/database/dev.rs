use std::process::ExitCode;

use super::connection::{self, Role};
use crate::cli::DevArgs;
use crate::commands::process;
use crate::config::Config;

use crate::error::Error;
use crate::output::{self, BOLD, paint};

/// Finds or starts a database and runs the API on it, which migrates it and prints its own address.
pub(crate) fn run(args: &DevArgs, config: &Config) -> Result<ExitCode, Error> {
    let url = connection::url(args.url.as_deref(), Role::Application, config)?;
    output::note(format!("{} building and starting the API", paint(BOLD, "dev:")));
    let mut cargo = process::cargo();
    cargo.args(["run", "--quiet", "--package", "api", "--bin", "api"]).current_dir(&config.root);
    cargo.env(&config.url_variable, url).env_remove(&config.migration_url_variable);
    Ok(process::run(&mut cargo)?)
}
