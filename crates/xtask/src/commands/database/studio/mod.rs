//! `studio`: the database in the browser.

mod project;

use std::net::SocketAddr;
use std::process::ExitCode;

use migrator::Server;
use studio::{ListenError, Studio};

use super::block_on;
use super::connection::{self, Role};
use super::environment::{Environment, refuse_production};
use crate::cli::StudioArgs;
use crate::config::Config;
use crate::output::{self, BOLD, YELLOW, paint};
use project::Workspace;

/// The variable with the password that others are asked for.
const PASSWORD: &str = "STUDIO_PASSWORD";

/// Why there is no studio.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{address} can be reached from other machines, and {PASSWORD} is not set; set it, or leave --host out")]
    NoPassword { address: std::net::IpAddr },
    #[error(transparent)]
    Listen(#[from] ListenError),
    #[error("the studio stopped")]
    Serve(#[source] std::io::Error),
}

/// Opens the studio and answers until it is stopped.
pub(crate) fn run(args: &StudioArgs, config: &Config) -> Result<ExitCode, crate::Error> {
    let url = connection::url(args.database.url.as_deref(), Role::Application, config)?;
    let server = Server::from_url(&url)?;
    let environment = block_on(Environment::of(&server))??;
    if args.write {
        refuse_production(&server, environment, "studio --write")?;
    }
    let password = connection::variable(PASSWORD)?;
    if !args.host.is_loopback() && password.is_none() {
        return Err(Error::NoPassword { address: args.host }.into());
    }
    let target = server.target().to_string();
    let mut studio = Studio::new(server)
        .write(args.write)
        .project(Workspace::new(url, config.clone()))
        .audit(|statement| output::note(format!("{} {} {statement}", paint(YELLOW, "written:"), now())));
    if let Some(password) = &password {
        studio = studio.password(password);
    }
    let address = SocketAddr::new(args.host, args.port);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.map_err(crate::Error::Runtime)?.block_on(async {
        let studio = studio.listen(address).await.map_err(Error::Listen)?;
        let mode = if args.write { "editing" } else { "read-only; --write edits" };
        output::note(format!("{} {target}, {mode}", paint(BOLD, "studio:")));
        output::line(studio.address());
        if !args.no_open && output::is_interactive() && opener::open_browser(studio.address()).is_err() {
            output::note("no browser could be opened: open the address yourself");
        }
        studio.serve().await.map_err(Error::Serve)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The time of a line that says what was written.
fn now() -> String {
    chrono::Utc::now().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
