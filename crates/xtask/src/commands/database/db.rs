use std::process::ExitCode;

use devdb::Purpose;

use super::ConnectionError;
use super::connection;

use crate::cli::DbCommand;
use crate::config::Config;

use crate::error::Error;
use crate::output;

/// Starts, shows and stops the development and test servers.
pub(crate) fn run(command: &DbCommand, config: &Config) -> Result<ExitCode, Error> {
    let options = connection::options(config)?;
    match command {
        DbCommand::Start => {
            let server = devdb::dev_server(&options).map_err(ConnectionError::Devdb)?;
            output::note(server.kind().to_string());
            // With its password: the URL is there to be used.
            output::line(server.url().reveal());
        }
        DbCommand::Status => {
            for (name, purpose) in [("development", Purpose::Dev), ("tests", Purpose::Test)] {
                match devdb::status(&options, purpose) {
                    Some(server) => output::line(format!("{name}: {} at {}", server.kind(), server.url())),
                    None => output::line(format!("{name}: not running")),
                }
            }
        }
        DbCommand::Stop => {
            let mut stopped = Vec::new();
            for purpose in [Purpose::Dev, Purpose::Test] {
                stopped.extend(devdb::stop(&options, purpose).map_err(ConnectionError::Devdb)?);
            }
            for kind in &stopped {
                output::line(format!("stopped {kind}"));
            }
            if stopped.is_empty() {
                output::line("nothing was started here that still runs");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
