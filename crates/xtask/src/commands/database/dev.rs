use std::process::ExitCode;

use super::connection::{self, Role};
use crate::cli::DevArgs;
use crate::commands::process;
use crate::config::Config;
use crate::declared;
use crate::error::Error;
use crate::output::{self, BOLD, paint};

/// Finds or starts a database and runs the API on it, which migrates it and prints its own address.
pub(crate) fn run(args: &DevArgs, config: &Config) -> Result<ExitCode, Error> {
    let url = args.url.as_deref();
    let application = connection::url(url, Role::Application, config)?;
    // Both are set, so that the API does not find another database for its migrations in .env.
    let migration = connection::url(url, Role::Migration, config)?;
    output::note(format!("{} building and starting the API", paint(BOLD, "dev:")));
    let mut cargo = process::cargo();
    cargo.args(["run", "--manifest-path"]).arg(declared::manifest(config)?).current_dir(&config.root);
    cargo.env("DATABASE_URL", application).env("MIGRATION_DATABASE_URL", migration);
    // An admin whose token the API prints, so that a newcomer can call it.
    if std::env::var_os("DEVELOPMENT_USER").is_none() {
        cargo.env("DEVELOPMENT_USER", "dev@example.com");
    }
    Ok(process::become_program(&mut cargo)?)
}
